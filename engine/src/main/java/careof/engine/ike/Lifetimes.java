package careof.engine.ike;

import careof.engine.base.VirtualTime;

/** Lifetimes as IKE's messages have them: whole seconds. */
final class Lifetimes {
    /** More than a hundred years are as good as none. */
    private static final long MOST = 0xffff_ffffL;

    private Lifetimes() {}

    /** @param seconds not negative, whatever a peer wrote */
    static long nanos(long seconds) {
        return Math.min(seconds, MOST) * VirtualTime.SECOND;
    }

    /** The shorter one of two, of which 0 is the longest. */
    static long shorter(long one, long other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }
}
