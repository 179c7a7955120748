package careof.engine.decode;

import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket;
import careof.engine.decode.PacketSummary.Kind;
import java.util.List;
import java.util.Optional;

/** Tree and line of packets of captures, also of those whose ends were not kept. Never throws. */
public final class CaptureDissector {
    private CaptureDissector() {}

    /** As {@link Dissector} says. */
    public static Field tree(CapturedPacket packet, Opener opener) {
        return Dissector.dissect(packet.octets(), LinkType.of(packet.on().linkType()), opener, packet.isCut());
    }

    /** As {@link Summary} says. */
    public static PacketSummary summary(CapturedPacket packet, Opener opener) {
        return summary(packet.octets(), LinkType.of(packet.on().linkType()), opener, packet.isCut());
    }

    static PacketSummary summary(Octets octets, LinkType link, Opener opener, boolean cut) {
        PacketSummary whole = Summary.of(octets, link, opener);
        return cut && whole.protocol().equals("malformed") ? beginning(octets, link, opener) : whole;
    }

    /** What the headers say that are there. */
    private static PacketSummary beginning(Octets octets, LinkType link, Opener opener) {
        Field tree = Dissector.dissect(octets, link, opener, true);
        Optional<Field> last = tree.children().stream().filter(field -> !field.children().isEmpty() && !field.abbreviation().equals("careof")).reduce((_, second) -> second);
        String header = last.map(Field::abbreviation).orElse("");
        return new PacketSummary(first(tree, "ipv6.src", "ip.src", "eth.src"), first(tree, "ipv6.dst", "ip.dst", "eth.dst"), name(header),
                last.map(field -> field.value() + " ").orElse("") + "(cut)", kind(header), 0, List.of(), false, false, name(header), Optional.empty());
    }

    /** The outermost value of the first of these fields that is there. */
    private static String first(Field tree, String... fields) {
        for (String field : fields) {
            String[] found = {null};
            tree.walk(one -> found[0] = found[0] == null && one.abbreviation().equals(field) ? one.value() : found[0]);
            if (found[0] != null) {
                return found[0];
            }
        }
        return "";
    }

    private static String name(String header) {
        return switch (header) {
            case "udp" -> "UDP";
            case "tcp" -> "TCP";
            case "icmp" -> "ICMP";
            case "icmpv6" -> "ICMPv6";
            case "mip6" -> "MIPv6";
            case "isakmp" -> "ISAKMP";
            case "esp" -> "ESP";
            case "ah" -> "AH";
            case "arp" -> "ARP";
            case "ip" -> "IPv4";
            case "eth" -> "Ethernet";
            default -> header.startsWith("ipv6") ? "IPv6" : "cut";
        };
    }

    private static Kind kind(String header) {
        return switch (header) {
            case "udp", "tcp" -> Kind.DATA;
            case "mip6" -> Kind.MOBILITY;
            case "isakmp" -> Kind.IKE;
            case "arp" -> Kind.NEIGHBOUR_DISCOVERY;
            default -> Kind.OTHER;
        };
    }
}
