package careof.engine.wire.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.ArrayList;
import java.util.List;

/**
 * A mobility option (RFC 6275 section 6.2, RFC 5555 section 3). Padding is an option like any other, so that a list that was read is written
 * again octet for octet; {@link #padded} puts it in. A receiver skips options it does not know.
 *
 * <pre>
 *   | type | length n | n octets |        Pad1 alone has neither length nor data: | 0 |
 * </pre>
 */
public sealed interface MobilityOption {
    int PAD1 = 0;
    int PADN = 1;
    int BINDING_REFRESH_ADVICE = 2;
    int ALTERNATE_CARE_OF_ADDRESS = 3;
    int NONCE_INDICES = 4;
    int BINDING_AUTHORIZATION_DATA = 5;
    int IP4_HOME_ADDRESS = 29;
    int IP4_ADDRESS_ACKNOWLEDGEMENT = 30;
    int NAT_DETECTION = 31;
    int IP4_CARE_OF_ADDRESS = 32;

    /** One octet of padding (RFC 6275 section 6.2.2). */
    record Pad1() implements MobilityOption {}

    /**
     * Two or more octets of padding (RFC 6275 section 6.2.3). Its data is written as zeros and what was read is not kept.
     *
     * @param length octets of data, 0..255; with type and length the option takes two more
     */
    record PadN(int length) implements MobilityOption {
        public PadN {
            Bits.fit(length, 8, "PadN length");
        }
    }

    /**
     * Binding Refresh Advice (RFC 6275 section 6.2.4): {@code | 2 | 2 | interval (2) |}, aligned 2n.
     *
     * @param interval units of 4 seconds, 0..65535
     */
    record BindingRefreshAdvice(int interval) implements MobilityOption {
        public BindingRefreshAdvice {
            Bits.fit(interval, 16, "refresh interval");
        }
    }

    /** Alternate Care-of Address (RFC 6275 section 6.2.5): {@code | 3 | 16 | address (16) |}, aligned 8n + 6. */
    record AlternateCareOfAddress(Ip6Address address) implements MobilityOption {}

    /** Nonce Indices (RFC 6275 section 6.2.6): {@code | 4 | 4 | home (2) | care-of (2) |}, aligned 2n. */
    record NonceIndices(int home, int careOf) implements MobilityOption {
        public NonceIndices {
            Bits.fit(home, 16, "home nonce index");
            Bits.fit(careOf, 16, "care-of nonce index");
        }
    }

    /**
     * Binding Authorization Data (RFC 6275 section 6.2.7): {@code | 5 | 12 | authenticator (12) |}, the last option, at
     * 8n + 2.
     *
     * @param authenticator 12 octets in return routability; any length up to 255 is read
     */
    record BindingAuthorizationData(Octets authenticator) implements MobilityOption {
        /** Octets of the authenticator of return routability. */
        public static final int AUTHENTICATOR = 12;

        public BindingAuthorizationData {
            Bits.fit(authenticator.length(), 8, "authenticator length");
        }
    }

    /**
     * IPv4 Home Address (RFC 5555 section 3.1.1): {@code | 29 | 6 | prefix length (6) P reserved (9) | address (4) |}, aligned 4n. Reserved bits are
     * written as zero and not kept.
     *
     * @param prefixLength  bits, 0..63; 32: one address
     * @param wantsPrefix   P: a mobile network prefix is asked for
     * @param address       0.0.0.0: one is asked for
     */
    record Ip4HomeAddress(int prefixLength, boolean wantsPrefix, Ip4Address address) implements MobilityOption {
        public Ip4HomeAddress {
            Bits.fit(prefixLength, 6, "prefix length");
        }
    }

    /**
     * IPv4 Address Acknowledgement (RFC 5555 section 3.2.1): {@code | 30 | 6 | status | prefix length (6) reserved (2) | address (4) |}, aligned 4n.
     *
     * @param status       below 128: bound
     * @param prefixLength bits, 0..63; 0 where it is refused
     */
    record Ip4AddressAcknowledgement(int status, int prefixLength, Ip4Address address) implements MobilityOption {
        public static final int SUCCESS = 0;
        public static final int ADMINISTRATIVELY_PROHIBITED = 129;
        public static final int INCORRECT_HOME_ADDRESS = 130;
        public static final int INVALID_ADDRESS = 131;
        public static final int NO_DYNAMIC_ASSIGNMENT = 132;
        public static final int PREFIX_UNAUTHORIZED = 133;

        public Ip4AddressAcknowledgement {
            Bits.fit(status, 8, "status");
            Bits.fit(prefixLength, 6, "prefix length");
        }

