package careof.engine.wire.isakmp;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * A notification payload (RFC 2408 section 3.14).
 *
 * <pre>
 *   0   | DOI (4)                                          |
 *   4   | protocol (1) | SPI size (1) | notify type (2)    |
 *   8   | SPI                                              |
 *       | data ...                                         |
 * </pre>
 *
 * @param doi        0..2^32-1
 * @param protocol   see {@link SecurityProtocol}
 * @param notifyType see {@link NotifyType}
 * @param spi        up to 255 octets: of ISAKMP both cookies or nothing, of AH and ESP 4
 * @param data       as the notify type wants it
 */
public record Notification(long doi, int protocol, int notifyType, Octets spi, Octets data) implements Payload {
    public Notification {
        Bits.fit32(doi, "DOI");
        Bits.fit(protocol, 8, "protocol");
        Bits.fit(notifyType, 16, "notify type");
        Bits.fit(spi.length(), 8, "SPI size");
    }

    /** A notification about the phase one SA with these cookies, which are its SPI. */
    public static Notification ofIsakmp(int notifyType, long initiatorCookie, long responderCookie, Octets data) {
        return new Notification(SecurityAssociation.IPSEC, SecurityProtocol.ISAKMP, notifyType,
                new OctetWriter(16).u64(initiatorCookie).u64(responderCookie).toOctets(), data);
    }

    @Override
    public int type() {
        return NOTIFICATION;
    }

    @Override
    public Octets body() {
        OctetWriter out = new OctetWriter(8 + spi.length() + data.length());
        return out.u32(doi).u8(protocol).u8(spi.length()).u16(notifyType).octets(spi).octets(data).toOctets();
    }
}
