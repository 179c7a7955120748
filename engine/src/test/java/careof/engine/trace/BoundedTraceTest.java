package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces that keep what comes last. */
class BoundedTraceTest {
    private static final long BOUND = TraceStore.LEAST_BOUND;

    /** Random events that take much room, and the tables after each of them. */
    private static final class Run {
        private final RandomEvents events;
        private final Random random;
        private final Projection tables;
        private final TraceStore whole = new TraceStore(Detail.FULL);
        private final TraceStore bounded = new TraceStore(Detail.FULL, BOUND);
        private long id;

        Run(long seed) {
            events = new RandomEvents(seed, 1 << 15);
            random = new Random(seed);
            tables = new Projection(whole);
        }

        void step() {
            TraceEvent event = events.next();
            id = event.id();
            whole.append(event);
            bounded.append(event);
            if (random.nextInt(20) == 0 && bounded.wantsBase()) {
                bounded.base(rows());
            }
        }

        private SortedMap<LabState.Key, State> rows() {
            SortedMap<LabState.Key, State> rows = new TreeMap<>();
            tables.at(id).rows().forEach((key, row) -> rows.put(key, row.state()));
            return rows;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whatIsKeptIsAsItWas(long seed) {
        Run run = new Run(seed);
        Random random = new Random(seed);
        Projection tables = new Projection(run.bounded);
        long most = 0;
        for (int rounds = 0; run.whole.octets() < 3 * BOUND; rounds++) {
            run.step();
            if (rounds % 1_000 != 0) {
                continue;
            }
            long first = run.bounded.first();
            assertTrue(first >= most);
            most = first;
            for (int i = 0; i < 20; i++) {
                long id = first + random.nextLong(run.id - first + 1);
                TraceEvent event = run.whole.get(id);
                assertEquals(event, run.bounded.get(id));
                assertEquals(event.at(), run.bounded.timeOf(id));
                assertEquals(Math.max(first, run.whole.firstAt(event.at())), run.bounded.firstAt(event.at()));
                assertEquals(run.whole.framesUpTo(id), run.bounded.framesUpTo(id));
                assertEquals(run.whole.frameOf(event.packet()).filter(sent -> sent.id() >= first), run.bounded.frameOf(event.packet()));
                if (i % 10 != 0) {
                    continue;
                }
                long n = first - 1 + random.nextLong(run.id - first + 2);
                assertEquals(run.tables.at(n).digest(), tables.at(n).digest(), () -> "tables at " + n + " of " + first + " to " + run.id);
            }
            assertEquals(run.tables.at(first - 1).digest(), run.bounded.base().digest());
            assertThrows(IndexOutOfBoundsException.class, () -> run.bounded.get(first - 1));
            assertThrows(IndexOutOfBoundsException.class, () -> tables.at(first - 2));
        }
        assertTrue(most > 1, "nothing went");
        assertEquals(run.whole.octets(), run.bounded.octets());
        most = run.bounded.first();
        TraceStore.Cursor kept = run.bounded.from(1);
        TraceStore.Cursor all = run.whole.from(most);
        while (all.hasNext()) {
            assertEquals(all.next(), kept.next());
        }
        assertTrue(run.bounded.octets() - run.bounded.offsetOf(most) > BOUND * 9 / 10, "what is within the bound is kept");
        assertTrue(run.bounded.octets() - run.bounded.offsetOf(most) <= BOUND * 11 / 10);
    }

    /** Readers in the midst of what goes get what was, or pass on, or hear that it is gone. */
    @Test
    void aThreadMayReadWhileEventsGo() throws Exception {
        Run run = new Run(3);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        TraceStore bounded = run.bounded;
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Random random = new Random(i);
            boolean walks = i == 0;
            readers.add(new Thread(() -> {
                try {
                    Projection tables = new Projection(bounded);
                    TraceStore.Cursor cursor = bounded.from(1);
                    while (run.whole.octets() < 3 * BOUND) {
                        if (walks && cursor.hasNext()) {
                            TraceEvent event = cursor.next();
                            assertEquals(run.whole.get(event.id()), event);
                        }
                        long first = bounded.first();
                        long size = bounded.size();
                        if (size > first) {
                            long id = random.nextInt(3) == 0 ? first : first + random.nextLong(size - first);
                            try {
                                assertEquals(run.whole.get(id), bounded.get(id));
                                if (!walks && random.nextInt(500) == 0) {
                                    assertEquals(id, tables.at(id).event());
                                }
                            } catch (IndexOutOfBoundsException e) {
                                assertTrue(id < bounded.first() + 1, e.getMessage());
                            }
                        }
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        readers.forEach(Thread::start);
        while (run.whole.octets() < 3 * BOUND && failure.get() == null) {
            run.step();
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertNull(failure.get());
        assertTrue(bounded.first() > 1);
    }

    /** A frame's tail that went would take all later ones along that share it. */
    @Test
    void noFrameDependsOnWhatIsGone() {
        TraceStore bounded = new TraceStore(Detail.FULL, BOUND);
        byte[] octets = new byte[1014];
        new Random(4).nextBytes(octets);
        long id = 1;
        while (bounded.octets() < 2 * BOUND || bounded.first() == 1) {
            for (FrameSent sent : TraceStoreTest.hops(id, id, Octets.wrap(octets), 1_000)) {
                FrameSent chained = new FrameSent(sent.id(), sent.at(), sent.node(), sent.cause(), sent.packet(), sent.packet() - 1, sent.port(), sent.link(), sent.ordinal(),
                        sent.departs(), sent.arrivals(), sent.frame());
                bounded.append(chained);
            }
            id += 1_000;
            if (bounded.wantsBase()) {
                bounded.base(new TreeMap<>());
            }
        }
        FrameSent first = (FrameSent) bounded.get(bounded.first());
        assertEquals(octets.length, first.frame().length());
        assertEquals(Octets.wrap(octets).from(30), first.frame().from(30));
    }

    @Test
    void boundsThatAreTooSmallAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TraceStore(Detail.FULL, BOUND - 1));
        TraceStore whole = new TraceStore(Detail.FULL);
        whole.append(new FrameSent(1, 0, "n", 0, 1, 0, "p", "l", 1, 0, List.of(new Arrival("m/p", 5)), Octets.EMPTY));
        whole.append(new FrameArrived(2, 5, "m", 1, 1, "p", "l", 1));
        assertEquals(false, whole.wantsBase());
        assertEquals(1, whole.first());
        assertEquals(Optional.empty(), whole.frameOf(2));
    }
}
