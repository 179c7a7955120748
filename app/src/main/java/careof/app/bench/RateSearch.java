package careof.app.bench;

/** The way to the largest rate that a tunnel carries: up from one that any does, until so many in a row have failed that something else cannot be the reason. */
final class RateSearch {
    private static final double FIRST = 15_000;
    private static final double STEP = 1.1;
    private static final int MOST_FAILURES = 6;

    private double next = FIRST;
    private int failures;
    private double best;

    /** Packets a second to try next. */
    double next() {
        return next;
    }

    /**
     * It was tried.
     *
     * @param carried whether nearly all arrived
     * @param arrived packets a second
     */
    void tried(boolean carried, double arrived) {
        next *= STEP;
        failures = carried ? 0 : failures + 1;
        best = carried ? Math.max(best, arrived) : best;
    }

    boolean isOver() {
        return failures == MOST_FAILURES;
    }

    /** Packets a second that arrived at the largest rate that was carried; 0: none was. */
    double best() {
        return best;
    }
}
