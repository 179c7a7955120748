package careof.engine.trace;

/**
 * Longs by numbers from 0, few of which have one: 0 where nothing was set. A tree that takes no more memory than its entries deserve, however far they lie apart. Written by one
 * thread, read by those that know from elsewhere that a value is there.
 */
final class SparseLongs {
    private static final int BITS = 6;
    private static final int WAYS = 1 << BITS;
    /** Levels of the highest tree. */
    private static final int HIGHEST = 8;
    /** The largest number. */
    static final long MOST = (1L << BITS * HIGHEST) - 1;

    /**
     * @param node   {@code Object[]}, on the lowest level {@code long[]}
     * @param height levels
     */
    private record Root(Object node, int height) {
        boolean holds(long index) {
            return index >= 0 && index >>> BITS * height == 0;
        }
    }

    private volatile Root root = new Root(new long[WAYS], 1);

    long get(long index) {
        Root from = root;
        if (!from.holds(index)) {
            return 0;
        }
        Object node = from.node;
        for (int level = from.height - 1; level > 0 && node != null; level--) {
            node = ((Object[]) node)[way(index, level)];
        }
        return node == null ? 0 : ((long[]) node)[way(index, 0)];
    }

    /** @param index 0 to {@link #MOST} */
    void set(long index, long value) {
        if (index < 0 || index > MOST) {
            throw new IllegalArgumentException("no place for " + index);
        }
        while (!root.holds(index)) {
            Object[] node = new Object[WAYS];
            node[0] = root.node;
            root = new Root(node, root.height + 1);
        }
        Object node = root.node;
        for (int level = root.height - 1; level > 0; level--) {
            Object[] inner = (Object[]) node;
            int way = way(index, level);
            if (inner[way] == null) {
                inner[way] = level == 1 ? new long[WAYS] : new Object[WAYS];
            }
            node = inner[way];
        }
        ((long[]) node)[way(index, 0)] = value;
    }

    /** Forgets values below one, as far as that gives memory free, and as far as values rise with their numbers. */
    void dropBelow(long least) {
        drop(root.node, root.height - 1, least);
    }

    /** Whether nothing is left. */
    private static boolean drop(Object node, int level, long least) {
        if (level == 0) {
            for (long value : (long[]) node) {
                if (value >= least) {
                    return false;
                }
            }
            return true;
        }
        Object[] inner = (Object[]) node;
        for (int i = 0; i < WAYS; i++) {
            if (inner[i] != null) {
                if (!drop(inner[i], level - 1, least)) {
                    return false;
                }
                inner[i] = null;
            }
        }
        return true;
    }

    private static int way(long index, int level) {
        return (int) (index >>> BITS * level) & WAYS - 1;
    }
}
