package careof.engine.wire;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.IsakmpName;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Short names of messages: "BU", "HoTI", "RA", "MM1", "UDP"; what lies innermost in a frame gives it its name. */
public final class MessageName {
    /** A deeper nest of tunnels is not looked into. */
    private static final int DEEPEST = 8;
    private static final List<Integer> ICMP6_TYPES = List.of(1, 2, 3, 4, 128, 129, 133, 134, 135, 136, 137, 144, 145, 146, 147);

    private MessageName() {}

    /** All names that {@link #of} can give to mobility, ICMPv6 and ISAKMP messages of known types, in the order of their types, and families of them. */
    public static List<String> known() {
        List<String> names = new ArrayList<>();
        for (int type = 0; type <= MobilityMessage.BINDING_ERROR; type++) {
            names.add(MobilityMessage.shortName(type));
        }
        ICMP6_TYPES.forEach(type -> names.add(icmp6(type)));
        names.addAll(IsakmpName.known());
        names.addAll(List.of("UDP", "TCP", "ARP", "IPv4", "fragment"));
        return names;
    }

    /** Whether a message of this name counts where {@code wanted} is asked for: that name itself, or a family that it belongs to. */
    public static boolean isOf(String name, String wanted) {
        return IsakmpName.isOf(name, wanted);
    }

    /** Names an Ethernet frame; never fails. */
    public static String of(Octets frame) {
        try {
            OctetReader in = new OctetReader(frame);
            Ethernet ethernet = Ethernet.parse(in);
            return switch (ethernet.etherType()) {
                case Ethernet.IP6 -> packet(in.rest());
                case Ethernet.IP4 -> "IPv4";
                case Ethernet.ARP -> "ARP";
                default -> String.format("type %04x", ethernet.etherType());
            };
        } catch (Malformed e) {
            return "malformed";
        }
    }

    /** Names what lies in a packet itself; other packets within are not looked into. */
    public static String of(IpPacket packet) {
        return switch (packet) {
            case Ip6Packet ip6 -> name(ip6);
            case Ip4Packet ip4 when ip4.protocol() == IpProtocol.UDP && !ip4.header().moreFragments() && ip4.header().fragmentOffset() == 0 ->
                    udp(ip4.payload());
            case Ip4Packet ip4 -> IpProtocol.name(ip4.protocol());
        };
    }

    private static String packet(Octets octets) throws Malformed {
        Ip6Packet packet = Ip6Packet.parse(octets);
        for (int depth = 0; depth < DEEPEST && packet.protocol() == IpProtocol.IP6 && !isPiece(packet); depth++) {
            packet = Ip6Packet.parse(packet.payload());
        }
        return name(packet);
    }

    private static boolean isPiece(Ip6Packet packet) {
        return packet.fragment().filter(fragment -> !fragment.isWhole()).isPresent();
    }

    private static String name(Ip6Packet packet) {
        Octets payload = packet.payload();
        if (isPiece(packet)) {
            return "fragment";
        }
        return switch (packet.protocol()) {
            case IpProtocol.MOBILITY -> payload.length() > 2 ? MobilityMessage.shortName(payload.at(2)) : "malformed";
            case IpProtocol.ICMP6 -> payload.length() > 0 ? icmp6(payload.at(0)) : "malformed";
            case IpProtocol.UDP -> udp(payload);
            default -> IpProtocol.name(packet.protocol());
        };
    }

    private static String udp(Octets datagram) {
        Optional<Octets> isakmp = IsakmpMessage.inUdp(datagram);
        if (isakmp.isEmpty()) {
            return IpProtocol.name(IpProtocol.UDP);
        }
        try {
            return IsakmpName.of(IsakmpMessage.parse(isakmp.get()));
        } catch (Malformed e) {
            return IsakmpName.IKE;
        }
    }

    /** Short name of an ICMPv6 message: "RA", "NS", "ping"... */
    public static String icmp6(int type) {
        return switch (type) {
            case Icmp6Message.DESTINATION_UNREACHABLE -> "unreachable";
            case Icmp6Message.PACKET_TOO_BIG -> "too big";
            case Icmp6Message.TIME_EXCEEDED -> "time exceeded";
            case Icmp6Message.PARAMETER_PROBLEM -> "parameter problem";
            case Icmp6Message.ECHO_REQUEST -> "ping";
            case Icmp6Message.ECHO_REPLY -> "pong";
            case Icmp6Message.ROUTER_SOLICITATION -> "RS";
            case Icmp6Message.ROUTER_ADVERTISEMENT -> "RA";
            case Icmp6Message.NEIGHBOUR_SOLICITATION -> "NS";
            case Icmp6Message.NEIGHBOUR_ADVERTISEMENT -> "NA";
            case Icmp6Message.REDIRECT -> "redirect";
            case Icmp6Message.HOME_AGENT_DISCOVERY_REQUEST -> "DHAAD?";
            case Icmp6Message.HOME_AGENT_DISCOVERY_REPLY -> "DHAAD";
            case Icmp6Message.MOBILE_PREFIX_SOLICITATION -> "MPS";
            case Icmp6Message.MOBILE_PREFIX_ADVERTISEMENT -> "MPA";
            default -> "ICMPv6 " + type;
        };
    }
}
