package careof.engine.wire.isakmp;

import java.util.List;

/** Types of notifications (RFC 2408 section 3.14.1, RFC 2407 section 4.6.3, RFC 3706 section 5.3), by the names that these give them. */
public final class NotifyType {
    public static final int INVALID_PAYLOAD_TYPE = 1;
    public static final int DOI_NOT_SUPPORTED = 2;
    public static final int SITUATION_NOT_SUPPORTED = 3;
    public static final int INVALID_COOKIE = 4;
    public static final int INVALID_MAJOR_VERSION = 5;
    public static final int INVALID_MINOR_VERSION = 6;
    public static final int INVALID_EXCHANGE_TYPE = 7;
    public static final int INVALID_FLAGS = 8;
    public static final int INVALID_MESSAGE_ID = 9;
    public static final int INVALID_PROTOCOL_ID = 10;
    public static final int INVALID_SPI = 11;
    public static final int INVALID_TRANSFORM_ID = 12;
    public static final int ATTRIBUTES_NOT_SUPPORTED = 13;
    public static final int NO_PROPOSAL_CHOSEN = 14;
    public static final int BAD_PROPOSAL_SYNTAX = 15;
    public static final int PAYLOAD_MALFORMED = 16;
    public static final int INVALID_KEY_INFORMATION = 17;
    public static final int INVALID_ID_INFORMATION = 18;
    public static final int INVALID_CERT_ENCODING = 19;
    public static final int INVALID_CERTIFICATE = 20;
    public static final int CERT_TYPE_UNSUPPORTED = 21;
    public static final int INVALID_CERT_AUTHORITY = 22;
    public static final int INVALID_HASH_INFORMATION = 23;
    public static final int AUTHENTICATION_FAILED = 24;
    public static final int INVALID_SIGNATURE = 25;
    public static final int ADDRESS_NOTIFICATION = 26;
    public static final int NOTIFY_SA_LIFETIME = 27;
    public static final int CERTIFICATE_UNAVAILABLE = 28;
    public static final int UNSUPPORTED_EXCHANGE_TYPE = 29;
    public static final int UNEQUAL_PAYLOAD_LENGTHS = 30;
    /** From here on a notification is no error. */
    public static final int CONNECTED = 16384;
    /** Data: attributes of a lifetime that is shorter than the one offered. */
    public static final int RESPONDER_LIFETIME = 24576;
    /** Data: 4 octets, 1: the responder checks for replays. */
    public static final int REPLAY_STATUS = 24577;
    /** The sender has no other SA with this peer. */
    public static final int INITIAL_CONTACT = 24578;
    /** Data: a sequence number of 4 octets. */
    public static final int R_U_THERE = 36136;
    /** Data: the sequence number that was asked with. */
    public static final int R_U_THERE_ACK = 36137;

    private static final List<String> ERRORS = List.of("INVALID-PAYLOAD-TYPE", "DOI-NOT-SUPPORTED", "SITUATION-NOT-SUPPORTED", "INVALID-COOKIE",
            "INVALID-MAJOR-VERSION", "INVALID-MINOR-VERSION", "INVALID-EXCHANGE-TYPE", "INVALID-FLAGS", "INVALID-MESSAGE-ID", "INVALID-PROTOCOL-ID",
            "INVALID-SPI", "INVALID-TRANSFORM-ID", "ATTRIBUTES-NOT-SUPPORTED", "NO-PROPOSAL-CHOSEN", "BAD-PROPOSAL-SYNTAX", "PAYLOAD-MALFORMED",
            "INVALID-KEY-INFORMATION", "INVALID-ID-INFORMATION", "INVALID-CERT-ENCODING", "INVALID-CERTIFICATE", "CERT-TYPE-UNSUPPORTED",
            "INVALID-CERT-AUTHORITY", "INVALID-HASH-INFORMATION", "AUTHENTICATION-FAILED", "INVALID-SIGNATURE", "ADDRESS-NOTIFICATION",
            "NOTIFY-SA-LIFETIME", "CERTIFICATE-UNAVAILABLE", "UNSUPPORTED-EXCHANGE-TYPE", "UNEQUAL-PAYLOAD-LENGTHS");

    private NotifyType() {}

    /** Whether it tells why something was refused. */
    public static boolean isError(int type) {
        return type < CONNECTED;
    }

    public static String name(int type) {
        if (type >= 1 && type <= ERRORS.size()) {
            return ERRORS.get(type - 1);
        }
        return switch (type) {
            case CONNECTED -> "CONNECTED";
            case RESPONDER_LIFETIME -> "RESPONDER-LIFETIME";
            case REPLAY_STATUS -> "REPLAY-STATUS";
            case INITIAL_CONTACT -> "INITIAL-CONTACT";
            case R_U_THERE -> "R-U-THERE";
            case R_U_THERE_ACK -> "R-U-THERE-ACK";
            default -> (isError(type) ? "error " : "status ") + type;
        };
    }
}
