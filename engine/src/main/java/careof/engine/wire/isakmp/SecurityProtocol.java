package careof.engine.wire.isakmp;

/** What a proposal, a notification or a deletion is about (RFC 2407 section 4.4.1). */
public final class SecurityProtocol {
    /** Phase one itself. */
    public static final int ISAKMP = 1;
    public static final int AH = 2;
    public static final int ESP = 3;
    public static final int IPCOMP = 4;

    private SecurityProtocol() {}

    public static String name(int protocol) {
        return switch (protocol) {
            case ISAKMP -> "ISAKMP";
            case AH -> "AH";
            case ESP -> "ESP";
            case IPCOMP -> "IPCOMP";
            default -> "protocol " + protocol;
        };
    }
}
