package careof.engine.ike;

/**
 * How long SAs of IPsec last.
 *
 * @param time   nanoseconds; 0: without an end in time
 * @param octets that they carry; 0: any number
 */
record Lifespan(long time, long octets) {
    /** Of each kind the shorter one of two. */
    Lifespan shorter(Lifespan other) {
        return new Lifespan(Lifetimes.shorter(time, other.time), Lifetimes.shorter(octets, other.octets));
    }

    /** What of it is not as it was offered; 0 of what is. */
    Lifespan cutFrom(Lifespan offered) {
        return new Lifespan(time == offered.time ? 0 : time, octets == offered.octets ? 0 : octets);
    }

    /** Whether nothing ends it. */
    boolean isEndless() {
        return time == 0 && octets == 0;
    }
}
