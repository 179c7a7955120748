package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.inspector.Trail;
import careof.app.overlay.Picture;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport;
import careof.engine.decode.IkeExport;
import careof.engine.live.PortRequest;
import careof.engine.metrics.RunMetrics;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceJson;
import careof.engine.trace.TraceStore;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live run of which the worker keeps its last events only, under a flood. */
class BoundedLiveTest extends WithWorker {
    private static final long BOUND = TraceStore.LEAST_BOUND;

    @TempDir
    private Path folder;

    BoundedLiveTest() {
        super(BOUND);
    }

    @Test
    void whatIsKeptIsWalkedThroughAndWhatIsGoneIsSaid() throws Exception {
        after(new Command.Load(Samples.sample("handover").orElseThrow().lab()), _ -> state != null);
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            var port = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
            SessionState begun = after(new Command.GoLive(List.of(port), Detail.FULL), s -> s.live().isPresent());
            TraceStore trace = begun.trace();
            Flood.send(other, local, () -> trace.octets() > BOUND / 2);
            assertEquals(1, trace.first());
            SessionState early = after(new Command.Seek(200), s -> s.cursor() == 200 && s.event().isPresent());
            assertFalse(early.running());
            Flood.send(other, local, () -> trace.octets() > 3 * BOUND);
            after(new Command.SetSpeed(1), s -> s.cursor() > 200);
            assertEquals(List.of("The cursor moves on"), notices.stream().map(Notice::title).toList(), "said once");
            SessionState ended = after(new Command.EndLive(), s -> s.live().isEmpty());

            long first = trace.first();
            assertTrue(first > 1_000);
            SessionState back = after(new Command.Rewind(), s -> s.cursor() == first - 1);
            assertEquals(trace.base().digest(), back.tables().digest());
            assertEquals(trace.base().time(), back.clock());
            assertFalse(back.canGoBack());
            worker.send(new Command.Step(StepKind.EVENT, false));
            assertEquals(first, after(new Command.Step(StepKind.EVENT, true), s -> s.cursor() == first).trace().get(first).id());
            Projection fold = new Projection(trace);
            for (StepKind kind : List.of(StepKind.PACKET, StepKind.DROP)) {
                after(new Command.ToHead(), SessionState::atHead);
                for (int i = 0; i < 5; i++) {
                    long from = state.cursor();
                    SessionState s = after(new Command.Step(kind, false), now -> now.cursor() < from);
                    assertEquals(fold.at(s.cursor()).digest(), s.tables().digest());
                }
                long least = state.index().step(kind, first, false).orElse(first);
                assertTrue(least >= first);
            }
            int places = 200;
            for (int i = 0; i < places; i++) {
                long want = first - 1 + (ended.head() - first + 1) * i / places;
                SessionState s = after(new Command.Seek(want), now -> now.cursor() == want);
                assertEquals(fold.at(want).digest(), s.tables().digest());
                new Picture().flights(s);
                Picture.drops(s);
                s.event().filter(e -> e.packet() != 0).ifPresent(e -> assertFalse(Trail.of(trace, s.index(), e.packet(), () -> false).isEmpty()));
            }
            after(new Command.Seek(5), s -> s.cursor() == first - 1);
            assertEquals("Kept no longer", notices.getLast().title());
            after(new Command.SeekTime(0), s -> s.cursor() == first - 1 && s.clock() == trace.base().time());

            long frames = trace.frameCount() - trace.framesUpTo(first - 1);
            assertEquals(frames, CaptureExport.write(trace, ended.lab(), folder.resolve("all.pcapng"), new CaptureExport.Selection.All(), Progress.NONE));
            assertTrue(CaptureExport.write(trace, ended.lab(), folder.resolve("ha.pcapng"), new CaptureExport.Selection.Node("ha"), Progress.NONE) > 0);
            assertEquals(0, IkeExport.write(trace, ended.lab(), folder.resolve("ike.pcapng"), Progress.NONE));
            assertEquals(ended.head() - first + 1, TraceJson.write(trace, folder.resolve("trace.jsonl"), Progress.NONE));
            try (var lines = Files.lines(folder.resolve("trace.jsonl"))) {
                assertEquals(ended.head() - first + 1, lines.count());
            }
            assertEquals(List.of(), RunMetrics.of(ended.lab(), trace, ended.headTime(), Progress.NONE).withoutVerdicts().verdicts());

            assertTrue(ended.index().lineage().size() < 2 * (ended.head() - first), "packets known: " + ended.index().lineage().size());
            assertTrue(ended.index().drops().size() - ended.index().drops().first() <= 2 * (ended.head() - first));
            assertTrue(ended.index().drops().first() > 0);
            FrameSent sent = (FrameSent) trace.get(trace.frameEvent(trace.frameCount() - 1));
            assertTrue(ended.index().lineage().firstOf(sent.packet()) > 0);
        }
    }
}
