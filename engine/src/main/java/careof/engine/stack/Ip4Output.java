package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.net.Port;
import careof.engine.state.Neighbour;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An IPv4 packet's way down: the security policy, mobility's tunnels, a route, fragments where they are allowed, a neighbour. A packet that was
 * put into a tunnel starts over with its outer header.
 */
public final class Ip4Output {
    private static final int TIME_TO_LIVE = 64;

    private final IpStack stack;
    private final NodeEnv env;
    private final IpsecOutput ipsec;

    Ip4Output(IpStack stack, IpsecOutput ipsec) {
        this.stack = stack;
        this.env = stack.env();
        this.ipsec = ipsec;
    }

    /**
     * Sends a packet of this node. One that may be cut gets an identification.
     *
     * @param parent      packet that it answers, 0: none
     * @param significant recorded even in a summary trace
     * @return the packet's id
     */
    public long send(Ip4Packet plain, long parent, boolean significant) {
        Ip4Packet ip = plain.header().dontFragment() ? plain : plain.withIdentification(identification());
        Packet packet = stack.packet(parent, significant, ip.toOctets());
        if (stack.addresses4().kind(ip.destination(), null) == Ip4Addresses.Kind.OWN) {
            loop(packet);
        } else {
            stack.gate().wanted(packet, ip, ipsec.outPort(ip)).ifPresent(sas -> leave(packet, ip, sas));
        }
        return packet.id();
    }

    private void loop(Packet packet) {
        env.decided(packet, Reason.LOOPED);
        env.scheduler().at(env.now(), () -> {
            env.about(packet.id());
            stack.input4().looped(packet);
            env.about(0);
        });
    }

    /** A packet that mobility made: only the security policy has a say. */
    void leaveAsIs(Packet packet, Ip4Packet ip) {
        stack.gate().wanted(packet, ip, ipsec.outPort(ip)).ifPresent(sas -> {
            if (SecurityGate.hasTunnel(sas)) {
                intoIpsec(packet, ip, sas);
            } else {
                transport(packet, ip, sas, this::route);
            }
        });
    }

    /** A packet on which the security policy has said what it wants: mobility, then the route. */
    void leave(Packet packet, Ip4Packet ip, List<Sa> sas) {
        if (SecurityGate.hasTunnel(sas)) {
            intoIpsec(packet, ip, sas);
            return;
        }
        switch (stack.mobility().carry(ip)) {
            case Carriage.Plain _ -> transport(packet, ip, sas, this::route);
            case Carriage.Tunnel tunnel -> transport(packet, ip, sas, (leaving, wire) -> cut(leaving, wire, stack.output().inTunnel(tunnel, PathMtus.MINIMUM4))
                    .forEach(piece -> stack.output().encapsulate(piece, tunnel, ip.trafficClass())));
            case Carriage.Refused refused -> env.said(packet, refused.why());
            case Carriage.Extended _ -> throw new IllegalStateException("IPv4 has no extension headers");
        }
    }

    /** Applies SAs of transport mode, if there are any, and goes on with what comes of it. */
    private void transport(Packet packet, Ip4Packet ip, List<Sa> sas, BiConsumer<Packet, Ip4Packet> then) {
        if (sas.isEmpty()) {
            then.accept(packet, ip);
        } else {
            stack.ipsec().transport(packet, ip, sas).ifPresent(made -> then.accept(stack.derived(packet, made.octets(), Relation.PROTECTED), (Ip4Packet) made.packet()));
        }
    }

    /** Puts a packet of this node into IPsec's tunnels, in pieces where it must be. */
    private void intoIpsec(Packet packet, Ip4Packet ip, List<Sa> sas) {
        List<Packet> pieces = IpsecOutput.carriesFragments(sas.getFirst()) ? cut(packet, ip, ipsec.roomWithin(sas, PathMtus.MINIMUM4)) : List.of(packet);
        for (Packet piece : pieces) {
            ipsec.tunnelled(piece, piece == packet ? ip : parsed(piece), sas);
        }
    }

