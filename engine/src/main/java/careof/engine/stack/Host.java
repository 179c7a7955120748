package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.state.HostHearing;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A host that is the upper layer of a node, with one of the node's addresses. Its packets go down as the node's own do, by security policy and mobility. What
 * comes up for its address is its own but for what the node itself speaks: Neighbor Discovery, mobility, and UDP ports on which something in the node listens.
 */
public final class Host {
    private static final int UDP_PORT = 2;

    /** Nanoseconds without a packet that are worth to be told: programs of the host wait so long. */
    private static final long SILENCE = 100 * VirtualTime.MILLISECOND;
    /** Peers whose silences are told; an attacker has many addresses. */
    private static final int MOST_PEERS = 64;

    private final IpStack stack;
    private final NodeEnv env;
    private final String name;
    private final Ip6Address address;
    private final Consumer<Octets> up;
    private final Table<Ip6Address, HostHearing> hearing;
    /** When each of these peers was heard last. */
    private final Map<Ip6Address, Heard> heard = new LinkedHashMap<>();

    /** Changes with every packet. */
    private static final class Heard {
        private long at;
    }

    /**
     * Becomes the node's upper layer, in place of one that is there.
     *
     * @param name    for the trace
     * @param address of the host, one of the node's
     * @param up      takes whole IPv6 packets in final form: without extension headers, addresses as upper layers know them
     */
    public Host(IpStack stack, String name, Ip6Address address, Consumer<Octets> up) {
        this.stack = stack;
        this.env = stack.env();
        this.name = name;
        this.address = address;
        this.up = up;
        this.hearing = env.table();
        stack.upper().host(this);
    }

    /** The node has no host any more, and answers for itself. */
    public void leave() {
        stack.upper().host(null);
        List.copyOf(heard.keySet()).forEach(peer -> hearing.remove(peer, Reason.HOST_HEARD, name, peer.toString(), "no more"));
    }

    /** Whether a packet for this node is the host's. */
    boolean takes(Inbound in) {
        if (!in.destination().equals(address)) {
            return false;
        }
        Octets payload = in.ip().payload();
        return switch (in.ip().protocol()) {
            case IpProtocol.MOBILITY, IpProtocol.NONE -> false;
            case IpProtocol.UDP -> payload.length() < Udp.HEADER || stack.upper().listener(payload.u16(UDP_PORT)) == null;
            case IpProtocol.ICMP6 -> payload.length() > 0 && payload.at(0) == Icmp6Message.ECHO_REQUEST;
            default -> true;
        };
    }

    /** Gives the host a packet that is its own, or that it is to hear of as the node did. */
    void give(Inbound in) {
        env.decided(in.packet(), Reason.HOST_RECEIVED, name);
        Ip6Packet ip = in.ip();
        hear(in.source());
        boolean asItCame = ip.extensions().isEmpty() && in.careOf().isEmpty() && in.routed().isEmpty();
        up.accept(asItCame ? in.packet().octets() : new Ip6Packet(ip.header(), List.of(), ip.protocol(), ip.payload()).toOctets());
    }

    private void hear(Ip6Address peer) {
        long now = env.now();
        Heard last = heard.get(peer);
        if (last == null) {
            if (heard.size() == MOST_PEERS) {
                return;
            }
            last = new Heard();
            heard.put(peer, last);
            hearing.put(peer, new HostHearing(name, peer, now, 0, 0), Reason.HOST_HEARD, name, peer.toString(), "for the first time");
        } else if (now - last.at >= SILENCE) {
            long silence = now - last.at;
            hearing.put(peer, new HostHearing(name, peer, now, silence, Math.max(silence, hearing.get(peer).longest())), Reason.HOST_HEARD, name, peer.toString(),
                    "after " + VirtualTime.format(silence));
        }
        last.at = now;
    }

    boolean has(Ip6Address destination) {
        return destination.equals(address);
    }

    /** A packet from the host, whatever it is. */
    public void send(Octets octets) {
        Packet packet = new Packet(env.recorder().newPacket(), 0, OutsideWeight.ofPacket(octets), octets);
        env.about(packet.id());
        try {
            send(packet, Ip6Packet.parse(octets));
        } catch (Malformed e) {
            env.dropped(packet, Reason.MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
        env.about(0);
    }

    private void send(Packet packet, Ip6Packet ip) {
        if (ip.destination().isMulticast() || ip.destination().isLinkLocal() || ip.destination().isUnspecified() || ip.destination().isLoopback()) {
            env.dropped(packet, Reason.HOST_LINK_ONLY, name, ip.destination().toString());
        } else if (!ip.source().equals(address)) {
            env.dropped(packet, Reason.HOST_SOURCE, name, ip.source().toString(), address.toString());
        } else if (ip.protocol() == IpProtocol.MOBILITY || ip.homeAddressOption().isPresent() || ip.type2Routing().isPresent()) {
            env.dropped(packet, Reason.HOST_MOBILITY, name);
        } else {
            if (env.recorder().records(packet.significant())) {
                env.decided(packet, Reason.HOST_SENT, name);
            }
            int length = ip.length();
            stack.output().send(length == packet.octets().length() ? packet : new Packet(packet.id(), 0, packet.significant(), packet.octets().slice(0, length)), ip);
        }
    }
}
