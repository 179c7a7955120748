package careof.engine.metrics;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Span;
import careof.engine.metrics.Verdict.Outcome;
import java.util.Optional;
import java.util.function.Supplier;

/** Judges what must hold all the time of a span, while it changes. */
final class Lasting {
    private final Span span;
    private final Supplier<Look> look;
    private long since;
    /** What was there at the end of what has been judged. */
    private String seen = "";
    /** The first moment at which it did not hold. */
    private Optional<String> broken = Optional.empty();

    /** What is there, and whether that is right. */
    record Look(boolean right, String text) {}

    /** @param look asked only where its answer counts */
    Lasting(Span span, Supplier<Look> look) {
        this.span = span;
        this.look = look;
    }

    /** To be called before each change: what was there up to now must have been right, wherever that lies in the span. */
    void changes(long at) {
        judge(Math.max(since, span.from()), at);
        since = at;
    }

    /** Judges what holds from one time until before another. */
    private void judge(long start, long before) {
        if (start >= before || start > span.to()) {
            return;
        }
        Look now = look.get();
        seen = now.text + " since " + Watch.micros(since);
        if (!now.right && broken.isEmpty()) {
            broken = Optional.of("at " + Watch.micros(start) + " " + now.text);
        }
    }

    /**
     * The verdict when the trace has been read.
     *
     * @param covered  whether nothing more can happen within the span
     * @param expected in words
     */
    Verdict verdict(Expectation expectation, String expected, long reached, boolean covered) {
        judge(Math.max(since, span.from()), Math.min(reached, span.to()) + 1);
        Outcome outcome = broken.isPresent() ? Outcome.FAILS : covered ? Outcome.HOLDS : Outcome.OPEN;
        return new Verdict(expectation, outcome, expected,
                broken.orElseGet(() -> outcome == Outcome.OPEN ? "the run has come to " + VirtualTime.format(reached) : seen));
    }
}