    private static Ip4Packet parsed(Packet own) {
        try {
            return Ip4Packet.parse(own.octets());
        } catch (Malformed e) {
            throw new IllegalStateException("a packet made here cannot be read", e);
        }
    }

    /**
     * The packet around a packet of either IP version (RFC 2003 section 3.1, RFC 4213 section 3), with UDP between where the tunnel wants it. What
     * must not be cut is not cut within the tunnel either; an IPv6 packet, whose sender is told of the tunnel's MTU, may be (RFC 4213 section 3.2.1).
     */
    Ip4Packet outer(Octets inner, Carriage.Tunnel tunnel, int trafficClass) {
        boolean four = Decapsulation.isIp4(inner);
        boolean whole = four && (inner.at(6) & 0x40) != 0;
        Octets payload = tunnel.udp() ? new Udp(Carriage.Tunnel.UDP_PORT, Carriage.Tunnel.UDP_PORT, inner).toOctets(tunnel.source(), tunnel.destination()) : inner;
        int protocol = tunnel.udp() ? IpProtocol.UDP : four ? IpProtocol.IP4 : IpProtocol.IP6;
        return new Ip4Packet(new Ip4Header(trafficClass, Ip4Header.LENGTH + payload.length(), whole ? 0 : identification(), whole, false, 0, TIME_TO_LIVE, protocol,
                (Ip4Address) tunnel.source(), (Ip4Address) tunnel.destination(), Octets.EMPTY), payload);
    }

    private int identification() {
        return (int) env.count("IPv4 identification") & 0xffff;
    }

