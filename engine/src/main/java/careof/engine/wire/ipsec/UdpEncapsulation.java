package careof.engine.wire.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;

/**
 * The data of a UDP datagram of port 4500 (RFC 3948 section 2): its first octets tell three things apart.
 *
 * <pre>
 *   ESP:        | SPI, not 0                         | sequence number ...
 *   IKE:        | 0, the non-ESP marker, 4 octets    | IKE header ...
 *   keepalive:  | 0xff |
 * </pre>
 */
public sealed interface UdpEncapsulation {
    /** The registered port (RFC 3948 section 2.1). */
    int PORT = 4500;

    /**
     * @param packet from its SPI on, which is not 0
     */
    record Esp(Octets packet) implements UdpEncapsulation {
        public Esp {
            if (packet.length() < EspHeader.LENGTH || packet.u16(0) == 0 && packet.u16(2) == 0) {
                throw new IllegalArgumentException("no ESP in UDP: " + packet);
            }
        }
    }

    /**
     * @param message without the marker
     */
    record Ike(Octets message) implements UdpEncapsulation {}

    /** Keeps a translator's table alive and is ignored (RFC 3948 section 2.3). */
    record Keepalive() implements UdpEncapsulation {}

    static UdpEncapsulation parse(Octets data) throws Malformed {
        if (data.length() == 1 && data.at(0) == 0xff) {
            return new Keepalive();
        }
        OctetReader in = new OctetReader(data);
        if (in.u32() == 0) {
            return new Ike(in.rest());
        }
        if (data.length() < EspHeader.LENGTH) {
            throw new Malformed("ESP in UDP takes at least " + EspHeader.LENGTH + " octets, not " + data.length(), 4);
        }
        return new Esp(data);
    }

    default Octets toOctets() {
        return switch (this) {
            case Esp e -> e.packet;
            case Ike e -> new OctetWriter(4 + e.message.length()).u32(0).octets(e.message).toOctets();
            case Keepalive _ -> Octets.of(0xff);
        };
    }
}
