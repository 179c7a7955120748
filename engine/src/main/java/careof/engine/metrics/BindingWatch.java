package careof.engine.metrics;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation.BindingHeld;
import careof.engine.state.Binding;
import careof.engine.trace.TraceEvent;
import java.util.Optional;

/** Watches one row of a binding cache. */
final class BindingWatch implements Watch {
    private final BindingHeld held;
    private final Lasting lasting;
    private Optional<Binding> binding = Optional.empty();

    BindingWatch(BindingHeld held) {
        this.held = held;
        this.lasting = new Lasting(held.when(), this::look);
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (event instanceof TraceEvent.Changed changed && changed.node().equals(held.at())
                && changed.row() instanceof Binding row && row.home().equals(held.home())) {
            lasting.changes(changed.at());
            binding = changed.now().map(Binding.class::cast);
        }
    }

    private Lasting.Look look() {
        return new Lasting.Look(held.careOf().map(prefix -> binding.filter(b -> prefix.contains(b.careOf())).isPresent()).orElse(binding.isEmpty()),
                binding.map(b -> b.careOf().toString()).orElse("none"));
    }

    @Override
    public Verdict result(Ending ending) {
        return lasting.verdict(held, held.at() + (held.careOf().isPresent() ? " holds " + held.home() + " at " + held.careOf().get()
                : " holds no binding for " + held.home()) + " from " + VirtualTime.format(held.when().from()) + " to " + VirtualTime.format(held.when().to()),
                ending.reached(), ending.reached() >= held.when().to());
    }
}
