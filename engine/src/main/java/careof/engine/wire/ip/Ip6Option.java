package careof.engine.wire.ip;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;

/**
 * An option of a Hop-by-Hop or Destination Options header (RFC 8200 section 4.2). Padding is an option like any other,
 * so that a list that was read is written again octet for octet.
 *
 * <pre>
 *   | type | length n | n octets |        Pad1 alone has neither length nor data: | 0 |
 * </pre>
 */
public sealed interface Ip6Option {
    int PAD1 = 0;
    int PADN = 1;
    int TUNNEL_ENCAPSULATION_LIMIT = 4;
    int ROUTER_ALERT = 5;
    int HOME_ADDRESS = 0xc9;

    /** One octet of padding. */
    record Pad1() implements Ip6Option {}

    /**
     * Two or more octets of padding. Its data is written as zeros and whatever was read there is not kept.
     *
     * @param length octets of data, 0..255; with type and length the option takes two more
     */
    record PadN(int length) implements Ip6Option {
        public PadN {
            Bits.fit(length, 8, "PadN length");
        }
    }

    /**
     * Home Address (RFC 6275 section 6.3): whose packet it is while its source says where the mobile node stays.
     *
     * <pre>
     *   | 0xc9 | 16 | home address, 16 octets |        aligned 8n + 6
     * </pre>
     */
    record HomeAddress(Ip6Address address) implements Ip6Option {}

    /**
     * Tunnel Encapsulation Limit (RFC 2473 section 4.1.1).
     *
     * <pre>
     *   | 4 | 1 | limit |
     * </pre>
     *
     * @param limit how many more tunnels may be entered, 0..255
     */
    record TunnelEncapsulationLimit(int limit) implements Ip6Option {
        public TunnelEncapsulationLimit {
            Bits.fit(limit, 8, "tunnel encapsulation limit");
        }
    }

    /**
     * Router Alert (RFC 2711 section 2.1).
     *
     * <pre>
     *   | 5 | 2 | value, 2 octets |        aligned 2n
     * </pre>
     */
    record RouterAlert(int value) implements Ip6Option {
        public RouterAlert {
            Bits.fit(value, 16, "router alert value");
        }
    }

    /** Any other type; {@link #action} says what a receiver does with it. */
    record Unknown(int type, Octets data) implements Ip6Option {
        public Unknown {
            Bits.fit(type, 8, "option type");
            Bits.fit(data.length(), 8, "option length");
            switch (type) {
                case PAD1, PADN, TUNNEL_ENCAPSULATION_LIMIT, ROUTER_ALERT, HOME_ADDRESS ->
                        throw new IllegalArgumentException("option type " + type + " is known");
                default -> { }
            }
        }

        public UnknownAction action() {
            return UnknownAction.of(type);
        }
    }

    default int type() {
        return switch (this) {
            case Pad1 _ -> PAD1;
            case PadN _ -> PADN;
            case HomeAddress _ -> HOME_ADDRESS;
            case TunnelEncapsulationLimit _ -> TUNNEL_ENCAPSULATION_LIMIT;
            case RouterAlert _ -> ROUTER_ALERT;
            case Unknown o -> o.type;
        };
    }

    /** Octets on the wire, type and length included. */
    default int size() {
        return switch (this) {
            case Pad1 _ -> 1;
            case PadN o -> 2 + o.length;
            case HomeAddress _ -> 18;
            case TunnelEncapsulationLimit _ -> 3;
            case RouterAlert _ -> 4;
            case Unknown o -> 2 + o.data.length();
        };
    }

    /** Reads one option. */
    static Ip6Option parse(OctetReader in) throws Malformed {
        int at = in.position();
        int type = in.u8();
        if (type == PAD1) {
            return new Pad1();
        }
        int length = in.u8();
        if (length > in.remaining()) {
            throw new Malformed("option of type " + type + " runs " + (length - in.remaining()) + " octets past its header", at);
        }
        return switch (type) {
            case PADN -> {
                in.skip(length);
                yield new PadN(length);
            }
            case HOME_ADDRESS -> {
                expect(length, 16, "Home Address option", at);
                yield new HomeAddress(in.ip6());
            }
            case TUNNEL_ENCAPSULATION_LIMIT -> {
                expect(length, 1, "Tunnel Encapsulation Limit option", at);
                yield new TunnelEncapsulationLimit(in.u8());
            }
            case ROUTER_ALERT -> {
                expect(length, 2, "Router Alert option", at);
                yield new RouterAlert(in.u16());
            }
            default -> new Unknown(type, in.octets(length));
        };
    }

    private static void expect(int length, int right, String what, int at) throws Malformed {
        if (length != right) {
            throw new Malformed(what + " has length " + length + ", not " + right, at + 1);
        }
    }

    /** Reads options until {@code end}, a position of {@code in}. */
    static List<Ip6Option> parseAll(OctetReader in, int end) throws Malformed {
        List<Ip6Option> options = new ArrayList<>(4);
        while (in.position() < end) {
            int at = in.position();
            Ip6Option option = parse(in);
            if (in.position() > end) {
                throw new Malformed("option of type " + option.type() + " runs " + (in.position() - end)
                        + " octets past its header", at);
            }
            options.add(option);
        }
        return List.copyOf(options);
    }

    default void emit(OctetWriter out) {
        switch (this) {
            case Pad1 _ -> out.u8(PAD1);
            case PadN o -> out.u8(PADN).u8(o.length).zeros(o.length);
            case HomeAddress o -> out.u8(HOME_ADDRESS).u8(16).address(o.address);
            case TunnelEncapsulationLimit o -> out.u8(TUNNEL_ENCAPSULATION_LIMIT).u8(1).u8(o.limit);
            case RouterAlert o -> out.u8(ROUTER_ALERT).u8(2).u16(o.value);
            case Unknown o -> out.u8(o.type).u8(o.data.length()).octets(o.data);
        }
    }

    /** Octets of all {@code options} together. */
    static int size(List<Ip6Option> options) {
        int size = 0;
        for (Ip6Option option : options) {
            size += option.size();
        }
        return size;
    }

    /**
     * The same options with the padding they need in an options header: each at its alignment (Home Address 8n + 6, Router
     * Alert 2n), the whole header a multiple of 8 octets. Padding already in the list is dropped first.
     */
    static List<Ip6Option> padded(List<Ip6Option> options) {
        List<Ip6Option> padded = new ArrayList<>();
        int at = 2;
        for (Ip6Option option : options) {
            int gap = switch (option) {
                case HomeAddress _ -> Math.floorMod(6 - at, 8);
                case RouterAlert _ -> at % 2;
                default -> 0;
            };
            if (!(option instanceof Pad1) && !(option instanceof PadN)) {
                pad(padded, gap);
                padded.add(option);
                at += gap + option.size();
            }
        }
        pad(padded, Math.floorMod(-at, 8));
        return List.copyOf(padded);
    }

    private static void pad(List<Ip6Option> options, int gap) {
        if (gap == 1) {
            options.add(new Pad1());
        } else if (gap > 1) {
            options.add(new PadN(gap - 2));
        }
    }
}