        public boolean isAccepted() {
            return status < 128;
        }

        /** What a status means (RFC 5555 section 3.2.1). */
        public static String name(int status) {
            return switch (status) {
                case SUCCESS -> "success";
                case 128 -> "failure, reason unspecified";
                case ADMINISTRATIVELY_PROHIBITED -> "administratively prohibited";
                case INCORRECT_HOME_ADDRESS -> "incorrect IPv4 home address";
                case INVALID_ADDRESS -> "invalid IPv4 address";
                case NO_DYNAMIC_ASSIGNMENT -> "dynamic IPv4 home address assignment not available";
                case PREFIX_UNAUTHORIZED -> "prefix allocation unauthorized";
                default -> "status " + status;
            };
        }
    }

    /**
     * NAT Detection (RFC 5555 section 3.2.2): {@code | 31 | 6 | F reserved (15) | refresh time (4) |}, aligned 4n.
     *
     * @param forced  F: packets are to go in UDP, NAT or not
     * @param refresh seconds; 0: ignored; {@link #NO_NAT}: no NAT was on the path
     */
    record NatDetection(boolean forced, long refresh) implements MobilityOption {
        public static final long NO_NAT = 0xffff_ffffL;

        public NatDetection {
            if (refresh < 0 || refresh > NO_NAT) {
                throw new IllegalArgumentException("refresh time " + refresh + " does not fit 32 bits");
            }
        }
    }

    /** IPv4 Care-of Address (RFC 5555 section 3.1.2): {@code | 32 | 6 | reserved (2) | address (4) |}, aligned 4n. */
    record Ip4CareOfAddress(Ip4Address address) implements MobilityOption {}

    /** Any other type. */
    record Unknown(int type, Octets data) implements MobilityOption {
        public Unknown {
            Bits.fit(type, 8, "option type");
            Bits.fit(data.length(), 8, "option length");
            if (type <= BINDING_AUTHORIZATION_DATA || type >= IP4_HOME_ADDRESS && type <= IP4_CARE_OF_ADDRESS) {
                throw new IllegalArgumentException("mobility option " + type + " is known");
            }
        }
    }

    default int type() {
        return switch (this) {
            case Pad1 _ -> PAD1;
            case PadN _ -> PADN;
            case BindingRefreshAdvice _ -> BINDING_REFRESH_ADVICE;
            case AlternateCareOfAddress _ -> ALTERNATE_CARE_OF_ADDRESS;
            case NonceIndices _ -> NONCE_INDICES;
            case BindingAuthorizationData _ -> BINDING_AUTHORIZATION_DATA;
            case Ip4HomeAddress _ -> IP4_HOME_ADDRESS;
            case Ip4AddressAcknowledgement _ -> IP4_ADDRESS_ACKNOWLEDGEMENT;
            case NatDetection _ -> NAT_DETECTION;
            case Ip4CareOfAddress _ -> IP4_CARE_OF_ADDRESS;
            case Unknown o -> o.type;
        };
    }

    /** Octets on the wire, type and length included. */
    default int size() {
        return switch (this) {
            case Pad1 _ -> 1;
            case PadN o -> 2 + o.length;
            case BindingRefreshAdvice _ -> 4;
            case AlternateCareOfAddress _ -> 18;
            case NonceIndices _ -> 6;
            case BindingAuthorizationData o -> 2 + o.authenticator.length();
            case Ip4HomeAddress _, Ip4AddressAcknowledgement _, NatDetection _, Ip4CareOfAddress _ -> 8;
            case Unknown o -> 2 + o.data.length();
        };
    }

