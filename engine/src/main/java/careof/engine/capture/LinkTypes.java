package careof.engine.capture;

/** Link types that occur here, of the registry that tcpdump keeps; a reader hands through any other. */
public final class LinkTypes {
    /** Ethernet frames without preamble. */
    public static final int ETHERNET = 1;
    /** IPv4 or IPv6 packets without a link header, told apart by their version. */
    public static final int RAW_IP = 101;
    /** IPv4 packets. */
    public static final int IPV4 = 228;
    /** IPv6 packets. */
    public static final int IPV6 = 229;

    private LinkTypes() {}
}
