package careof.engine.decode;

/**
 * One line of a packet list.
 *
 * @param source            address of the outermost IP header (of the link, without one; "" without any)
 * @param destination       likewise
 * @param protocol          of the innermost packet: "MIPv6", "ICMPv6", "UDP", ...
 * @param info              what the innermost packet says; with outer headers its own addresses first
 * @param kind              of the innermost packet
 * @param rings             outer IP headers around the innermost packet: how many rings a window draws
 * @param homeAddressOption whether any of the headers carries a Home Address option
 * @param routingHeader     whether any of the headers carries a type 2 routing header
 * @param shortName         a word or two to write beside a moving packet: "BU", "HoTI", "NS", "ping 3", "data 17", "UDP"
 */
public record PacketSummary(String source, String destination, String protocol, String info, Kind kind, int rings,
                            boolean homeAddressOption, boolean routingHeader, String shortName) {

    /** What a packet is about; decides its colour. */
    public enum Kind {
        /** User data: UDP, TCP, echo, fragments of them. */
        DATA,
        /** Mobility Header, home agent discovery, mobile prefixes. */
        MOBILITY,
        /** UDP ports 500 and 4500. */
        IKE,
        /** RFC 4861, and ARP, which does the same for IPv4. */
        NEIGHBOUR_DISCOVERY,
        ICMP_ERROR,
        /** What is encrypted, unknown or malformed. */
        OTHER
    }
}
