package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
    /** The fold, said a second time in the plainest way. */
    private static void fold(TreeMap<Key, Row<?>> rows, TraceEvent event) {
        if (event instanceof Changed e) {
            Key key = Key.of(e.node(), e.row());
            if (e.now().isPresent()) {
                rows.put(key, new Row<>(e.now().get(), e.id()));
            } else {
                rows.remove(key);
            }
        } else if (event instanceof FrameSent e) {
            String from = e.node() + "/" + e.port();
            State sender = new Transmitter(e.link(), from, e.departs(), e.ordinal());
            rows.put(Key.of("", sender), new Row<>(sender, e.id()));
            e.arrivals().forEach(a -> {
                State flight = new InFlight(e.id(), e.packet(), e.link(), from, a.to(), e.departs(), a.at());
                rows.put(Key.of("", flight), new Row<>(flight, e.id()));
            });
        } else if (event instanceof FrameArrived e) {
            rows.keySet().removeIf(key -> key.kind() == StateCodec.kind(InFlight.class) && key.key().equals(e.sent() + " " + e.node() + "/" + e.port()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyJumpGivesTheFoldUpToThere(long seed) {
        int count = 6_000;
        List<TraceEvent> events = new RandomEvents(seed).events(count);
        TraceStore store = TraceStoreTest.store(events);
        List<TreeMap<Key, Row<?>>> expected = new ArrayList<>();
        TreeMap<Key, Row<?>> rows = new TreeMap<>();
        expected.add(new TreeMap<>());
        for (TraceEvent event : events) {
            fold(rows, event);
            expected.add(event.id() % 13 == 0 || event.id() % 1024 <= 1 ? new TreeMap<>(rows) : null);
        }
        // with few keyframes, which thin out as the trace goes on, and with all of them
        Projection projection = seed == 1 ? new Projection(store, 16, 8) : new Projection(store);
        Random random = new Random(seed);
        int checked = 0;
        for (int i = 0; i < 400; i++) {
            int n = i % 3 == 0 ? random.nextInt(count + 1) : random.nextInt(count / 13) * 13;
            LabState state = projection.at(n);
            assertEquals(n, state.event());
            assertEquals(n == 0 ? 0 : events.get(n - 1).at(), state.time());
            TreeMap<Key, Row<?>> want = expected.get(n);
            if (want != null) {
                TreeMap<Key, Row<?>> found = new TreeMap<>();
                state.rows().forEach(found::put);
                assertEquals(want, found, "seed " + seed + " at " + n);
                assertEquals(want.size(), state.rows().size());
                TreeMap<Key, State> plain = new TreeMap<>();
                want.forEach((key, row) -> plain.put(key, row.state()));
                assertEquals(LabState.digest(plain), state.digest());
                checked++;
            }
        }
        assertTrue(checked > 200);
    }

    @Test
    void rowsOfOneKindOnOneNodeInOrder() {
        List<TraceEvent> events = new RandomEvents(4).events(3_000);
        LabState state = new Projection(TraceStoreTest.store(events)).at(3_000);
        TreeMap<Key, Row<?>> all = new TreeMap<>();
        events.forEach(event -> fold(all, event));
        for (Class<?> kind : State.class.getPermittedSubclasses()) {
            for (String node : List.of("", "n0", "n1", "n5", "none")) {
                Class<? extends State> k = kind.asSubclass(State.class);
                List<Row<?>> want = all.entrySet().stream().filter(e -> e.getKey().node().equals(node) && e.getKey().kind() == StateCodec.kind(k))
                        .<Row<?>>map(e -> e.getValue()).toList();
                assertEquals(want, state.rows(node, k));
                want.forEach(row -> assertEquals(Optional.of(row), state.row(node, k, row.state().key())));
            }
        }
    }

    @Test
    void followsATraceThatGrows() {
        List<TraceEvent> events = new RandomEvents(5).events(5_000);
        TraceStore store = new TraceStore(Detail.FULL);
        Projection projection = new Projection(store);
        Random random = new Random(5);
        for (TraceEvent event : events) {
            store.append(event);
            if (random.nextInt(100) == 0) {
                projection.at(store.size());
                long n = random.nextLong(store.size() + 1);
                assertEquals(new Projection(store).at(n).digest(), projection.at(n).digest());
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> projection.at(5_001));
        assertThrows(IndexOutOfBoundsException.class, () -> projection.at(-1));
    }
}
