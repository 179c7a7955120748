package careof.engine.wire.mobility;

/** Status values of Binding Acknowledgements (RFC 6275 section 6.1.8) and Binding Errors (section 6.1.9). */
public final class BindingStatus {
    public static final int ACCEPTED = 0;
    public static final int ACCEPTED_PREFIX_DISCOVERY_NECESSARY = 1;
    public static final int REASON_UNSPECIFIED = 128;
    public static final int ADMINISTRATIVELY_PROHIBITED = 129;
    public static final int INSUFFICIENT_RESOURCES = 130;
    public static final int HOME_REGISTRATION_NOT_SUPPORTED = 131;
    public static final int NOT_HOME_SUBNET = 132;
    public static final int NOT_HOME_AGENT = 133;
    public static final int DUPLICATE_ADDRESS_DETECTION_FAILED = 134;
    public static final int SEQUENCE_NUMBER_OUT_OF_WINDOW = 135;
    public static final int EXPIRED_HOME_NONCE_INDEX = 136;
    public static final int EXPIRED_CARE_OF_NONCE_INDEX = 137;
    public static final int EXPIRED_NONCES = 138;
    public static final int REGISTRATION_TYPE_CHANGE_DISALLOWED = 139;
    public static final int INVALID_CARE_OF_ADDRESS = 174;

    /** Binding Error: a Home Address option without a binding. */
    public static final int ERROR_UNKNOWN_BINDING = 1;
    /** Binding Error: an MH type that the receiver does not know. */
    public static final int ERROR_UNRECOGNIZED_TYPE = 2;

    private BindingStatus() {}

    /** Whether a Binding Acknowledgement with this status says yes. */
    public static boolean isAccepted(int status) {
        return status < 128;
    }

    /** What an acknowledgement's status means, for people. */
    public static String name(int status) {
        return switch (status) {
            case ACCEPTED -> "Binding Update accepted";
            case ACCEPTED_PREFIX_DISCOVERY_NECESSARY -> "accepted, prefix discovery necessary";
            case REASON_UNSPECIFIED -> "reason unspecified";
            case ADMINISTRATIVELY_PROHIBITED -> "administratively prohibited";
            case INSUFFICIENT_RESOURCES -> "insufficient resources";
            case HOME_REGISTRATION_NOT_SUPPORTED -> "home registration not supported";
            case NOT_HOME_SUBNET -> "not home subnet";
            case NOT_HOME_AGENT -> "not home agent for this mobile node";
            case DUPLICATE_ADDRESS_DETECTION_FAILED -> "Duplicate Address Detection failed";
            case SEQUENCE_NUMBER_OUT_OF_WINDOW -> "sequence number out of window";
            case EXPIRED_HOME_NONCE_INDEX -> "expired home nonce index";
            case EXPIRED_CARE_OF_NONCE_INDEX -> "expired care-of nonce index";
            case EXPIRED_NONCES -> "expired nonces";
            case REGISTRATION_TYPE_CHANGE_DISALLOWED -> "registration type change disallowed";
            case INVALID_CARE_OF_ADDRESS -> "invalid care-of address";
            default -> isAccepted(status) ? "accepted (status " + status + ")" : "rejected (status " + status + ")";
        };
    }

    /** What a Binding Error's status means, for people. */
    public static String errorName(int status) {
        return switch (status) {
            case ERROR_UNKNOWN_BINDING -> "unknown binding for Home Address option";
            case ERROR_UNRECOGNIZED_TYPE -> "unrecognized MH type";
            default -> "status " + status;
        };
    }
}
