package careof.engine.metrics;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.decode.KnownSas;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketFields;
import careof.engine.decode.SeenIke;
import careof.engine.ipsec.Unwrapped;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabTraffic;
import careof.engine.query.Query;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.MessageName;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.isakmp.IsakmpName;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What whoever reads a trace knows about its packets: what lies innermost, which message a frame begins, whose an address is. */
final class Sight {
    /** A packet is made from another at most this often: hop limits and tunnels end a chain. */
    private static final int LONGEST_CHAIN = 1024;
    /** A deeper nest of headers is not looked into. */
    private static final int DEEPEST = 8;
    /** Signalling of RFC 5555 in UDP. */
    private static final int DSMIP_PORT = 4191;
    private static final List<String> SIGNALLING = signalling();

    private final Lab lab;
    private final TraceStore trace;
    private final KnownSas sas = new KnownSas();
    private final PacketFields fields = new PacketFields(sas);
    private final SortedMap<IpAddress, String> owners = new TreeMap<>();
    private long[] parents = new long[1024];
    private String[] names = new String[1024];
    private TraceEvent.FrameSent last;
    private Optional<Look> lastLook = Optional.empty();

    /**
     * @param length   of the outermost IP packet, octets
     * @param plain    what lies innermost, with its own addresses and without extension headers
     * @param around   what was put around it, outermost first: "HAO", "RH2", "ESP", "AH", "tunnel", "UDP"
     * @param headers  packets with each IP header, outermost first, the plain one last
     */
    record Look(int length, IpPacket plain, List<String> around, List<IpPacket> headers) {
        /** Octets that mobility and IPsec added. */
        int overhead() {
            return length - plain.length();
        }

        /** Short name as far as its own octets tell it. */
        String name() {
            return MessageName.of(plain);
        }
    }

    Sight(Lab lab, TraceStore trace) {
        this.lab = lab;
        this.trace = trace;
        for (LabNode node : lab.nodes()) {
            node.home().ifPresent(home -> {
                owners.put(home.address(), node.name());
                home.address4().ifPresent(address -> owners.put(address, node.name()));
            });
        }
    }

    private static List<String> signalling() {
        List<String> names = new ArrayList<>(IsakmpName.known());
        for (int type = 0; type <= MobilityMessage.BINDING_ERROR; type++) {
            names.add(MobilityMessage.shortName(type));
        }
        return List.copyOf(names);
    }

    /** Whether a short name is that of a message of mobility or of IKE. */
    static boolean isSignalling(String name) {
        return SIGNALLING.contains(name);
    }

    void add(TraceEvent event) {
        sas.accept(event);
        switch (event) {
            case TraceEvent.Derived derived -> parent(derived.packet(), derived.parent());
            case TraceEvent.FrameSent sent -> parent(sent.packet(), sent.parent());
            case TraceEvent.Changed changed -> SaPairs.address(changed.row()).filter(address -> !(address instanceof Ip6Address ip6) || ip6.isRoutableUnicast())
                    .ifPresent(address -> owners.putIfAbsent(address, changed.node()));
            default -> {
            }
        }
    }

    private void parent(long packet, long parent) {
        if (packet >= parents.length) {
            int length = Math.toIntExact(Math.max(packet + 1, parents.length * 2L));
            parents = Arrays.copyOf(parents, length);
            names = Arrays.copyOf(names, length);
        }
        if (parent != 0) {
            parents[(int) packet] = parent;
        }
    }

    /** Whether a query asks for an event; what is encrypted is opened with the keys of the trace. */
    boolean matches(Query query, TraceEvent event) {
        return query.matches(event, trace, fields);
    }

    /** The node that has, or had first, an address. */
    Optional<String> owner(IpAddress address) {
        return Optional.ofNullable(owners.get(address));
    }

    /** Short name of what lies innermost in a frame. */
    String name(TraceEvent.FrameSent sent) {
        return look(sent).map(look -> SeenIke.name(look.plain(), sas)).orElseGet(() -> MessageName.of(sent.frame()));
    }

    /**
     * Whether a frame is the first of its message: not forwarded, not taken out of a tunnel, not a part of what was sent before. Another message that
     * it answers may be of the same family.
     *
     * @param message a short name, or a family of them
     */
    boolean originates(TraceEvent.FrameSent sent, String message) {
        String name = nameOf(sent);
        if (!MessageName.isOf(name, message) || trace.frameOf(sent.packet()).map(TraceEvent.FrameSent::id).orElse(sent.id()) != sent.id()) {
            return false;
        }
        long packet = sent.parent() != 0 ? sent.parent() : parents[(int) sent.packet()];
        for (int i = 0; packet != 0 && i < LONGEST_CHAIN; i++) {
            if (trace.frameOf(packet).map(frame -> isSame(frame, sent)).orElse(false)) {
                return false;
            }
            packet = parents[(int) packet];
        }
        return true;
    }

    /** Whether a frame that another comes from has the same message. Those of IKE may have the same name and yet one answer the other. */
    private boolean isSame(TraceEvent.FrameSent before, TraceEvent.FrameSent sent) {
        String name = nameOf(sent);
        return nameOf(before).equals(name)
                && (!MessageName.isOf(name, IsakmpName.IKE) || look(before.frame()).map(Sight::payload).equals(look(sent.frame()).map(Sight::payload)));
    }

    private static Octets payload(Look look) {
        return look.plain().payload();
    }

    private String nameOf(TraceEvent.FrameSent sent) {
        int packet = (int) sent.packet();
        if (names[packet] == null) {
            names[packet] = name(sent);
        }
        return names[packet];
    }

