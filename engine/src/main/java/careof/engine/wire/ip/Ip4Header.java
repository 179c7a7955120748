package careof.engine.wire.ip;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * The IPv4 header (RFC 791 section 3.1). The reserved flag is written as zero and not kept.
 *
 * <pre>
 *    0   | 4 | length in 4 octets | type of service | total length         |
 *    4   | identification                           | 0 DF MF | offset (13) |
 *    8   | time to live           | protocol        | header checksum       |
 *   12   | source                                                          |
 *   16   | destination                                                     |
 *   20   | options, 0..40 octets                                           |
 * </pre>
 *
 * @param totalLength    header and payload, octets, at least the header's
 * @param fragmentOffset octets, a multiple of 8
 * @param options        as they stand, a multiple of 4 octets, at most 40
 */
public record Ip4Header(int typeOfService, int totalLength, int identification, boolean dontFragment, boolean moreFragments,
                        int fragmentOffset, int timeToLive, int protocol, Ip4Address source, Ip4Address destination,
                        Octets options) {
    /** Octets without options. */
    public static final int LENGTH = 20;

    public Ip4Header {
        Bits.fit(typeOfService, 8, "type of service");
        Bits.fit(totalLength, 16, "total length");
        Bits.fit(identification, 16, "identification");
        Bits.fit(fragmentOffset, 16, "fragment offset");
        Bits.fit(timeToLive, 8, "time to live");
        Bits.fit(protocol, 8, "protocol");
        if (fragmentOffset % 8 != 0 || options.length() % 4 != 0 || options.length() > 40
                || totalLength < LENGTH + options.length()) {
            throw new IllegalArgumentException("an IPv4 header with offset " + fragmentOffset + ", " + options.length()
                    + " octets of options and total length " + totalLength);
        }
    }

    /** A header without options and fragmentation before {@code length} octets of payload. */
    public static Ip4Header of(Ip4Address source, Ip4Address destination, int protocol, int length) {
        return new Ip4Header(0, LENGTH + length, 0, true, false, 0, 64, protocol, source, destination, Octets.EMPTY);
    }

    /**
     * Reads the header and checks its checksum and that the total length, which may end before the octets do, is not more
     * than is there.
     */
    public static Ip4Header parse(OctetReader in) throws Malformed {
        int at = in.position();
        int first = in.u8();
        if (first >>> 4 != 4) {
            throw new Malformed("IP version is " + (first >>> 4) + ", not 4", at);
        }
        int length = (first & 15) * 4;
        if (length < LENGTH || length - 1 > in.remaining()) {
            throw new Malformed("IPv4 header length is " + length + ", " + (in.remaining() + 1) + " octets are there", at);
        }
        Octets rest = in.octets(length - 1);
        OctetReader header = new OctetReader(rest);
        int typeOfService = header.u8();
        int totalLength = header.u16();
        if (totalLength < length || totalLength - length > in.remaining()) {
            throw new Malformed("IPv4 total length is " + totalLength + ", " + (length + in.remaining()) + " octets are there", at + 2);
        }
        if (Checksum.of(new OctetWriter(length).u8(first).octets(rest).toOctets()) != 0) {
            throw new Malformed("header checksum", at + 10);
        }
        int identification = header.u16();
        int fragment = header.u16();
        int timeToLive = header.u8();
        int protocol = header.u8();
        header.skip(2);
        return new Ip4Header(typeOfService, totalLength, identification, (fragment & 0x4000) != 0, (fragment & 0x2000) != 0,
                (fragment & 0x1fff) * 8, timeToLive, protocol, header.ip4(), header.ip4(), header.rest());
    }

    /** Reads the header of a packet that an ICMP error quotes: less of the packet may be there than its total length says. */
    public static Ip4Header parseQuoted(Octets quoted) throws Malformed {
        int length = quoted.length() >= 4 ? quoted.u16(2) : 0;
        int missing = Math.max(0, length - quoted.length());
        return parse(new OctetReader(missing == 0 ? quoted : new OctetWriter(length).octets(quoted).zeros(missing).toOctets()));
    }

    /** The options that each fragment has, with the end marked (RFC 791 section 3.1, copied flag). */
    Octets copiedOptions() {
        OctetWriter out = new OctetWriter(options.length());
        int at = 0;
        while (at < options.length() && options.at(at) != 0) {
            int length = options.at(at) == 1 ? 1 : at + 1 < options.length() ? options.at(at + 1) : 0;
            if (length < 1 || length == 1 && options.at(at) != 1 || at + length > options.length()) {
                break;    // malformed: nothing after it can be told apart
            }
            if ((options.at(at) & 0x80) != 0) {
                out.octets(options.slice(at, at + length));
            }
            at += length;
        }
        int copied = out.toOctets().length();
        return out.zeros((4 - copied % 4) % 4).toOctets();
    }

    /** Octets of the header with its options. */
    public int length() {
        return LENGTH + options.length();
    }

    /** Octets after the header. */
    public int payloadLength() {
        return totalLength - length();
    }

    /** Writes the header with the right checksum. */
    public void emit(OctetWriter out) {
        OctetWriter header = new OctetWriter(length());
        header.u8(4 << 4 | length() / 4).u8(typeOfService).u16(totalLength).u16(identification)
                .u16((dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | fragmentOffset / 8)
                .u8(timeToLive).u8(protocol).u16(0).address(source).address(destination).octets(options);
        header.patch16(10, Checksum.of(header.toOctets()));
        out.octets(header.toOctets());
    }
}
