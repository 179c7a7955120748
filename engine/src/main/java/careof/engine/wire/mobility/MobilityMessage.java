package careof.engine.wire.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.List;
import java.util.Optional;

/**
 * What a Mobility Header says: the octets after its checksum (RFC 6275 section 6.1). Offsets in the diagrams count from the
 * start of the Mobility Header. Reserved bits are written as zero and not kept.
 *
 * <p>Options are those of the message, with their padding; {@link MobilityHeader#of} puts the padding in.
 */
public sealed interface MobilityMessage {
    int BINDING_REFRESH_REQUEST = 0;
    int HOME_TEST_INIT = 1;
    int CARE_OF_TEST_INIT = 2;
    int HOME_TEST = 3;
    int CARE_OF_TEST = 4;
    int BINDING_UPDATE = 5;
    int BINDING_ACKNOWLEDGEMENT = 6;
    int BINDING_ERROR = 7;

    /** Seconds per unit of a lifetime or refresh interval. */
    int LIFETIME_UNIT = 4;
    /** The lifetime that never ends; refreshed before it would. */
    int INFINITE_LIFETIME = 0xffff;

    /** RFC 6275 section 6.1.2: {@code 6 | reserved (2) | options |} */
    record BindingRefreshRequest(List<MobilityOption> options) implements MobilityMessage {
        public BindingRefreshRequest {
            options = List.copyOf(options);
        }
    }

    /** RFC 6275 section 6.1.3: {@code 6 | reserved (2) | home init cookie (8) | options |} */
    record HomeTestInit(long cookie, List<MobilityOption> options) implements MobilityMessage {
        public HomeTestInit {
            options = List.copyOf(options);
        }
    }

    /** RFC 6275 section 6.1.4: {@code 6 | reserved (2) | care-of init cookie (8) | options |} */
    record CareOfTestInit(long cookie, List<MobilityOption> options) implements MobilityMessage {
        public CareOfTestInit {
            options = List.copyOf(options);
        }
    }

    /** RFC 6275 section 6.1.5: {@code 6 | home nonce index (2) | home init cookie (8) | home keygen token (8) | options |} */
    record HomeTest(int nonceIndex, long cookie, long keygenToken, List<MobilityOption> options) implements MobilityMessage {
        public HomeTest {
            Bits.fit(nonceIndex, 16, "home nonce index");
            options = List.copyOf(options);
        }
    }

    /**
     * RFC 6275 section 6.1.6: {@code 6 | care-of nonce index (2) | care-of init cookie (8) | care-of keygen token (8) |
     * options |}
     */
    record CareOfTest(int nonceIndex, long cookie, long keygenToken, List<MobilityOption> options) implements MobilityMessage {
        public CareOfTest {
            Bits.fit(nonceIndex, 16, "care-of nonce index");
            options = List.copyOf(options);
        }
    }

    /**
     * Binding Update (RFC 6275 section 6.1.7).
     *
     * <pre>
     *    6   | sequence number                |
     *    8   | A H L K, reserved | lifetime   |
     *   12   | options                        |
     * </pre>
     *
     * @param sequence               0..65535
     * @param acknowledge            A
     * @param homeRegistration       H
     * @param linkLocalCompatibility L
     * @param keyManagement          K
     * @param lifetime               units of 4 seconds; 0 deletes the binding
     */
    record BindingUpdate(int sequence, boolean acknowledge, boolean homeRegistration, boolean linkLocalCompatibility,
                         boolean keyManagement, int lifetime, List<MobilityOption> options) implements MobilityMessage {
        public BindingUpdate {
            Bits.fit(sequence, 16, "sequence number");
            Bits.fit(lifetime, 16, "lifetime");
            options = List.copyOf(options);
        }
    }

    /**
     * Binding Acknowledgement (RFC 6275 section 6.1.8).
     *
     * <pre>
     *    6   | status | K, reserved           |
     *    8   | sequence number | lifetime     |
     *   12   | options                        |
     * </pre>
     *
     * @param status        see {@link BindingStatus}
     * @param keyManagement K
     * @param sequence      0..65535
     * @param lifetime      units of 4 seconds
     */
    record BindingAcknowledgement(int status, boolean keyManagement, int sequence, int lifetime,
                                  List<MobilityOption> options) implements MobilityMessage {
        public BindingAcknowledgement {
            Bits.fit(status, 8, "status");
            Bits.fit(sequence, 16, "sequence number");
            Bits.fit(lifetime, 16, "lifetime");
            options = List.copyOf(options);
        }
    }

