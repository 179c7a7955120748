package careof.app.packets;

import careof.engine.decode.Opener;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import javafx.collections.ObservableListBase;

/**
 * The frames of a trace, or those that a filter lets pass, as a list that grows at its end, and loses its beginning where the trace does. It holds no
 * rows but the few hundred that were looked at last.
 */
public final class PacketList extends ObservableListBase<PacketRow> {
    private static final int KEPT = 600;

    /** By their place in the choice. */
    private final Map<Long, PacketRow> kept = new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PacketRow> eldest) {
            return size() > KEPT;
        }
    };
    private TraceStore trace;
    private Opener opener = Opener.NONE;
    private LongUnaryOperator places = LongUnaryOperator.identity();
    /** Place in the choice of the first row. */
    private long from;
    private int size;

    /**
     * Shows another trace or another choice of its frames.
     *
     * @param opener for what is protected
     * @param places from a place in the choice to the frame's place among all frames, both from 0
     * @param from   place in the choice of the first row
     * @param to     place after the last
     */
    public void show(TraceStore trace, Opener opener, LongUnaryOperator places, long from, long to) {
        beginChange();
        // Rows are not read back only to say that they went: nobody asks for them.
        if (this.size > 0) {
            nextRemove(0, Collections.nCopies(this.size, null));
        }
        kept.clear();
        this.trace = trace;
        this.opener = opener;
        this.places = places;
        this.from = from;
        this.size = length(from, to);
        if (size > 0) {
            nextAdd(0, size);
        }
        endChange();
    }

    private static int length(long from, long to) {
        return (int) Math.clamp(to - from, 0, Integer.MAX_VALUE);
    }

    /**
     * Some rows have gone, or more have come.
     *
     * @param first place in the choice of the first row; nothing comes back
     * @param to    place after the last
     */
    public void move(long first, long to) {
        int gone = (int) Math.min(size, Math.max(0, first - from));
        int grown = Math.max(length(Math.max(first, from), to), size - gone);
        if (gone == 0 && grown == size) {
            return;
        }
        beginChange();
        from = Math.max(first, from);
        int before = size - gone;
        size = grown;
        if (gone > 0) {
            nextRemove(0, Collections.nCopies(gone, null));
        }
        if (grown > before) {
            nextAdd(before, grown);
        }
        endChange();
    }

    /** The event of a row; of one that is gone from the trace meanwhile, any that is. */
    public long event(int index) {
        return trace.frameEvent(places.applyAsLong(from + index));
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
        PacketRow row = kept.get(from + index);
        if (row != null) {
            return row;
        }
        long place = places.applyAsLong(from + index);
        Optional<TraceEvent> sent = trace.find(trace.frameEvent(place));
        if (sent.isEmpty()) {
            return PacketRow.gone(place + 1, event(index), trace.base().time());
        }
        row = PacketRow.of(place + 1, (FrameSent) sent.get(), opener);
        kept.put(from + index, row);
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