    /** What lies innermost in a frame; empty: it is no IP packet. */
    Optional<Look> look(TraceEvent.FrameSent sent) {
        if (sent != last) {
            last = sent;
            lastLook = look(sent.frame());
        }
        return lastLook;
    }

    private Optional<Look> look(Octets frame) {
        try {
            OctetReader in = new OctetReader(frame);
            Ethernet ethernet = Ethernet.parse(in);
            if (ethernet.etherType() != Ethernet.IP6 && ethernet.etherType() != Ethernet.IP4) {
                return Optional.empty();
            }
            IpPacket outer = parse(in.rest());
            List<String> around = new ArrayList<>();
            List<IpPacket> headers = new ArrayList<>(List.of(outer));
            return Optional.of(new Look(outer.length(), innermost(outer, around, headers), List.copyOf(around), List.copyOf(headers)));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private static IpPacket parse(Octets octets) throws Malformed {
        return octets.length() > 0 && octets.at(0) >>> 4 == 4 ? Ip4Packet.parse(octets) : Ip6Packet.parse(octets);
    }

    private IpPacket innermost(IpPacket packet, List<String> around, List<IpPacket> headers) throws Malformed {
        IpPacket now = plain(packet, around);
        for (int depth = 0; depth < DEEPEST && !isPiece(now); depth++) {
            Optional<IpPacket> next = inside(now);
            if (next.isEmpty()) {
                break;
            }
            around.add(switch (now.protocol()) {
                case IpProtocol.IP6, IpProtocol.IP4 -> "tunnel";
                default -> IpProtocol.name(now.protocol());
            });
            headers.add(next.get());
            now = plain(next.get(), around);
        }
        return now;
    }

    private Optional<IpPacket> inside(IpPacket packet) throws Malformed {
        Octets payload = packet.payload();
        return switch (packet.protocol()) {
            case IpProtocol.IP6, IpProtocol.IP4 -> Optional.of(parse(payload));
            case IpProtocol.UDP -> payload.length() > 8 && (port(payload, 0) == DSMIP_PORT || port(payload, 2) == DSMIP_PORT)
                    ? Optional.of(parse(payload.from(8))) : Optional.empty();
            case IpProtocol.ESP -> sas.esp(packet.destination(), packet.destination(), payload).map(Opener.Opened::what)
                    .filter(Unwrapped.Payload.class::isInstance).map(Unwrapped.Payload.class::cast)
                    .flatMap(inside -> under(packet, inside.nextHeader(), inside.payload()));
            case IpProtocol.AH -> {
                AhHeader header = AhHeader.parse(new OctetReader(payload));
                yield under(packet, header.nextHeader(), payload.from(header.length()));
            }
            default -> Optional.empty();
        };
    }

    private static Optional<IpPacket> under(IpPacket packet, int protocol, Octets payload) {
        try {
            return Optional.of(protocol == IpProtocol.IP6 || protocol == IpProtocol.IP4 ? parse(payload) : packet.withPayload(protocol, payload));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private static int port(Octets udp, int at) {
        return udp.at(at) << 8 | udp.at(at + 1);
    }

    /** The packet that a frame has a fragment of, as this node cut it; 0: none. */
    long cut(TraceEvent.FrameSent sent) {
        return look(sent).map(look -> isPiece(look.headers().getFirst())).orElse(false) ? parents[(int) sent.packet()] : 0;
    }

    private static boolean isPiece(IpPacket packet) {
        return switch (packet) {
            case Ip6Packet ip6 -> ip6.fragment().filter(fragment -> !fragment.isWhole()).isPresent();
            case Ip4Packet ip4 -> ip4.header().moreFragments() || ip4.header().fragmentOffset() != 0;
        };
    }

    /** A packet with the addresses that upper layers see, and without the extension headers that say so. */
    private static IpPacket plain(IpPacket packet, List<String> around) {
        if (!(packet instanceof Ip6Packet ip6) || ip6.extensions().isEmpty() || isPiece(ip6)) {
            return packet;
        }
        if (!ip6.originalSource().equals(ip6.source())) {
            around.add("HAO");
        }
        if (!ip6.finalDestination().equals(ip6.destination())) {
            around.add("RH2");
        }
        return ip6.withExtensions(List.of()).withHeader(ip6.header().withSource(ip6.originalSource()).withDestination(ip6.finalDestination()));
    }

    /** One direction of a stream: "cn-mn" is from node cn to node mn. */
    record Stream(String name, String direction) {}

    /** The flow that a packet belongs to. */
    Optional<Stream> flow(Look look) {
        for (int i = 0; i < lab.traffic().size(); i++) {
            LabTraffic traffic = lab.traffic().get(i);
            if (belongs(look.plain(), i + 1)) {
                return owner(look.plain().source()).filter(node -> node.equals(traffic.from()) || node.equals(traffic.to()))
                        .map(node -> new Stream(traffic.name(), node + "-" + (node.equals(traffic.from()) ? traffic.to() : traffic.from())));
            }
        }
        return Optional.empty();
    }

    private static boolean belongs(IpPacket packet, int number) {
        Octets payload = packet.payload();
        if (payload.length() < 8) {
            return false;
        }
        return switch (packet.protocol()) {
            case IpProtocol.UDP -> port(payload, 0) == LabTraffic.PORTS + number && port(payload, 2) == LabTraffic.PORTS + number;
            case IpProtocol.ICMP6 -> (payload.at(0) == Icmp6Message.ECHO_REQUEST || payload.at(0) == Icmp6Message.ECHO_REPLY) && port(payload, 4) == number;
            default -> false;
        };
    }
}
