package careof.engine.wire.icmp;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;

/**
 * An option of a Neighbor Discovery message (RFC 4861 section 4.6, RFC 6275 sections 7.2 to 7.4). Its length counts 8
 * octets and zero is {@link Malformed}; reserved bits are written as zero and not kept.
 *
 * <pre>
 *   | type | length in 8 octets | ...
 * </pre>
 */
public sealed interface NdOption {
    int SOURCE_LINK_LAYER = 1;
    int TARGET_LINK_LAYER = 2;
    int PREFIX_INFORMATION = 3;
    int REDIRECTED_HEADER = 4;
    int MTU = 5;
    int ADVERTISEMENT_INTERVAL = 7;
    int HOME_AGENT_INFORMATION = 8;
    /** A lifetime, in seconds, that never ends. */
    long INFINITY = 0xffff_ffffL;

    /** Source Link-Layer Address on Ethernet (RFC 4861 section 4.6.1): {@code | 1 | 1 | address, 6 octets |} */
    record SourceLinkLayer(MacAddress address) implements NdOption {}

    /** Target Link-Layer Address on Ethernet (RFC 4861 section 4.6.1): {@code | 2 | 1 | address, 6 octets |} */
    record TargetLinkLayer(MacAddress address) implements NdOption {}

    /**
     * Prefix Information (RFC 4861 section 4.6.2, R flag: RFC 6275 section 7.2).
     *
     * <pre>
     *    0   | 3 | 4 | prefix length | L A R, reserved |
     *    4   | valid lifetime                          |
     *    8   | preferred lifetime                      |
     *   12   | reserved                                |
     *   16   | prefix, 16 octets                       |
     * </pre>
     *
     * @param prefixLength      bits, as read 0..255; more than 128 is for the receiver to refuse
     * @param onLink            L
     * @param autonomous        A
     * @param routerAddress     R: {@code prefix} is the router's whole address
     * @param validLifetime     seconds, {@link #INFINITY}
     * @param preferredLifetime seconds, {@link #INFINITY}
     * @param prefix            all 128 bits as they stand
     */
    record PrefixInformation(int prefixLength, boolean onLink, boolean autonomous, boolean routerAddress,
                             long validLifetime, long preferredLifetime, Ip6Address prefix) implements NdOption {
        public PrefixInformation {
            Bits.fit(prefixLength, 8, "prefix length");
            Bits.fit32(validLifetime, "valid lifetime");
            Bits.fit32(preferredLifetime, "preferred lifetime");
        }
    }

    /**
     * Redirected Header (RFC 4861 section 4.6.3): {@code | 4 | length | 6 octets reserved | packet |}
     *
     * @param packet what was redirected, cut or padded to a multiple of 8 octets; {@link #of} does that
     */
    record RedirectedHeader(Octets packet) implements NdOption {
        public RedirectedHeader {
            NdOption.whole(8 + packet.length());
        }

        /** As much of {@code packet} as fits {@code room} octets, option header included, in whole units of 8. */
        public static RedirectedHeader of(Octets packet, int room) {
            int fits = Math.max(0, Math.min(room, 255 * 8) / 8 * 8 - 8);
            return new RedirectedHeader(packet.slice(0, Math.min(fits, packet.length() / 8 * 8)));
        }
    }

    /**
     * MTU (RFC 4861 section 4.6.4): {@code | 5 | 1 | reserved (2) | MTU (4) |}
     *
     * @param mtu octets, 0..2^32-1
     */
    record Mtu(long mtu) implements NdOption {
        public Mtu {
            Bits.fit32(mtu, "MTU");
        }
    }

    /**
     * Advertisement Interval (RFC 6275 section 7.3): {@code | 7 | 1 | reserved (2) | interval (4) |}
     *
     * @param interval the longest time between two unsolicited advertisements, milliseconds, 0..2^32-1
     */
    record AdvertisementInterval(long interval) implements NdOption {
        public AdvertisementInterval {
            Bits.fit32(interval, "advertisement interval");
        }
    }

    /**
     * Home Agent Information (RFC 6275 section 7.4): {@code | 8 | 1 | reserved (2) | preference (2) | lifetime (2) |}
     *
     * @param preference higher is better, 0..65535
     * @param lifetime   seconds, 0..65535
     */
    record HomeAgentInformation(int preference, int lifetime) implements NdOption {
        public HomeAgentInformation {
            Bits.fit(preference, 16, "home agent preference");
            Bits.fit(lifetime, 16, "home agent lifetime");
        }
    }

    /** Any other type; {@code data} is all after the length, 6 octets more than a multiple of 8. */
    record Unknown(int type, Octets data) implements NdOption {
        public Unknown {
            Bits.fit(type, 8, "option type");
            NdOption.whole(2 + data.length());
            switch (type) {
                case SOURCE_LINK_LAYER, TARGET_LINK_LAYER, PREFIX_INFORMATION, REDIRECTED_HEADER, MTU, ADVERTISEMENT_INTERVAL,
                     HOME_AGENT_INFORMATION -> throw new IllegalArgumentException("Neighbor Discovery option " + type + " is known");
                default -> { }
            }
        }
    }