    /** Routes a packet of this node. */
    private void route(Packet packet, Ip4Packet ip) {
        Ip4Address destination = ip.destination();
        if (ip.source().isUnspecified()) {
            env.dropped(packet, Reason.IP4_BAD_SOURCE, ip.source().toString());
            return;
        }
        Ip4Addresses.Kind kind = stack.addresses4().kind(destination, null);
        if (kind == Ip4Addresses.Kind.BROADCAST || kind == Ip4Addresses.Kind.GROUP) {
            toAll(packet, ip);
            return;
        }
        Route route = stack.routes().lookup(destination);
        if (route == null) {
            env.dropped(packet, Reason.IP4_NO_ROUTE, destination.toString());
            return;
        }
        Port port = stack.port(route.port());
        if (port.link() == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port.name());
            return;
        }
        Ip4Address next = (Ip4Address) route.via().orElse(destination);
        for (Packet piece : cut(packet, ip, stack.pathMtus().to(destination, port.link().mtu()))) {
            if (env.recorder().records(piece.significant())) {
                env.decided(piece, Reason.SENT, next.toString(), port.name());
            }
            stack.arp().send(port, next, piece);
        }
    }

    private void toAll(Packet packet, Ip4Packet ip) {
        Port port = stack.addresses4().find(ip.source()).map(entry -> stack.port(entry.port())).orElse(null);
        if (port == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port == null ? "any" : port.name());
            return;
        }
        for (Packet piece : cut(packet, ip, port.link().mtu())) {
            env.decided(piece, Reason.SENT, ip.destination().toString(), port.name());
            stack.arp().sendToAll(port, ip.destination(), piece);
        }
    }

    /** The packet itself where it fits, else its fragments (RFC 791 section 3.2); none, with the reason recorded: it may not be cut. */
    private List<Packet> cut(Packet packet, Ip4Packet ip, int mtu) {
        if (ip.length() <= mtu) {
            return List.of(packet);
        }
        if (ip.header().dontFragment()) {
            env.dropped(packet, Reason.IP4_TOO_BIG, Integer.toString(ip.length()), Integer.toString(mtu));
            return List.of();
        }
        List<Packet> pieces = new ArrayList<>();
        for (Ip4Packet piece : ip.fragments(mtu)) {
            pieces.add(stack.derived(packet, piece.toOctets(), Relation.FRAGMENT));
        }
        env.decided(packet, Reason.IP4_FRAGMENTED, Integer.toString(pieces.size()), Integer.toString(mtu));
        return pieces;
    }

    /** Passes on a packet that is for somebody else (RFC 1812 section 5.3). */
    void forward(Packet packet, Ip4Packet ip) {
        Ip4Address destination = ip.destination();
        if (ip.hopLimit() <= 1) {
            env.dropped(packet, Reason.IP4_TTL);
            stack.errors4().timeExceeded(packet, Icmp4Errors.TIME_TO_LIVE);
            return;
        }
        Ip4Packet onward = ip.withTimeToLive(ip.hopLimit() - 1);
        // The same packet in the trace, with its time to live counted down.
        Packet counted = new Packet(packet.id(), packet.parent(), packet.significant(), onward.toOctets());
        Optional<List<Sa>> sas = stack.gate().wanted(packet, ip, ipsec.outPort(ip));
        if (sas.isEmpty()) {
            return;
        }
        Optional<Carriage.Tunnel> tunnel = sas.get().isEmpty() ? stack.mobility().intercept(destination) : Optional.empty();
        if (SecurityGate.hasTunnel(sas.get())) {
            pieces(packet, counted, onward, ipsec.roomWithin(sas.get(), PathMtus.MINIMUM4))
                    .forEach(piece -> ipsec.tunnelled(piece, piece == counted ? onward : parsed(piece), sas.get()));
        } else if (!sas.get().isEmpty()) {
            transport(counted, onward, sas.get(), this::route);
        } else if (tunnel.isPresent()) {
            intoTunnel(packet, counted, onward, tunnel.get());
        } else {
            passOn(packet, counted, onward);
        }
    }

    /** A home agent's tunnel to a mobile node (RFC 5555 section 4.5.1). */
    private void intoTunnel(Packet packet, Packet counted, Ip4Packet onward, Carriage.Tunnel tunnel) {
        List<Packet> pieces = pieces(packet, counted, onward, stack.output().inTunnel(tunnel, PathMtus.MINIMUM4));
        if (!pieces.isEmpty() && env.recorder().records(packet.significant())) {
            env.decided(packet, Reason.INTERCEPTED, onward.destination().toString());
        }
        pieces.forEach(piece -> stack.output().encapsulate(piece, tunnel, onward.trafficClass()));
    }

    /** What a forwarded packet becomes where so much fits; its sender is told when it may not be cut (RFC 1191 section 4). */
    private List<Packet> pieces(Packet asItCame, Packet counted, Ip4Packet onward, int mtu) {
        List<Packet> pieces = cut(counted, onward, mtu);
        if (pieces.isEmpty()) {
            stack.errors4().tooBig(asItCame, mtu);
        }
        return pieces;
    }

    private void passOn(Packet packet, Packet counted, Ip4Packet onward) {
        Ip4Address destination = onward.destination();
        Route route = stack.routes().lookup(destination);
        if (route == null) {
            env.dropped(packet, Reason.IP4_NO_ROUTE, destination.toString());
            stack.errors4().unreachable(packet, Icmp4Errors.NET);
            return;
        }
        Port port = stack.port(route.port());
        if (port.link() == null || !port.carrier()) {
            env.dropped(packet, Reason.NO_CARRIER, port.name());
            stack.errors4().unreachable(packet, Icmp4Errors.HOST);
            return;
        }
        List<Packet> pieces = pieces(packet, counted, onward, port.link().mtu());
        Ip4Address next = (Ip4Address) route.via().orElse(destination);
        for (Packet piece : pieces) {
            if (env.recorder().records(packet.significant())) {
                env.decided(packet, Reason.FORWARDED, next.toString(), port.name());
            }
            boolean atOnce = stack.arp().get(port, next).flatMap(Neighbour::mac).isPresent();
            stack.arp().send(port, next, piece == counted ? stack.onward(packet, counted.octets(), atOnce) : piece);
        }
    }
}
