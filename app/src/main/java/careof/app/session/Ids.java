package careof.app.session;

import java.util.Arrays;

/** A growing list of ascending numbers, most often event ids, written by one thread and read by any. */
public final class Ids implements Series {
    private volatile long[] ids = new long[64];
    private volatile int size;

    /** Called by one thread only. */
    public void add(long id) {
        int n = size;
        if (n == ids.length) {
            ids = Arrays.copyOf(ids, 2 * n);
        }
        ids[n] = id;
        size = n + 1;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long get(int index) {
        return ids[index];
    }

    @Override
    public int upTo(long id) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ids[middle] <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
