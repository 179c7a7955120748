package careof.engine.sim;

/**
 * Seeded randomness by ordinal: the n-th draw of a named stream is a pure function of the seed, the stream's name and n.
 * So one more draw in one place shifts nothing anywhere else.
 */
public final class Rng {
    private final long key;

    /**
     * @param seed   of the run
     * @param stream "node purpose" or "link purpose"
     */
    public Rng(long seed, String stream) {
        long mixed = mix(seed);
        for (int i = 0; i < stream.length(); i++) {
            mixed = mix(mixed ^ stream.charAt(i));
        }
        this.key = mixed;
    }

    /** Sixty-four bits. */
    public long bits(long ordinal) {
        return mix(key + ordinal * 0x9e3779b97f4a7c15L);
    }

    /** Uniform in 0 (inclusive) to 1 (exclusive). */
    public double unit(long ordinal) {
        return (bits(ordinal) >>> 11) * 0x1p-53;
    }

    /** Uniform in {@code least} to {@code most}, both inclusive; the span must be below 2^53. */
    public long between(long least, long most, long ordinal) {
        return least + (long) (unit(ordinal) * (most - least + 1));
    }

    /** The finishing step of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
        value += 0x9e3779b97f4a7c15L;
        value = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        value = (value ^ value >>> 27) * 0x94d049bb133111ebL;
        return value ^ value >>> 31;
    }
}
