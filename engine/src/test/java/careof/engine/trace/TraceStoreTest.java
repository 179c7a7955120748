package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.state.Counter;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Started;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStoreTest {
    static TraceStore store(List<TraceEvent> events) {
        TraceStore store = new TraceStore(Detail.FULL);
        events.forEach(store::append);
        return store;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyEventComesBackAsItWas(long seed) {
        List<TraceEvent> events = new RandomEvents(seed).events(40_000);
        TraceStore store = store(events);
        assertEquals(events.size(), store.size());
        TraceStore.Cursor cursor = store.from(1);
        for (TraceEvent event : events) {
            assertEquals(event, cursor.next());
        }
        assertFalse(cursor.hasNext());
        assertThrows(NoSuchElementException.class, cursor::next);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            int id = 1 + random.nextInt(events.size());
            assertEquals(events.get(id - 1), store.get(id));
            assertEquals(events.get(id - 1).at(), store.timeOf(id));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {6, 7})
    void theIndexesAgreeWithTheEvents(long seed) {
        List<TraceEvent> events = new RandomEvents(seed).events(5_000);
        TraceStore store = store(events);
        List<TraceEvent> frames = events.stream().filter(e -> e instanceof FrameSent).toList();
        assertEquals(frames.size(), store.frameCount());
        assertEquals(events.stream().filter(e -> e instanceof Dropped).count(), store.dropCount());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(frames.get(i).id(), store.frameEvent(i));
        }
        for (long n = 0; n <= events.size(); n += 37) {
            long id = n;
            assertEquals(frames.stream().filter(e -> e.id() <= id).count(), store.framesUpTo(id));
        }
        for (long packet = 0; packet < 1200; packet += 7) {
            long wanted = packet;
            assertEquals(frames.stream().filter(e -> e.packet() == wanted).findFirst(), store.frameOf(packet).map(e -> e));
        }
        for (TraceEvent event : events) {
            for (long time = event.at() - 1; time <= event.at() + 1; time++) {
                long wanted = time;
                if (event.id() % 50 == 0) {
                    assertEquals(events.stream().filter(e -> e.at() >= wanted).findFirst().map(TraceEvent::id).orElse(store.size() + 1), store.firstAt(time));
                }
            }
        }
        assertEquals(store.size() + 1, store.firstAt(Long.MAX_VALUE));
        assertThrows(IndexOutOfBoundsException.class, () -> store.get(0));
        assertThrows(IndexOutOfBoundsException.class, () -> store.get(store.size() + 1));
    }

    @Test
    void aCursorSeesWhatComesLater() {
        List<TraceEvent> events = new RandomEvents(8).events(100);
        TraceStore store = new TraceStore(Detail.FULL);
        TraceStore.Cursor fromStart = store.from(1);
        TraceStore.Cursor later = store.from(51);
        for (TraceEvent event : events) {
            assertFalse(fromStart.hasNext());
            store.append(event);
            assertEquals(event, fromStart.next());
            if (event.id() > 50) {
                assertEquals(event, later.next());
            }
        }
    }

    @Test
    void eventsMustFollowEachOther() {
        TraceStore store = new TraceStore(Detail.FULL);
        store.append(new Started(1, 10, "", 0, "", 1));
        assertThrows(IllegalArgumentException.class, () -> store.append(new Started(1, 10, "", 0, "", 1)));
        assertThrows(IllegalArgumentException.class, () -> store.append(new Started(3, 10, "", 0, "", 1)));
        assertThrows(IllegalArgumentException.class, () -> store.append(new Started(2, 9, "", 0, "", 1)));
        assertEquals(1, store.size());
    }

    @Test
    void theDigestTellsEqualRunsFromOthers() {
        List<TraceEvent> events = new RandomEvents(9).events(2_000);
        assertEquals(store(events).digest(), store(new RandomEvents(9).events(2_000)).digest());
        assertNotEquals(store(events).digest(), store(events.subList(0, 1_999)).digest());
        List<TraceEvent> other = new ArrayList<>(events);
        Changed changed = (Changed) events.stream().filter(e -> e instanceof Changed c && c.now().isPresent()).reduce((_, b) -> b).orElseThrow();
        other.set((int) changed.id() - 1, new Changed(changed.id(), changed.at(), changed.node(), changed.cause(), changed.packet(), changed.previous(),
                changed.old(), Optional.of(new Counter("changed", 1)), changed.reason(), changed.args()));
        assertNotEquals(store(events).digest(), store(other).digest());
    }

    /** Ten hops of a frame: each differs in Ethernet addresses and hop limit only. */
    static List<FrameSent> hops(long firstId, long firstPacket, Octets frame, int hops) {
        List<FrameSent> sent = new ArrayList<>();
        for (int i = 0; i < hops; i++) {
            byte[] octets = frame.toArray();
            octets[5] = (byte) i;
            octets[11] = (byte) (i + 1);
            octets[21] -= (byte) i;
            long id = firstId + i;
            sent.add(new FrameSent(id, id * 1000, "r" + i, id - 1, firstPacket + i, i == 0 ? 0 : firstPacket + i - 1, "eth1", "l" + i, id, id * 1000 + 10,
                    List.of(new Arrival("r" + (i + 1) + "/eth0", id * 1000 + 500)), Octets.wrap(octets)));
        }
        return sent;
    }

    @Test
    void aForwardedFrameTakesFewOctets() {
        byte[] octets = new byte[1014];
        new Random(10).nextBytes(octets);
        List<FrameSent> sent = hops(1, 1, Octets.wrap(octets), 60);
        TraceStore store = new TraceStore(Detail.FULL);
        sent.forEach(store::append);
        assertTrue(store.octets() < 1014 + 60 * 60, "took " + store.octets());
        sent.forEach(e -> assertEquals(e, store.get(e.id())));
    }

    @Test
    void aThreadMayReadWhileAnotherAppends() throws Exception {
        List<TraceEvent> events = new RandomEvents(11).events(60_000);
        TraceStore store = new TraceStore(Detail.FULL);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                Random random = new Random(11);
                TraceStore.Cursor cursor = store.from(1);
                for (int seen = 0; seen < events.size(); ) {
                    if (cursor.hasNext()) {
                        assertEquals(events.get(seen++), cursor.next());
                    }
                    long size = store.size();
                    if (size > 0) {
                        long id = 1 + random.nextLong(size);
                        assertEquals(events.get((int) id - 1), store.get(id));
                    }
                    long frames = store.frameCount();
                    if (frames > 0) {
                        store.get(store.frameEvent(frames - 1));
                        store.frameOf(random.nextLong(frames));
                    }
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        reader.start();
        events.forEach(store::append);
        reader.join();
        assertEquals(null, failure.get());
    }
}
