package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.Optional;

/** Sends ICMP errors of IPv4 where RFC 1122 section 3.2.2 allows one, as often as {@link IcmpErrors} sends those of IPv6. */
public final class Icmp4Errors {
    /** Codes of Destination Unreachable (RFC 792). */
    public static final int NET = 0;
    public static final int HOST = 1;
    public static final int PROTOCOL = 2;
    public static final int PORT = 3;
    public static final int FRAGMENTATION_NEEDED = 4;
    /** Codes of Time Exceeded. */
    public static final int TIME_TO_LIVE = 0;
    public static final int REASSEMBLY = 1;
    /** An error is at most 576 octets long (RFC 1812 section 4.3.2.3). */
    private static final int MOST_QUOTED = 576 - Ip4Header.LENGTH - 8;

    private final IpStack stack;
    private final NodeEnv env;
    private final RateLimits limits;

    Icmp4Errors(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.limits = new RateLimits(env);
    }

    public void unreachable(Packet invoking, int code) {
        send(invoking, new Icmp4Message.DestinationUnreachable(code, 0, quoted(invoking)));
    }

    /** It does not fit and may not be cut (RFC 1191 section 4). */
    public void tooBig(Packet invoking, int mtu) {
        send(invoking, new Icmp4Message.DestinationUnreachable(FRAGMENTATION_NEEDED, mtu, quoted(invoking)));
    }

    public void timeExceeded(Packet invoking, int code) {
        send(invoking, new Icmp4Message.TimeExceeded(code, quoted(invoking)));
    }

    private static Octets quoted(Packet invoking) {
        return invoking.octets().slice(0, Math.min(MOST_QUOTED, invoking.octets().length()));
    }

    private void send(Packet invoking, Icmp4Message error) {
        Ip4Header header;
        try {
            header = Ip4Header.parse(new OctetReader(invoking.octets()));
        } catch (Malformed e) {
            return; // without a readable header nobody can be told
        }
        Ip4Address to = header.source();
        boolean toOne = stack.addresses4().kind(header.destination(), stack.arrival()) != Ip4Addresses.Kind.BROADCAST && !header.destination().isMulticast();
        if (!to.isUnicast() || !toOne || header.fragmentOffset() > 0 || isErrorItself(header, invoking.octets())) {
            env.decided(invoking, Reason.ICMP4_FORBIDDEN);
            return;
        }
        if (!limits.allow("ICMP errors", IcmpErrors.BURST, IcmpErrors.REFILL)) {
            env.decided(invoking, Reason.ICMP4_RATE);
            return;
        }
        Optional<Ip4Address> source = stack.addresses4().find(header.destination()).map(entry -> entry.address()).or(() -> {
            Route route = stack.routes().lookup(to);
            return route == null ? Optional.empty() : stack.addresses4().sourceFor(to, route.port());
        });
        if (source.isPresent()) {
            stack.output4().send(Ip4Packet.of(source.get(), to, IpProtocol.ICMP4, error.toOctets()), invoking.id(), true);
        } else {
            env.decided(invoking, Reason.ERROR_WITHOUT_SOURCE);
        }
    }

    private static boolean isErrorItself(Ip4Header header, Octets packet) {
        if (header.protocol() != IpProtocol.ICMP4) {
            return false;
        }
        int type = packet.length() > header.length() ? packet.at(header.length()) : -1;
        return type != Icmp4Message.ECHO_REQUEST && type != Icmp4Message.ECHO_REPLY;    // what is no echo is taken for an error, to be safe
    }
}
