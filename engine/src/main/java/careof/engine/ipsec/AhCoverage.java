package careof.engine.ipsec;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import java.util.Arrays;

/**
 * The headers before AH as its ICV covers them (RFC 4302 section 3.3.3.1): the octets of the packet themselves, in a copy in which what
 * changes on the way is zero and addresses stand where they stand at the end. What no record keeps, such as the data of padding or reserved
 * fields, so counts as it came.
 */
final class AhCoverage {
    /** Where an IPv6 header has its payload length, next header, source and destination. */
    private static final int LENGTH = 4;
    private static final int NEXT = 6;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;
    private static final int ADDRESS = 16;
    /** Of an option's type: the data may change on the way (RFC 8200 section 4.2). */
    private static final int MUTABLE = 0x20;

    private AhCoverage() {}

    /**
     * @param packet  in wire form
     * @param headers its octets before AH
     */
    static byte[] of(IpPacket packet, Octets headers) throws Malformed {
        return switch (packet) {
            case Ip6Packet ip -> ip6(ip, headers.toArray());
            case Ip4Packet ip -> ip4(ip.header(), headers.toArray());
        };
    }

    private static byte[] ip6(Ip6Packet packet, byte[] octets) throws Malformed {
        octets[0] = 6 << 4;
        Arrays.fill(octets, 1, LENGTH, (byte) 0);
        octets[HOP_LIMIT] = 0;
        address(octets, SOURCE, packet.originalSource());
        address(octets, DESTINATION, packet.finalDestination());
        int at = Ip6Header.LENGTH;
        int announced = NEXT;
        for (ExtensionHeader extension : packet.extensions()) {
            int size = extension.size();
            switch (extension) {
                case ExtensionHeader.HopByHop _, ExtensionHeader.DestinationOptions _ -> options(octets, at + 2, at + size, packet.source());
                case ExtensionHeader.Type2Routing h -> {
                    if (h.segmentsLeft() > 0) {
                        octets[at + 3] = 0;
                        address(octets, at + 8, packet.destination());
                    }
                }
                case ExtensionHeader.UnknownRouting h -> {
                    if (h.segmentsLeft() > 0) {
                        throw new Malformed("AH behind a routing header of type " + h.type() + " under way", at);
                    }
                }
                case ExtensionHeader.Fragment h -> {    // one around a whole packet does not count (RFC 4302 appendix A2)
                    if (!h.isWhole()) {
                        throw new Malformed("AH in a fragment", at);
                    }
                    octets[announced] = octets[at];
                    octets = without(octets, at, size);
                    size = 0;
                }
            }
            announced = size == 0 ? announced : at;
            at += size;
        }
        return octets;
    }

    /** Without some octets, which the payload length does not count either. */
    private static byte[] without(byte[] octets, int at, int size) {
        byte[] rest = new byte[octets.length - size];
        System.arraycopy(octets, 0, rest, 0, at);
        System.arraycopy(octets, at + size, rest, at, rest.length - at);
        int length = ((rest[LENGTH] & 0xff) << 8 | rest[LENGTH + 1] & 0xff) - size;
        rest[LENGTH] = (byte) (length >>> 8);
        rest[LENGTH + 1] = (byte) length;
        return rest;
    }

    /** What an option's type marks as changing on the way is zero (RFC 4302 section 3.3.3.1.2.2); lengths have been checked before. */
    private static void options(byte[] octets, int from, int to, Ip6Address wireSource) {
        int at = from;
        while (at < to) {
            int type = octets[at] & 0xff;
            if (type == Ip6Option.PAD1) {
                at++;
                continue;
            }
            int length = octets[at + 1] & 0xff;
            if (type == Ip6Option.HOME_ADDRESS) {
                address(octets, at + 2, wireSource);
            } else if ((type & MUTABLE) != 0) {
                Arrays.fill(octets, at + 2, at + 2 + length, (byte) 0);
            }
            at += 2 + length;
        }
    }

    private static void address(byte[] octets, int at, Ip6Address address) {
        new OctetWriter(ADDRESS).address(address).toOctets().copyTo(octets, at);
    }

    private static byte[] ip4(Ip4Header header, byte[] octets) throws Malformed {
        if (header.moreFragments() || header.fragmentOffset() > 0) {
            throw new Malformed("AH in a fragment", 6);
        }
        octets[1] = 0;                                      // type of service
        Arrays.fill(octets, 6, 9, (byte) 0);                // flags, fragment offset, time to live
        Arrays.fill(octets, 10, 12, (byte) 0);              // checksum
        options(octets);
        return octets;
    }

    /** An option that may change on the way is zero as a whole (RFC 4302 section 3.3.3.1.1.2 and appendix A1); what follows the last stays. */
    private static void options(byte[] octets) throws Malformed {
        int at = Ip4Header.LENGTH;
        while (at < octets.length) {
            int type = octets[at] & 0xff;
            if (type == 0) {
                break;
            }
            int length = type == 1 ? 1 : at + 1 < octets.length ? octets[at + 1] & 0xff : 0;
            if (type != 1 && length < 2 || at + length > octets.length) {
                throw new Malformed("IPv4 option of type " + type + " has length " + length, at);
            }
            boolean immutable = switch (type) {
                case 1, 0x82, 0x85, 0x86, 0x94, 0x95 -> true;    // no operation, three of security, router alert, multi-destination delivery
                default -> false;
            };
            if (!immutable) {
                Arrays.fill(octets, at, at + length, (byte) 0);
            }
            at += length;
        }
    }
}
