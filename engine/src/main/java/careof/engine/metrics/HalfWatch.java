package careof.engine.metrics;

import careof.engine.lab.Expectation.HalfIs;
import careof.engine.lab.Lab;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;

/** Watches one half of an SA pair. */
final class HalfWatch implements Watch {
    private final HalfIs half;

    HalfWatch(Lab lab, HalfIs half) {
        this.half = half;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        // a lab without protections has no SA pairs
    }

    @Override
    public Verdict result(Ending ending) {
        return new Verdict(half, Outcome.FAILS, half.protection() + " " + half.direction() + " is " + half.state().text()
                + Watch.when(half.when(), ending.until()), "there is no protection \"" + half.protection() + "\"");
    }
}
