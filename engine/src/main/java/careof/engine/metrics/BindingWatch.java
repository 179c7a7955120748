package careof.engine.metrics;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation.BindingHeld;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.state.Binding;
import careof.engine.trace.TraceEvent;
import java.util.Optional;

/** Watches one row of a binding cache. */
final class BindingWatch implements Watch {
    private final BindingHeld held;
    private final long from;
    private final long to;
    private Optional<Binding> binding = Optional.empty();
    private long since;
    /** What was held at the end of what has been judged. */
    private String seen = "";
    /** The first moment at which it did not hold. */
    private Optional<String> broken = Optional.empty();

    BindingWatch(BindingHeld held) {
        this.held = held;
        this.from = held.when().from();
        this.to = held.when().to();
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (event instanceof TraceEvent.Changed changed && changed.node().equals(held.at())
                && changed.row() instanceof Binding row && row.home().equals(held.home())) {
            // what was held up to now must have been right, wherever that lies in the interval
            judge(Math.max(since, from), changed.at());
            binding = changed.now().map(Binding.class::cast);
            since = changed.at();
        }
    }

    /** Judges what is held from one time until before another. */
    private void judge(long start, long before) {
        boolean right = held.careOf().map(prefix -> binding.filter(b -> prefix.contains(b.careOf())).isPresent()).orElse(binding.isEmpty());
        if (start >= before || start > to) {
            return;
        }
        seen = text() + " since " + VirtualTime.format(since);
        if (!right && broken.isEmpty()) {
            broken = Optional.of("at " + VirtualTime.format(start) + " " + text());
        }
    }

    private String text() {
        return binding.map(b -> b.careOf().toString()).orElse("none");
    }

    @Override
    public Verdict result(Ending ending) {
        judge(Math.max(since, from), Math.min(ending.reached(), to) + 1);
        Outcome outcome = broken.isPresent() ? Outcome.FAILS : ending.reached() < to ? Outcome.OPEN : Outcome.HOLDS;
        return new Verdict(held, outcome, held.at() + (held.careOf().isPresent() ? " holds " + held.home() + " at " + held.careOf().get()
                : " holds no binding for " + held.home()) + " from " + VirtualTime.format(from) + " to " + VirtualTime.format(to),
                broken.orElseGet(() -> outcome == Outcome.OPEN ? "the run has come to " + VirtualTime.format(ending.reached()) : seen));
    }
}
