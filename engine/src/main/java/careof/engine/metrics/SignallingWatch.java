package careof.engine.metrics;

import careof.engine.lab.Expectation.Signalling;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;

/** Adds up what signalling costs. */
final class SignallingWatch implements Watch {
    private final Signalling signalling;
    private final SignallingCost.Meter meter = new SignallingCost.Meter();

    SignallingWatch(Signalling signalling) {
        this.signalling = signalling;
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (signalling.when().contains(event.at())) {
            meter.add(event, sight);
        }
    }

    @Override
    public Verdict result(Ending ending) {
        SignallingCost cost = meter.cost();
        boolean ended = ending.covers(signalling.when().to());
        List<Outcome> outcomes = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        List<String> values = new ArrayList<>();
        signalling.messages().ifPresent(range -> {
            outcomes.add(Watch.outcome(range, cost.messages(), ended));
            expected.add(Watch.text(range, String::valueOf) + " messages");
            values.add(Long.toString(cost.messages()));
        });
        signalling.octets().ifPresent(range -> {
            outcomes.add(Watch.outcome(range, cost.octets(), ended));
            expected.add(Watch.text(range, String::valueOf) + " octets");
            values.add(Long.toString(cost.octets()));
        });
        return new Verdict(signalling, Watch.worst(outcomes), "signalling: " + String.join(", ", expected) + Watch.when(signalling.when(), ending.until()),
                cost.toString(), String.join(", ", values));
    }
}
