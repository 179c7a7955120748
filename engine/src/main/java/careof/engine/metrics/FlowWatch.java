package careof.engine.metrics;

import careof.engine.lab.Expectation.Flow;
import careof.engine.lab.Expectation.Range;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Judges what a flow suffered; flows are counted for everybody. */
final class FlowWatch implements Watch {
    private final Flow flow;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> expected = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    FlowWatch(Flow flow) {
        this.flow = flow;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        // nothing of its own
    }

    @Override
    public Verdict result(Ending ending) {
        boolean whole = flow.when().from() == 0 && flow.when().to() >= ending.until();
        List<FlowResult> mine = ending.flows().stream().filter(log -> log.flow().equals(flow.flow())
                        && flow.direction().map(direction -> direction.equals(log.direction())).orElse(true))
                .map(log -> whole ? log.result(ending.reached()) : log.result(flow.when(), ending.reached())).toList();
        boolean ended = ending.reached() >= ending.until();
        flow.lost().ifPresent(range -> part("lost", range, mine.stream().mapToLong(FlowResult::lost).sum(), ended, String::valueOf));
        flow.received().ifPresent(range -> part("received", range, mine.stream().mapToLong(FlowResult::received).sum(), ended, String::valueOf));
        flow.gap().ifPresent(range -> part("gap", range, mine.stream().mapToLong(FlowResult::gap).max().orElse(0), ended, Watch::micros));
        // a mean may still fall, other than what is counted
        flow.delay().ifPresent(range -> {
            part("mean delay", range, mine.stream().mapToLong(FlowResult::meanDelay).max().orElse(0), ended, Watch::micros);
            if (!ended) {
                outcomes.set(outcomes.size() - 1, Outcome.OPEN);
            }
        });
        return new Verdict(flow, Watch.worst(outcomes), flow.flow() + flow.direction().map(direction -> " " + direction).orElse("") + ": "
                + String.join(", ", expected) + Watch.when(flow.when(), ending.until()), String.join(", ", seen), String.join(", ", values));
    }

    private void part(String what, Range range, long value, boolean ended, LongFunction<String> text) {
        outcomes.add(Watch.outcome(range, value, ended));
        expected.add(what + " " + Watch.text(range, text));
        seen.add(what + " " + text.apply(value));
        values.add(text.apply(value));
    }
}
