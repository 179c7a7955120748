package careof.engine.metrics;

import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Changes;
import careof.engine.lab.Expectation.Decisions;
import careof.engine.lab.Expectation.Drops;
import careof.engine.lab.Expectation.Events;
import careof.engine.lab.Expectation.Messages;
import careof.engine.lab.Expectation.Range;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.query.Query;
import careof.engine.query.QueryProblem;
import careof.engine.trace.Reason;
import careof.engine.trace.StateFields;
import careof.engine.trace.TraceEvent;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Counts events of one kind. */
final class CountWatch implements Watch {
    private final Expectation expectation;
    private final String what;
    private final Range range;
    private final Optional<String> unknown;
    private final BiPredicate<TraceEvent, Sight> counts;
    private long count;

    private CountWatch(Expectation expectation, String what, Range range, Optional<String> unknown, BiPredicate<TraceEvent, Sight> counts) {
        this.expectation = expectation;
        this.what = what;
        this.range = range;
        this.unknown = unknown;
        this.counts = counts;
    }

    static CountWatch of(Drops drops) {
        return new CountWatch(drops, "drops for " + drops.reason() + at(drops.node()), drops.count(), unknownReason(drops.reason()), (event, _) ->
                event instanceof TraceEvent.Dropped dropped && dropped.reason().code().equals(drops.reason()) && matches(drops.node(), dropped.node()));
    }

    static CountWatch of(Messages messages) {
        return new CountWatch(messages, messages.message() + messages.from().map(node -> " from " + node).orElse(""), messages.count(), Optional.empty(),
                (event, sight) -> event instanceof TraceEvent.FrameSent sent && matches(messages.from(), sent.node())
                        && sight.originates(sent, messages.message()));
    }

    static CountWatch of(Decisions decisions) {
        return new CountWatch(decisions, "decisions for " + decisions.reason() + decisions.entry().map(entry -> " by a row of " + entry).orElse("")
                + at(decisions.node()), decisions.count(), unknownReason(decisions.reason()).or(() -> decisions.entry().flatMap(CountWatch::unknownRow)),
                (event, _) -> event instanceof TraceEvent.Decided decided && decided.reason().code().equals(decisions.reason())
                        && matches(decisions.node(), decided.node())
                        && decisions.entry().map(entry -> decided.entry().startsWith(entry + " ")).orElse(true));
    }

    static CountWatch of(Changes changes) {
        return new CountWatch(changes, "changes of " + changes.row() + changes.reason().map(reason -> " for " + reason).orElse("") + at(changes.node()),
                changes.count(), unknownRow(changes.row()).or(() -> changes.reason().flatMap(CountWatch::unknownReason)),
                (event, _) -> event instanceof TraceEvent.Changed changed && matches(changes.node(), changed.node())
                        && StateFields.kind(changed.row().getClass()).equals(changes.row()) && matches(changes.reason(), changed.reason().code()));
    }

    static CountWatch of(Events events) {
        String what = events.says().orElseGet(() -> "events where " + events.match() + at(events.node()));
        try {
            Query query = Query.parse(events.match());
            return new CountWatch(events, what, events.count(), Optional.empty(),
                    (event, sight) -> matches(events.node(), event.node()) && sight.matches(query, event));
        } catch (QueryProblem e) {
            return new CountWatch(events, what, events.count(), Optional.of(e.getMessage()), (_, _) -> false);
        }
    }

    private static String at(Optional<String> node) {
        return node.map(name -> " at " + name).orElse("");
    }

    private static boolean matches(Optional<String> wanted, String found) {
        return wanted.isEmpty() || wanted.get().equals(found);
    }

    private static Optional<String> unknownReason(String code) {
        return Arrays.stream(Reason.values()).anyMatch(reason -> reason.code().equals(code)) ? Optional.empty()
                : Optional.of("there is no reason code \"" + code + "\"");
    }

    private static Optional<String> unknownRow(String kind) {
        return StateFields.kinds().contains(kind) ? Optional.empty() : Optional.of("there are no table rows of kind \"" + kind + "\"");
    }

    @Override
    public void add(TraceEvent event, Sight sight) {
        if (expectation.when().contains(event.at()) && counts.test(event, sight)) {
            count++;
        }
    }

    @Override
    public Verdict result(Ending ending) {
        String expected = what + ": " + Watch.text(range, String::valueOf) + Watch.when(expectation.when(), ending.until());
        return unknown.map(why -> new Verdict(expectation, Outcome.FAILS, expected, why)).orElseGet(() ->
                new Verdict(expectation, Watch.outcome(range, count, ending.covers(expectation.when().to())), expected, String.valueOf(count)));
    }
}
