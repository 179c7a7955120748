package careof.engine.decode;

import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One line of a packet list.
 *
 * @param source            address of the outermost IP header (of the link, without one; "" without any)
 * @param destination       likewise
 * @param protocol          of the innermost packet: "MIPv6", "ICMPv6", "UDP", ...
 * @param info              what the innermost packet says; with outer headers its own addresses last, where a narrow column may cut them off
 * @param kind              of the innermost packet
 * @param rings             outer IP headers around the innermost packet: how many rings a window draws
 * @param wraps             all that is around what {@code info} tells of, outermost first: those outer IP headers, AH and ESP; ESP is among
 *                          them whether it could be opened or not
 * @param homeAddressOption whether any of the headers carries a Home Address option
 * @param routingHeader     whether any of the headers carries a type 2 routing header
 * @param shortName         a word or two: "BU", "HoTI", "NS", "ping 3", "data 17", "UDP"; "ESP" where it could not be opened
 * @param isakmp            of a message of IKE its header: whose it is, and whether it is encrypted
 */
public record PacketSummary(String source, String destination, String protocol, String info, Kind kind, int rings,
                            List<Wrap> wraps, boolean homeAddressOption, boolean routingHeader, String shortName, Optional<IsakmpHeader> isakmp) {

    /** What may be around a packet. */
    public enum Wrap {
        /** An outer IP header. */
        TUNNEL,
        AH,
        ESP
    }

    public PacketSummary {
        wraps = List.copyOf(wraps);
    }

    /** Whether another frame carries the same message on its way, or the same once more, as far as its line tells. */
    public boolean isSameMessage(PacketSummary other) {
        return shortName.equals(other.shortName) && isakmp.equals(other.isakmp);
    }

    /** {@code shortName} with its protection, to write beside a moving packet: "ESP (BU)", "AH (BU)", "ESP" where that is all one knows. */
    public String label() {
        String protection = wraps.stream().filter(wrap -> wrap != Wrap.TUNNEL).map(Wrap::name).collect(Collectors.joining(" "));
        return protection.isEmpty() || shortName.equals(Wrap.ESP.name()) ? protection.isEmpty() ? shortName : protection : protection + " (" + shortName + ")";
    }

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
