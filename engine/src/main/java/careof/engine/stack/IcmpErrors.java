package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.Optional;

/** Sends ICMPv6 errors, where RFC 4443 section 2.4 allows one: ten at once, ten a second. */
public final class IcmpErrors {
    static final int BURST = 10;
    static final long REFILL = VirtualTime.SECOND / 10;
    /** An error message fits the minimum IPv6 MTU: 1280 less IPv6 and ICMPv6 headers. */
    private static final int MOST_QUOTED = 1280 - 40 - 8;

    private final IpStack stack;
    private final NodeEnv env;
    private final RateLimits limits;

    IcmpErrors(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.limits = new RateLimits(env);
    }

    public void unreachable(Packet invoking, int code) {
        send(invoking, new Icmp6Message.DestinationUnreachable(code, quoted(invoking)), false);
    }

    public void tooBig(Packet invoking, int mtu) {
        send(invoking, new Icmp6Message.PacketTooBig(mtu, quoted(invoking)), true);
    }

    public void timeExceeded(Packet invoking, int code) {
        send(invoking, new Icmp6Message.TimeExceeded(code, quoted(invoking)), false);
    }

    /**
     * @param pointer octets from the start of the invoking packet to what is wrong
     */
    public void parameterProblem(Packet invoking, int code, int pointer) {
        send(invoking, new Icmp6Message.ParameterProblem(code, pointer, quoted(invoking)), code == Icmp6Message.ParameterProblem.OPTION);
    }

    private static Octets quoted(Packet invoking) {
        return invoking.octets().slice(0, Math.min(MOST_QUOTED, invoking.octets().length()));
    }

    private void send(Packet invoking, Icmp6Message error, boolean evenToMulticast) {
        Ip6Header header;
        try {
            header = Ip6Header.parse(new OctetReader(invoking.octets()));
        } catch (Malformed e) {
            return; // without a readable header nobody can be told
        }
        Ip6Address to = header.source();
        if (to.isUnspecified() || to.isMulticast() || to.isLoopback() || header.destination().isMulticast() && !evenToMulticast || isErrorItself(invoking)) {
            env.decided(invoking, Reason.ERROR_FORBIDDEN);
            return;
        }
        if (!limits.allow("ICMPv6 errors", BURST, REFILL)) {
            env.decided(invoking, Reason.ERROR_RATE);
            return;
        }
        Optional<Ip6Address> source = to.isLinkLocal() ? Optional.ofNullable(stack.arrival()).flatMap(port -> stack.addresses().linkLocalOf(port.name()))
                : stack.addresses().find(header.destination()).filter(entry -> entry.usable() && entry.origin() != careof.engine.state.AddressEntry.Origin.ANYCAST).map(entry -> entry.address())
                        .or(() -> Optional.ofNullable(stack.routes().lookup(to)).flatMap(route -> stack.addresses().sourceFor(to, route.port())));
        if (source.isPresent()) {
            stack.output().send(Ip6Packet.of(source.get(), to, IpProtocol.ICMP6, error.toOctets(source.get(), to)), invoking.id(), true);
        } else {
            env.decided(invoking, Reason.ERROR_WITHOUT_SOURCE);
        }
    }

    private static boolean isErrorItself(Packet invoking) {
        try {
            Ip6Packet packet = Ip6Packet.parse(invoking.octets());
            boolean start = packet.fragment().isEmpty() || packet.fragment().get().offset() == 0;    // later pieces do not tell
            int type = start && packet.protocol() == IpProtocol.ICMP6 && !packet.payload().isEmpty() ? packet.payload().at(0) : -1;
            return type >= 0 && type < 128 || type == Icmp6Message.REDIRECT;
        } catch (Malformed e) {
            return false; // what follows the header is broken, so it is no error that we can know
        }
    }
}
