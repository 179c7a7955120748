package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.live.PortRequest;
import careof.engine.query.Query;
import careof.engine.state.PortState;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.FrameSent;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The worker alone, without a window. */
class WorkerTest extends WithWorker {
    private static Lab sample(String name) {
        return Samples.sample(name).orElseThrow().lab();
    }

    private SessionState load(String sample) throws InterruptedException {
        return after(new Command.Load(sample(sample)), s -> s.lab().equals(sample(sample)) && s.cursor() == s.start());
    }

    @Test
    void stepsBackThroughTheSameTablesInEveryUnit() throws Exception {
        load("handover");
        after(new Command.UntilTime(4_990_000_000L), s -> s.clock() == 4_990_000_000L && !s.running());
        for (StepKind kind : StepKind.values()) {
            after(new Command.SeekTime(4_990_000_000L), s -> s.clock() == 4_990_000_000L && !s.running());
            long last = state.cursor();
            List<Long> stops = new ArrayList<>();
            List<String> digests = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                long from = last;
                SessionState s = after(new Command.Step(kind, true), now -> now.cursor() > from && !now.running());
                stops.add(s.cursor());
                digests.add(s.tables().digest());
                assertEquals(s.cursor(), s.tables().event());
                last = s.cursor();
            }
            for (int i = 10; i >= 0; i--) {
                long want = stops.get(i);
                String digest = digests.get(i);
                SessionState s = after(new Command.Step(kind, false), now -> now.cursor() == want);
                assertEquals(digest, s.tables().digest(), kind + " back to event " + want);
            }
        }
    }

    @Test
    void signallingStepsStopAtMessagesWhereTheyOriginate() throws Exception {
        load("handover");
        after(new Command.UntilTime(10 * SECOND), s -> s.clock() == 10 * SECOND && !s.running());
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long from = state.cursor();
            SessionState s = after(new Command.Step(StepKind.SIGNALLING, true), now -> now.cursor() > from && !now.running());
            assertEquals(List.of(), notices);
            FrameSent sent = (FrameSent) s.trace().get(s.cursor());
            PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET);
            assertEquals(PacketSummary.Kind.MOBILITY, summary.kind());
            seen.add(sent.node() + " " + summary.shortName());
        }
        assertTrue(seen.contains("mn BU") && seen.contains("ha BA") && seen.contains("mn CoTI") && seen.contains("cn CoT"), seen.toString());
        assertEquals(seen.size(), seen.stream().filter(s -> !s.startsWith("r")).count(), "routers only forward: " + seen);
    }

    @Test
    void playingTwiceGivesTheSameTraceAndPlayBelowTheHeadAddsNothing() throws Exception {
        load("bidirectional");
        worker.send(new Command.SetSpeed(Double.POSITIVE_INFINITY));
        SessionState first = after(new Command.Play(), s -> s.ended());
        long head = first.head();
        String digest = first.trace().digest();
        assertEquals(first.lab().until(), first.clock());
        SessionState again = after(new Command.Play(), s -> s.ended() && s.trace() == first.trace() && s.cursor() == head && !s.running());
        assertEquals(head, again.head());
        int run = first.run();
        after(new Command.Load(sample("bidirectional")), s -> s.run() != run);
        SessionState second = after(new Command.Play(), s -> s.ended() && s.run() != run);
        assertEquals(digest, second.trace().digest());
    }

    @Test
    void anActionAtTheHeadIsAnInputAndBelowItForks() throws Exception {
        load("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        SessionState moved = after(new Command.Apply(new Action.Move("mn", Optional.of("cell-b"))), s -> s.inputs().inputs().size() == 1);
        assertEquals(1, moved.runs().size());
        assertEquals(3 * SECOND, moved.inputs().inputs().getFirst().at());
        after(new Command.UntilTime(5 * SECOND), s -> s.clock() == 5 * SECOND && !s.running());
        SessionState old = state;
        after(new Command.SeekTime(2 * SECOND), s -> s.clock() == 2 * SECOND);
        SessionState forked = after(new Command.Apply(new Action.Move("mn", Optional.empty())), s -> s.runs().size() == 2);
        assertEquals(2 * SECOND, forked.clock());
        assertNotEquals(old.trace(), forked.trace());
        assertEquals("", forked.tables().rows("mn", PortState.class).getFirst().state().link());
        SessionState back = after(new Command.SwitchRun(old.run()), s -> s.run() == old.run());
        assertEquals(old.head(), back.head());
        SessionState undone = after(new Command.TakeBack(), s -> s.runs().size() == 3);
        assertTrue(undone.inputs().inputs().isEmpty());
        assertEquals(3 * SECOND, undone.clock());
        assertEquals("home", undone.tables().rows("mn", PortState.class).getFirst().state().link());
    }

    @Test
    void aForkWhilePlayingPlaysOnAndSaysWhereTheOldRunIs() throws Exception {
        load("handover");
        after(new Command.UntilTime(4 * SECOND), s -> s.clock() == 4 * SECOND && !s.running());
        after(new Command.SeekTime(SECOND), s -> s.clock() == SECOND);
        after(new Command.Play(), s -> s.running() && s.clock() > SECOND);
        SessionState forked = after(new Command.Apply(new Action.Move("mn", Optional.of("cell-b"))), s -> s.runs().size() == 2);
        assertTrue(forked.running());
        long at = forked.clock();
        after(new Command.SetSpeed(10), s -> s.clock() > at + SECOND);
        Notice said = notices.getLast();
        assertEquals(List.of("First run", "Run 2, " + Actions.text(new Action.Move("mn", Optional.of("cell-b")))), forked.runs().stream().map(SessionState.RunName::name).toList());
        assertEquals(forked.runs().getLast().name(), said.title());
        assertTrue(said.detail().contains("kept as \"First run\""), said::toString);
    }

    @Test
    void anActionInTheMiddleOfTheNewestTaskNeedsNoFork() throws Exception {
        load("handover");
        for (int i = 0; i < 3; i++) {
            long from = state.cursor();
            after(new Command.Step(StepKind.EVENT, true), s -> s.cursor() > from && !s.running());
        }
        SessionState acted = after(new Command.Apply(new Action.Ping("mn", "cn")), s -> s.inputs().inputs().size() == 1);
        assertEquals(1, acted.runs().size());
    }

    @Test
    void runsUntilAnEventAndUntilAMatch() throws Exception {
        load("handover");
        SessionState at = after(new Command.UntilEvent(3_000), s -> s.cursor() == 3_000 && !s.running());
        assertEquals(at.trace().timeOf(3_000), at.clock());
        SessionState bu = after(new Command.UntilMatch(Query.parse("kind == sent and protocol == BU and node == mn")), s -> !s.running() && s.cursor() > 3_000);
        FrameSent sent = (FrameSent) bu.trace().get(bu.cursor());
        assertEquals("mn", sent.node());
        assertEquals("BU", Summary.of(sent.frame(), LinkType.ETHERNET).shortName());
        after(new Command.UntilMatch(Query.parse("node == nobody")), s -> s.ended() && !s.running());
        assertEquals(1, notices.size());
    }

    @Test
    void aSeekNeverPassesTheHeadAndRewindingShowsTheConfiguredLab() throws Exception {
        SessionState start = load("handover");
        after(new Command.UntilTime(2 * SECOND), s -> s.clock() == 2 * SECOND && !s.running());
        after(new Command.SeekTime(SECOND), s -> s.clock() == SECOND);
        SessionState head = after(new Command.SeekTime(19 * SECOND), s -> s.clock() == 2 * SECOND);
        assertTrue(head.atHead());
        SessionState rewound = after(new Command.Rewind(), s -> s.cursor() == s.start());
        assertEquals(start.tables().digest(), rewound.tables().digest());
        assertTrue(rewound.atStart());
    }

    @Test
    void pausingStopsARunTowardsAGoalThatNeverComes() throws Exception {
        load("handover");
        worker.send(new Command.SetSpeed(0.01));
        after(new Command.Play(), s -> s.running() && s.clock() > 0);
        SessionState paused = after(new Command.Pause(), s -> !s.running());
        assertTrue(paused.clock() < SECOND, "1/100 of real time: " + paused.clock());
    }

    @Test
    void aLabThatTheEngineRefusesIsANoticeAndTheOldRunStays() throws Exception {
        SessionState before = load("handover");
        Lab bad = before.lab().withLinks(List.of());
        worker.send(new Command.Load(bad));
        long deadline = System.nanoTime() + 10 * SECOND;
        while (notices.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertEquals(Notice.Level.ERROR, notices.getFirst().level());
        assertEquals(before.run(), after(new Command.Pause(), s -> !s.running()).run());
    }

    private static PortRequest socket(DatagramSocket other, int local) {
        return new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
    }

    private static int freePort() throws IOException {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Test
    void aLiveRunGoesByTheClockAndItsCursorIsFree() throws Exception {
        load("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = freePort();
            SessionState begun = after(new Command.GoLive(List.of(socket(other, local)), Detail.FULL), s -> s.live().isPresent() && s.clock() > SECOND / 5);
            assertFalse(begun.canFork());
            assertTrue(begun.running() && begun.atHead());
            assertEquals(1, begun.live().get().ports().size());
            byte[] datagram = new byte[8 + 60];
            System.arraycopy(new byte[] {0, 3, 0, 0, 0, 0, 0, 1}, 0, datagram, 0, 8);
            other.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), local));
            after(new Command.SetSpeed(1), s -> s.live().get().ports().getFirst().in() == 1);
            long outside = state.live().get().ports().getFirst().out();
            assertTrue(outside > 0, "the home agent advertises");

            SessionState back = after(new Command.Seek(state.start()), s -> s.cursor() == s.start() && !s.running());
            assertTrue(after(new Command.SetSpeed(1), s -> s.headTime() > back.headTime() + SECOND / 5).cursor() == back.cursor(), "the lab goes on, the cursor stays");
            after(new Command.Apply(new Action.Move("mn", Optional.of("cell-a"))), s -> s.index().actions().size() > back.index().actions().size() - 1 && notices.size() == 1);
            assertEquals("Done now", notices.getFirst().title());
            assertEquals("\"mn to cell-a\" was done now, at the head of the live run, and not at the moment you look at.", notices.getFirst().detail());
            after(new Command.ToHead(), s -> s.running() && s.atHead());

            SessionState paused = after(new Command.Pause(), s -> s.live().get().paused());
            Thread.sleep(300);
            assertEquals(paused.headTime(), after(new Command.SetSpeed(1), s -> true).headTime(), "time stands still");
            after(new Command.Play(), s -> !s.live().get().paused() && s.headTime() > paused.headTime());
            after(new Command.Fork(), s -> notices.stream().anyMatch(n -> n.title().equals("Not in a live run")));

            SessionState ended = after(new Command.EndLive(), s -> s.live().isEmpty());
            assertTrue(ended.ended() && !ended.running());
            new DatagramSocket(local, InetAddress.getLoopbackAddress()).close();    // the port is free again
            after(new Command.Rewind(), s -> s.cursor() == s.start());
            after(new Command.Step(StepKind.PACKET, true), s -> s.cursor() > s.start() && !s.running());
            after(new Command.SetSpeed(Double.POSITIVE_INFINITY), s -> true);
            after(new Command.Play(), s -> s.ended() && !s.running());
        }
    }

    @Test
    void aPortThatCannotBeOpenedIsANotice() throws Exception {
        load("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            after(new Command.GoLive(List.of(socket(other, freePort()), socket(other, other.getLocalPort())), Detail.FULL), _ -> !notices.isEmpty());
            assertEquals("Not live", notices.getFirst().title());
            assertTrue(notices.getFirst().detail().contains("choose another one"), notices.toString());
            assertTrue(after(new Command.SetSpeed(1), _ -> true).live().isEmpty());
            assertTrue(state.canFork(), "the run before is shown");
        }
    }
}
