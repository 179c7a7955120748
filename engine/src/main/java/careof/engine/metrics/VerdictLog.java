package careof.engine.metrics;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.BindingHeld;
import careof.engine.lab.Expectation.Drops;
import careof.engine.lab.Expectation.Flow;
import careof.engine.lab.Expectation.Messages;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Lab;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.state.Binding;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** Collects what a lab's expectations ask for while a trace is read. */
final class VerdictLog {
    private final Lab lab;
    private final List<Watch> watches = new ArrayList<>();

    VerdictLog(Lab lab) {
        this.lab = lab;
        for (Expectation expectation : lab.expect()) {
            watches.add(switch (expectation) {
                case BindingHeld held -> new BindingWatch(held);
                case Flow flow -> new FlowWatch(flow);
                case Drops drops -> new DropWatch(drops);
                case Messages messages -> new MessageWatch(messages);
            });
        }
    }

    void add(TraceEvent event, Origins origins) {
        watches.forEach(watch -> watch.add(event, origins));
    }

    List<Verdict> results(List<FlowResult> flows, long reached) {
        return watches.stream().map(watch -> watch.result(flows, reached)).toList();
    }

    private sealed interface Watch {
        void add(TraceEvent event, Origins origins);

        Verdict result(List<FlowResult> flows, long reached);
    }

    private static final class BindingWatch implements Watch {
        private final BindingHeld held;
        private Optional<Binding> binding = Optional.empty();
        private long since;
        /** What was held at the end of what has been judged. */
        private String seen = "";
        /** The first moment at which it did not hold. */
        private Optional<String> broken = Optional.empty();

        BindingWatch(BindingHeld held) {
            this.held = held;
        }

        @Override
        public void add(TraceEvent event, Origins origins) {
            if (event instanceof TraceEvent.Changed changed && changed.node().equals(held.at())
                    && changed.row() instanceof Binding row && row.home().equals(held.home())) {
                // what was held up to now must have been right, wherever that lies in the interval
                judge(Math.max(since, held.from()), changed.at());
                binding = changed.now().map(Binding.class::cast);
                since = changed.at();
            }
        }

        /** Judges what is held from one time until before another. */
        private void judge(long from, long before) {
            boolean right = held.careOf().map(prefix -> binding.filter(b -> prefix.contains(b.careOf())).isPresent()).orElse(binding.isEmpty());
            if (from >= before || from > held.to()) {
                return;
            }
            seen = held() + " since " + VirtualTime.format(since);
            if (!right && broken.isEmpty()) {
                broken = Optional.of("at " + VirtualTime.format(from) + " " + held());
            }
        }

        private String held() {
            return binding.map(b -> b.careOf().toString()).orElse("none");
        }

        @Override
        public Verdict result(List<FlowResult> flows, long reached) {
            judge(Math.max(since, held.from()), Math.min(reached, held.to()) + 1);
            Outcome outcome = broken.isPresent() ? Outcome.FAILS : reached < held.to() ? Outcome.OPEN : Outcome.HOLDS;
            return new Verdict(held, outcome, held.at() + (held.careOf().isPresent() ? " holds " + held.home() + " at " + held.careOf().get()
                    : " holds no binding for " + held.home()) + " from " + VirtualTime.format(held.from()) + " to " + VirtualTime.format(held.to()),
                    broken.orElseGet(() -> outcome == Outcome.OPEN ? "the run has come to " + VirtualTime.format(reached)
                            : seen));
        }
    }

    private final class FlowWatch implements Watch {
        private final Flow flow;

        FlowWatch(Flow flow) {
            this.flow = flow;
        }

        @Override
        public void add(TraceEvent event, Origins origins) {
            // flows are counted for everybody
        }

