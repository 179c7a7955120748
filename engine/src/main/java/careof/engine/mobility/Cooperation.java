package careof.engine.mobility;

import careof.engine.base.IpAddress;
import careof.engine.ike.Demands;
import careof.engine.ipsec.MobilitySupport;
import careof.engine.policy.Policy;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.TunnelFamilies;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Mobility's and IPsec's direct cooperation on one node (the draft's recommendations B and F); a node without IPsec has none of it. */
public final class Cooperation {
    private final NodeEnv env;
    private Optional<MobilitySupport> ipsec = Optional.empty();
    private Optional<Demands> keys = Optional.empty();

    Cooperation(NodeEnv env) {
        this.env = env;
    }

    void install(MobilitySupport support, Optional<Demands> keyManagement) {
        ipsec = Optional.of(support);
        keys = keyManagement;
    }

    /** Does key management follow bindings, so that the K bit is to be set (RFC 6275 section 11.7.1)? */
    boolean keysFollow() {
        return keys.filter(Demands::followsBindings).isPresent();
    }

    /** Key management's phase ones with a mobile node follow its binding. */
    void peerMoved(IpAddress home, IpAddress careOf) {
        keys.ifPresent(demands -> demands.peerMoved(home, careOf));
    }

    /** This mobile node's phase ones with its home agent follow its binding. */
    void ownMoved(IpAddress agent, IpAddress careOf) {
        keys.ifPresent(demands -> demands.ownMoved(agent, careOf));
    }

    /**
     * This mobile node is somewhere else: what key management made for another place is to be made anew, where nothing moves it.
     *
     * @param followed whether a binding update that an SA authenticates will tell the node with this address
     */
    void moved(IpAddress to, Predicate<IpAddress> followed) {
        keys.ifPresent(demands -> demands.moved(to, followed));
    }

    /**
     * Recommendation B: where the mobile node's side of a tunnel of IPsec ends. Combined with mobility, that is where it is; else it is the home
     * address, and mobility adds its own headers around.
     *
     * @param careOf at home: the home address
     */
    public static IpAddress mobileEnd(Policy policy, IpAddress home, IpAddress careOf) {
        return policy.combinesTunnels() ? careOf : home;
    }

    /**
     * Recommendation F: the tunnels of a binding follow it. To be called for binding updates that an SA authenticates and for no others (RFC 3776
     * section 4.3): by the mobile node as it sends one, by the peer once it has accepted it.
     *
     * @param own    called by the mobile node
     * @param peer   that the binding update is for
     * @param careOf of a deletion: the home address
     */
    void follow(boolean own, IpAddress home, IpAddress peer, IpAddress careOf) {
        follow(own, home, home, List.of(peer), careOf);
    }

    /**
     * The same for tunnels of either IP version.
     *
     * @param inner home address whose tunnels these are, the IPv6 one or the IPv4 one that goes with it
     * @param home  the IPv6 home address
     * @param peers addresses of the peer, at most one of each IP version
     */
    void follow(boolean own, IpAddress inner, IpAddress home, List<IpAddress> peers, IpAddress careOf) {
        if (ipsec.isPresent() && TunnelFamilies.fit(env.policy(), inner, careOf) && env.policy().signallingMigratesSas()) {
            ipsec.get().migrate(new MobilitySupport.Binding(own, inner, peers), mobileEnd(env.policy(), home, careOf));
        }
    }

    /** Is the home address option of data to a peer verifiable by an SA, so that in triangular mode no binding is needed (recommendation A)? */
    boolean authenticatesData(IpAddress home, IpAddress peer) {
        return ipsec.isPresent() && ipsec.get().authenticatesData(home, peer);
    }
}
