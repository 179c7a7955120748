package careof.engine.metrics;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation.Range;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Collects what one expectation asks for while a trace is read. */
interface Watch {
    void add(TraceEvent event, Sight sight);

    Verdict result(Ending ending);

    /**
     * Where the trace ends.
     *
     * @param flows   all directions of all flows
     * @param reached virtual time, nanoseconds
     * @param until   of the lab, nanoseconds
     */
    record Ending(List<FlowLog> flows, long reached, long until) {
        Optional<FlowLog> flow(String name, String direction) {
            return flows.stream().filter(flow -> flow.flow().equals(name) && flow.direction().equals(direction)).findFirst();
        }

        /** Whether all that will happen up to a time has happened. */
        boolean covers(long time) {
            return reached >= Math.min(time, until);
        }
    }

    /** Counts only grow, so what is above its bound fails at once. */
    static Outcome outcome(Range range, long value, boolean ended) {
        if (range.atMost().filter(most -> value > most).isPresent()) {
            return Outcome.FAILS;
        }
        return !ended ? Outcome.OPEN : range.holds(value) ? Outcome.HOLDS : Outcome.FAILS;
    }

    static Outcome worst(List<Outcome> outcomes) {
        return outcomes.contains(Outcome.FAILS) ? Outcome.FAILS : outcomes.contains(Outcome.OPEN) ? Outcome.OPEN : Outcome.HOLDS;
    }

    static String text(Range range, LongFunction<String> text) {
        if (range.atLeast().equals(range.atMost())) {
            return text.apply(range.atLeast().orElse(0L));
        }
        return range.atLeast().map(least -> "at least " + text.apply(least)).orElse("")
                + (range.atLeast().isPresent() && range.atMost().isPresent() ? " and " : "")
                + range.atMost().map(most -> "at most " + text.apply(most)).orElse("");
    }

    /** " from 5s to 7s", as far as it is not the whole run. */
    static String when(careof.engine.lab.Expectation.Span when, long until) {
        return (when.from() == 0 ? "" : " from " + VirtualTime.format(when.from())) + (when.to() >= until ? "" : " to " + VirtualTime.format(when.to()));
    }

    /** Measured times are shown to the microsecond. */
    static String micros(long nanos) {
        return VirtualTime.format(nanos / VirtualTime.MICROSECOND * VirtualTime.MICROSECOND);
    }
}
