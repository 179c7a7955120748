package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip6Header;
import java.util.List;
import java.util.Optional;

/** Where tunnels end: what comes out, of either IP version, is a packet of its own and starts over. */
public final class Decapsulation {
    private static final int MOST_TUNNELS = 4;

    private final IpStack stack;
    private final NodeEnv env;

    Decapsulation(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
    }

    /** A packet whose payload is a packet, if mobility knows that tunnel. */
    void tunnelled(Arrived in) throws Malformed {
        Octets inner = in.ip().payload();
        IpAddress[] ends = ends(inner);
        switch (stack.mobility().decapsulate(in.source(), ends[0], ends[1])) {
            case Verdict.Drop drop -> env.said(in.packet(), drop);
            case Verdict.Pass pass -> {
                env.said(in.packet(), pass);
                startOver(in, stack.derived(in.packet(), inner, Relation.DECAPSULATED), in.source(), in.sas());
            }
        }
    }

    /** Where a packet that is carried in another is to go; empty: it is none that can be read. */
    public Optional<IpAddress> destination(Octets inner) {
        try {
            return Optional.of(ends(inner)[1]);
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** Source and destination of a packet of either version. */
    private static IpAddress[] ends(Octets inner) throws Malformed {
        OctetReader in = new OctetReader(inner);
        if (isIp4(inner)) {
            Ip4Header header = Ip4Header.parse(in);
            return new IpAddress[] {header.source(), header.destination()};
        }
        Ip6Header header = Ip6Header.parse(in);
        return new IpAddress[] {header.source(), header.destination()};
    }

    static boolean isIp4(Octets packet) {
        return !packet.isEmpty() && packet.at(0) >>> 4 == 4;
    }

    /**
     * A packet that came out of a tunnel goes its own way up.
     *
     * @param outer  that it was in
     * @param inner  named in the trace already
     * @param remote far end of the tunnel
     * @param sas    that vouch for it
     */
    public void startOver(Arrived outer, Packet inner, IpAddress remote, List<Sa> sas) {
        if (outer.depth() >= MOST_TUNNELS) {
            env.dropped(inner, Reason.TUNNEL_LOOP);
            return;
        }
        env.about(inner.id());
        if (isIp4(inner.octets())) {
            stack.input4().packet(outer.port(), inner, Optional.of(remote), outer.depth() + 1, sas);
        } else {
            stack.input().packet(outer.port(), inner, Optional.of(remote), outer.depth() + 1, sas);
        }
    }
}
