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
import java.util.List;

/**
 * What every table held after event n, for any n: the fold of the trace up to n. Keyframes along the way make a jump
 * back as cheap as a jump forward. Not for use by two threads at once.
 */
public final class Projection {
    /** Events between two keyframes. */
    private static final int STRIDE = 1024;

    private final TraceStore trace;
    private final List<LabState> keyframes = new ArrayList<>();
    private LabState current = new LabState(0, 0, PersistentMap.empty());

    public Projection(TraceStore trace) {
        this.trace = trace;
        keyframes.add(current);
    }

    /** The tables after event {@code n}, 0 to the trace's size. */
    public LabState at(long n) {
        if (n < 0 || n > trace.size()) {
            throw new IndexOutOfBoundsException("event " + n + " of " + trace.size());
        }
        LabState start = current;
        if (n < current.event() || n - current.event() > STRIDE) {
            LabState keyframe = keyframes.get((int) Math.min(n / STRIDE, keyframes.size() - 1));
            start = n < current.event() || keyframe.event() > current.event() ? keyframe : current;
        }
        PersistentMap<Key, Row<?>> rows = start.rows();
        long time = start.time();
        TraceStore.Cursor cursor = trace.from(start.event() + 1);
        for (long id = start.event() + 1; id <= n; id++) {
            TraceEvent event = cursor.next();
            rows = fold(rows, event);
            time = event.at();
            if (id % STRIDE == 0 && id / STRIDE == keyframes.size()) {
                keyframes.add(new LabState(id, time, rows));
            }
        }
        current = new LabState(n, time, rows);
        return current;
    }

    private static PersistentMap<Key, Row<?>> fold(PersistentMap<Key, Row<?>> rows, TraceEvent event) {
        return switch (event) {
            case Changed e -> {
                Key key = Key.of(e.node(), e.row());
                yield e.now().isPresent() ? rows.with(key, new Row<>(e.now().get(), e.id())) : rows.without(key);
            }
            case FrameSent e -> {
                String from = e.node() + "/" + e.port();
                rows = put(rows, "", new Transmitter(e.link(), from, e.departs(), e.ordinal()), e.id());
                for (TraceEvent.Arrival arrival : e.arrivals()) {
                    rows = put(rows, "", new InFlight(e.id(), e.packet(), e.link(), from, arrival.to(), e.departs(), arrival.at()), e.id());
                }
                yield rows;
            }
            case FrameArrived e -> rows.without(new Key("", StateCodec.kind(InFlight.class), e.sent() + " " + e.node() + "/" + e.port()));
            case TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.Derived _, TraceEvent.Decided _, TraceEvent.Dropped _ -> rows;
        };
    }

    private static PersistentMap<Key, Row<?>> put(PersistentMap<Key, Row<?>> rows, String node, State state, long event) {
        return rows.with(Key.of(node, state), new Row<>(state, event));
    }
}
