package careof.engine.metrics;

import careof.engine.lab.Expectation;

/**
 * What a run says about an expectation.
 *
 * @param expected the expectation in words
 * @param seen     what the trace shows, in words
 */
public record Verdict(Expectation expectation, Outcome outcome, String expected, String seen) {
    /** How an expectation came out. */
    public enum Outcome {
        HOLDS,
        FAILS,
        /** The run has not come far enough to tell. */
        OPEN
    }
}
