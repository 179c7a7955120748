package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.List;
import java.util.Optional;

/** What a run must show, checked from its trace. */
public sealed interface Expectation {
    /** When it must show it. */
    Span when();

    /**
     * All the time the node's binding cache holds a binding for {@code home} to a care-of address in {@code careOf}; {@code careOf} empty: it
     * holds none.
     */
    record BindingHeld(String at, Ip6Address home, Optional<Prefix> careOf, Span when) implements Expectation {}

    /**
     * What a flow suffered. A time that is not the whole run means packets sent within it.
     *
     * @param direction "cn-mn": from node cn to node mn; empty: both directions, summed
     * @param lost      packets that never arrived
     * @param received  packets that arrived
     * @param gap       longest time without an arrival, nanoseconds; of both directions the longer
     * @param delay     mean delay of what arrived, nanoseconds; of both directions the longer: tells which way packets went
     */
    record Flow(String flow, Optional<String> direction, Optional<Range> lost, Optional<Range> received, Optional<Range> gap, Optional<Range> delay,
            Span when) implements Expectation {}

    /** Number of drops with a reason code, at a node or anywhere. */
    record Drops(String reason, Optional<String> node, Range count, Span when) implements Expectation {}

    /**
     * Number of messages put on links, counted once where they originate; what AH or ESP protects is looked into with the keys of the lab.
     *
     * @param message short name as in the packet list: "BU", "BA", "HoTI", "HoT", "CoTI", "CoT", "BE", "BRR", "NS"...
     */
    record Messages(String message, Optional<String> from, Range count, Span when) implements Expectation {}

    /**
     * Number of decisions with a reason code, at a node or anywhere.
     *
     * @param entry the kind of table row that each of them must have looked at, such as "sa"; empty: whatever it looked at
     */
    record Decisions(String reason, Optional<String> node, Optional<String> entry, Range count, Span when) implements Expectation {}

    /**
     * Number of changes of table rows; 0: a table stays as it is.
     *
     * @param row    kind of row, such as "binding" or "sa"
     * @param reason only changes for this reason
     */
    record Changes(String row, Optional<String> node, Optional<String> reason, Range count, Span when) implements Expectation {}

    /**
     * Number of events of the trace that a query asks for.
     *
     * @param match as in the window's filter, such as "kind == dropped and arg.why ~ expired"
     * @param says  what these events mean, for reports; empty: the query speaks for itself
     */
    record Events(String match, Optional<String> says, Optional<String> node, Range count, Span when) implements Expectation {}

    /**
     * All the time one half of a protection's SA pair is in one state.
     *
     * @param protection its name in the lab
     * @param direction  "mn-ha": the SA for packets from node mn to node ha
     */
    record HalfIs(String protection, String direction, Half state, Span when) implements Expectation {}

    /** How one half of an SA pair, the SA of one direction, is. */
    enum Half {
        /** The sender has an SA, it ends where the receiver is, and the receiver has its other end. */
        GOOD("good"),
        /** The sender's SA ends at an address that the receiver no longer has. */
        STALE("stale"),
        /** Its sender or its receiver has no SA. */
        MISSING("missing"),
        /** There was one, until its lifetime ended. */
        EXPIRED("expired");

        private final String text;

        Half(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /**
     * All the time a node has an established phase one of IKE, or has none.
     *
     * @param peer     with this node; empty: with any
     * @param identity with somebody who authenticated as this; empty: as anybody
     * @param address  with somebody at one of these addresses; empty: at any
     */
    record IkeHeld(String at, Optional<String> peer, Optional<LabIdentity> identity, boolean established, Optional<LabSelector.Range> address, Span when)
            implements Expectation {}

    /**
     * Octets that a flow's packets are longer on a link than they are plain: the whole outermost packet less the innermost one.
     *
     * @param octets holds for every single packet; none at all does not hold
     */
    record Overhead(String flow, String direction, String link, Range octets, Span when) implements Expectation {}

    /**
     * What the IP headers of a flow's packets say on a link; of every single packet, and none at all does not hold.
     *
     * @param dscp     differentiated services code point, of every header, outer and inner (RFC 4301 section 5.1.2)
     * @param hopLimit hop limit or time to live, of the innermost header
     */
    record Headers(String flow, String direction, String link, Optional<Range> dscp, Optional<Range> hopLimit, Span when) implements Expectation {}

    /**
     * How long a flow was broken by a movement: from the mobile end's first binding update to the first arrival of what was sent after it, to the end of
     * the flow where nothing arrives any more. The longest one counts, where there are several movements.
     *
     * @param lasts nanoseconds
     */
    record Outage(String flow, String direction, Range lasts, Span when) implements Expectation {}

    /**
     * What signalling cost: messages of mobility and of IKE, counted once where they originate.
     *
     * @param octets of their outermost packets there
     */
    record Signalling(Optional<Range> messages, Optional<Range> octets, Span when) implements Expectation {}

    /**
     * Number of operations of public-key cryptography that IKE made, which are by far its dearest. They are counted from the steps of its exchanges as the
     * trace has them: a main or aggressive mode costs each end two of Diffie-Hellman, its public value and the shared secret, and with RSA signatures two
     * of RSA, its own signature and a look at the peer's; a quick mode with a key exchange costs each end two of Diffie-Hellman more. What an exchange that
     * comes to nothing had cost by then counts, too. The signatures of certificates do not: ends may know them from before.
     *
     * @param node at this node; empty: at all
     */
    record Operations(Operation operation, Optional<String> node, Range count, Span when) implements Expectation {}

    /** What public-key cryptography does. */
    enum Operation {
        RSA("rsa"),
        DIFFIE_HELLMAN("dh");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /**
     * A flow's packets on a link, in their order and freed of all that was put around them. Holds when there are any; to be compared between two runs.
     */
    record Packets(String flow, String direction, String link, Span when) implements Expectation {}

    /** From {@code from} to {@code to}, nanoseconds, both inclusive. */
    record Span(long from, long to) {
        /** From the start to the end of a run of this length. */
        public static Span whole(long until) {
            return new Span(0, until);
        }

        public boolean contains(long time) {
            return from <= time && time <= to;
        }
    }

    /** Both ends inclusive; an empty end is open. */
    record Range(Optional<Long> atLeast, Optional<Long> atMost) {
        /** Written "?": it is yet to be said, see {@link LabComparison.Measure}. */
        public static final Range OPEN = new Range(Optional.empty(), Optional.empty());
        /** Whatever there is. */
        public static final Range ANY = new Range(Optional.of(0L), Optional.empty());

        public static Range exactly(long count) {
            return new Range(Optional.of(count), Optional.of(count));
        }

        public boolean holds(long value) {
            return atLeast.map(least -> value >= least).orElse(true) && atMost.map(most -> value <= most).orElse(true);
        }
    }

    /** The nodes that a direction such as "mn-cn" may mean, sender and receiver: names may have hyphens of their own. */
    static List<List<String>> ends(String direction) {
        List<List<String>> ends = new java.util.ArrayList<>();
        for (int at = direction.indexOf('-'); at >= 0; at = direction.indexOf('-', at + 1)) {
            ends.add(List.of(direction.substring(0, at), direction.substring(at + 1)));
        }
        return ends;
    }
}
