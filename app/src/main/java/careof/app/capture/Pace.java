package careof.app.capture;

/** Tells work when it is time to report again. */
final class Pace {
    /** Wall time between two reports, nanoseconds. */
    private static final long REPORT = 40_000_000;

    private long last;

    boolean isDue() {
        long now = System.nanoTime();
        boolean due = last == 0 || now - last > REPORT;
        last = due ? now : last;
        return due;
    }
}
