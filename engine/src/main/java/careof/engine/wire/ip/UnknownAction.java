package careof.engine.wire.ip;

/** What a node does that meets an option it does not know: the two highest bits of its type (RFC 8200 section 4.2). */
public enum UnknownAction {
    /** 00: go on with the next option. */
    SKIP,
    /** 01: drop the packet. */
    DISCARD,
    /** 10: drop it and answer with Parameter Problem, code 2, even to a multicast destination. */
    DISCARD_REPORT,
    /** 11: as {@link #DISCARD_REPORT}, but silent if the destination was multicast. */
    DISCARD_REPORT_UNLESS_MULTICAST;

    /** The action that option type {@code type} (0..255) asks for. */
    public static UnknownAction of(int type) {
        return switch (type >>> 6 & 3) {
            case 0 -> SKIP;
            case 1 -> DISCARD;
            case 2 -> DISCARD_REPORT;
            default -> DISCARD_REPORT_UNLESS_MULTICAST;
        };
    }
}
