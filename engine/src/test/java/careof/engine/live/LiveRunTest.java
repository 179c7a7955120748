package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.LabJson;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A live run by a clock that the test sets: when things are admitted, what pauses and jumps do, and what finds no room. */
@Isolated("it goes by the clock")
class LiveRunTest {
    private static final long MILLISECOND = VirtualTime.MILLISECOND;
    private static final long SECOND = VirtualTime.SECOND;
    private static final Octets FRAME = Octets.zeros(60);

    private final List<InputLog.Input> inputs = new ArrayList<>();
    private final List<Octets> sent = new ArrayList<>();
    private long clock = 1_000 * SECOND;
    private boolean full;
    private boolean holds;
    private final List<Octets> held = new ArrayList<>();
    private Device.Listener listener;
    private boolean closed;
    private boolean failsToClose;
    private Simulation run;
    private LiveRun live;

    /** What a test holds in its hand. */
    private class Hand implements Device {
        @Override
        public void start(Listener to) {
            listener = to;
        }

        @Override
        public boolean send(Octets octets) {
            return !full && (holds ? held : sent).add(octets);
        }

        @Override
        public int flush() {
            var lost = held.isEmpty() ? 0 : 1;
            sent.addAll(held.subList(lost, held.size()));
            held.clear();
            return lost;
        }

        @Override
        public String where() {
            return "hand";
        }

