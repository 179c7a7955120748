package careof.engine.live;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A lab as it runs live. */
public final class LiveLab {
    /** Octets of a live run's trace that stay in memory: the last minutes. */
    public static final long KEPT = 256 << 20;
    /** Far enough that nobody waits for it, near enough to add to. */
    private static final long NEVER = 1_000_000L * 3600 * VirtualTime.SECOND;

    /** How long a lab runs at least that ran for as long as somebody wanted, nanoseconds. */
    private static final long LEAST_RUN = 20 * VirtualTime.SECOND;

    private LiveLab() {}

    /** Whether a lab ends when somebody ends it. */
    public static boolean isEndless(Lab lab) {
        return lab.until() == NEVER;
    }

    /**
     * The lab of a run that was live, as one that comes to its end by itself.
     *
     * @param reached virtual time that the run came to, nanoseconds
     */
    public static Lab ending(Lab lab, long reached) {
        return isEndless(lab) ? lab.withUntil(Math.max(LEAST_RUN, reached)) : lab;
    }

    /** Its calendar is that of today, which is what the certificates of real peers are of, and it ends when somebody ends it. */
    public static Lab of(Lab lab) {
        return lab.withEpoch(Instant.now().truncatedTo(ChronoUnit.SECONDS)).withUntil(NEVER);
    }
}
