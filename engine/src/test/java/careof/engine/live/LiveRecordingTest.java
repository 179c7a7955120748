package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabProtection;
import careof.engine.run.Remade;
import careof.engine.run.Simulation;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Detail;
import careof.engine.trace.FullDisk;
import careof.engine.trace.Masking;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Projection;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.RecordingWriter;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Live runs, recorded, looked at and made again. */
@Isolated("it goes by the clock")
class LiveRecordingTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final long SECOND = VirtualTime.SECOND;

    @TempDir
    private Path folder;

    private static Lab lab(String name) throws Exception {
        return LabFiles.read(Path.of("../samples/" + name), List.of());
    }

    private static Octets ping(Ip6Address from, Ip6Address to, int sequence) {
        return Ip6Packet.of(from, to, IpProtocol.ICMP6, new Icmp6Message.EchoRequest(0x1234, sequence, Octets.of(1, 2, 3)).toOctets(from, to)).toOctets();
    }

    /** A run that meets much of the world. */
    private static Simulation run(RecordingSecrets secrets, Path file, boolean keep, long seed) throws IOException {
        Random random = new Random(seed);
        Simulation run = Simulation.live(secrets.lab(), Detail.FULL, secrets.secret());
        try (LiveRecording recording = new LiveRecording(file, run, secrets, keep)) {
            run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), _ -> { });
            run.attach(new OutsidePort.Segment("tap0", run.lab().links().getLast().name()), _ -> { });
            for (long at = SECOND / 2; at < 10 * SECOND; at += random.nextLong(SECOND / 4)) {
                run.runUntil(at);
                recording.at(run.now());
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                run.arrive(random.nextBoolean() ? "tun0" : "tap0", random.nextInt(3) == 0 ? Octets.wrap(noise) : ping(HOME, CN, 3));
            }
            run.apply(new Action.Move("mn", Optional.empty()));
            run.missed("tap0", 3, "test");
            run.detach("tap0", "test");
            run.runUntil(run.now() + SECOND);
            recording.at(run.now());
            recording.close();
            assertEquals("", recording.state().stopped());
            assertEquals(Files.size(file), recording.state().octets());
        }
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimized.json", "ike-registration.json", "ike-psk-aggressive.json", "combined-tunnel-cn.json"})
    void withItsSecretsItIsMadeAgain(String name) throws Exception {
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab(name));
        Path file = folder.resolve("run");
        Simulation run = run(secrets, file, true, 1);
        Recording recording = Recording.read(file, Progress.NONE);
        assertEquals(Optional.empty(), recording.missing());
        assertEquals(run.trace().size(), recording.trace().size());
        assertEquals(run.now(), recording.now());
        RecordingSecrets found = recording.secrets(RecordingSecrets.beside(file));
        assertEquals(secrets.secret(), found.secret());
        Remade made = Remade.of(recording, found, Progress.NONE);
        Simulation again = made.run();
        assertEquals(0, made.difference());
        assertEquals(recording.end().orElseThrow().digest(), again.trace().digest());
        assertEquals(run.trace().digest(), again.trace().digest());
        Simulation fork = again.fork(again.trace().size() / 2, () -> false, _ -> { }).orElseThrow();
        assertTrue(fork.trace().size() >= again.trace().size() / 2);
        Simulation other = Simulation.of(recording.log(found, Progress.NONE), SystemSecret.make());
        while (!other.isMadeAgain(recording.trace().size(), recording.now()) && other.step()) {
            // each turn runs one task
        }
        if (!name.equals("combined-tunnel-cn.json")) {
            assertNotEquals(0, recording.firstDifference(other.trace()));
        }
    }

    /** Whatever a lab does, the reader takes what the engine wrote. */
    @Test
    void everySampleIsRecorded() throws Exception {
        int labs = 0;
        try (Stream<Path> samples = Files.list(Path.of("../samples"))) {
            for (Path sample : samples.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab(sample.getFileName().toString()));
                if (secrets.lab().until() > 60 * SECOND) {
                    continue;
                }
                Simulation run = Simulation.live(secrets.lab(), labs % 2 == 0 ? Detail.FULL : Detail.SUMMARY, secrets.secret());
                Path file = folder.resolve("run" + labs++);
                try (RecordingWriter writer = RecordingWriter.create(file, secrets, run.trace())) {
                    run.run();
                    writer.write(List.of(), run.trace().size(), run.now());
                    writer.end(run.now());
                }
                Recording recording = Recording.read(file, Progress.NONE);
                assertEquals(Optional.empty(), recording.missing(), () -> sample.toString());
                assertEquals(0, recording.firstDifference(run.trace()));
                assertEquals(run.trace().digest(), recording.end().orElseThrow().digest());
            }
        }
        assertTrue(labs > 15);
    }

    @Test
    void withoutItsSecretsItIsLookedAtBothWays() throws Exception {
        Path file = folder.resolve("run");
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab("ike-registration.json"));
        Simulation run = run(secrets, file, false, 2);
        assertFalse(Files.exists(RecordingSecrets.beside(file)));
        Recording recording = Recording.read(file, Progress.NONE);
        Projection ours = new Projection(recording.trace());
        Projection theirs = new Projection(run.trace());
        for (long n = run.trace().size(); n >= 0; n -= 97) {
            long event = n;
            for (String node : List.of("mn", "ha")) {
                assertEquals(theirs.at(n).rows(node, Sa.class).stream().map(row -> row.event() + " " + row.state()).toList(),
                        ours.at(n).rows(node, Sa.class).stream().map(row -> row.event() + " " + row.state()).toList(), () -> "at " + event);
                assertEquals(theirs.at(n).rows(node, careof.engine.state.Binding.class), ours.at(n).rows(node, careof.engine.state.Binding.class));
            }
        }
        assertThrows(IOException.class, () -> recording.secrets(RecordingSecrets.beside(file)));
    }

    /** Keys of the user's own, in place of those that follow from the seed. */
    private static Lab withKeys(Lab lab) {
        Random random = new Random(5);
        return lab.withIpsec(lab.ipsec().stream().map(protection -> protection.isKeyedByIke() ? protection : protection.withTransforms(protection.transforms().stream()
                .map(t -> new LabProtection.Transform(t.protocol(), t.mode(), t.encryption(), t.authentication(), t.bits(), t.outer(), List.of(new LabProtection.Keys(protection.first(),
                        Optional.of(0x1234L + random.nextInt(1000)), Optional.of(octets(random, t.encryption() == Encryption.NONE ? 0 : t.keyLength())).filter(key -> !key.isEmpty()),
                        Optional.of(octets(random, t.authentication().key())).filter(key -> !key.isEmpty()))))).toList())).toList());
    }

    private static Octets octets(Random random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    /** Every key that any row or any message of PF_KEY had, and the secret, in the file's octets and in its texts. */
    @ParameterizedTest
    @ValueSource(strings = {"ike-registration.json", "ike-psk-aggressive.json", "combined-tunnel-cn.json", "protected-registration-esp.json"})
    void theFileHoldsNoKey(String name) throws Exception {
        Path file = folder.resolve("run");
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), withKeys(lab(name)));
        Simulation run = run(secrets, file, false, 3);
        Set<Octets> keys = new LinkedHashSet<>();
        keys.add(secrets.secret());
        for (TraceStore.Cursor events = run.trace().from(1); events.hasNext(); ) {
            if (events.next() instanceof TraceEvent.Changed changed) {
                Stream.of(changed.old(), changed.now()).flatMap(Optional::stream).forEach(row -> {
                    switch (row) {
                        case Sa sa -> {
                            keys.add(sa.encryptionKey());
                            keys.add(sa.authenticationKey());
                        }
                        case IkeSa sa -> keys.add(sa.encryptionKey());
                        default -> { }
                    }
                });
            }
        }
        keys.remove(Octets.EMPTY);
        assertTrue(keys.size() > 2, "there are keys");
        String octets = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        for (Octets key : keys) {
            assertFalse(octets.contains(new String(key.toArray(), StandardCharsets.ISO_8859_1)), "a key's octets");
            assertFalse(octets.contains(key.toHex()), "a key as text");
        }
        assertFalse(octets.contains("a secret of both"), "a pre-shared key");
        Recording recording = Recording.read(file, Progress.NONE);
        boolean masked = false;
        for (TraceStore.Cursor events = recording.trace().from(1); events.hasNext(); ) {
            masked |= events.next() instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof Sa sa && (Masking.isMasked(sa.encryptionKey()) || Masking.isMasked(sa.authenticationKey()));
        }
        assertTrue(masked);
        assertEquals(0L, recording.lab().seed());
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab("optimized.json"));
        Path file = folder.resolve("run");
        Files.writeString(RecordingSecrets.beside(file), "precious");
        Simulation run = Simulation.live(secrets.lab(), Detail.SUMMARY, secrets.secret());
        assertTrue(assertThrows(IOException.class, () -> new LiveRecording(file, run, secrets, true)).getMessage().contains("exists already"));
        assertFalse(Files.exists(file));
        Files.delete(RecordingSecrets.beside(file));
        Files.writeString(file, "precious");
        assertTrue(assertThrows(IOException.class, () -> new LiveRecording(file, run, secrets, true)).getMessage().contains("exists already"));
        assertFalse(Files.exists(RecordingSecrets.beside(file)));
        Path nowhere = folder.resolve("nowhere/run");
        assertTrue(assertThrows(IOException.class, () -> new LiveRecording(nowhere, run, secrets, true)).getMessage().contains("folder"));
    }

    /** The disk fails: the run goes on, and says so; what was written is there. */
    @ParameterizedTest
    @ValueSource(longs = {20_000, 60_000, 100_000})
    void aDiskThatIsFullEndsTheRecordingOnly(long room) throws Exception {
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab("optimized.json"));
        Simulation run = Simulation.live(secrets.lab(), Detail.FULL, secrets.secret());
        Path file = folder.resolve("full");
        try (LiveRecording recording = new LiveRecording(new RecordingWriter(
                new FullDisk(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), room), secrets, run.trace()), run, List.of())) {
            for (int i = 1; recording.state().stopped().isEmpty(); i++) {
                assertTrue(i < 1_000, "the disk is not full yet");
                run.runUntil(i * SECOND / 20);
                Thread.sleep(5);
            }
            assertEquals("No space left on device", recording.state().stopped());
            long now = run.now();
            run.runUntil(now + SECOND);
            run.apply(new Action.Move("mn", Optional.empty()));
            recording.close();
            assertEquals("No space left on device", recording.state().stopped());
            Recording read = Recording.read(file, Progress.NONE);
            assertEquals("recording stopped before the run: No space left on device", read.missing().orElseThrow());
            assertEquals(0, read.firstDifference(run.trace()));
        }
    }

    /** A disk that hangs neither stops the run nor its end. */
    @Test
    void aDiskThatHangs() throws Exception {
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab("optimized.json"));
        Simulation run = Simulation.live(secrets.lab(), Detail.FULL, secrets.secret());
        run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), _ -> { });
        Pipe pipe = Pipe.open();    // nobody reads from it
        long began = System.nanoTime();
        try (LiveRecording recording = new LiveRecording(new RecordingWriter(new Hanging(pipe.sink()), secrets, run.trace()), run, List.of())) {
            run.runUntil(10 * SECOND);
            Octets packet = Octets.zeros(100_000);
            for (int i = 0; i < 3_000; i++) {
                run.arrive("tun0", packet);
            }
            assertEquals("the disk does not keep up", recording.state().stopped());
        }
        assertTrue(System.nanoTime() - began < 20_000_000_000L);
    }

    private record Hanging(WritableByteChannel pipe) implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            return pipe.write(source);
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            return 0;
        }

        @Override
        public SeekableByteChannel position(long to) {
            return this;
        }

        @Override
        public long size() {
            return 0;
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            return this;
        }

        @Override
        public boolean isOpen() {
            return pipe.isOpen();
        }

        @Override
        public void close() throws IOException {
            pipe.close();
        }
    }

    /** Another virtual machine records and is killed in the midst of it: all but its last moments is there. */
    @Test
    void sigkillLosesLittle() throws Exception {
        Path file = folder.resolve("killed");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED", Endless.class.getName(), file.toString()).redirectErrorStream(true).start();
        List<Long> told = new ArrayList<>();
        try (var out = process.inputReader()) {
            long began = System.nanoTime();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("at ")) {
                    told.add(Long.parseLong(line.substring(3)));
                }
                if (told.size() > 1 && System.nanoTime() - began > 3_000_000_000L && told.getLast() > 2 * SECOND) {
                    process.destroyForcibly();
                    break;
                }
            }
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertFalse(told.isEmpty(), "it ran");
        Recording recording = Recording.read(file, Progress.NONE);
        assertTrue(recording.missing().isPresent());
        assertTrue(recording.now() > told.getLast() - SECOND, "recorded up to " + recording.now() + ", told " + told.getLast());
        RecordingSecrets secrets = recording.secrets(RecordingSecrets.beside(file));
        assertEquals(0, Remade.of(recording, secrets, Progress.NONE).difference());
    }

    /** Runs a lab by the clock and records it, without an end. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws Exception {
            RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), lab("optimized.json").withUntil(3600 * SECOND));
            Simulation run = Simulation.live(secrets.lab(), Detail.FULL, secrets.secret());
            LiveRecording recording = new LiveRecording(Path.of(args[0]), run, secrets, true);
            LiveRun live = new LiveRun(run);
            run.attach(new OutsidePort.Host("tun0", "mn", HOME, 1400), _ -> { });
            live.resume();
            for (int i = 0; ; i++) {
                live.turn(System.nanoTime() + 20_000_000);
                run.arrive("tun0", ping(HOME, CN, i));
                recording.at(run.now());
                System.out.println("at " + run.now());
                Thread.sleep(5);
            }
        }
    }
}