        @Override
        public void close() {
            closed = true;
            if (failsToClose) {
                throw new IllegalStateException("stuck");
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        run = Simulation.live(LabJson.read("live", """
                { "careof": 1, "name": "live", "seed": 1, "links": [ { "name": "wire", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
                  "nodes": [ { "name": "a", "role": "host", "ports": [ { "link": "wire", "address": "2001:db8:1::a" } ] },
                             { "name": "b", "role": "host", "ports": [ { "link": "wire", "address": "2001:db8:1::b" } ] } ],
                  "traffic": [ { "name": "data", "kind": "udp", "from": "a", "to": "b", "every": "100ms", "octets": 50, "start": "100ms", "stop": "3000s" } ],
                  "until": "3600s" }"""), Detail.FULL, Octets.zeros(32));
        run.onInput(inputs::add);
        live = new LiveRun(run, () -> clock);
        live.open(new OutsidePort.Segment("hand", "wire"), new Hand());
        inputs.clear();
        live.resume();
    }

    private void turn() {
        assertTrue(live.turn(Long.MAX_VALUE), "all is done");
    }

    private long dropped(Reason reason) {
        long count = 0;
        for (var events = run.trace().from(1); events.hasNext(); ) {
            count += events.next() instanceof TraceEvent.Dropped drop && drop.reason() == reason ? 1 : 0;
        }
        return count;
    }

    /** What was due before an admission ran at its own time, however late the turn is. */
    @Test
    void timersComeBeforeLaterAdmissions() {
        clock += 1050 * MILLISECOND;
        listener.arrived(FRAME);
        turn();
        assertEquals(1050 * MILLISECOND, run.now());
        assertEquals(List.of(1050 * MILLISECOND), inputs.stream().map(InputLog.Input::at).toList());
        List<Long> times = new ArrayList<>();
        for (var events = run.trace().from(1); events.hasNext(); ) {
            if (events.next() instanceof TraceEvent.FrameSent frame && frame.frame().length() == 14 + 40 + 8 + 50 && frame.node().equals("a")) {
                times.add(frame.at());
            }
        }
        assertEquals(10, times.size(), "the stream's packets: " + times);
        assertEquals(10 * 100 * MILLISECOND, times.getLast());
        assertTrue(live.worstLag() > 900 * MILLISECOND && live.jumps() == 0);
        assertTrue(sent.size() >= 10, "a segment takes every frame");
    }

    @Test
    void aPortThatFailsDuringAPauseIsToldAtOnce() {
        live.pause();
        listener.failed("pulled out");
        listener.arrived(FRAME);
        turn();
        assertEquals(List.of(new LiveRun.Gone("hand", "pulled out")), live.gone());
        assertTrue(closed);
    }

    @Test
    void aPortOfTheSameNameIsRefusedAndTheOneThatIsThereStays() {
        assertThrows(IllegalArgumentException.class, () -> live.open(new OutsidePort.Segment("hand", "wire"), new Hand()));
        assertTrue(closed, "the second one's device");
        assertEquals(1, live.ports().size());
    }

    @Test
    void aMachineWithoutAddressIsSaidAndAllPortsAreClosed() {
        var nowhere = new PortRequest.SocketOnLink("wire", new InetSocketAddress(0), InetSocketAddress.createUnresolved("no.such.name.invalid", 9), 1, 1);
        var refusal = assertThrows(IOException.class, () -> PortRequest.open(List.of(nowhere), live));
        assertEquals("no address is known for \"no.such.name.invalid\"", refusal.getMessage());
        assertTrue(closed && live.ports().isEmpty());
    }

    @Test
    void oneDeviceThatCannotBeClosedKeepsNoOtherOpen() throws Exception {
        failsToClose = true;
        var other = new Hand() {
            private boolean ended;

            @Override
            public void close() {
                ended = true;
            }
        };
        live.open(new OutsidePort.Segment("other", "wire"), other);
        assertThrows(IllegalStateException.class, live::close);
        assertTrue(other.ended);
        assertTrue(live.ports().isEmpty());
    }

    @Test
    void aPauseFreezesTheLabAndWhatComesWaitsInABoundedQueue() {
        clock += SECOND;
        turn();
        live.pause();
        long now = run.now();
        for (int i = 0; i < Inbox.MOST + 10; i++) {
            listener.arrived(FRAME);
        }
        clock += 100 * SECOND;
        turn();
        assertEquals(now, run.now());
        assertTrue(inputs.isEmpty());
        assertEquals(Inbox.MOST, live.ports().getFirst().waiting());
        live.resume();
        clock += MILLISECOND;
        turn();
        assertEquals(0, live.ports().getFirst().waiting());
        assertEquals(now + MILLISECOND, run.now(), "the lab's time is without the pause");
        assertEquals(Inbox.MOST, inputs.stream().filter(input -> input.event() instanceof InputLog.Arrive).count());
        assertEquals(List.of(new InputLog.Missed("hand", 10, "more came than the lab could take")), inputs.stream().map(InputLog.Input::event).filter(e -> e instanceof InputLog.Missed).toList());
        assertEquals(1, dropped(Reason.OUTSIDE_MISSED));
        assertEquals(10, live.ports().getFirst().missedIn());
    }

    /** A host that sent many packets at once to somebody whose address is yet to be resolved: which of them were too many is told together with the pause. */
    @Test
    void whatIsLostForAPauseHasThePauseForItsCause() throws Exception {
        live.open(new OutsidePort.Host("host", "a", Ip6Address.parse("2001:db8:1::a"), 1400), new Hand());
        clock += SECOND;
        turn();
        live.pause();
        byte[] packet = new byte[60];
        packet[0] = 0x60;
        packet[5] = 20;
        packet[6] = 59;    // nothing follows
        packet[7] = 64;
        System.arraycopy(Ip6Address.parse("2001:db8:1::a").octets().toArray(), 0, packet, 8, 16);
        System.arraycopy(Ip6Address.parse("2001:db8:1::77").octets().toArray(), 0, packet, 24, 16);
        for (int i = 0; i < 300; i++) {
            listener.arrived(Octets.wrap(packet.clone()));
        }
        live.resume();
        clock += MILLISECOND;
        turn();
        assertTrue(dropped(Reason.RESOLUTION_QUEUE_FULL) > 10);
        String cause = "";
        for (var events = run.trace().from(1); events.hasNext(); ) {
            if (events.next() instanceof TraceEvent.Dropped drop && drop.reason() == Reason.RESOLUTION_QUEUE_FULL) {
                TraceEvent event = drop;
                while (event.cause() > 0) {
                    event = run.trace().get(event.cause());
                }
                cause = event instanceof TraceEvent.Acted acted ? acted.text() : event.toString();
            }
        }
        assertEquals("after a pause: 300 that waited come by host at one instant, and queues may be too short for them", cause);
        long acted = inputs.stream().filter(input -> input.event() instanceof InputLog.Waited).count();
        listener.arrived(FRAME);
        clock += MILLISECOND;
        turn();
        assertEquals(acted, inputs.stream().filter(input -> input.event() instanceof InputLog.Waited).count(), "said once");
        assertEquals(1, acted);
        live.pause();
        listener.arrived(FRAME);
        live.resume();
        clock += MILLISECOND;
        turn();
        assertEquals(1, inputs.stream().filter(input -> input.event() instanceof InputLog.Waited).count(), "one alone fills no queue");
    }

    /** A port of the same name as one that is closed begins anew. */
    @Test
    void aPauseIsForgottenWithItsPort() throws Exception {
        var port = new OutsidePort.Host("host", "a", Ip6Address.parse("2001:db8:1::a"), 1400);
        live.open(port, new Hand());
        clock += SECOND;
        turn();
        run.waited("host", 2);
        long pause = run.trace().size();
        assertTrue(run.trace().get(pause) instanceof TraceEvent.Acted);
        live.close("host", "by hand");
        live.open(port, new Hand());
        long opened = run.trace().size();
        listener.arrived(FRAME);
        clock += MILLISECOND;
        turn();
        assertTrue(run.trace().size() > opened);
        for (var events = run.trace().from(opened + 1); events.hasNext(); ) {
            assertTrue(events.next().cause() != pause);
        }
    }

    @Test
    void fewLargeOnesFindNoRoomEither() {
        Octets large = Octets.zeros(65_000);
        int room = Inbox.MOST_OCTETS / large.length();
        for (int i = 0; i < room + 7; i++) {
            listener.arrived(large);
        }
        clock += MILLISECOND;
        turn();
        assertEquals(7, live.ports().getFirst().missedIn());
        listener.arrived(large);
        clock += MILLISECOND;
        turn();
        assertEquals(7, live.ports().getFirst().missedIn(), "there is room again");
    }

    @Test
    void aJumpOfTheClockIsNoTimeOfTheLab() {
        clock += SECOND;
        turn();
        clock += 3600 * SECOND;
        turn();
        assertTrue(run.now() < 2 * SECOND, "the lab slept, too: " + run.now());
        assertEquals(1, live.jumps());
        clock += SECOND;
        turn();
        assertTrue(run.now() < 3 * SECOND && run.now() >= 2 * SECOND);
    }

    /** Also one after which nothing is late yet: the clock is looked at often enough to tell. */
    /** Who has too much to do goes on from where it is, and says so. */
    @Test
    void aLabThatCannotKeepPaceIsLeftBehindNoMoreThanSomeSeconds() {
        for (int i = 0; i < 1_000; i++) {
            clock += 200 * MILLISECOND;
            assertFalse(live.turn(clock - 1) && i > 0);
            assertTrue(live.lag() <= 5 * SECOND, () -> live.lag() + " ns");
        }
        assertTrue(live.jumps() > 0 && live.worstLag() > SECOND);
    }

    @Test
    void aJumpIsSeenWhereNothingIsDueSoon() throws Exception {
        run = Simulation.live(LabJson.read("quiet", """
                { "careof": 1, "name": "quiet", "seed": 1, "links": [ { "name": "wire", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
                  "nodes": [ { "name": "a", "role": "host", "ports": [ { "link": "wire", "address": "2001:db8:1::a" } ] },
                             { "name": "b", "role": "host", "ports": [ { "link": "wire", "address": "2001:db8:1::b" } ] } ],
                  "traffic": [ { "name": "data", "kind": "udp", "from": "a", "to": "b", "every": "100ms", "octets": 50, "start": "12s", "stop": "3000s" } ],
                  "until": "3600s" }"""), Detail.FULL, Octets.zeros(32));
        live = new LiveRun(run, () -> clock);
        live.resume();
        for (int i = 0; i < 10; i++) {
            clock += 100 * MILLISECOND;
            turn();
        }
        clock += 10 * SECOND;
        turn();
        assertEquals(SECOND, run.now());
        assertEquals(1, live.jumps());
        live.pause();
        clock += 100 * SECOND;
        turn();
        live.resume();
        clock += 100 * MILLISECOND;
        turn();
        assertEquals(1_100 * MILLISECOND, run.now());
        assertEquals(1, live.jumps(), "a pause is none");
    }

    @Test
    void portsThatCannotBeAreKnownBefore() {
        var one = PortRequest.SocketOnLink.of("wire", "4001", "127.0.0.1:4002");
        assertEquals(Optional.empty(), PortRequest.problem(List.of(one)));
        assertEquals(Optional.of("two ports are called udp4001; each has a name of its own"), PortRequest.problem(List.of(one, PortRequest.SocketOnLink.of("wire", "4001", "127.0.0.1:4003"))));
        for (int mtu : List.of(1279, 65_536)) {
            assertEquals(Optional.of("an MTU is 1280 to 65535, not " + mtu), PortRequest.problem(List.of(new PortRequest.HostOnNode("a", "tun0", Namespace.OWN, mtu))));
        }
        for (String name : List.of("", " ", "a b", "a/b", "a:b", "a%d", ".", "..", "sixteen-octets-.")) {
            assertTrue(PortRequest.problem(List.of(new PortRequest.NeighbourOnLink("wire", name, Namespace.OWN, Optional.empty(), 0))).orElseThrow().contains("is no name of an interface"), name);
        }
        assertThrows(IllegalArgumentException.class, () -> PortRequest.NeighbourOnLink.of("wire", "tap0", Namespace.OWN, "2001:db8::1/129"));
        assertThrows(IllegalArgumentException.class, () -> PortRequest.SocketOnLink.of("wire", "0", "127.0.0.1:1"));
        assertThrows(IllegalArgumentException.class, () -> PortRequest.SocketOnLink.of("wire", "1", "127.0.0.1:1,0x100000000/1"));
        assertEquals(-1, PortRequest.SocketOnLink.of("wire", "1", "127.0.0.1:1,0xffffffff/1").session());
    }

    /** A turn ends at its deadline, and goes on with the next. */
    @Test
    void aTurnIsBounded() {
        long start = clock;
        clock += 4 * SECOND;
        var turns = 0;
        while (!live.turn(start)) {
            turns++;
        }
        assertTrue(turns > 10, "one task a turn");
        assertEquals(4 * SECOND, run.now());
    }

    @Test
    void whatADeviceHoldsBackLeavesAtTheEndOfATurnAtTheLatest() {
        holds = true;
        clock += SECOND;
        live.turn(clock - 1);
        turn();
        assertTrue(held.isEmpty());
        var port = live.ports().getFirst();
        assertTrue(port.missedOut() > 0, "some are lost after all");
        assertEquals(sent.size(), port.out());
    }

    /** Several arrivals at once are taken in their order. */
    @Test
    void severalComeAtOnce() {
        listener.arrived(List.of(FRAME, Octets.zeros(61), Octets.zeros(62)));
        clock += MILLISECOND;
        turn();
        assertEquals(List.of(60, 61, 62), inputs.stream().map(input -> ((InputLog.Arrive) input.event()).octets().length()).toList());
    }

    /** Who brings more than there is room for is held up, by a millisecond each time. */
    @Test
    void whoFindsNoRoomRests() {
        listener.arrived(Collections.nCopies(Inbox.MOST, FRAME));
        long before = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            listener.arrived(FRAME);
        }
        assertTrue(System.nanoTime() - before > 10 * MILLISECOND);
    }

    @Test
    void devicesThatAreFullOrFail() {
        full = true;
        clock += SECOND;
        turn();
        assertTrue(sent.isEmpty());
        assertTrue(live.ports().getFirst().missedOut() > 0);
        listener.failed("pulled out");
        turn();
        assertTrue(closed);
        assertTrue(live.ports().isEmpty());
        assertEquals(List.of(new LiveRun.Gone("hand", "pulled out")), live.gone());
        assertTrue(live.gone().isEmpty(), "each is told once");
        listener.arrived(FRAME);
        turn();
        assertFalse(inputs.stream().anyMatch(input -> input.event() instanceof InputLog.Arrive));
    }
}
