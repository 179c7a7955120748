package careof.engine.decode;

/** What the first octets of a captured frame are; numbers as in pcap and pcapng ("LINKTYPE_" registry of tcpdump.org). */
public enum LinkType {
    /** BSD loopback: address family in host order. */
    NULL(0),
    ETHERNET(1),
    /** IPv4 or IPv6 without any link header. */
    RAW_IP(101),
    /** OpenBSD loopback: address family in network order. */
    LOOP(108),
    /** Linux "cooked" capture. */
    LINUX_SLL(113),
    IP4(228),
    IP6(229),
    /** Linux "cooked" capture, version 2. */
    LINUX_SLL2(276),
    /** Anything else: shown as raw octets. */
    UNKNOWN(-1);

    private final int number;

    LinkType(int number) {
        this.number = number;
    }

    /** The number in capture files; -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** The link type that a capture file's number stands for; 12 and 14 are older numbers of raw IP. */
    public static LinkType of(int number) {
        for (LinkType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return number == 12 || number == 14 ? RAW_IP : UNKNOWN;
    }
}
