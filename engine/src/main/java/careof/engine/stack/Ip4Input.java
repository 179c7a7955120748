package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import java.util.Optional;

/**
 * An IPv4 packet's way up: header, reassembly, IPsec, then mobility, local delivery or forwarding; what comes out of a tunnel starts over. The
 * checks are those of RFC 1122 section 3.2.1 and RFC 1812 section 5.2.
 */
public final class Ip4Input {
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private final IpStack stack;
    private final NodeEnv env;

    Ip4Input(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /** @param toAll the frame went to more ports than this one: it must hold a packet to more nodes than this one, or errors would multiply */
    void frame(Port port, Packet packet, boolean toAll) {
        if (toAll && packet.octets().length() >= Ip4Header.LENGTH && !toMany(port, new Ip4Address((int) word(packet.octets(), 16)))) {
            env.dropped(packet, Reason.UNICAST_TO_ALL);
            return;
        }
        packet(port, packet, Optional.empty(), 0, List.of());
    }

    private static long word(Octets octets, int at) {
        return (long) octets.u16(at) << 16 | octets.u16(at + 2);
    }

    private boolean toMany(Port port, Ip4Address destination) {
        Ip4Addresses.Kind kind = stack.addresses4().kind(destination, port);
        return kind == Ip4Addresses.Kind.BROADCAST || kind == Ip4Addresses.Kind.GROUP;
    }

    /** A packet from this node to itself. */
    void looped(Packet packet) {
        packet(null, packet, Optional.empty(), 0, List.of());
    }

    /**
     * @param port   where it came in; null: from this node itself
     * @param tunnel far end of the tunnel that it came out of
     * @param depth  tunnels that it came out of so far
     * @param sas    that vouch for it already, outermost first
     */
    void packet(Port port, Packet packet, Optional<IpAddress> tunnel, int depth, List<Sa> sas) {
        try {
            Ip4Packet ip = Ip4Packet.parse(packet.octets());
            Packet exact = ip.length() == packet.octets().length() ? packet
                    : new Packet(packet.id(), packet.parent(), packet.significant(), packet.octets().slice(0, ip.length()));
            Ip4Address source = ip.source();
            Ip4Address destination = ip.destination();
            Ip4Addresses.Kind kind = stack.addresses4().kind(destination, port);
            if (source.isMulticast() || source.equals(Ip4Address.BROADCAST) || port != null && (source.isLoopback() || destination.isLoopback())) {
                env.dropped(exact, Reason.IP4_BAD_SOURCE, source.toString());
            } else if (isSourceRouted(ip.header().options())) {
                env.dropped(exact, Reason.IP4_SOURCE_ROUTE);
            } else {
                switch (kind) {
                    case OWN, BROADCAST -> local(port, exact, ip, tunnel, depth, sas, kind == Ip4Addresses.Kind.BROADCAST);
                    case GROUP -> {
                        if (destination.equals(Ip4Addresses.ALL_HOSTS)) {
                            local(port, exact, ip, tunnel, depth, sas, true);
                        } else {
                            env.decided(exact, Reason.NOT_LISTENING);
                        }
                    }
                    case OTHER -> forOthers(port, exact, ip, sas);
                }
            }
        } catch (Malformed e) {
            env.dropped(packet, Reason.IP4_MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
    }

    private void forOthers(Port port, Packet packet, Ip4Packet ip, List<Sa> sas) {
        if (!stack.forwards()) {
            env.dropped(packet, Reason.IP4_NOT_FOR_US, ip.destination().toString());
        } else if (!ip.source().isUnicast() || !ip.destination().isUnicast()) {
            env.dropped(packet, Reason.IP4_NOT_FORWARDED, ip.destination().toString());
        } else if (!isRefused(port, packet, ip, sas)) {
            stack.output4().forward(packet, ip);
        }
    }

    /** Options are read no further than for source routes, which nobody here obeys. */
    private static boolean isSourceRouted(Octets options) throws Malformed {
        int at = 0;
        while (at < options.length() && options.at(at) != END_OF_OPTIONS) {
            int type = options.at(at);
            if (type == LOOSE_SOURCE_ROUTE || type == STRICT_SOURCE_ROUTE) {
                return true;
            }
            int length = type == NO_OPERATION ? 1 : at + 1 < options.length() ? options.at(at + 1) : 0;
            if (type != NO_OPERATION && length < 2 || at + length > options.length()) {
                throw new Malformed("IPv4 option " + type + " has length " + length, Ip4Header.LENGTH + at);
            }
            at += length;
        }
        return false;
    }

    private void local(Port port, Packet packet, Ip4Packet ip, Optional<IpAddress> tunnel, int depth, List<Sa> sas, boolean toAll) throws Malformed {
        if (ip.header().moreFragments() || ip.header().fragmentOffset() > 0) {
            Optional<Reassembler.Whole> whole = stack.reassembler().take(packet, ip, sas);
            if (whole.isPresent()) {
                env.about(whole.get().packet().id());
                opened(new Inbound4(whole.get().packet(), port, (Ip4Packet) whole.get().ip(), tunnel, depth, sas), toAll);
            }
            return;
        }
        opened(new Inbound4(packet, port, ip, tunnel, depth, sas), toAll);
    }

    /** AH and ESP come off, one after the other; then the security policy is asked. */
    private void opened(Inbound4 in, boolean toAll) throws Malformed {
        if (stack.ipsec().isActive() && stack.ipsec().isProtected(in.ip())) {
            switch (stack.ipsec().open(in.packet(), in.ip(), in.ip(), in.sas())) {
                case IpsecStages.Opened.Ended _ -> {
                    // says so itself
                }
                case IpsecStages.Opened.Tunnel tunnel ->
                        stack.decapsulation().startOver(in, stack.derived(in.packet(), tunnel.inner(), Relation.OPENED), in.source(), in.sasWith(tunnel.sa()));
                case IpsecStages.Opened.Transport transport -> {
                    Ip4Packet plain = in.ip().withPayload(transport.protocol(), transport.payload());
                    Packet made = stack.derived(in.packet(), plain.toOctets(), Relation.OPENED);
                    env.about(made.id());
                    opened(new Inbound4(made, in.port(), plain, in.tunnel(), in.depth(), in.sasWith(transport.sa())), toAll);
                }
            }
        } else if (in.port() == null || !isRefused(in.port(), in.packet(), in.ip(), in.sas())) {
            deliver(in, toAll);
        }
    }

    private boolean isRefused(Port port, Packet packet, Ip4Packet ip, List<Sa> sas) {
        return stack.ipsec().isActive() && stack.gate().refuses(packet, ip, port, sas);
    }

    private void deliver(Inbound4 in, boolean toAll) throws Malformed {
        int protocol = in.ip().protocol();
        if ((protocol == IpProtocol.IP6 || protocol == IpProtocol.IP4) && stack.mobility().understandsMobility()) {
            stack.decapsulation().tunnelled(in);
        } else {
            stack.upper4().deliver(in, toAll);
        }
    }
}
