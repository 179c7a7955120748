package careof.engine.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.sim.Scheduler;
import careof.engine.state.LinkState;
import careof.engine.state.State;
import careof.engine.state.Transmitter;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When frames arrive, where, and which do not. */
class LinkTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.FULL);
    private final Recorder recorder = new Recorder(trace, scheduler);

    private final class Station implements Port.Owner {
        private final Port port;
        private final List<Long> times = new ArrayList<>();
        private final List<Integer> numbers = new ArrayList<>();
        private int carriers;

        private Station(String node, int mac, Link link, boolean promiscuous) {
            port = new Port(node, "p1", mac(mac), promiscuous);
            port.owner(this);
            port.attach(link, true);
        }

        @Override
        public void receive(Port at, Frame frame, Link from) {
            times.add(scheduler.now());
            numbers.add(frame.octets().u16(14));
        }

        @Override
        public void carrier(Port at) {
            carriers++;
        }

        private void send(MacAddress to, int octets, int number) {
            byte[] frame = new byte[octets];
            for (int i = 0; i < 6; i++) {
                frame[i] = (byte) (to.bits() >>> 40 - 8 * i);
            }
            frame[14] = (byte) (number >>> 8);
            frame[15] = (byte) number;
            port.link().transmit(port, new Frame(recorder.newPacket(), 0, true, Octets.wrap(frame)));
        }
    }

    private static MacAddress mac(int number) {
        return new MacAddress(0x0200_0000_0000L | number);
    }

    private Link link(long delay, long rate, double loss, int queue) {
        return link("wire", 1, delay, rate, loss, queue);
    }

    private Link link(String name, long seed, long delay, long rate, double loss, int queue) {
        return new Link(new LinkState(name, "", "", delay, rate, loss, false), 1500, queue, seed, scheduler, recorder);
    }

    private void run(long until) {
        while (scheduler.runNext(until)) {
            recorder.because(0);
        }
        scheduler.advanceTo(until);
    }

    private List<TraceEvent.Dropped> drops() {
        List<TraceEvent.Dropped> drops = new ArrayList<>();
        TraceStore.Cursor cursor = trace.from(1);
        while (cursor.hasNext()) {
            if (cursor.next() instanceof TraceEvent.Dropped drop) {
                drops.add(drop);
            }
        }
        return drops;
    }

    private long drops(Reason reason) {
        return drops().stream().filter(drop -> drop.reason() == reason).count();
    }

    @Test
    void everybodyWhoIsMeant() {
        Link link = link(MILLISECOND, 0, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        Station spy = new Station("spy", 3, link, true);
        a.send(mac(2), 100, 1);
        a.send(MacAddress.BROADCAST, 100, 2);
        a.send(mac(9), 100, 3);
        assertEquals(1, drops(Reason.NO_RECEIVER), "who listens in does not make it arrive");
        run(SECOND);
        assertEquals(List.of(), a.numbers, "not the sender itself");
        assertEquals(List.of(1, 2), b.numbers);
        assertEquals(List.of(1, 2, 3), spy.numbers);
        assertEquals(List.of(MILLISECOND, MILLISECOND), b.times);
    }

    /** 1000 octets at 8 Mbit/s take a millisecond; what is sent meanwhile waits its turn. */
    @Test
    void serialization() {
        Link link = link(5 * MILLISECOND, 8_000_000, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        Station c = new Station("c", 3, link, false);
        a.send(mac(2), 1000, 1);
        a.send(mac(2), 500, 2);
        c.send(mac(2), 1000, 3);    // each port has its own sending side
        run(MILLISECOND);
        a.send(mac(2), 1000, 4);
        run(SECOND);
        assertEquals(List.of(1, 3, 2, 4), b.numbers);
        assertEquals(List.of(6 * MILLISECOND, 6 * MILLISECOND, 6_500_000L, 7_500_000L), b.times);
    }

    /** One is sent, ten wait; small ones count as much as large ones. */
    @Test
    void theQueueIsBounded() {
        Link link = link(0, 8_000_000, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        for (int i = 0; i < 30; i++) {
            a.send(mac(2), i % 2 == 0 ? 1500 : 64, i);
        }
        assertEquals(19, drops(Reason.QUEUE_FULL));
        run(1500 * 1000);    // the first is out
        a.send(mac(2), 64, 100);
        a.send(mac(2), 64, 101);
        run(SECOND);
        List<Integer> expected = new ArrayList<>(IntStream.range(0, 11).boxed().toList());
        expected.add(100);
        assertEquals(expected, b.numbers);
        assertEquals(20, drops(Reason.QUEUE_FULL));
        List<State> rows = new ArrayList<>();
        link.rows(rows::add);
        assertTrue(rows.stream().anyMatch(row -> row instanceof Transmitter t && t.frames() == 12), rows::toString);
    }

    @Test
    void lossIsAsOftenAsSaid() {
        Link link = link(0, 0, 0.1, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        Station c = new Station("c", 3, link, false);
        int both = 0;
        for (int i = 0; i < 20_000; i++) {
            a.send(MacAddress.BROADCAST, 64, i);
        }
        run(SECOND);
        assertEquals(18_000, b.numbers.size(), 150);
        assertEquals(18_000, c.numbers.size(), 150);
        both = (int) b.numbers.stream().filter(new java.util.TreeSet<>(c.numbers)::contains).count();
        assertEquals(16_200, both, 200, "receivers lose independently");
        assertEquals(40_000 - b.numbers.size() - c.numbers.size(), drops(Reason.LINK_LOSS));
        TraceEvent.Dropped drop = drops().getFirst();
        assertEquals(trace.frameOf(drop.packet()).orElseThrow().id(), drop.cause(), "the loss follows from the sending");
        assertEquals("wire", drop.link());
    }

    /** Which of a's frames reach b does not change when others listen, send, or the loss is different for them. */
    @Test
    void whoElseIsThereShiftsNoDraw() {
        List<Integer> alone = new ArrayList<>();
        List<Integer> crowded = new ArrayList<>();
        for (boolean crowd : List.of(false, true)) {
            Link link = link("wire", 1, 0, 0, 0.3, 10);
            Station c = crowd ? new Station("c", 7, link, true) : null;
            Station a = new Station("a", 1, link, false);
            Station b = new Station("b", 2, link, false);
            if (crowd) {
                new Station("d", 8, link, false);
                link.change("", "d", Optional.of(0.9), Optional.empty(), Optional.empty(), Optional.empty());
            }
            for (int i = 0; i < 500; i++) {
                a.send(mac(2), 64, i);
                if (crowd) {
                    c.send(MacAddress.BROADCAST, 64, 9000);
                }
            }
            run(scheduler.now() + 1);
            (crowd ? crowded : alone).addAll(b.numbers.stream().filter(n -> n != 9000).toList());
        }
        assertEquals(alone, crowded);
        assertTrue(alone.size() > 300 && alone.size() < 400);
    }

    @Test
    void downForAllOrOneWay() {
        Link link = link(MILLISECOND, 0, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        link.change("", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
        a.send(mac(2), 64, 1);
        link.change("", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        link.change("a", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
        a.send(mac(2), 64, 2);
        b.send(mac(1), 64, 3);
        link.change("a", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        link.change("", "b", Optional.empty(), Optional.of(3 * MILLISECOND), Optional.empty(), Optional.of(true));
        link.change("a", "b", Optional.of(0.0), Optional.of(2 * MILLISECOND), Optional.empty(), Optional.of(false));
        a.send(mac(2), 64, 4);    // the closest description of the way counts
        run(SECOND);
        assertEquals(List.of(4), b.numbers);
        assertEquals(List.of(2 * MILLISECOND), b.times);
        assertEquals(List.of(3), a.numbers);
        assertEquals(2, drops(Reason.LINK_DOWN));
    }

    /** What is under way when its receiver leaves gets lost at its end; another link does not catch it. */
    @Test
    void leavingWhileFramesAreUnderWay() {
        Link link = link(10 * MILLISECOND, 0, 0, 10);
        Link other = link("other", 1, 0, 0, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        a.send(mac(2), 64, 1);
        run(5 * MILLISECOND);
        b.port.attach(other, true);
        a.send(mac(2), 64, 2);
        assertEquals(1, drops(Reason.NO_RECEIVER), "who is gone gets nothing, and the trace tells");
        a.send(MacAddress.BROADCAST, 64, 2);    // to whom it may concern, which is nobody
        run(SECOND);
        assertEquals(List.of(), b.numbers);
        assertEquals(1, drops(Reason.NO_CARRIER));
        assertEquals(2, trace.dropCount());
        List<State> rows = new ArrayList<>();
        link.rows(rows::add);
        assertEquals(2, rows.size(), "nothing is under way any more: " + rows);
    }

    /** What still waits in a port that leaves never gets onto the link; what is on it arrives. */
    @Test
    void leavingWithAFullQueue() {
        Link link = link(5 * MILLISECOND, 8_000_000, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        for (int i = 0; i < 5; i++) {
            a.send(mac(2), 1000, i);
        }
        run(2_500_000);
        a.port.attach(null, false);
        run(10 * MILLISECOND);
        a.port.attach(link, true);
        a.send(mac(2), 1000, 9);
        run(SECOND);
        assertEquals(List.of(0, 1, 9), b.numbers);
        assertEquals(3, drops(Reason.NO_CARRIER));
    }

    /** Attached without carrier, as to a cell at first: nothing comes, the owner is told of both steps. */
    @Test
    void carrier() {
        Link link = link(MILLISECOND, 0, 0, 10);
        Station a = new Station("a", 1, link, false);
        Station b = new Station("b", 2, link, false);
        b.port.attach(null, false);
        b.port.attach(link, false);
        a.send(mac(2), 64, 1);
        run(10 * MILLISECOND);
        b.port.attach(link, true);
        a.send(mac(2), 64, 2);
        run(SECOND);
        assertEquals(List.of(2), b.numbers);
        assertEquals(4, b.carriers);
    }

    /** A change is told once, with the old and the new state; none is no event. */
    @Test
    void changesAreTold() {
        Link link = link(MILLISECOND, 0, 0, 10);
        long before = trace.size();
        link.change("", "", Optional.of(0.0), Optional.empty(), Optional.empty(), Optional.empty());
        assertEquals(before, trace.size());
        link.change("", "", Optional.of(0.5), Optional.of(2L), Optional.of(3L), Optional.of(true));
        TraceEvent.Changed changed = (TraceEvent.Changed) trace.get(before + 1);
        assertEquals(Optional.of(new LinkState("wire", "", "", MILLISECOND, 0, 0, false)), changed.old());
        assertEquals(Optional.of(new LinkState("wire", "", "", 2, 3, 0.5, true)), changed.now());
        assertEquals(before, changed.previous());
    }
}
