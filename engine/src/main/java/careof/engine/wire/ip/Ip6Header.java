package careof.engine.wire.ip;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * The fixed IPv6 header (RFC 8200 section 3).
 *
 * <pre>
 *        0        4             12                              31
 *    0   | 6      | traffic class | flow label                   |
 *    4   | payload length           | next header  | hop limit   |
 *    8   | source, 16 octets                                     |
 *   24   | destination, 16 octets                                |
 * </pre>
 *
 * @param trafficClass  0..255
 * @param flowLabel     0..2^20-1
 * @param payloadLength octets after this header, extension headers included, 0..65535
 * @param nextHeader    see {@link IpProtocol}
 * @param hopLimit      0..255
 */
public record Ip6Header(int trafficClass, int flowLabel, int payloadLength, int nextHeader, int hopLimit,
                        Ip6Address source, Ip6Address destination) {
    /** Octets of the header. */
    public static final int LENGTH = 40;

    public Ip6Header {
        Bits.fit(trafficClass, 8, "traffic class");
        Bits.fit(flowLabel, 20, "flow label");
        Bits.fit(payloadLength, 16, "payload length");
        Bits.fit(nextHeader, 8, "next header");
        Bits.fit(hopLimit, 8, "hop limit");
    }

    /** Reads {@link #LENGTH} octets; {@link Malformed} if there are fewer or the version is not 6. */
    public static Ip6Header parse(OctetReader in) throws Malformed {
        int at = in.position();
        int first = (int) in.u32();
        if (first >>> 28 != 6) {
            throw new Malformed("IP version is " + (first >>> 28) + ", not 6", at);
        }
        return new Ip6Header(first >>> 20 & 0xff, first & 0xfffff, in.u16(), in.u8(), in.u8(), in.ip6(), in.ip6());
    }

    public void emit(OctetWriter out) {
        out.u32(6L << 28 | (long) trafficClass << 20 | flowLabel).u16(payloadLength).u8(nextHeader).u8(hopLimit)
                .address(source).address(destination);
    }

    public Ip6Header withHopLimit(int value) {
        return new Ip6Header(trafficClass, flowLabel, payloadLength, nextHeader, value, source, destination);
    }

    public Ip6Header withPayload(int length, int protocol) {
        return new Ip6Header(trafficClass, flowLabel, length, protocol, hopLimit, source, destination);
    }

    public Ip6Header withSource(Ip6Address value) {
        return new Ip6Header(trafficClass, flowLabel, payloadLength, nextHeader, hopLimit, value, destination);
    }

    public Ip6Header withDestination(Ip6Address value) {
        return new Ip6Header(trafficClass, flowLabel, payloadLength, nextHeader, hopLimit, source, value);
    }
}