        @Override
        public Verdict result(List<FlowResult> flows, long reached) {
            List<FlowResult> mine = flows.stream().filter(result -> result.flow().equals(flow.flow())
                    && flow.direction().map(direction -> direction.equals(result.direction())).orElse(true)).toList();
            long lost = mine.stream().mapToLong(FlowResult::lost).sum();
            long received = mine.stream().mapToLong(FlowResult::received).sum();
            long gap = mine.stream().mapToLong(FlowResult::gap).max().orElse(0);
            long delay = mine.stream().mapToLong(FlowResult::meanDelay).max().orElse(0);
            boolean ended = reached >= lab.until();
            List<Outcome> outcomes = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            flow.lost().ifPresent(range -> part("lost", outcomes, expected, seen, range, lost, ended, String::valueOf));
            flow.received().ifPresent(range -> part("received", outcomes, expected, seen, range, received, ended, String::valueOf));
            flow.gap().ifPresent(range -> part("gap", outcomes, expected, seen, range, gap, ended, VerdictLog::micros));
            // a mean may still fall, other than what is counted
            flow.delay().ifPresent(range -> {
                part("mean delay", outcomes, expected, seen, range, delay, ended, VerdictLog::micros);
                if (!ended) {
                    outcomes.set(outcomes.size() - 1, Outcome.OPEN);
                }
            });
            return new Verdict(flow, worst(outcomes), flow.flow() + flow.direction().map(direction -> " " + direction).orElse("") + ": "
                    + String.join(", ", expected), String.join(", ", seen));
        }
    }

    private final class DropWatch implements Watch {
        private final Drops drops;
        private final boolean known;
        private long count;

        DropWatch(Drops drops) {
            this.drops = drops;
            this.known = Arrays.stream(Reason.values()).anyMatch(reason -> reason.code().equals(drops.reason()));
        }

        @Override
        public void add(TraceEvent event, Origins origins) {
            if (event instanceof TraceEvent.Dropped dropped && dropped.reason().code().equals(drops.reason())
                    && drops.node().map(node -> node.equals(dropped.node())).orElse(true)) {
                count++;
            }
        }

        @Override
        public Verdict result(List<FlowResult> flows, long reached) {
            String expected = "drops for " + drops.reason() + drops.node().map(node -> " at " + node).orElse("") + ": " + text(drops.count(), String::valueOf);
            return known ? new Verdict(drops, outcome(drops.count(), count, reached >= lab.until()), expected, String.valueOf(count))
                    : new Verdict(drops, Outcome.FAILS, expected, "there is no reason code \"" + drops.reason() + "\"");
        }
    }

    private final class MessageWatch implements Watch {
        private final Messages messages;
        private long count;

        MessageWatch(Messages messages) {
            this.messages = messages;
        }

        @Override
        public void add(TraceEvent event, Origins origins) {
            if (event instanceof TraceEvent.FrameSent sent && messages.from().map(node -> node.equals(sent.node())).orElse(true)
                    && origins.originates(sent, messages.message())) {
                count++;
            }
        }

        @Override
        public Verdict result(List<FlowResult> flows, long reached) {
            return new Verdict(messages, outcome(messages.count(), count, reached >= lab.until()),
                    messages.message() + messages.from().map(node -> " from " + node).orElse("") + ": " + text(messages.count(), String::valueOf),
                    String.valueOf(count));
        }
    }

    /** Measured times are shown to the microsecond. */
    private static String micros(long nanos) {
        return VirtualTime.format(nanos / VirtualTime.MICROSECOND * VirtualTime.MICROSECOND);
    }

    private static void part(String what, List<Outcome> outcomes, List<String> expected, List<String> seen, Range range, long value, boolean ended,
            LongFunction<String> text) {
        outcomes.add(outcome(range, value, ended));
        expected.add(what + " " + text(range, text));
        seen.add(what + " " + text.apply(value));
    }

    private static String text(Range range, LongFunction<String> text) {
        if (range.atLeast().equals(range.atMost())) {
            return text.apply(range.atLeast().orElse(0L));
        }
        return range.atLeast().map(least -> "at least " + text.apply(least)).orElse("")
                + (range.atLeast().isPresent() && range.atMost().isPresent() ? " and " : "")
                + range.atMost().map(most -> "at most " + text.apply(most)).orElse("");
    }

    /** Counts only grow, so what is above its bound fails at once. */
    private static Outcome outcome(Range range, long value, boolean ended) {
        if (range.atMost().filter(most -> value > most).isPresent()) {
            return Outcome.FAILS;
        }
        return !ended ? Outcome.OPEN : range.holds(value) ? Outcome.HOLDS : Outcome.FAILS;
    }

    private static Outcome worst(List<Outcome> outcomes) {
        return outcomes.contains(Outcome.FAILS) ? Outcome.FAILS : outcomes.contains(Outcome.OPEN) ? Outcome.OPEN : Outcome.HOLDS;
    }
}