    private static void whole(int size) {
        if (size % 8 != 0 || size > 255 * 8) {
            throw new IllegalArgumentException("a Neighbor Discovery option takes a multiple of 8 octets up to 2040, not " + size);
        }
    }

    default int type() {
        return switch (this) {
            case SourceLinkLayer _ -> SOURCE_LINK_LAYER;
            case TargetLinkLayer _ -> TARGET_LINK_LAYER;
            case PrefixInformation _ -> PREFIX_INFORMATION;
            case RedirectedHeader _ -> REDIRECTED_HEADER;
            case Mtu _ -> MTU;
            case AdvertisementInterval _ -> ADVERTISEMENT_INTERVAL;
            case HomeAgentInformation _ -> HOME_AGENT_INFORMATION;
            case Unknown o -> o.type;
        };
    }

    /** Octets on the wire, a multiple of 8. */
    default int size() {
        return switch (this) {
            case PrefixInformation _ -> 32;
            case RedirectedHeader o -> 8 + o.packet.length();
            case Unknown o -> 2 + o.data.length();
            case SourceLinkLayer _, TargetLinkLayer _, Mtu _, AdvertisementInterval _, HomeAgentInformation _ -> 8;
        };
    }

    /** Reads one option. */
    static NdOption parse(OctetReader in) throws Malformed {
        int at = in.position();
        int type = in.u8();
        int size = in.u8() * 8;
        if (size == 0) {
            throw new Malformed("Neighbor Discovery option of length 0", at + 1);
        }
        if (size - 2 > in.remaining()) {
            throw new Malformed("Neighbor Discovery option " + type + " runs " + (size - 2 - in.remaining())
                    + " octets past the message", at + 1);
        }
        int right = switch (type) {
            case SOURCE_LINK_LAYER, TARGET_LINK_LAYER, MTU, ADVERTISEMENT_INTERVAL, HOME_AGENT_INFORMATION -> 8;
            case PREFIX_INFORMATION -> 32;
            default -> size;
        };
        if (size != right) {
            throw new Malformed("Neighbor Discovery option " + type + " takes " + right + " octets, not " + size, at + 1);
        }
        return switch (type) {
            case SOURCE_LINK_LAYER -> new SourceLinkLayer(in.mac());
            case TARGET_LINK_LAYER -> new TargetLinkLayer(in.mac());
            case PREFIX_INFORMATION -> {
                int prefixLength = in.u8();
                int flags = in.u8();
                long valid = in.u32();
                long preferred = in.u32();
                in.skip(4);
                yield new PrefixInformation(prefixLength, (flags & 0x80) != 0, (flags & 0x40) != 0, (flags & 0x20) != 0,
                        valid, preferred, in.ip6());
            }
            case REDIRECTED_HEADER -> {
                in.skip(6);
                yield new RedirectedHeader(in.octets(size - 8));
            }
            case MTU -> {
                in.skip(2);
                yield new Mtu(in.u32());
            }
            case ADVERTISEMENT_INTERVAL -> {
                in.skip(2);
                yield new AdvertisementInterval(in.u32());
            }
            case HOME_AGENT_INFORMATION -> {
                in.skip(2);
                yield new HomeAgentInformation(in.u16(), in.u16());
            }
            default -> new Unknown(type, in.octets(size - 2));
        };
    }

    /** Reads options to the end of the message. */
    static List<NdOption> parseAll(OctetReader in) throws Malformed {
        List<NdOption> options = new ArrayList<>(4);
        while (!in.atEnd()) {
            options.add(parse(in));
        }
        return List.copyOf(options);
    }

    default void emit(OctetWriter out) {
        out.u8(type()).u8(size() / 8);
        switch (this) {
            case SourceLinkLayer o -> out.mac(o.address);
            case TargetLinkLayer o -> out.mac(o.address);
            case PrefixInformation o -> out.u8(o.prefixLength)
                    .u8((o.onLink ? 0x80 : 0) | (o.autonomous ? 0x40 : 0) | (o.routerAddress ? 0x20 : 0))
                    .u32(o.validLifetime).u32(o.preferredLifetime).u32(0).address(o.prefix);
            case RedirectedHeader o -> out.zeros(6).octets(o.packet);
            case Mtu o -> out.u16(0).u32(o.mtu);
            case AdvertisementInterval o -> out.u16(0).u32(o.interval);
            case HomeAgentInformation o -> out.u16(0).u16(o.preference).u16(o.lifetime);
            case Unknown o -> out.octets(o.data);
        }
    }
}
