package careof.app.session;

import java.util.Arrays;

/** A growing list of ascending numbers, most often event ids, written by one thread and read by any. */
public final class Ids implements Series {
    private static final int LEAST = 64;

    /** @param from place of the first */
    private record Part(long[] ids, int from) {
        long at(int index) {
            return index < from ? 0 : ids[index - from];
        }
    }

    private volatile Part part = new Part(new long[LEAST], 0);
    private volatile int size;

    /** Called by one thread only. */
    public void add(long id) {
        int n = size;
        Part now = part;
        if (n - now.from == now.ids.length) {
            now = new Part(Arrays.copyOf(now.ids, 2 * now.ids.length), now.from);
            part = now;
        }
        now.ids[n - now.from] = id;
        size = n + 1;
    }

    /** Forgets those before a number, when there are as many of them as of the others; called by the thread that adds. */
    public void forget(long before) {
        int end = size;
        Part now = part;
        int keep = upTo(before - 1);
        if (keep - now.from > Math.max(LEAST, end - keep)) {
            part = new Part(Arrays.copyOfRange(now.ids, keep - now.from, keep - now.from + Math.max(LEAST, 2 * (end - keep))), keep);
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int first() {
        return part.from;
    }

    @Override
    public long get(int index) {
        return part.at(index);
    }

    @Override
    public int upTo(long id) {
        int high = size;
        Part now = part;
        int low = Math.min(now.from, high);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (now.at(middle) <= id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