    /** Reads one option. */
    static MobilityOption parse(OctetReader in) throws Malformed {
        int at = in.position();
        int type = in.u8();
        if (type == PAD1) {
            return new Pad1();
        }
        int length = in.u8();
        if (length > in.remaining()) {
            throw new Malformed("mobility option " + type + " runs " + (length - in.remaining()) + " octets past the message", at);
        }
        int right = switch (type) {
            case BINDING_REFRESH_ADVICE -> 2;
            case ALTERNATE_CARE_OF_ADDRESS -> 16;
            case NONCE_INDICES -> 4;
            case IP4_HOME_ADDRESS, IP4_ADDRESS_ACKNOWLEDGEMENT, NAT_DETECTION, IP4_CARE_OF_ADDRESS -> 6;
            default -> length;
        };
        if (length != right) {
            throw new Malformed("mobility option " + type + " has length " + length + ", not " + right, at + 1);
        }
        return switch (type) {
            case PADN -> {
                in.skip(length);
                yield new PadN(length);
            }
            case BINDING_REFRESH_ADVICE -> new BindingRefreshAdvice(in.u16());
            case ALTERNATE_CARE_OF_ADDRESS -> new AlternateCareOfAddress(in.ip6());
            case NONCE_INDICES -> new NonceIndices(in.u16(), in.u16());
            case BINDING_AUTHORIZATION_DATA -> new BindingAuthorizationData(in.octets(length));
            case IP4_HOME_ADDRESS -> {
                int first = in.u16();
                yield new Ip4HomeAddress(first >>> 10, (first & 0x200) != 0, in.ip4());
            }
            case IP4_ADDRESS_ACKNOWLEDGEMENT -> new Ip4AddressAcknowledgement(in.u8(), in.u8() >>> 2, in.ip4());
            case NAT_DETECTION -> new NatDetection(in.u16() >>> 15 == 1, in.u32());
            case IP4_CARE_OF_ADDRESS -> {
                in.skip(2);
                yield new Ip4CareOfAddress(in.ip4());
            }
            default -> new Unknown(type, in.octets(length));
        };
    }

    /** Reads options to the end of the message. */
    static List<MobilityOption> parseAll(OctetReader in) throws Malformed {
        List<MobilityOption> options = new ArrayList<>(4);
        while (!in.atEnd()) {
            options.add(parse(in));
        }
        return List.copyOf(options);
    }

    default void emit(OctetWriter out) {
        switch (this) {
            case Pad1 _ -> out.u8(PAD1);
            case PadN o -> out.u8(PADN).u8(o.length).zeros(o.length);
            case BindingRefreshAdvice o -> out.u8(BINDING_REFRESH_ADVICE).u8(2).u16(o.interval);
            case AlternateCareOfAddress o -> out.u8(ALTERNATE_CARE_OF_ADDRESS).u8(16).address(o.address);
            case NonceIndices o -> out.u8(NONCE_INDICES).u8(4).u16(o.home).u16(o.careOf);
            case BindingAuthorizationData o ->
                    out.u8(BINDING_AUTHORIZATION_DATA).u8(o.authenticator.length()).octets(o.authenticator);
            case Ip4HomeAddress o -> out.u8(IP4_HOME_ADDRESS).u8(6).u16(o.prefixLength << 10 | (o.wantsPrefix ? 0x200 : 0)).address(o.address);
            case Ip4AddressAcknowledgement o -> out.u8(IP4_ADDRESS_ACKNOWLEDGEMENT).u8(6).u8(o.status).u8(o.prefixLength << 2).address(o.address);
            case NatDetection o -> out.u8(NAT_DETECTION).u8(6).u16(o.forced ? 0x8000 : 0).u32(o.refresh);
            case Ip4CareOfAddress o -> out.u8(IP4_CARE_OF_ADDRESS).u8(6).u16(0).address(o.address);
            case Unknown o -> out.u8(o.type).u8(o.data.length()).octets(o.data);
        }
    }

    /** Octets of all {@code options} together. */
    static int size(List<MobilityOption> options) {
        int size = 0;
        for (MobilityOption option : options) {
            size += option.size();
        }
        return size;
    }

    /**
     * The same options with the padding they need: each at its alignment, the whole Mobility Header a multiple of 8 octets,
     * without any padding after a Binding Authorization Data option. Padding already in the list is dropped first.
     *
     * @param at octets of the Mobility Header before the options
     */
    static List<MobilityOption> padded(List<MobilityOption> options, int at) {
        List<MobilityOption> padded = new ArrayList<>();
        for (MobilityOption option : options) {
            if (option instanceof Pad1 || option instanceof PadN) {
                continue;
            }
            int gap = switch (option) {
                case BindingRefreshAdvice _, NonceIndices _ -> at % 2;
                case AlternateCareOfAddress _ -> Math.floorMod(6 - at, 8);
                case BindingAuthorizationData o -> Math.floorMod(-at - o.size(), 8);
                case Ip4HomeAddress _, Ip4AddressAcknowledgement _, NatDetection _, Ip4CareOfAddress _ -> Math.floorMod(-at, 4);
                case Pad1 _, PadN _, Unknown _ -> 0;
            };
            pad(padded, gap);
            padded.add(option);
            at += gap + option.size();
        }
        pad(padded, Math.floorMod(-at, 8));
        return List.copyOf(padded);
    }

    private static void pad(List<MobilityOption> options, int gap) {
        if (gap == 1) {
            options.add(new Pad1());
        } else if (gap > 1) {
            options.add(new PadN(gap - 2));
        }
    }
}
