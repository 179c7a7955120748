package careof.engine.ike;

import careof.engine.base.VirtualTime;

/** Lifetimes as IKE's messages have them: whole seconds, and units of 1024 octets. */
final class Lifetimes {
    /** More than a hundred years are as good as none. */
    private static final long MOST = 0xffff_ffffL;

    private static final int KIBI = 1024;

    private Lifetimes() {}

    /** @param seconds not negative, whatever a peer wrote */
    static long nanos(long seconds) {
        return Math.min(seconds, MOST) * VirtualTime.SECOND;
    }

    /** @param kilobytes not negative, whatever a peer wrote */
    static long octets(long kilobytes) {
        return Math.min(kilobytes, Long.MAX_VALUE / KIBI) * KIBI;
    }

    /** Whole units, at least one. */
    static long kilobytes(long octets) {
        return Math.max(1, octets / KIBI);
    }

    /** The shorter one of two, of which 0 is the longest. */
    static long shorter(long one, long other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }
}
