package careof.engine.lab;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.Optional;

/** What a run must show, checked from its trace. */
public sealed interface Expectation {
    /**
     * From {@code from} to {@code to} (nanoseconds, both inclusive) the node's binding cache holds a binding for {@code home} to a care-of address in
     * {@code careOf}; {@code careOf} empty: it holds none.
     */
    record BindingHeld(String at, Ip6Address home, Optional<Prefix> careOf, long from, long to) implements Expectation {}

    /**
     * What a flow suffered.
     *
     * @param direction "cn-mn": from node cn to node mn; empty: both directions, summed
     * @param lost      packets that never arrived
     * @param received  packets that arrived
     * @param gap       longest time without an arrival, nanoseconds; of both directions the longer
     * @param delay     mean delay of what arrived, nanoseconds; of both directions the longer: tells which way packets went
     */
    record Flow(String flow, Optional<String> direction, Optional<Range> lost, Optional<Range> received, Optional<Range> gap, Optional<Range> delay)
            implements Expectation {}

    /** Number of drops with a reason code, at a node or anywhere. */
    record Drops(String reason, Optional<String> node, Range count) implements Expectation {}

    /**
     * Number of messages put on links, counted once where they originate.
     *
     * @param message short name as in the packet list: "BU", "BA", "HoTI", "HoT", "CoTI", "CoT", "BE", "BRR", "NS"...
     */
    record Messages(String message, Optional<String> from, Range count) implements Expectation {}

    /** Both ends inclusive; an empty end is open. */
    record Range(Optional<Long> atLeast, Optional<Long> atMost) {
        public static Range exactly(long count) {
            return new Range(Optional.of(count), Optional.of(count));
        }

        public boolean holds(long value) {
            return atLeast.map(least -> value >= least).orElse(true) && atMost.map(most -> value <= most).orElse(true);
        }
    }
}
