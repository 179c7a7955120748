package careof.engine.metrics;

import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Measures how long movements broke a flow. */
final class OutageWatch implements Watch {
    private final careof.engine.lab.Expectation.Outage expectation;
    private final Outage.Meter meter = new Outage.Meter();

    OutageWatch(careof.engine.lab.Expectation.Outage expectation) {
        this.expectation = expectation;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (expectation.when().contains(event.at())) {
            meter.add(event);
        }
    }

    @Override
    public Verdict result(Ending ending) {
        String expected = "outage of " + expectation.flow() + " " + expectation.direction() + ": " + Watch.text(expectation.lasts(), Watch::micros)
                + Watch.when(expectation.when(), ending.until());
        boolean ended = ending.covers(expectation.when().to());
        List<Outage> outages = ending.flow(expectation.flow(), expectation.direction()).map(flow -> meter.of(flow, ending.reached())).orElse(List.of());
        Optional<Outage> longest = outages.stream().max(Comparator.comparingLong(Outage::lasts));
        return longest.map(outage -> new Verdict(expectation, Watch.outcome(expectation.lasts(), outage.lasts(), ended), expected,
                        Watch.micros(outage.lasts()) + (outage.ended() ? "" : ", to the end of the flow")))
                .orElseGet(() -> new Verdict(expectation, ended ? Outcome.FAILS : Outcome.OPEN, expected, "no movement" + (ended ? "" : " yet"), "-"));
    }
}