    /**
     * Binding Error (RFC 6275 section 6.1.9): {@code 6 | status | reserved | home address (16) | options |}
     *
     * @param status see {@link BindingStatus#errorName}
     * @param home   the address of the Home Address option, {@code ::} without one
     */
    record BindingError(int status, Ip6Address home, List<MobilityOption> options) implements MobilityMessage {
        public BindingError {
            Bits.fit(status, 8, "status");
            options = List.copyOf(options);
        }
    }

    /** Any other MH type; {@code body} is all after the checksum, 2 octets more than a multiple of 8. */
    record Unknown(int type, Octets body) implements MobilityMessage {
        public Unknown {
            Bits.fit(type, 8, "MH type");
            if (type <= BINDING_ERROR) {
                throw new IllegalArgumentException("MH type " + type + " is known");
            }
        }

        /** None: {@code body} is opaque. */
        @Override
        public List<MobilityOption> options() {
            return List.of();
        }
    }

    /** Options of the message, padding included. */
    List<MobilityOption> options();

    default int type() {
        return switch (this) {
            case BindingRefreshRequest _ -> BINDING_REFRESH_REQUEST;
            case HomeTestInit _ -> HOME_TEST_INIT;
            case CareOfTestInit _ -> CARE_OF_TEST_INIT;
            case HomeTest _ -> HOME_TEST;
            case CareOfTest _ -> CARE_OF_TEST;
            case BindingUpdate _ -> BINDING_UPDATE;
            case BindingAcknowledgement _ -> BINDING_ACKNOWLEDGEMENT;
            case BindingError _ -> BINDING_ERROR;
            case Unknown m -> m.type;
        };
    }

    /** The name of an MH type, for people. */
    static String name(int type) {
        return switch (type) {
            case BINDING_REFRESH_REQUEST -> "Binding Refresh Request";
            case HOME_TEST_INIT -> "Home Test Init";
            case CARE_OF_TEST_INIT -> "Care-of Test Init";
            case HOME_TEST -> "Home Test";
            case CARE_OF_TEST -> "Care-of Test";
            case BINDING_UPDATE -> "Binding Update";
            case BINDING_ACKNOWLEDGEMENT -> "Binding Acknowledgement";
            case BINDING_ERROR -> "Binding Error";
            default -> "MH type " + type;
        };
    }

    /** The usual short form of {@link #name}: BRR, HoTI, CoTI, HoT, CoT, BU, BA, BE. */
    static String shortName(int type) {
        return switch (type) {
            case BINDING_REFRESH_REQUEST -> "BRR";
            case HOME_TEST_INIT -> "HoTI";
            case CARE_OF_TEST_INIT -> "CoTI";
            case HOME_TEST -> "HoT";
            case CARE_OF_TEST -> "CoT";
            case BINDING_UPDATE -> "BU";
            case BINDING_ACKNOWLEDGEMENT -> "BA";
            case BINDING_ERROR -> "BE";
            default -> "MH " + type;
        };
    }

    /**
     * Octets of a Mobility Header of this type before its options; 6 for an unknown type. A header shorter than this is
     * answered with Parameter Problem (RFC 6275 section 9.2).
     */
    static int fixedLength(int type) {
        return switch (type) {
            case BINDING_REFRESH_REQUEST -> 8;
            case HOME_TEST_INIT, CARE_OF_TEST_INIT -> 16;
            case HOME_TEST, CARE_OF_TEST, BINDING_ERROR -> 24;
            case BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT -> 12;
            default -> 6;
        };
    }

    /** The first option of one kind. */
    default <T extends MobilityOption> Optional<T> option(Class<T> kind) {
        for (MobilityOption option : options()) {
            if (kind.isInstance(option)) {
                return Optional.of(kind.cast(option));
            }
        }
        return Optional.empty();
    }

