package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.capture.WiresharkProfile;
import careof.engine.decode.KnownSas;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Projection;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.RecordingWriter;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live run whose trace keeps only what came last. */
class BoundedRunTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final long STEP = VirtualTime.MILLISECOND / 2;

    @TempDir
    private Path folder;

    /** Whatever is kept, tables are those of the engine and events those of a run that keeps everything; its recording has all of it, and is that run. */
    @Test
    void tablesAreThoseOfTheEngine() throws Exception {
        Random random = new Random(1);
        Lab lab = LabFiles.read(Path.of("../samples/combined-tunnel-cn.json"), List.of()).withUntil(3600 * VirtualTime.SECOND);
        byte[] fill = new byte[32];
        random.nextBytes(fill);
        RecordingSecrets secrets = new RecordingSecrets(Octets.wrap(fill), lab);
        Simulation bounded = Simulation.live(lab, Detail.FULL, secrets.secret(), TraceStore.LEAST_BOUND);
        Simulation whole = Simulation.live(lab, Detail.FULL, secrets.secret());
        List<InputLog.Input> inputs = new ArrayList<>();
        bounded.onInput(inputs::add);
        Path file = folder.resolve("run");
        Projection tables = new Projection(bounded.trace());
        Projection expected = new Projection(whole.trace());
        int checks = 0;
        try (RecordingWriter writer = RecordingWriter.create(file, secrets, bounded.trace())) {
            for (Simulation run : List.of(bounded, whole)) {
                run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1500), _ -> { });
                run.runUntil(3 * VirtualTime.SECOND);
            }
            while (bounded.trace().octets() < 5 * TraceStore.LEAST_BOUND / 2) {
                byte[] payload = new byte[1352];
                random.nextBytes(payload);
                Octets packet = Ip6Packet.of(HOME, CN, IpProtocol.UDP, Octets.wrap(payload)).toOctets();
                for (Simulation run : List.of(bounded, whole)) {
                    run.arrive("tun0", packet);
                    run.runUntil(run.now() + STEP);
                }
                if (random.nextInt(300) != 0) {
                    continue;
                }
                writer.write(inputs, bounded.trace().size(), bounded.now());
                inputs.clear();
                assertEquals(LabState.digest(bounded.rows()), tables.at(bounded.trace().size()).digest());
                long first = bounded.trace().first();
                for (int i = 0; i < 3; i++) {
                    long n = i == 0 ? first - 1 : first - 1 + random.nextLong(bounded.trace().size() - first + 2);
                    assertEquals(expected.at(n).digest(), tables.at(n).digest(), () -> "tables after event " + n);
                    long event = Math.max(first, n);
                    assertEquals(whole.trace().get(event), bounded.trace().get(event));
                }
                checks += first > 1 ? 1 : 0;
            }
            writer.write(inputs, bounded.trace().size(), bounded.now());
            writer.end(bounded.now());
        }
        assertTrue(checks > 5, "something went, and was looked at after that: " + checks);
        assertThrows(IllegalStateException.class, () -> bounded.trace().digest());
        sasOfItsBeginningAreKnown(bounded.trace(), whole.trace());
        WiresharkProfile.write(bounded.trace(), folder.resolve("bounded"));
        WiresharkProfile.write(whole.trace(), folder.resolve("whole"));
        List<String> keys = Files.readAllLines(folder.resolve("bounded/esp_sa"));
        assertTrue(!keys.isEmpty() && Files.readAllLines(folder.resolve("whole/esp_sa")).containsAll(keys), keys::toString);
        Recording recording = Recording.read(file, Progress.NONE);
        assertEquals(Optional.empty(), recording.missing());
        assertEquals(whole.trace().digest(), recording.end().orElseThrow().digest());
        assertEquals(0, recording.firstDifference(whole.trace()));
    }

    /** What made them is gone, and what they protect is read all the same; so it is by one who forgets what went. */
    private static void sasOfItsBeginningAreKnown(TraceStore bounded, TraceStore whole) {
        KnownSas all = KnownSas.of(whole);
        KnownSas kept = KnownSas.of(bounded);
        KnownSas forgetful = new KnownSas();
        TraceStore.Cursor events = whole.from(1);
        while (events.hasNext()) {
            forgetful.accept(events.next());
        }
        forgetful.forget(bounded.base());
        int opened = 0;
        for (long place = bounded.framesUpTo(bounded.first() - 1); place < bounded.frameCount(); place += 101) {
            Octets frame = ((FrameSent) bounded.get(bounded.frameEvent(place))).frame();
            PacketSummary summary = Summary.of(frame, LinkType.ETHERNET, all);
            assertEquals(summary, Summary.of(frame, LinkType.ETHERNET, kept));
            assertEquals(summary, Summary.of(frame, LinkType.ETHERNET, forgetful));
            opened += summary.wraps().contains(PacketSummary.Wrap.ESP) && summary.protocol().equals("UDP") ? 1 : 0;
        }
        assertTrue(opened > 50, "what ESP protects was read: " + opened);
    }
}
