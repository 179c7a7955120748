package careof.engine.trace;

import java.util.Arrays;

/** A growing column of longs, 0 where nothing was set; written by one thread, read by those that know from elsewhere that a value is there. */
final class LongColumn {
    private static final int CHUNK = 1 << 14;
    private volatile long[][] chunks = new long[0][];

    long get(long index) {
        int chunk = (int) (index / CHUNK);
        long[][] all = chunks;
        long[] values = chunk < all.length ? all[chunk] : null;
        return values == null ? 0 : values[(int) (index % CHUNK)];
    }

    /** Forgets values before one, as far as that gives memory free. */
    void dropBefore(long index) {
        long[][] all = chunks;
        for (int chunk = (int) Math.min(index / CHUNK, all.length) - 1; chunk >= 0 && all[chunk] != null; chunk--) {
            all[chunk] = null;
        }
    }

    void set(long index, long value) {
        int chunk = (int) (index / CHUNK);
        long[][] all = chunks;
        if (chunk >= all.length) {
            int before = all.length;
            all = Arrays.copyOf(all, chunk + 1);
            for (int i = before; i <= chunk; i++) {
                all[i] = new long[CHUNK];
            }
            chunks = all;
        }
        all[chunk][(int) (index % CHUNK)] = value;
    }
}