    /** The same message with other options; an {@link Unknown} stays as it is. */
    default MobilityMessage withOptions(List<MobilityOption> options) {
        return switch (this) {
            case BindingRefreshRequest _ -> new BindingRefreshRequest(options);
            case HomeTestInit m -> new HomeTestInit(m.cookie, options);
            case CareOfTestInit m -> new CareOfTestInit(m.cookie, options);
            case HomeTest m -> new HomeTest(m.nonceIndex, m.cookie, m.keygenToken, options);
            case CareOfTest m -> new CareOfTest(m.nonceIndex, m.cookie, m.keygenToken, options);
            case BindingUpdate m -> new BindingUpdate(m.sequence, m.acknowledge, m.homeRegistration, m.linkLocalCompatibility,
                    m.keyManagement, m.lifetime, options);
            case BindingAcknowledgement m -> new BindingAcknowledgement(m.status, m.keyManagement, m.sequence, m.lifetime, options);
            case BindingError m -> new BindingError(m.status, m.home, options);
            case Unknown m -> m;
        };
    }

    /**
     * Reads what follows the checksum, to the end of the reader.
     *
     * @param type the MH type
     */
    static MobilityMessage parse(int type, OctetReader in) throws Malformed {
        return switch (type) {
            case BINDING_REFRESH_REQUEST -> {
                in.skip(2);
                yield new BindingRefreshRequest(MobilityOption.parseAll(in));
            }
            case HOME_TEST_INIT -> {
                in.skip(2);
                yield new HomeTestInit(in.u64(), MobilityOption.parseAll(in));
            }
            case CARE_OF_TEST_INIT -> {
                in.skip(2);
                yield new CareOfTestInit(in.u64(), MobilityOption.parseAll(in));
            }
            case HOME_TEST -> new HomeTest(in.u16(), in.u64(), in.u64(), MobilityOption.parseAll(in));
            case CARE_OF_TEST -> new CareOfTest(in.u16(), in.u64(), in.u64(), MobilityOption.parseAll(in));
            case BINDING_UPDATE -> {
                int sequence = in.u16();
                int flags = in.u16();
                yield new BindingUpdate(sequence, (flags & 0x8000) != 0, (flags & 0x4000) != 0, (flags & 0x2000) != 0,
                        (flags & 0x1000) != 0, in.u16(), MobilityOption.parseAll(in));
            }
            case BINDING_ACKNOWLEDGEMENT -> {
                int status = in.u8();
                int flags = in.u8();
                yield new BindingAcknowledgement(status, (flags & 0x80) != 0, in.u16(), in.u16(), MobilityOption.parseAll(in));
            }
            case BINDING_ERROR -> {
                int status = in.u8();
                in.skip(1);
                yield new BindingError(status, in.ip6(), MobilityOption.parseAll(in));
            }
            default -> new Unknown(type, in.rest());
        };
    }

    /** Writes what follows the checksum. */
    default void emit(OctetWriter out) {
        switch (this) {
            case BindingRefreshRequest _ -> out.u16(0);
            case HomeTestInit m -> out.u16(0).u64(m.cookie);
            case CareOfTestInit m -> out.u16(0).u64(m.cookie);
            case HomeTest m -> out.u16(m.nonceIndex).u64(m.cookie).u64(m.keygenToken);
            case CareOfTest m -> out.u16(m.nonceIndex).u64(m.cookie).u64(m.keygenToken);
            case BindingUpdate m -> out.u16(m.sequence)
                    .u16((m.acknowledge ? 0x8000 : 0) | (m.homeRegistration ? 0x4000 : 0)
                            | (m.linkLocalCompatibility ? 0x2000 : 0) | (m.keyManagement ? 0x1000 : 0))
                    .u16(m.lifetime);
            case BindingAcknowledgement m -> out.u8(m.status).u8(m.keyManagement ? 0x80 : 0).u16(m.sequence).u16(m.lifetime);
            case BindingError m -> out.u8(m.status).u8(0).address(m.home);
            case Unknown m -> out.octets(m.body);
        }
        for (MobilityOption option : options()) {
            option.emit(out);
        }
    }

    /** Octets of the whole Mobility Header with this message. */
    default int size() {
        return this instanceof Unknown m ? 6 + m.body.length() : fixedLength(type()) + MobilityOption.size(options());
    }
}
