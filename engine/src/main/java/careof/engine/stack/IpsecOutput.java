package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.state.Route;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import java.util.List;
import java.util.Optional;

/** What {@link IpOutput} does for packets that the security policy wants protected. */
final class IpsecOutput {
    private final IpStack stack;
    private final NodeEnv env;
    private final IpOutput output;

    IpsecOutput(IpStack stack, IpOutput output) {
        this.stack = stack;
        this.env = stack.env();
        this.output = output;
    }

    /** Applies SAs of transport mode; empty: it ended here. */
    Optional<IpOutput.Leaving> transport(Packet packet, Ip6Packet wire, List<Sa> sas) {
        if (sas.isEmpty()) {
            return Optional.of(new IpOutput.Leaving(packet, wire));
        }
        return stack.ipsec().transport(packet, wire, sas).map(sealed ->
                new IpOutput.Leaving(stack.derived(packet, sealed.octets(), Relation.PROTECTED), (Ip6Packet) sealed.packet()));
    }

    /**
     * Puts a packet into IPsec's tunnels. What comes of it travels as mobility says; the security policy is not asked again.
     *
     * @param ip  of either version, not longer than {@link #roomWithin} says, or cut here if it is one of this node
     * @param sas at least one of them of tunnel mode
     */
    void intoTunnel(Packet packet, Ip6Packet ip, List<Sa> sas) {
        boolean whole = ip.length() <= PathMtus.MINIMUM || !carriesFragments(sas.getFirst());
        for (Packet piece : whole ? List.of(packet) : Fragments.of(stack, packet, ip, roomWithin(sas, PathMtus.MINIMUM))) {
            tunnelled(piece, piece == packet ? ip : passing(piece.octets()), sas);
        }
    }

    /** Fragments show no ports, and transport mode covers none: such packets are cut only when the tunnel is around them. */
    static boolean carriesFragments(Sa sa) {
        return sa.mode() == Sa.Mode.TUNNEL && sa.selector().sourcePorts().equals(Selector.Ports.ANY)
                && sa.selector().destinationPorts().equals(Selector.Ports.ANY);
    }

    /** A packet whose IPv6 header has been read before. */
    private static Ip6Packet passing(Octets octets) {
        try {
            return Ip6Packet.parsePassing(octets);
        } catch (Malformed e) {
            throw new IllegalStateException("a packet that could be read before", e);
        }
    }

    /** Puts a packet of either version into the first tunnel of these SAs, and applies those after it to what comes of that. */
    void tunnelled(Packet packet, IpPacket inner, List<Sa> sas) {
        stack.ipsec().tunnel(packet, inner, sas).ifPresent(outer -> {
            Packet made = stack.derived(packet, outer.octets(), Relation.PROTECTED);
            switch (outer.packet()) {
                case Ip6Packet ip -> output.leave(made, ip, SecurityGate.afterTunnel(sas), sas);
                case Ip4Packet ip -> stack.output4().leave(made, ip, SecurityGate.afterTunnel(sas));
            }
        });
    }

    /**
     * Octets that a packet may have to fit a tunnel and the path of its outer header.
     *
     * @param least the minimum MTU of its IP version, which fits always: the outer packet is cut for it
     */
    int roomWithin(List<Sa> sas, int least) {
        int mtu = 1500;
        for (Sa sa : sas) {
            if (sa.mode() == Sa.Mode.TUNNEL && sa.destination() instanceof Ip4Address destination) {
                mtu = output.mtuTo(destination);
            } else if (sa.mode() == Sa.Mode.TUNNEL && sa.source() instanceof Ip6Address source && sa.destination() instanceof Ip6Address destination) {
                mtu = switch (stack.mobility().carry(Ip6Packet.of(source, destination, sa.protocol().number(), Octets.EMPTY), sas)) {
                    case Carriage.Plain _, Carriage.Refused _ -> output.mtuTo(destination);
                    case Carriage.Extended extended -> output.mtuTo(extended.packet().destination()) - extended.packet().length() + Ip6Header.LENGTH;
                    case Carriage.Tunnel tunnel -> output.mtuTo(tunnel.destination()) - tunnel.overhead();
                };
            }
        }
        return Math.max(least, mtu - stack.ipsec().overhead(sas));
    }

    /**
     * Does with a packet for another node what the security policy wants.
     *
     * @return whether nothing is left to do
     */
    boolean forward(Packet packet, Ip6Header header) {
        Ip6Packet ip = passing(packet.octets());
        Optional<List<Sa>> sas = stack.gate().wanted(packet, ip, outPort(ip));
        if (sas.isEmpty() || sas.get().isEmpty()) {
            return sas.isEmpty();
        }
        boolean tunnel = SecurityGate.hasTunnel(sas.get());
        int room = tunnel ? roomWithin(sas.get(), PathMtus.MINIMUM)
                : Math.max(PathMtus.MINIMUM, output.mtuTo(header.destination()) - stack.ipsec().overhead(sas.get()));
        if (packet.octets().length() > room) {
            env.dropped(packet, Reason.TOO_BIG, Integer.toString(packet.octets().length()), Integer.toString(room));
            stack.errors().tooBig(packet, room);
            return true;
        }
        byte[] octets = packet.octets().toArray();
        octets[7] = (byte) (header.hopLimit() - 1);
        Packet counted = new Packet(packet.id(), packet.parent(), packet.significant(), Octets.wrap(octets));
        Ip6Packet onward = passing(counted.octets());
        if (tunnel) {
            tunnelled(counted, onward, sas.get());
        } else {
            transport(counted, onward, sas.get()).ifPresent(output::route);
        }
        return true;
    }

    /** Where the first route leads; a security policy may tell ports apart. */
    Optional<String> outPort(IpPacket ip) {
        return stack.ipsec().isActive() ? Optional.ofNullable(stack.routes().lookup(ip.destination())).map(Route::port) : Optional.empty();
    }
}
