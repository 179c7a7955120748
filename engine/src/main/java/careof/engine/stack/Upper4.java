package careof.engine.stack;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.List;

/** Where IPv4 packets for this node end: ICMP, and the UDP listeners of {@link Upper}. */
public final class Upper4 {
    /** Hears of ICMP echo replies and errors. */
    public interface IcmpListener {
        void message(Inbound4 packet, Icmp4Message message);
    }

    /** What IPv4 routers of old did not say themselves: likely path MTUs (RFC 1191 section 7.1). */
    private static final int[] PLATEAUS = {65_535, 32_000, 17_914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    private final IpStack stack;
    private final NodeEnv env;
    private final List<IcmpListener> icmp = new ArrayList<>();

    Upper4(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    public void listen(IcmpListener listener) {
        icmp.add(listener);
    }

    /** @param toAll it came to more nodes than this one, so that no error may answer it */
    void deliver(Inbound4 in, boolean toAll) {
        try {
            dispatch(in, toAll);
        } catch (Malformed e) {
            env.dropped(in.packet(), in.ip().protocol() == IpProtocol.UDP ? Reason.UDP4_INVALID : Reason.ICMP4_INVALID, e.getMessage(),
                    Integer.toString(e.at()));
        }
    }

    private void dispatch(Inbound4 in, boolean toAll) throws Malformed {
        switch (in.ip().protocol()) {
            case IpProtocol.ICMP4 -> icmp(in, Icmp4Message.parse(in.ip().payload()), toAll);
            case IpProtocol.UDP -> {
                Udp datagram = Udp.parse(in.ip().payload(), in.source(), in.destination());
                Upper.UdpListener listener = stack.upper().listener(datagram.destinationPort());
                if (listener == null) {
                    env.dropped(in.packet(), Reason.IP4_NO_LISTENER, Integer.toString(datagram.destinationPort()));
                    stack.errors4().unreachable(in.packet(), Icmp4Errors.PORT);
                } else {
                    env.decided(in.packet(), Reason.DELIVERED, "UDP");
                    listener.datagram(in, datagram);
                }
            }
            default -> {
                env.dropped(in.packet(), Reason.IP4_PROTOCOL_UNKNOWN, Integer.toString(in.ip().protocol()));
                stack.errors4().unreachable(in.packet(), Icmp4Errors.PROTOCOL);
            }
        }
    }

    private void icmp(Inbound4 in, Icmp4Message message, boolean toAll) {
        switch (message) {
            case Icmp4Message.EchoRequest _ when toAll -> env.decided(in.packet(), Reason.DELIVERED, "ICMP");    // may be ignored (RFC 1122 section 3.2.2.6)
            case Icmp4Message.EchoRequest request -> {
                env.decided(in.packet(), Reason.ICMP4_ECHO_REPLIED);
                Octets reply = new Icmp4Message.EchoReply(request.identifier(), request.sequence(), request.data()).toOctets();
                stack.output4().send(Ip4Packet.mayBeCut(in.destination(), in.source(), IpProtocol.ICMP4, reply), in.packet().id(), in.packet().significant());
            }
            case Icmp4Message.Unknown unknown ->
                    env.dropped(in.packet(), Reason.ICMP4_UNKNOWN, Integer.toString(unknown.type()));
            default -> {
                if (message instanceof Icmp4Message.DestinationUnreachable m && m.code() == Icmp4Errors.FRAGMENTATION_NEEDED) {
                    learnMtu(m);
                }
                env.decided(in.packet(), Reason.DELIVERED, "ICMP");
                icmp.forEach(listener -> listener.message(in, message));
            }
        }
    }

    /** About a packet of ours that a router could neither pass on nor cut (RFC 1191 section 3). */
    private void learnMtu(Icmp4Message.DestinationUnreachable message) {
        try {
            Ip4Header quoted = Ip4Header.parseQuoted(message.invoking());
            if (stack.addresses4().find(quoted.source()).isPresent()) {
                stack.pathMtus().learn(quoted.destination(), message.mtu() > 0 ? message.mtu() : below(quoted.totalLength()));
            }
        } catch (Malformed e) {
            // Too little is quoted to know which path it is about.
        }
    }

    private static int below(int length) {
        for (int plateau : PLATEAUS) {
            if (plateau < length) {
                return plateau;
            }
        }
        return PathMtus.MINIMUM4;
    }
}
