package careof.app.packets;

import careof.engine.decode.Opener;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import javafx.collections.ObservableListBase;

/**
 * The frames of a trace, or those that a filter lets pass, as a list that grows. It holds no rows but the few hundred that were
 * looked at last.
 */
public final class PacketList extends ObservableListBase<PacketRow> {
    private static final int KEPT = 600;

    private final Map<Integer, PacketRow> kept = new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, PacketRow> eldest) {
            return size() > KEPT;
        }
    };
    private TraceStore trace;
    private Opener opener = Opener.NONE;
    private IntFunction<Long> places = i -> (long) i;
    private int size;

    /**
     * Shows another trace or another choice of its frames.
     *
     * @param opener for what is protected
     * @param places from a row's index to the frame's place among all frames, from 0
     */
    public void show(TraceStore trace, Opener opener, IntFunction<Long> places, int size) {
        beginChange();
        // Rows are not read back only to say that they went: nobody asks for them.
        if (this.size > 0) {
            nextRemove(0, Collections.nCopies(this.size, null));
        }
        kept.clear();
        this.trace = trace;
        this.opener = opener;
        this.places = places;
        this.size = size;
        if (size > 0) {
            nextAdd(0, size);
        }
        endChange();
    }

    /** More rows have come. */
    public void grow(int size) {
        if (size > this.size) {
            beginChange();
            int from = this.size;
            this.size = size;
            nextAdd(from, size);
            endChange();
        }
    }

    /** The event of a row. */
    public long event(int index) {
        return trace.frameEvent(places.apply(index));
    }

    /** How many rows are events up to {@code event}. */
    public int upTo(long event) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (event(middle) <= event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public PacketRow get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        PacketRow row = kept.get(index);
        if (row == null) {
            long place = places.apply(index);
            row = PacketRow.of(place + 1, (FrameSent) trace.get(trace.frameEvent(place)), opener);
            kept.put(index, row);
        }
        return row;
    }

    @Override
    public int size() {
        return size;
    }

    /** The rows' own equality would read the whole trace. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public int indexOf(Object row) {
        if (row instanceof PacketRow r && size > 0) {
            int index = upTo(r.sent().id()) - 1;
            return index >= 0 && event(index) == r.sent().id() ? index : -1;
        }
        return -1;
    }

    @Override
    public boolean contains(Object row) {
        return indexOf(row) >= 0;
    }
}
