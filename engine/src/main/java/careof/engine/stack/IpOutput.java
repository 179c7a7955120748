package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.net.Port;
import careof.engine.state.AddressEntry;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A packet's way down: mobility says how it travels, a route says where, fragments are cut, a neighbour gets it. A packet put into a
 * tunnel starts over with its outer header. (The security policy's place is first of all, on the home address.)
 */
public final class IpOutput {
    private static final int HOP_LIMIT = 64;
    /** Octets that a tunnel's header adds; no encapsulation limit option. */
    private static final int TUNNEL_HEADER = Ip6Header.LENGTH;
    private static final int FRAGMENT_HEADER = 8;

    private final IpStack stack;
    private final NodeEnv env;

    IpOutput(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /**
     * Sends a packet of this node, its source and destination as upper layers know them.
     *
     * @param parent      packet that it answers, 0: none
     * @param significant recorded even in a summary trace
     * @return the packet's id
     */
    public long send(Ip6Packet ip, long parent, boolean significant) {
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        if (stack.addresses().isLocal(ip.destination(), null)) {
            loop(packet);
            return packet.id();
        }
        switch (stack.mobility().carry(ip)) {
            case Carriage.Plain _ -> route(packet, ip);
            case Carriage.Extended extended -> {
                Packet longer = new Packet(packet.id(), parent, significant, extended.packet().toOctets());
                if (env.recorder().records(significant)) {
                    env.decided(longer, Reason.ROUTE_OPTIMIZED, headers(extended.packet()));
                }
                route(longer, extended.packet());
            }
            case Carriage.Tunnel tunnel -> {
                int mtu = Math.max(PathMtus.MINIMUM, mtuTo(tunnel.destination()) - TUNNEL_HEADER);
                for (Packet piece : fragments(packet, ip, mtu)) {
                    encapsulate(piece, tunnel, ip.header().trafficClass());
                }
            }
            case Carriage.Refused refused -> env.said(packet, refused.why());
        }
        return packet.id();
    }

    private static String headers(Ip6Packet wire) {
        boolean home = wire.homeAddressOption().isPresent();
        return wire.type2Routing().isEmpty() ? "home address option" : home ? "home address option and type 2 routing header" : "type 2 routing header";
    }

    /** Sends a packet as it stands, in wire form: mobility has no more say. Returns its id. */
    public long sendAsIs(Ip6Packet ip, long parent, boolean significant) {
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        route(packet, ip);
        return packet.id();
    }

    /** Puts a packet of this node into a tunnel, whatever its carriage would be. Returns the inner packet's id. */
    public long sendInTunnel(Ip6Packet ip, Carriage.Tunnel tunnel, long parent, boolean significant) {
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        encapsulate(packet, tunnel, ip.header().trafficClass());
        return packet.id();
    }

    /** A packet to one of this node's own addresses never sees a link. */
    private void loop(Packet packet) {
        env.decided(packet, Reason.LOOPED);
        env.scheduler().at(env.now(), () -> {
            env.about(packet.id());
            stack.input().looped(packet);
            env.about(0);
        });
    }

    private int mtuTo(Ip6Address destination) {
        Route route = stack.routes().lookup(destination);
        Port port = route == null ? null : stack.port(route.port());
        int linkMtu = port == null || port.link() == null ? 1500 : port.link().mtu();
        return stack.pathMtus().to(destination, linkMtu);
    }

    /**
     * Puts a packet into an IPv6 header (RFC 2473 section 3.1) and sends that.
     *
     * @param packet as it is to come out again
     */
    void encapsulate(Packet packet, Carriage.Tunnel tunnel, int trafficClass) {
        Octets inner = packet.octets();
        Ip6Packet outer = new Ip6Packet(new Ip6Header(trafficClass, 0, inner.length(), IpProtocol.IP6, HOP_LIMIT, tunnel.source(), tunnel.destination()),
                List.of(), IpProtocol.IP6, inner);
        Packet made = stack.packet(packet.id(), packet.significant(), outer.toOctets());
        if (env.recorder().records(packet.significant())) {
            env.decided(packet, Reason.TUNNEL_OUT, tunnel.destination().toString());
            env.recorder().derived(env.node(), made.id(), packet.id(), Relation.ENCAPSULATED);
        }
        route(made, outer);
    }

    /** Routes a packet of this node, cutting it where the path wants smaller ones. */
    private void route(Packet packet, Ip6Packet ip) {
        Ip6Address destination = ip.destination();
        Route route = stack.routes().lookup(destination);
        if (ip.source().isUnspecified()) {
            env.dropped(packet, Reason.BAD_SOURCE, ip.source().toString());    // Neighbor Discovery may, and does not come by here
            return;
        }
        if (destination.isMulticast() || destination.isLinkLocal()) {
            Port zone = zone(ip.source());
            if (zone == null || !zone.carrier()) {
                env.dropped(packet, Reason.NO_CARRIER, zone == null ? "any" : zone.name());
            } else {
                env.decided(packet, Reason.SENT, destination.toString(), zone.name());
                stack.neighbours().send(zone, destination, packet, -1);
            }
            return;
        }
        if (route == null) {
            env.dropped(packet, Reason.NO_ROUTE, destination.toString());
            return;
        }
        Port port = stack.port(route.port());
        if (port.link() == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port.name());
            return;
        }
        Ip6Address next = route.via().orElse(destination);
        for (Packet piece : fragments(packet, ip, stack.pathMtus().to(destination, port.link().mtu()))) {
            if (env.recorder().records(piece.significant())) {
                env.decided(piece, Reason.SENT, stack.neighbours().text(port, next), port.name());
            }
            stack.neighbours().send(port, next, piece, -1);
        }
    }

    /** The link that a link-local destination is meant on: that of the source address; where that is on none, the first. */
    private Port zone(Ip6Address source) {
        for (Port port : stack.ports()) {
            AddressEntry entry = stack.addresses().get(source, port.name());
            if (entry != null && entry.port().equals(port.name())) {
                return port;
            }
        }
        return stack.ports().stream().filter(Port::carrier).findFirst().orElse(null);
    }

    /** The packet itself where it fits, else its fragments (RFC 8200 section 4.5). */
    private List<Packet> fragments(Packet packet, Ip6Packet ip, int mtu) {
        if (packet.octets().length() <= mtu || ip.fragment().isPresent()) {
            return List.of(packet);
        }
        int head = Ip6Header.LENGTH + ip.extensions().stream().mapToInt(ExtensionHeader::size).sum();
        int room = (mtu - head - FRAGMENT_HEADER) / 8 * 8;
        Octets body = ip.payload();
        long identification = env.count("fragment identification") & 0xffff_ffffL;
        List<Packet> pieces = new ArrayList<>();
        for (int at = 0; at < body.length(); at += room) {
            int end = Math.min(at + room, body.length());
            List<ExtensionHeader> extensions = new ArrayList<>(ip.extensions());
            extensions.add(new ExtensionHeader.Fragment(at, end < body.length(), identification));
            Ip6Packet piece = new Ip6Packet(ip.header(), extensions, ip.protocol(), body.slice(at, end));
            Packet made = stack.packet(packet.id(), packet.significant(), piece.toOctets());
            if (env.recorder().records(packet.significant())) {
                env.recorder().derived(env.node(), made.id(), packet.id(), Relation.FRAGMENT);
            }
            pieces.add(made);
        }
        env.decided(packet, Reason.FRAGMENTED, Integer.toString(pieces.size()), Integer.toString(mtu));
        return pieces;
    }

    /** Sends a Neighbor Discovery message to a known link-layer address: hop limit 255. Returns the packet's id. */
    public long linkMessage(Port port, Ip6Address source, Ip6Address destination, MacAddress to, Icmp6Message message) {
        Packet packet = linkPacket(source, destination, message);
        stack.neighbours().transmitTo(port, to, packet);
        return packet.id();
    }

    /** The same, to a neighbour whose link-layer address is still to be found. */
    void resolvedLinkMessage(Port port, Ip6Address source, Ip6Address destination, Icmp6Message message) {
        stack.neighbours().send(port, destination, linkPacket(source, destination, message), -1);
    }

    private Packet linkPacket(Ip6Address source, Ip6Address destination, Icmp6Message message) {
        Octets body = message.toOctets(source, destination);
        Ip6Packet ip = new Ip6Packet(new Ip6Header(0, 0, body.length(), IpProtocol.ICMP6, 255, source, destination), List.of(), IpProtocol.ICMP6, body);
        return stack.packet(env.packet(), true, ip.toOctets());
    }

    /** Passes on a packet that is for somebody else (RFC 8200 section 3). */
    void forward(Packet packet, Ip6Header header, Optional<Port> from) {
        Ip6Address destination = header.destination();
        if (header.source().isLinkLocal() || destination.isLinkLocal()) {
            env.dropped(packet, Reason.SCOPE, (header.source().isLinkLocal() ? header.source() : destination).toString());
            stack.errors().unreachable(packet, Icmp6Message.DestinationUnreachable.BEYOND_SCOPE);
            return;
        }
        if (header.hopLimit() <= 1) {
            env.dropped(packet, Reason.HOP_LIMIT);
            stack.errors().timeExceeded(packet, Icmp6Message.TimeExceeded.HOP_LIMIT);
            return;
        }
        Optional<Carriage.Tunnel> tunnel = stack.mobility().intercept(header);
        if (tunnel.isPresent()) {
            intoTunnel(packet, header, tunnel.get());
            return;
        }
        Route route = stack.routes().lookup(destination);
        if (route == null) {
            env.dropped(packet, Reason.NO_ROUTE, destination.toString());
            stack.errors().unreachable(packet, Icmp6Message.DestinationUnreachable.NO_ROUTE);
            return;
        }
        Port port = stack.port(route.port());
        if (port.link() == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port.name());
            stack.errors().unreachable(packet, Icmp6Message.DestinationUnreachable.NO_ROUTE);
            return;
        }
        int mtu = port.link().mtu();
        if (packet.octets().length() > mtu) {
            env.dropped(packet, Reason.TOO_BIG, Integer.toString(packet.octets().length()), Integer.toString(mtu));
            stack.errors().tooBig(packet, mtu);
            return;
        }
        Ip6Address next = route.via().orElse(destination);
        Packet onward = stack.packet(packet.id(), packet.significant(), packet.octets());
        if (env.recorder().records(packet.significant())) {
            env.decided(packet, Reason.FORWARDED, stack.neighbours().text(port, next), port.name());
        }
        stack.neighbours().send(port, next, onward, header.hopLimit() - 1);
    }

    /** A home agent's tunnel to a mobile node (RFC 6275 section 10.4.2): the inner hop limit counts this hop. */
    private void intoTunnel(Packet packet, Ip6Header header, Carriage.Tunnel tunnel) {
        int mtu = Math.max(PathMtus.MINIMUM, mtuTo(tunnel.destination()) - TUNNEL_HEADER);
        if (packet.octets().length() > mtu) {
            env.dropped(packet, Reason.TOO_BIG, Integer.toString(packet.octets().length()), Integer.toString(mtu));
            stack.errors().tooBig(packet, mtu);
            return;
        }
        byte[] inner = packet.octets().toArray();
        inner[7] = (byte) (header.hopLimit() - 1);
        if (env.recorder().records(packet.significant())) {
            env.decided(packet, Reason.INTERCEPTED, header.destination().toString());
        }
        encapsulate(new Packet(packet.id(), packet.parent(), packet.significant(), Octets.wrap(inner)), tunnel, header.trafficClass());
    }

}
