package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.policy.Policy;
import careof.engine.trace.Reason;

/** Recommendation D: tunnels of one IP version in the other. Who does not follow it can set no outer address of the other version. */
public final class TunnelFamilies {
    private TunnelFamilies() {}

    /** Whether packets from or to {@code inner} may travel in a tunnel to or from {@code outer}. */
    public static boolean fit(Policy policy, IpAddress inner, IpAddress outer) {
        return inner.getClass() == outer.getClass() || policy.tunnelsAcrossFamilies();
    }

    /** What is to be said where it does not. */
    public static Verdict.Drop misfit(IpAddress inner, IpAddress outer) {
        return Verdict.drop(Reason.TUNNEL_FAMILY, version(inner), version(outer));
    }

    private static int version(IpAddress address) {
        return address instanceof Ip6Address ? 6 : 4;
    }
}
