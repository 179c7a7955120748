package careof.engine.trace;

import careof.engine.state.InFlight;
import careof.engine.state.State;
import careof.engine.state.Transmitter;
import careof.engine.trace.LabState.Key;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What every table held after event n, for any n that the trace keeps: the fold of the trace up to n. Keyframes along the way make a jump
 * back as cheap as a jump forward. Not for use by two threads at once.
 */
public final class Projection {
    /** Events between two keyframes, at first. */
    private static final int STRIDE = 1024;
    /** With more keyframes every other one goes: they take heap, and a step in a very long trace may take a little longer. */
    private static final int MOST_KEYFRAMES = 2048;
    private static final int IN_FLIGHT = StateCodec.kind(InFlight.class);

    private final TraceStore trace;
    /** By their events. */
    private final TreeMap<Long, LabState> keyframes = new TreeMap<>();
    private final int mostKeyframes;
    private int stride;
    /** What the events since the last settled rows did: a row that changes often is put into the tree once. */
    private final Map<Key, Optional<Row<?>>> changes = new LinkedHashMap<>();
    private long folded;
    private LabState current;

    public Projection(TraceStore trace) {
        this(trace, STRIDE, MOST_KEYFRAMES);
    }

    Projection(TraceStore trace, int stride, int mostKeyframes) {
        this.trace = trace;
        this.stride = stride;
        this.mostKeyframes = mostKeyframes;
        this.current = trace.base();
    }

    /** The tables after event {@code n}, from the one before the trace's first to its last. */
    public LabState at(long n) {
        while (true) {
            LabState base = trace.base();
            if (n < base.event() || n > trace.size()) {
                throw new IndexOutOfBoundsException("event " + n + " of " + trace.first() + " to " + trace.size());
            }
            LabState start = start(base, n);
            if (fold(start, n)) {
                return current;
            }
        }
    }

    /** The nearest state that is known and whose next event is kept. */
    private LabState start(LabState base, long n) {
        keyframes.headMap(base.event()).clear();
        LabState start = base;
        Map.Entry<Long, LabState> keyframe = keyframes.floorEntry(n);
        if (keyframe != null && keyframe.getKey() >= start.event()) {
            start = keyframe.getValue();
        }
        return current.event() <= n && current.event() >= start.event() ? current : start;
    }

    /** Whether all events were there; if not, nothing has come of it. */
    private boolean fold(LabState start, long n) {
        PersistentMap<Key, Row<?>> rows = start.rows();
        TraceStore.Cursor cursor = trace.from(start.event() + 1);
        List<LabState> passed = new ArrayList<>();
        try {
            for (long id = start.event() + 1; id <= n; id++) {
                fold(cursor.nextForState());
                folded++;
                if (id % stride == 0) {
                    rows = settle(rows);
                    passed.add(new LabState(id, cursor.time(), rows));
                }
            }
        } catch (NoSuchElementException e) {
            if (trace.first() <= start.event() + 1) {
                throw e;
            }
        }
        rows = settle(rows);
        if (trace.first() > start.event() + 1) {
            return false;    // the cursor passed over something
        }
        passed.forEach(this::add);
        current = n == start.event() ? start : new LabState(n, cursor.time(), rows);
        return true;
    }

    /** Events folded so far, by all calls: what steps and jumps cost. */
    public long folded() {
        return folded;
    }

    private void add(LabState keyframe) {
        if (keyframe.event() % stride == 0) {
            keyframes.put(keyframe.event(), keyframe);
        }
        if (keyframes.size() > mostKeyframes) {
            stride *= 2;
            keyframes.keySet().removeIf(event -> event % stride != 0);
        }
    }

    private PersistentMap<Key, Row<?>> settle(PersistentMap<Key, Row<?>> rows) {
        for (Map.Entry<Key, Optional<Row<?>>> change : changes.entrySet()) {
            Optional<Row<?>> row = change.getValue();
            rows = row.isPresent() ? rows.with(change.getKey(), row.get()) : rows.without(change.getKey());
        }
        changes.clear();
        return rows;
    }

    private void fold(TraceEvent event) {
        switch (event) {
            case Changed e -> changes.put(Key.of(e.node(), e.row()), e.now().map(now -> new Row<>(now, e.id())));
            case FrameSent e -> {
                String from = e.node() + "/" + e.port();
                put(new Transmitter(e.link(), from, e.departs(), e.ordinal()), e.id());
                for (TraceEvent.Arrival arrival : e.arrivals()) {
                    put(new InFlight(e.id(), e.packet(), e.link(), from, arrival.to(), e.departs(), arrival.at()), e.id());
                }
            }
            case FrameArrived e -> changes.put(new Key("", IN_FLIGHT, e.sent() + " " + e.node() + "/" + e.port()), Optional.empty());
            case null, default -> { }    // changes no row
        }
    }

    private void put(State state, long event) {
        changes.put(Key.of("", state), Optional.of(new Row<>(state, event)));
    }
}
