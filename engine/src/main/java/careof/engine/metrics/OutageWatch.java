package careof.engine.metrics;

import careof.engine.lab.Expectation.Outage;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.state.ListEntry;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;

/** Measures how long movements broke a flow. */
final class OutageWatch implements Watch {
    private final Outage outage;
    /** Mobile end and time of the first binding update after each movement. */
    private final List<Update> updates = new ArrayList<>();

    private record Update(String node, long at) {}

    OutageWatch(Outage outage) {
        this.outage = outage;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (event instanceof TraceEvent.Changed changed && changed.reason() == Reason.BINDING_UPDATE_SENT && outage.when().contains(changed.at())
                && changed.now().orElse(null) instanceof ListEntry now && now.homeRegistration()
                && changed.old().map(old -> !((ListEntry) old).careOf().equals(now.careOf())).orElse(true)) {
            updates.add(new Update(changed.node(), changed.at()));
        }
    }

    @Override
    public Verdict result(Ending ending) {
        String expected = "outage of " + outage.flow() + " " + outage.direction() + ": " + Watch.text(outage.lasts(), Watch::micros)
                + Watch.when(outage.when(), ending.until());
        FlowLog flow = ending.flow(outage.flow(), outage.direction()).orElse(null);
        List<FlowLog.Break> breaks = flow == null ? List.of() : updates.stream()
                .filter(update -> flow.from(update.node()).isPresent() || flow.to(update.node()).isPresent())
                .map(update -> flow.brokenSince(update.at(), flow.to(update.node()).isPresent(), ending.reached())).toList();
        if (breaks.isEmpty()) {
            boolean open = !ending.covers(outage.when().to());
            return new Verdict(outage, open ? Outcome.OPEN : Outcome.FAILS, expected, "no binding update" + (open ? " yet" : ""));
        }
        FlowLog.Break longest = breaks.stream().max(java.util.Comparator.comparingLong(FlowLog.Break::lasts)).orElseThrow();
        return new Verdict(outage, Watch.outcome(outage.lasts(), longest.lasts(), ending.covers(outage.when().to())), expected,
                Watch.micros(longest.lasts()) + (longest.ended() ? "" : ", to the end of the flow"));
    }
}
