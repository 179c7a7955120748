package careof.engine.stack;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where packets for this node end: ICMPv6, UDP listeners, and whoever wants echo replies and errors. */
public final class Upper {
    /** Takes datagrams to a UDP port, in either IP version. */
    public interface UdpListener {
        void datagram(Arrived packet, Udp datagram);
    }

    /** Hears of ICMPv6 messages that are not Neighbor Discovery. */
    public interface IcmpListener {
        /**
         * @return whether it was taken
         */
        boolean message(Inbound packet, Icmp6Message message);
    }

    private final IpStack stack;
    private final NodeEnv env;
    private final Map<Integer, UdpListener> udp = new LinkedHashMap<>();
    private final List<IcmpListener> icmp = new ArrayList<>();
    /** Null: this node has none. */
    private Host host;

    Upper(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /** Listens on a UDP port, 1..65535. */
    public void listen(int port, UdpListener listener) {
        udp.put(port, listener);
    }

    /** Who listens on a UDP port, or null. */
    UdpListener listener(int port) {
        return udp.get(port);
    }

    public void listen(IcmpListener listener) {
        icmp.add(listener);
    }

    /** Whether a host is this node's upper layer. */
    public boolean hasHost() {
        return host != null;
    }

    void host(Host upper) {
        host = upper;
    }

    /** A packet whose extension headers have all been dealt with. */
    void deliver(Inbound in) {
        try {
            dispatch(in);
        } catch (Malformed e) {
            Reason reason = in.ip().protocol() == IpProtocol.UDP ? Reason.UDP_INVALID : Reason.ICMP_INVALID;
            env.dropped(in.packet(), reason, e.getMessage(), Integer.toString(e.at()));
        }
    }

    private void dispatch(Inbound in) throws Malformed {
        if (host != null && host.takes(in)) {
            host.give(in);
            return;
        }
        switch (in.ip().protocol()) {
            case IpProtocol.ICMP6 -> icmp(in, Icmp6Message.parse(in.ip().payload(), in.source(), in.destination()));
            case IpProtocol.UDP -> {
                Udp datagram = Udp.parse(in.ip().payload(), in.source(), in.destination());
                UdpListener listener = udp.get(datagram.destinationPort());
                if (listener == null) {
                    env.dropped(in.packet(), Reason.NO_LISTENER, Integer.toString(datagram.destinationPort()));
                    stack.errors().unreachable(in.packet(), Icmp6Message.DestinationUnreachable.PORT);
                } else {
                    env.decided(in.packet(), Reason.DELIVERED, "UDP");
                    listener.datagram(in, datagram);
                }
            }
            case IpProtocol.NONE -> env.decided(in.packet(), Reason.DELIVERED, "no next header");
            case IpProtocol.MOBILITY -> {
                if (stack.mobility().understandsMobility()) {
                    stack.mobility().mobilityHeader(in);
                } else {
                    unknown(in);
                }
            }
            default -> unknown(in);
        }
    }

    private void unknown(Inbound in) {
        env.dropped(in.packet(), Reason.UNKNOWN_NEXT_HEADER, Integer.toString(in.ip().protocol()));
        List<ExtensionHeader> extensions = in.ip().extensions();
        int pointer = 6; // the Next Header field that named the unknown protocol
        if (!extensions.isEmpty()) {
            pointer = Ip6Header.LENGTH + extensions.stream().limit(extensions.size() - 1L).mapToInt(ExtensionHeader::size).sum();
        }
        stack.errors().parameterProblem(in.packet(), Icmp6Message.ParameterProblem.NEXT_HEADER, pointer);
    }

    private void icmp(Inbound in, Icmp6Message message) {
        if (Icmp6Message.isNeighbourDiscovery(message.type())) {
            neighbourDiscovery(in, message);
            return;
        }
        if (message instanceof Icmp6Message.PacketTooBig tooBig) {
            learnMtu(tooBig);
        }
        if (message instanceof Icmp6Message.EchoRequest request) {
            reply(in, request);
            return;
        }
        boolean taken = stack.mobility().icmp(in, message);
        for (IcmpListener listener : icmp) {
            taken |= listener.message(in, message);
        }
        if (host != null && host.has(in.destination()) && (!taken || message.isError())) {
            host.give(in);
        } else if (taken || message.isError() || message instanceof Icmp6Message.EchoReply) {
            env.decided(in.packet(), Reason.DELIVERED, "ICMPv6");
        } else {
            env.dropped(in.packet(), Reason.UNKNOWN_NEXT_HEADER, "ICMPv6 type " + message.type());
        }
    }

    private void reply(Inbound in, Icmp6Message.EchoRequest request) {
        if (in.destination().isMulticast() || in.source().isUnspecified()) {
            env.decided(in.packet(), Reason.DELIVERED, "ICMPv6");
            return;
        }
        env.decided(in.packet(), Reason.ECHO_REPLIED);
        Icmp6Message reply = new Icmp6Message.EchoReply(request.identifier(), request.sequence(), request.data());
        stack.output().send(Ip6Packet.of(in.destination(), in.source(), IpProtocol.ICMP6, reply.toOctets(in.destination(), in.source())),
                in.packet().id(), in.packet().significant());
    }

    /** The path is the one of the quoted packet: its destination on the wire. */
    private void learnMtu(Icmp6Message.PacketTooBig message) {
        try {
            Ip6Header quoted = Ip6Header.parse(new OctetReader(message.invoking()));
            if (stack.addresses().find(quoted.source()).isPresent()) {
                stack.pathMtus().learn(quoted.destination(), message.mtu());
            }
        } catch (Malformed e) {
            // Too little is quoted to know which path it is about.
        }
    }

    private void neighbourDiscovery(Inbound in, Icmp6Message message) {
        if (in.ip().header().hopLimit() != 255 || in.tunnel().isPresent()) {
            env.dropped(in.packet(), Reason.ND_BAD_HOP_LIMIT, in.tunnel().isPresent() ? "of a tunnel" : Integer.toString(in.ip().header().hopLimit()));
            return;
        }
        switch (message) {
            case Icmp6Message.NeighbourSolicitation m -> stack.neighbours().solicitation(in, m);
            case Icmp6Message.NeighbourAdvertisement m -> stack.neighbours().advertisement(in, m);
            case Icmp6Message.RouterSolicitation m -> {
                if (stack.forwards()) {
                    stack.advertiser().solicitation(in, m);
                } else {
                    env.dropped(in.packet(), Reason.ND_IGNORED);
                }
            }
            case Icmp6Message.RouterAdvertisement m -> {
                if (!in.source().isLinkLocal()) {
                    env.dropped(in.packet(), Reason.ND_INVALID, "Router Advertisement from an address that is not link-local");
                } else if (stack.forwards()) {
                    env.decided(in.packet(), Reason.DELIVERED, "router discovery");
                    stack.mobility().icmp(in, m);
                } else {
                    env.decided(in.packet(), Reason.DELIVERED, "router discovery");
                    stack.autoconfiguration().advertisement(in, m);
                }
            }
            default -> env.dropped(in.packet(), Reason.ND_IGNORED);
        }
    }
}
