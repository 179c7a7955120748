package careof.engine.wire.ip;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.List;
import java.util.Optional;

/**
 * An IPv6 extension header (RFC 8200 section 4). The next header number is not part of the record: {@link Ip6Packet} knows
 * what follows. All but Fragment share their first two octets:
 *
 * <pre>
 *   | next header | length in 8 octets, without the first 8 | ...
 * </pre>
 */
public sealed interface ExtensionHeader {

    /** Hop-by-Hop Options (RFC 8200 section 4.3); {@link #of} pads. */
    record HopByHop(List<Ip6Option> options) implements ExtensionHeader {
        /** @param options with their padding; together with the two leading octets a multiple of 8, at most 2048 */
        public HopByHop {
            options = checked(options);
        }

        public static HopByHop of(Ip6Option... options) {
            return new HopByHop(Ip6Option.padded(List.of(options)));
        }
    }

    /** Destination Options (RFC 8200 section 4.6); {@link #of} pads. */
    record DestinationOptions(List<Ip6Option> options) implements ExtensionHeader {
        /** @param options with their padding; together with the two leading octets a multiple of 8, at most 2048 */
        public DestinationOptions {
            options = checked(options);
        }

        public static DestinationOptions of(Ip6Option... options) {
            return new DestinationOptions(Ip6Option.padded(List.of(options)));
        }

        /** The Home Address option in this header, the first if there are several. */
        public Optional<Ip6Option.HomeAddress> homeAddress() {
            for (Ip6Option option : options) {
                if (option instanceof Ip6Option.HomeAddress home) {
                    return Optional.of(home);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Routing header type 2 (RFC 6275 section 6.4). The reserved field is written as zero and not kept.
     *
     * <pre>
     *   0   | next header | 2 | 2 | segments left |
     *   4   | reserved                            |
     *   8   | home address, 16 octets             |
     * </pre>
     *
     * @param segmentsLeft 1 on its way, 0 once the mobile node has taken the packet; 0..255 as read
     */
    record Type2Routing(int segmentsLeft, Ip6Address home) implements ExtensionHeader {
        public Type2Routing {
            Bits.fit(segmentsLeft, 8, "segments left");
        }
    }

    /**
     * A routing header of any other type (RFC 8200 section 4.4), type 0 among them, which a node refuses (RFC 5095).
     *
     * @param data all after "segments left"; its length is 4 more than a multiple of 8
     */
    record UnknownRouting(int type, int segmentsLeft, Octets data) implements ExtensionHeader {
        public UnknownRouting {
            Bits.fit(type, 8, "routing type");
            Bits.fit(segmentsLeft, 8, "segments left");
            if (type == 2) {
                throw new IllegalArgumentException("routing type 2 is known");
            }
            ExtensionHeader.legal(4 + data.length());
        }
    }

    /**
     * Fragment (RFC 8200 section 4.5). Reserved bits are written as zero and not kept.
     *
     * <pre>
     *   0   | next header | reserved | offset in 8 octets (13) | res (2) | M |
     *   4   | identification                                                 |
     * </pre>
     *
     * @param offset         where the fragment's data belongs, octets, a multiple of 8, 0..65528
     * @param more           false in the last fragment
     * @param identification 0..2^32-1
     */
    record Fragment(int offset, boolean more, long identification) implements ExtensionHeader {
        public Fragment {
            Bits.fit(offset, 16, "fragment offset");
            Bits.fit32(identification, "fragment identification");
            if (offset % 8 != 0) {
                throw new IllegalArgumentException("a fragment offset is a multiple of 8, not " + offset);
            }
        }

        /** A whole packet in one fragment (RFC 8200 section 4.5 calls it atomic). */
        public boolean isWhole() {
            return offset == 0 && !more;
        }
    }

    private static List<Ip6Option> checked(List<Ip6Option> options) {
        legal(2 + Ip6Option.size(options));
        return List.copyOf(options);
    }

    private static void legal(int size) {
        if (size % 8 != 0 || size > 2048) {
            throw new IllegalArgumentException("an extension header takes a multiple of 8 octets up to 2048, not " + size);
        }
    }

    /** The number that announces this header in the one before it. */
    default int protocol() {
        return switch (this) {
            case HopByHop _ -> IpProtocol.HOP_BY_HOP;
            case DestinationOptions _ -> IpProtocol.DESTINATION_OPTIONS;
            case Type2Routing _, UnknownRouting _ -> IpProtocol.ROUTING;
            case Fragment _ -> IpProtocol.FRAGMENT;
        };
    }

    /** Octets on the wire, a multiple of 8. */
    default int size() {
        return switch (this) {
            case HopByHop h -> 2 + Ip6Option.size(h.options);
            case DestinationOptions h -> 2 + Ip6Option.size(h.options);
            case Type2Routing _ -> 24;
            case UnknownRouting h -> 4 + h.data.length();
            case Fragment _ -> 8;
        };
    }

    /**
     * Reads the header that number {@code protocol} announced; its first octet, the next header, is for the caller to look at.
     *
     * @param protocol one for which {@link IpProtocol#isExtension} holds
     */
    static ExtensionHeader parse(int protocol, OctetReader in) throws Malformed {
        int at = in.position();
        in.skip(1);
        if (protocol == IpProtocol.FRAGMENT) {
            in.skip(1);
            int field = in.u16();
            return new Fragment(field & 0xfff8, (field & 1) != 0, in.u32());
        }
        int end = at + 8 + 8 * in.u8();
        if (end - in.position() > in.remaining()) {
            throw new Malformed(IpProtocol.name(protocol) + " header says " + (end - at) + " octets, "
                    + (in.position() - at + in.remaining()) + " are left", at + 1);
        }
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP -> new HopByHop(Ip6Option.parseAll(in, end));
            case IpProtocol.DESTINATION_OPTIONS -> new DestinationOptions(Ip6Option.parseAll(in, end));
            case IpProtocol.ROUTING -> routing(in, at, end);
            default -> throw new IllegalArgumentException("not an extension header: " + protocol);
        };
    }

    private static ExtensionHeader routing(OctetReader in, int at, int end) throws Malformed {
        int type = in.u8();
        int segmentsLeft = in.u8();
        if (type != 2) {
            return new UnknownRouting(type, segmentsLeft, in.octets(end - in.position()));
        }
        if (end - at != 24) {
            throw new Malformed("routing header type 2 takes 24 octets, not " + (end - at), at + 1);
        }
        in.skip(4);
        return new Type2Routing(segmentsLeft, in.ip6());
    }

    /** @param nextHeader what follows this header */
    default void emit(OctetWriter out, int nextHeader) {
        out.u8(nextHeader);
        switch (this) {
            case HopByHop h -> options(out, size(), h.options);
            case DestinationOptions h -> options(out, size(), h.options);
            case Type2Routing h -> out.u8(2).u8(2).u8(h.segmentsLeft).zeros(4).address(h.home);
            case UnknownRouting h -> out.u8(size() / 8 - 1).u8(h.type).u8(h.segmentsLeft).octets(h.data);
            case Fragment h -> out.u8(0).u16(h.offset | (h.more ? 1 : 0)).u32(h.identification);
        }
    }

    private static void options(OctetWriter out, int size, List<Ip6Option> options) {
        out.u8(size / 8 - 1);
        for (Ip6Option option : options) {
            option.emit(out);
        }
    }
}
