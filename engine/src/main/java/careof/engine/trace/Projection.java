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
import java.util.Optional;

/**
 * What every table held after event n, for any n: the fold of the trace up to n. Keyframes along the way make a jump
 * back as cheap as a jump forward. Not for use by two threads at once.
 */
public final class Projection {
    /** Events between two keyframes, at first. */
    private static final int STRIDE = 1024;
    /** With more keyframes every other one goes: they take heap, and a step in a very long trace may take a little longer. */
    private static final int MOST_KEYFRAMES = 2048;
    private static final int IN_FLIGHT = StateCodec.kind(InFlight.class);

    private final TraceStore trace;
    private final List<LabState> keyframes = new ArrayList<>();
    private final int mostKeyframes;
    private int stride;
    /** What the events since the last settled rows did: a row that changes often is put into the tree once. */
    private final Map<Key, Optional<Row<?>>> changes = new LinkedHashMap<>();
    private long folded;
    private LabState current = new LabState(0, 0, PersistentMap.empty());

    public Projection(TraceStore trace) {
        this(trace, STRIDE, MOST_KEYFRAMES);
    }

    Projection(TraceStore trace, int stride, int mostKeyframes) {
        this.trace = trace;
        this.stride = stride;
        this.mostKeyframes = mostKeyframes;
        keyframes.add(current);
    }

    /** The tables after event {@code n}, 0 to the trace's size. */
    public LabState at(long n) {
        if (n < 0 || n > trace.size()) {
            throw new IndexOutOfBoundsException("event " + n + " of " + trace.size());
        }
        LabState start = current;
        if (n < current.event() || n - current.event() > stride) {
            LabState keyframe = keyframes.get((int) Math.min(n / stride, keyframes.size() - 1));
            start = n < current.event() || keyframe.event() > current.event() ? keyframe : current;
        }
        PersistentMap<Key, Row<?>> rows = start.rows();
        TraceStore.Cursor cursor = trace.from(start.event() + 1);
        for (long id = start.event() + 1; id <= n; id++) {
            fold(cursor.nextForState());
            folded++;
            if (id % stride == 0) {
                rows = settle(rows);
                if (id / stride == keyframes.size()) {
                    add(new LabState(id, cursor.time(), rows));
                }
            }
        }
        current = new LabState(n, n == start.event() ? start.time() : cursor.time(), settle(rows));
        return current;
    }

    /** Events folded so far, by all calls: what steps and jumps cost. */
    public long folded() {
        return folded;
    }

    private void add(LabState keyframe) {
        keyframes.add(keyframe);
        if (keyframes.size() > mostKeyframes) {
            List<LabState> kept = new ArrayList<>();
            for (int i = 0; i < keyframes.size(); i += 2) {
                kept.add(keyframes.get(i));
            }
            keyframes.clear();
            keyframes.addAll(kept);
            stride *= 2;
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
