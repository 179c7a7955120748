package careof.app.packets;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import javafx.collections.ObservableListBase;

/**
 * A list that grows at its end and may lose its beginning, whose rows are made when they are looked at; it holds but the few hundred that were looked
 * at last.
 */
public abstract class LazyRows<R> extends ObservableListBase<R> {
    private static final int KEPT = 600;

    /** By their place. */
    private final Map<Long, R> kept = new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, R> eldest) {
            return size() > KEPT;
        }
    };
    private LongFunction<R> maker = _ -> null;
    /** Place of the first row. */
    private long from;
    private int size;

    /**
     * Shows other rows.
     *
     * @param newMaker makes the row at a place
     * @param first    place of the first row
     * @param to       place after the last
     */
    protected final void replace(LongFunction<R> newMaker, long first, long to) {
        beginChange();
        // Rows are not read back only to say that they went: nobody asks for them.
        if (size > 0) {
            nextRemove(0, Collections.nCopies(size, null));
        }
        kept.clear();
        maker = newMaker;
        from = first;
        size = length(first, to);
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
     * @param first place of the first row; nothing comes back
     * @param to    place after the last
     */
    public final void move(long first, long to) {
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

    /** The place of a row. */
    protected final long place(int index) {
        return from + index;
    }

    @Override
    public final R get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        R row = kept.get(place(index));
        if (row == null) {
            row = maker.apply(place(index));
            kept.put(place(index), row);
        }
        return row;
    }

    @Override
    public final int size() {
        return size;
    }

    /** The index of a row, found without making others. */
    @Override
    public abstract int indexOf(Object row);

    @Override
    public final boolean contains(Object row) {
        return indexOf(row) >= 0;
    }

    /** The rows' own equality would make them all. */
    @Override
    public final boolean equals(Object other) {
        return this == other;
    }

    @Override
    public final int hashCode() {
        return System.identityHashCode(this);
    }
}
