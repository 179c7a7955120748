package careof.engine.metrics;

import careof.engine.lab.Expectation;

/**
 * What a run says about an expectation.
 *
 * @param expected the expectation in words
 * @param seen     what the trace shows, in words
 * @param value    the same as short as a cell of a table: a number or a time, "-" for nothing at all
 */
public record Verdict(Expectation expectation, Outcome outcome, String expected, String seen, String value) {
    /** Of something that is seen in few words. */
    Verdict(Expectation expectation, Outcome outcome, String expected, String seen) {
        this(expectation, outcome, expected, seen, seen);
    }

    /** How an expectation came out. */
    public enum Outcome {
        HOLDS,
        FAILS,
        /** The run has not come far enough to tell. */
        OPEN
    }
}
