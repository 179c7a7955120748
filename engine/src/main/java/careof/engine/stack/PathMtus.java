package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.state.PathMtu;
import careof.engine.trace.Reason;

/** What Packet Too Big messages taught (RFC 8201), in IPv4 those of routers that may not fragment (RFC 1191); forgotten after ten minutes. */
public final class PathMtus {
    static final int MINIMUM = 1280;
    /** Every IPv4 link carries so much (RFC 791 section 3.2). */
    static final int MINIMUM4 = 68;
    private static final long LIFETIME = 600 * VirtualTime.SECOND;
    private static final int MOST = 1024;

    private final NodeEnv env;
    private final Table<IpAddress, PathMtu> table;

    PathMtus(NodeEnv env) {
        this.env = env;
        this.table = env.table();
    }

    /** The path MTU to a destination on the wire, given the first link's. */
    public int to(IpAddress destination, int linkMtu) {
        PathMtu known = table.size() == 0 ? null : table.get(destination);
        return known == null ? linkMtu : Math.min(known.mtu(), linkMtu);
    }

    /** Believes a Packet Too Big message about a packet to this destination. */
    void learn(IpAddress destination, long mtu) {
        if (mtu < (destination instanceof Ip4Address ? MINIMUM4 : MINIMUM)) {
            return;    // no link is that small (RFC 8201 section 4, RFC 1191 section 3)
        }
        int bounded = (int) Math.min(mtu, 65_535);
        PathMtu old = table.get(destination);
        if (old != null && old.mtu() <= bounded || old == null && table.size() >= MOST) {
            return;
        }
        table.put(destination, new PathMtu(destination, bounded, env.now() + LIFETIME), Reason.PATH_MTU, destination.toString(), Integer.toString(bounded));
        env.timers().in("path mtu " + destination, LIFETIME, () -> table.remove(destination, Reason.LIFETIME_EXPIRED));
    }
}
