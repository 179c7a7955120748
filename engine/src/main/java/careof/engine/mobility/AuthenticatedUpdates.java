package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.VirtualTime;
import careof.engine.stack.Inbound;
import careof.engine.stack.NodeEnv;
import careof.engine.state.Sa;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import java.util.List;

/** A mobile node's binding updates to correspondents as far as SAs authenticate them (recommendations E1, E2 and F). */
final class AuthenticatedUpdates {
    /** Binding updates that may stay unanswered before return routability is tried: perhaps the peer does not take an SA for enough. */
    private static final int MOST_UNANSWERED = 3;
    /** For so long an SA is then not relied on. */
    private static final long DOUBT = 60 * VirtualTime.SECOND;

    private final MobileNode node;
    private final NodeEnv env;

    AuthenticatedUpdates(MobileNode node) {
        this.node = node;
        this.env = node.stack().env();
    }

    private static String doubtTimer(Ip6Address peer) {
        return "return routability instead of an SA " + peer;
    }

    private List<Sa> sas(Ip6Address peer) {
        return node.sas(Signalling.packet(node.home(), peer, new BindingUpdate(0, true, false, false, false, 0, List.of())));
    }

    /** Will the security policy have a binding update to this peer protected by an SA that authenticates it? */
    boolean areVouchedFor(Ip6Address peer) {
        return !env.timers().isSet(doubtTimer(peer)) && Vouching.ofRegistration(env.policy(), sas(peer), node.home()).isPresent();
    }

    /** Do tunnels follow what is sent to this peer (recommendation F)? Only where an SA authenticates it. */
    boolean moveTunnels(Ip6Address peer) {
        return Vouching.of(sas(peer), node.home()).isPresent();
    }

    /** Is an acknowledgement authenticated by the SA that it came through? */
    boolean vouchesFor(Inbound acknowledgement, Ip6Address peer) {
        return Vouching.ofRegistration(env.policy(), acknowledgement.sas(), peer).isPresent();
    }

    /**
     * Nobody answers.
     *
     * @param unanswered binding updates in a row
     * @return whether the SA is not relied on for a while
     */
    boolean doubt(Ip6Address peer, int unanswered) {
        if (unanswered < MOST_UNANSWERED) {
            return false;
        }
        env.timers().in(doubtTimer(peer), DOUBT, () -> { });
        return true;
    }

    /** A binding update that an SA will authenticate: without nonce indices and authenticator. */
    MobilityHeader header(BindingUpdate update, Ip6Address peer, Ip6Address careOf, boolean deletes) {
        return MobilityHeader.of(deletes ? update : update.withOptions(Vouching.careOfOption(env.policy(), sas(peer), careOf)));
    }

    /**
     * The tunnels to a peer follow the node, if an SA authenticates the binding update that is about to be sent. No answer to the last one:
     * perhaps the peer, mobile itself, has moved, and what it said of that went to where this node was before; so its end becomes its home
     * address, whose home agent knows more (the draft's section 2.5).
     */
    void follow(Ip6Address peer, Ip6Address careOf, boolean unanswered) {
        if (!moveTunnels(peer)) {
            return;
        }
        Cooperation cooperation = node.correspondent().cooperation();
        cooperation.follow(true, node.home(), peer, careOf);
        if (unanswered) {
            cooperation.follow(false, peer, node.home(), peer);
        }
    }

    /** An answer after all: the peer is where its binding says. */
    void answered(Inbound acknowledgement, Ip6Address peer) {
        if (vouchesFor(acknowledgement, peer)) {
            node.correspondent().routing(peer).ifPresent(careOf -> node.correspondent().cooperation().follow(false, peer, node.home(), careOf));
        }
    }
}
