package careof.engine.lab;

import careof.engine.policy.Recommendation;
import java.util.List;
import java.util.Optional;

/** What can happen to a lab while it runs: by its file's {@code actions}, or by the user's hand. */
public sealed interface Action {
    /**
     * A mobile node leaves its link and arrives at another.
     *
     * @param to empty: it leaves and arrives nowhere
     */
    record Move(String node, Optional<String> to) implements Action {}

    /**
     * Changes a link; what is empty stays as it is.
     *
     * @param from only frames that this node sends; empty: all
     * @param to   only frames towards this node; empty: all
     * @param loss probability 0..1
     * @param delay nanoseconds
     * @param rate bits per second, 0: not limited; for the whole link only
     * @param down true: carries nothing
     */
    record Link(String name, Optional<String> from, Optional<String> to, Optional<Double> loss, Optional<Long> delay,
            Optional<Long> rate, Optional<Boolean> down) implements Action {}

    /** Changes how a mobile node talks to a peer. */
    record SetMode(String node, String peer, LabNode.Mode mode) implements Action {}

    /** One echo request, now. */
    record Ping(String from, String to) implements Action {}

    /**
     * A node, or every node, follows recommendations from now on, or no longer does.
     *
     * @param node empty: every node
     */
    record SetPolicy(Optional<String> node, List<Recommendation> on, List<Recommendation> off) implements Action {
        public SetPolicy {
            on = List.copyOf(on);
            off = List.copyOf(off);
        }
    }

    /**
     * Changes the SAs that a node has for a protection, through its PF_KEY; both directions, all transforms.
     *
     * @param delete   they are deleted
     * @param lifetime they get another one, counted from their making
     */
    record ChangeSas(String node, String protection, boolean delete, Optional<LabProtection.Lifetime> lifetime) implements Action {}

    /**
     * A node's IKE is told to do something with a peer.
     *
     * @param protection whose SAs are meant; empty where the whole peer is
     * @param local      of {@link Order#START}: stands for the node's own side of phase two's identities
     * @param remote     of {@link Order#START}: stands for the peer's side
     * @param protocol   of {@link Order#START}: stands in phase two's identities, 0..254
     */
    record Ike(String node, String peer, Order order, Optional<String> protection, Optional<LabChildIdentity> local, Optional<LabChildIdentity> remote,
            Optional<Integer> protocol) implements Action {
        /** In words, such as "mn: IKE with ha: rekey data". */
        public String text() {
            return node + ": IKE with " + peer + ": " + order.text + protection.map(name -> " " + name).orElse("");
        }

        /** What is to be done. */
        public enum Order {
            /** Phase one if there is none, then the SAs of the protection. */
            START("start"),
            /** New SAs for the protection. */
            REKEY("rekey"),
            REKEY_PHASE_ONE("rekey-phase-one"),
            /** Deletes the protection's SAs, and tells the peer. */
            DELETE("delete"),
            DELETE_PHASE_ONE("delete-phase-one"),
            /** Asks whether the peer is there (RFC 3706). */
            PROBE("probe");

            private final String text;

            Order(String text) {
                this.text = text;
            }

            /** The word in lab files. */
            public String text() {
                return text;
            }

            /** Whether it is about the SAs of a protection. */
            public boolean isOfProtection() {
                return this == START || this == REKEY || this == DELETE;
            }
        }
    }

    /** A node begins an attack. */
    record Attack(String node, careof.engine.lab.Attack attack) implements Action {}
}
