package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.net.Port;
import careof.engine.state.AddressEntry;
import careof.engine.state.DefaultRouter;
import careof.engine.state.Neighbour;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import java.util.Optional;

/**
 * A packet's way down: mobility says how it travels, a route says where, fragments are cut, a neighbour gets it. A packet put into a
 * tunnel starts over with its outer header. The security policy is asked first of all, on the home address.
 */
public final class IpOutput {
    private static final int HOP_LIMIT = 64;
    private static final int MOST_TUNNELS = 4;

    private final IpStack stack;
    private final NodeEnv env;
    private final IpsecOutput ipsec;
    /** Tunnels of mobility that the packet at hand has been put into. */
    private int tunnels;

    IpOutput(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.ipsec = new IpsecOutput(stack, this);
    }

    IpsecOutput ipsec() {
        return ipsec;
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
        send(packet, ip);
        return packet.id();
    }

    /** The same for a packet that the trace knows. */
    void send(Packet packet, Ip6Packet ip) {
        if (stack.addresses().isLocal(ip.destination(), null)) {
            loop(packet);
        } else {
            leave(packet, ip);
        }
    }

    /**
     * Sends a packet through SAs of this node, whatever the security policy says of it.
     *
     * @param sas in the order in which they are applied
     */
    public void sendThrough(Ip6Packet ip, List<Sa> sas) {
        leave(stack.packet(0, true, ip.toOctets()), ip, sas, sas);
    }

    /** Octets that a packet may have to fit into the tunnel of these SAs, and with it on the path to its end, as far as that is known. */
    public int roomWithin(List<Sa> sas) {
        return ipsec.roomWithin(sas, 0);
    }

    /**
     * Sends the outer packet of a tunnel of IPsec that holds none of this node's packets.
     *
     * @param sas that were applied
     */
    public void sendTunnelled(Packet packet, IpPacket outer, List<Sa> sas) {
        switch (outer) {
            case Ip6Packet ip -> leave(packet, ip, List.of(), sas);
            case Ip4Packet ip -> stack.output4().leave(packet, ip, List.of());
        }
    }

    /** Asks the security policy, then mobility. */
    private void leave(Packet packet, Ip6Packet ip) {
        stack.gate().wanted(packet, ip, ipsec.outPort(ip)).ifPresent(sas -> leave(packet, ip, sas, sas));
    }

    /**
     * Sends a packet of this node on which the security policy has said what it wants.
     *
     * @param sas still to be applied
     * @param all those with which that is done already, too
     */
    void leave(Packet packet, Ip6Packet ip, List<Sa> sas, List<Sa> all) {
        if (SecurityGate.hasTunnel(sas)) {
            ipsec.intoTunnel(packet, ip, sas);
        } else {
            carry(packet, ip, sas, all);
        }
    }

    /** Mobility says how a packet of this node travels; the SAs of transport mode cover what it puts in. */
    private void carry(Packet packet, Ip6Packet ip, List<Sa> sas, List<Sa> all) {
        switch (stack.mobility().carry(ip, all)) {
            case Carriage.Plain _ -> ipsec.transport(packet, ip, sas).ifPresent(this::route);
            case Carriage.Extended extended -> {
                Packet longer = new Packet(packet.id(), packet.parent(), packet.significant(), extended.packet().toOctets());
                if (env.recorder().records(packet.significant())) {
                    env.decided(longer, Reason.ROUTE_OPTIMIZED, headers(extended.packet()));
                }
                ipsec.transport(longer, extended.packet(), sas).ifPresent(this::route);
            }
            case Carriage.Tunnel tunnel -> ipsec.transport(packet, ip, sas).ifPresent(leaving -> {
                for (Packet piece : Fragments.of(stack, leaving.packet(), leaving.ip(), inTunnel(tunnel, PathMtus.MINIMUM))) {
                    encapsulate(piece, tunnel, ip.header().trafficClass());
                }
            });
            case Carriage.Refused refused -> env.said(packet, refused.why());
        }
    }

