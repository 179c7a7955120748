package careof.engine.wire.ip;

/** IP protocol and IPv6 next header numbers (IANA "Assigned Internet Protocol Numbers"). */
public final class IpProtocol {
    public static final int HOP_BY_HOP = 0;
    public static final int ICMP4 = 1;
    public static final int IP4 = 4;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int IP6 = 41;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int ESP = 50;
    public static final int AH = 51;
    public static final int ICMP6 = 58;
    public static final int NONE = 59;
    public static final int DESTINATION_OPTIONS = 60;
    public static final int MOBILITY = 135;

    private IpProtocol() {}

    /** Whether this number starts an extension header that {@link ExtensionHeader} reads. */
    public static boolean isExtension(int number) {
        return number == HOP_BY_HOP || number == ROUTING || number == FRAGMENT || number == DESTINATION_OPTIONS;
    }

    /** A short name for people; an unknown number stands for itself. */
    public static String name(int number) {
        return switch (number) {
            case HOP_BY_HOP -> "Hop-by-Hop Options";
            case ICMP4 -> "ICMP";
            case IP4 -> "IPv4";
            case TCP -> "TCP";
            case UDP -> "UDP";
            case IP6 -> "IPv6";
            case ROUTING -> "Routing";
            case FRAGMENT -> "Fragment";
            case ESP -> "ESP";
            case AH -> "AH";
            case ICMP6 -> "ICMPv6";
            case NONE -> "No Next Header";
            case DESTINATION_OPTIONS -> "Destination Options";
            case MOBILITY -> "Mobility Header";
            default -> "protocol " + number;
        };
    }
}