    /** A packet in wire form, and what the trace calls it. */
    record Leaving(Packet packet, Ip6Packet ip) {}

    private static String headers(Ip6Packet wire) {
        boolean home = wire.homeAddressOption().isPresent();
        return wire.type2Routing().isEmpty() ? "home address option" : home ? "home address option and type 2 routing header" : "type 2 routing header";
    }

    /** Sends a packet as it stands, in wire form: mobility has no more say. Returns its id. */
    public long sendAsIs(Ip6Packet ip, long parent, boolean significant) {
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        Ip6Packet plain = SecurityGate.plain(ip);
        stack.gate().wanted(packet, plain, ipsec.outPort(ip)).ifPresent(sas -> {
            if (SecurityGate.hasTunnel(sas)) {
                ipsec.intoTunnel(plain == ip ? packet : new Packet(packet.id(), parent, significant, plain.toOctets()), plain, sas);
            } else {
                ipsec.transport(packet, ip, sas).ifPresent(this::route);
            }
        });
        return packet.id();
    }

    /** Puts a packet of this node into a tunnel, whatever its carriage would be. Returns the inner packet's id. */
    public long sendInTunnel(Ip6Packet ip, Carriage.Tunnel tunnel, long parent, boolean significant) {
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        stack.gate().wanted(packet, ip, ipsec.outPort(ip)).ifPresent(sas -> {
            if (SecurityGate.hasTunnel(sas)) {
                ipsec.intoTunnel(packet, ip, sas);
            } else {
                ipsec.transport(packet, ip, sas).ifPresent(leaving -> encapsulate(leaving.packet(), tunnel, ip.header().trafficClass()));
            }
        });
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

    /** What fits into a tunnel, at least as much as every link of the inner packet's IP version carries. */
    int inTunnel(Carriage.Tunnel tunnel, int least) {
        return Math.max(least, mtuTo(tunnel.destination()) - tunnel.overhead());
    }

    int mtuTo(IpAddress destination) {
        Route route = stack.routes().lookup(destination);
        Port port = route == null ? null : stack.port(route.port());
        int linkMtu = port == null || port.link() == null ? 1500 : port.link().mtu();
        return stack.pathMtus().to(destination, linkMtu);
    }

    /**
     * Puts a packet of either IP version into another header (RFC 2473 section 3.1; {@link Ip4Output#outer} for IPv4) and sends that.
     *
     * @param packet as it is to come out again
     */
    void encapsulate(Packet packet, Carriage.Tunnel tunnel, int trafficClass) {
        if (tunnels == MOST_TUNNELS) {
            env.dropped(packet, Reason.TUNNEL_LOOP);    // what a policy wants for the tunnel leads into the tunnel again
            return;
        }
        if (env.recorder().records(packet.significant())) {
            env.decided(packet, tunnel.udp() ? Reason.UDP_TUNNEL_OUT : Reason.TUNNEL_OUT, tunnel.destination().toString());
        }
        tunnels++;
        if (tunnel.isIp4()) {
            Ip4Packet outer = stack.output4().outer(packet.octets(), tunnel, trafficClass);
            stack.output4().leaveAsIs(stack.derived(packet, outer.toOctets(), Relation.ENCAPSULATED), outer);
        } else {
            Ip6Packet outer = outer(packet.octets(), tunnel, trafficClass);
            leaveAsIs(stack.derived(packet, outer.toOctets(), Relation.ENCAPSULATED), outer);
        }
        tunnels--;
    }

    private static Ip6Packet outer(Octets inner, Carriage.Tunnel tunnel, int trafficClass) {
        int protocol = Decapsulation.isIp4(inner) ? IpProtocol.IP4 : IpProtocol.IP6;
        return new Ip6Packet(new Ip6Header(trafficClass, 0, inner.length(), protocol, HOP_LIMIT, (Ip6Address) tunnel.source(), (Ip6Address) tunnel.destination()),
                List.of(), protocol, inner);
    }

    /** Mobility has had its say on this packet; the security policy has not. */
    private void leaveAsIs(Packet packet, Ip6Packet ip) {
        stack.gate().wanted(packet, ip, ipsec.outPort(ip)).ifPresent(sas -> {
            if (SecurityGate.hasTunnel(sas)) {
                ipsec.intoTunnel(packet, ip, sas);
            } else {
                ipsec.transport(packet, ip, sas).ifPresent(this::route);
            }
        });
    }

    void route(Leaving leaving) {
        route(leaving.packet(), leaving.ip());
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
        Ip6Address next = nextHop(packet, port, ip.source(), (Ip6Address) route.via().orElse(destination));
        for (Packet piece : Fragments.of(stack, packet, ip, stack.pathMtus().to(destination, port.link().mtu()))) {
            if (env.recorder().records(piece.significant())) {
                env.decided(piece, Reason.SENT, stack.neighbours().text(port, next), port.name());
            }
            stack.neighbours().send(port, next, piece, -1);
        }
    }

    /**
     * Who gets a packet for a neighbour: the neighbour; or a router, as long as the source is optimistic, from which nobody may ask where that
     * neighbour is (RFC 4429 section 3.2).
     */
    private Ip6Address nextHop(Packet packet, Port port, Ip6Address source, Ip6Address neighbour) {
        AddressEntry own = stack.addresses().get(source, port.name());
        if (own == null || own.phase() != AddressEntry.Phase.OPTIMISTIC || isResolved(port, neighbour)) {
            return neighbour;
        }
        Optional<Ip6Address> router = stack.autoconfiguration().routers().stream().filter(each -> each.port().equals(port.name()))
                .map(DefaultRouter::address).filter(address -> isResolved(port, address)).findFirst();
        router.ifPresent(address -> env.decided(packet, Reason.OPTIMISTIC_VIA_ROUTER, neighbour.toString(), address.toString()));
        return router.orElse(neighbour);
    }

    private boolean isResolved(Port port, Ip6Address neighbour) {
        return stack.neighbours().get(port, neighbour).flatMap(Neighbour::mac).isPresent();
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
    void forward(Packet packet, Ip6Header header) {
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
        if (stack.ipsec().isActive() && ipsec.forward(packet, header)) {
            return;
        }
        Optional<Carriage.Tunnel> tunnel = stack.mobility().intercept(destination);
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
        Ip6Address next = (Ip6Address) route.via().orElse(destination);
        Packet onward = stack.onward(packet, packet.octets(), isResolved(port, next));
        if (env.recorder().records(packet.significant())) {
            env.decided(packet, Reason.FORWARDED, stack.neighbours().text(port, next), port.name());
        }
        stack.neighbours().send(port, next, onward, header.hopLimit() - 1);
    }

    /**
     * What waited for a neighbour for whom this node answers now (RFC 6275 section 10.4.1): a packet that is passed on goes where that neighbour is;
     * one of this node's own has been given its form already and ends.
     */
    void again(WaitingPackets.Waiting waiting) {
        if (waiting.hopLimit() < 0) {
            env.dropped(waiting.packet(), Reason.PROXY_STARTED);
            return;
        }
        try {
            forward(waiting.packet(), Ip6Header.parse(new OctetReader(waiting.packet().octets())));
        } catch (Malformed e) {
            throw new IllegalStateException("it was passed on before", e);
        }
    }

    /** A home agent's tunnel to a mobile node (RFC 6275 section 10.4.2): the inner hop limit counts this hop. */
    private void intoTunnel(Packet packet, Ip6Header header, Carriage.Tunnel tunnel) {
        int mtu = inTunnel(tunnel, PathMtus.MINIMUM);
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
