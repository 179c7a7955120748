package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.trace.InputLog.Input;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings, written and read; whole, cut off, damaged and forged. */
class RecordingTest {
    /** Secrets with a lab that takes little time to read. */
    private static final int SMALL = 0;

    @TempDir
    private Path folder;

    private static Lab lab() throws Exception {
        return LabFiles.read(Path.of("../samples/optimized.json"), List.of());
    }

    private static RecordingSecrets secrets(int fill) throws Exception {
        byte[] octets = new byte[32];
        Arrays.fill(octets, (byte) fill);
        return new RecordingSecrets(Octets.wrap(octets), fill == SMALL ? Lab.empty("small") : lab());
    }

    private static Octets octets(Random random, int most) {
        byte[] octets = new byte[random.nextInt(most)];
        random.nextBytes(octets);
        return Octets.wrap(octets);
    }

    private static InputLog.Event event(Random random) {
        String port = "tun" + random.nextInt(3);
        return switch (random.nextInt(9)) {
            case 0 -> new InputLog.Act(new Action.Move("mn", random.nextBoolean() ? Optional.empty() : Optional.of("home")));
            case 1 -> new InputLog.Act(new Action.Link("home", Optional.empty(), Optional.empty(), Optional.of(random.nextDouble()), Optional.of(random.nextLong(1L << 30)), Optional.empty(),
                    Optional.empty()));
            case 2 -> new InputLog.Attach(new OutsidePort.Host(port, "mn", new Ip6Address(random.nextLong(), random.nextLong()), 1280 + random.nextInt(64_000)));
            case 3 -> new InputLog.Attach(new OutsidePort.Segment(port, "lïnk " + random.nextInt()));
            case 4 -> new InputLog.Detach(port, "gone é " + random.nextInt());
            case 5 -> new InputLog.Missed(port, 1 + random.nextLong(1L << random.nextInt(1, 62)), "");
            case 6 -> new InputLog.Waited(port, 1 + random.nextLong(1L << random.nextInt(1, 62)));
            default -> new InputLog.Arrive(port, octets(random, 300));
        };
    }

    private static List<Input> inputs(Random random, int count) {
        List<Input> inputs = new ArrayList<>();
        long after = 0;
        long at = 0;
        for (int i = 0; i < count; i++) {
            after += random.nextInt(3) == 0 ? random.nextLong(1L << random.nextInt(1, 30)) : 0;
            at += random.nextInt(3) == 0 ? random.nextLong(1L << random.nextInt(1, 40)) : 0;
            inputs.add(new Input(after, at, event(random)));
        }
        return inputs;
    }

    /** What was recorded, and where. */
    private record Made(Path file, List<TraceEvent> events, List<Input> inputs, TraceStore trace) {
        /** Expects the first of its events, masked. */
        void holds(TraceStore read) {
            TraceStore.Cursor cursor = read.from(1);
            while (cursor.hasNext()) {
                TraceEvent event = cursor.next();
                assertEquals(Masking.of(events.get((int) event.id() - 1)), event);
            }
        }
    }

    private Made make(long seed, int events, int inputs, boolean ends) throws Exception {
        return make(seed, events, inputs, ends, 7);
    }

    private Made make(long seed, int events, int inputs, boolean ends, int fill) throws Exception {
        Random random = new Random(seed);
        List<TraceEvent> all = new RandomEvents(seed).events(events);
        List<Input> in = inputs(random, inputs);
        Path file = folder.resolve("run" + seed + "-" + events);
        TraceStore trace = new TraceStore(Detail.FULL);
        try (RecordingWriter writer = RecordingWriter.create(file, secrets(fill), trace)) {
            int taken = 0;
            for (TraceEvent event : all) {
                trace.append(event);
                if (random.nextInt(Math.max(2, events / 20)) == 0) {
                    int more = Math.min(inputs, taken + random.nextInt(inputs / 8 + 2));
                    writer.write(in.subList(taken, more), trace.size(), event.at() + random.nextInt(2));
                    taken = more;
                }
            }
            writer.write(in.subList(taken, inputs), trace.size(), all.getLast().at() + 5);
            if (ends) {
                writer.end(all.getLast().at() + 5);
            }
            assertEquals(Files.size(file), writer.octets());
        }
        return new Made(file, all, in, trace);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatWasRecordedIsRead(long seed) throws Exception {
        Made made = make(seed, seed == 1 ? 40_000 : 1 + (int) seed * 300, seed == 1 ? 5_000 : 400, true);
        assertTrue(Recording.is(made.file));
        Recording read = Recording.read(made.file, Progress.NONE);
        assertEquals(Optional.empty(), read.missing());
        assertEquals(made.events.size(), read.trace().size());
        made.holds(read.trace());
        assertEquals(new InputLogJson.End(made.events.size(), made.trace.digest()), read.end().orElseThrow());
        assertEquals(made.events.getLast().at() + 5, read.now());
        assertEquals(made.inputs.size(), read.inputs());
        assertEquals(Masking.of(lab()), read.lab());
        assertEquals(InputLogJson.ENGINE, read.engine());
        assertEquals(0, read.firstDifference(made.trace));
        secrets(7).write(RecordingSecrets.beside(made.file));
        InputLog log = read.log(read.secrets(RecordingSecrets.beside(made.file)), Progress.NONE);
        assertEquals(made.inputs, log.inputs());
        assertEquals(lab(), log.lab());
        for (long packet = 0; packet < 50; packet++) {
            assertEquals(made.trace.frameOf(packet), read.trace().frameOf(packet));
        }
    }

    /** What is larger than memory is there as far as memory goes, and says so. */
    @Test
    void moreThanMemoryIsReadAsFarAsItGoes() throws Exception {
        Made made = make(10, 4_000, 10, true);
        Recording read = Recording.read(made.file, Progress.NONE, made.trace.octets() / 2);
        assertTrue(read.missing().orElseThrow().contains("there is no memory for more"), read.missing()::toString);
        assertTrue(read.trace().size() > 0 && read.trace().octets() <= made.trace.octets() / 2, () -> read.trace().size() + " events");
        made.holds(read.trace());
    }

    @Test
    void bothWaysThroughTheTables() throws Exception {
        Made made = make(8, 3_000, 10, true);
        TraceStore trace = Recording.read(made.file, Progress.NONE).trace();
        Projection there = new Projection(trace);
        Projection back = new Projection(trace);
        Random random = new Random(8);
        back.at(trace.size());
        for (long n = trace.size(); n >= 0; n -= 1 + random.nextInt(100)) {
            LabState expected = back.at(n);
            assertEquals(expected.digest(), there.at(n).digest());
        }
    }

    @Test
    void anotherRunIsToldFromThisOne() throws Exception {
        Made made = make(9, 2_000, 10, true);
        Recording read = Recording.read(made.file, Progress.NONE);
        List<TraceEvent> other = new ArrayList<>(made.events);
        TraceEvent.Acted acted = (TraceEvent.Acted) other.stream().filter(e -> e instanceof TraceEvent.Acted && e.id() > 1_000).findFirst().orElseThrow();
        other.set((int) acted.id() - 1, new TraceEvent.Acted(acted.id(), acted.at(), acted.node(), acted.cause(), acted.input(), acted.text() + "!"));
        assertEquals(acted.id(), read.firstDifference(TraceStoreTest.store(other)));
        assertEquals(1_501, read.firstDifference(TraceStoreTest.store(made.events.subList(0, 1_500))));
    }

    /** A file that ends anywhere gives all that was whole, and says that it ends there. */
    @Test
    void everyTruncation() throws Exception {
        Made made = make(10, 30, 10, true, SMALL);
        byte[] whole = Files.readAllBytes(made.file);
        Path cut = folder.resolve("cut");
        long most = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            Recording read;
            try {
                read = Recording.read(cut, Progress.NONE);
            } catch (Malformed e) {
                assertEquals(0, most, "what can be read of less can be read of more");
                assertFalse(e.getMessage().isEmpty());
                continue;
            }
            assertTrue(read.missing().isPresent());
            assertEquals(Optional.empty(), read.end());
            assertTrue(read.trace().size() >= most);
            most = read.trace().size();
            made.holds(read.trace());
        }
        assertEquals(30, most);
    }

    /** Damage anywhere gives what was before it. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void damagedOctets(long seed) throws Exception {
        Made made = make(seed, 200, 40, true, SMALL);
        byte[] whole = Files.readAllBytes(made.file);
        Random random = new Random(seed);
        Path damaged = folder.resolve("damaged");
        for (int i = 0; i < 300; i++) {
            byte[] octets = whole.clone();
            int at = random.nextInt(octets.length);
            octets[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, octets);
            try {
                Recording read = Recording.read(damaged, Progress.NONE);
                assertTrue(read.missing().isPresent());
                made.holds(read.trace());
            } catch (Malformed e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }

    /** Octets that somebody made up, with checks that are right: what is read can be used like any trace. */
    @ParameterizedTest
    @ValueSource(longs = {13, 14, 15})
    void forgedOctets(long seed) throws Exception {
        Made made = make(seed, 300, 40, true, SMALL);
        byte[] whole = Files.readAllBytes(made.file);
        List<int[]> records = new ArrayList<>();
        for (int at = RecordingForm.MAGIC.length; at < whole.length; ) {
            int length = RecordingForm.RECORD_HEAD + RecordingForm.u32(whole, at);
            records.add(new int[] {at, length});
            at += length;
        }
        Random random = new Random(seed);
        Path forged = folder.resolve("forged");
        int taken = 0;
        for (int i = 0; i < 400; i++) {
            byte[] octets = whole.clone();
            for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
                int[] record = records.get(random.nextInt(1, records.size()));
                if (record[1] == RecordingForm.RECORD_HEAD) {
                    continue;
                }
                octets[record[0] + random.nextInt(RecordingForm.RECORD_HEAD, record[1])] = (byte) random.nextInt();
                byte[] sealed = Arrays.copyOfRange(octets, record[0], record[0] + record[1]);
                RecordingForm.seal(sealed, record[1], sealed[4]);
                System.arraycopy(sealed, 0, octets, record[0], record[1]);
            }
            Files.write(forged, octets);
            Recording read = Recording.read(forged, Progress.NONE);
            TraceStore trace = read.trace();
            new Projection(trace).at(trace.size());
            for (TraceStore.Cursor cursor = trace.from(1); cursor.hasNext(); ) {
                TraceEvent event = cursor.next();
                assertEquals(event, trace.get(event.id()));
                trace.frameOf(event.packet());
            }
            taken += read.trace().size() > 200 ? 1 : 0;
        }
        assertTrue(taken > 20, "most flips are noticed late or never: " + taken);
    }

    /** A head that says anything, with a check that is right. */
    @ParameterizedTest
    @ValueSource(longs = {16, 17})
    void forgedHeads(long seed) throws Exception {
        Made made = make(seed, 20, 4, true);
        byte[] whole = Files.readAllBytes(made.file);
        int length = RecordingForm.RECORD_HEAD + RecordingForm.u32(whole, RecordingForm.MAGIC.length);
        Random random = new Random(seed);
        Path forged = folder.resolve("forged");
        for (int i = 0; i < 300; i++) {
            byte[] octets = whole.clone();
            byte[] head = Arrays.copyOfRange(octets, RecordingForm.MAGIC.length, RecordingForm.MAGIC.length + length);
            int at = RecordingForm.RECORD_HEAD + (random.nextBoolean() ? random.nextInt(50) : random.nextInt(length - RecordingForm.RECORD_HEAD));
            head[at] = (byte) random.nextInt();
            RecordingForm.seal(head, length, head[4]);
            System.arraycopy(head, 0, octets, RecordingForm.MAGIC.length, length);
            Files.write(forged, octets);
            try {
                Recording.read(forged, Progress.NONE);
            } catch (Malformed e) {
                assertFalse(e.getMessage().isEmpty());
            }
        }
    }

    @Test
    void otherFilesAreNone() throws Exception {
        Path other = folder.resolve("other");
        Files.writeString(other, "{\"careofLog\":1}");
        assertFalse(Recording.is(other));
        assertTrue(assertThrows(Malformed.class, () -> Recording.read(other, Progress.NONE)).getMessage().contains("no recording"));
        Files.write(other, new byte[0]);
        assertFalse(Recording.is(other));
        Made made = make(18, 20, 4, true);
        byte[] octets = Files.readAllBytes(made.file);
        int head = RecordingForm.MAGIC.length;
        octets[head + RecordingForm.RECORD_HEAD] = 2;
        byte[] record = Arrays.copyOfRange(octets, head, head + RecordingForm.RECORD_HEAD + RecordingForm.u32(octets, head));
        RecordingForm.seal(record, record.length, record[4]);
        System.arraycopy(record, 0, octets, head, record.length);
        Files.write(other, octets);
        assertTrue(assertThrows(Malformed.class, () -> Recording.read(other, Progress.NONE)).getMessage().contains("version 2"));
    }

    @Test
    void secretsAreTheirOwnersAndOfOneRecordingOnly() throws Exception {
        Made made = make(19, 20, 4, true);
        Recording read = Recording.read(made.file, Progress.NONE);
        Path file = RecordingSecrets.beside(made.file);
        secrets(7).write(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertThrows(FileAlreadyExistsException.class, () -> secrets(8).write(file));
        assertEquals(secrets(7), read.secrets(file));
        byte[] octets = Files.readAllBytes(file);
        for (int i = 0; i < octets.length; i += 7) {
            byte[] damaged = octets.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThrows(Malformed.class, () -> read.secrets(file));
        }
        Files.delete(file);
        secrets(8).write(file);
        assertTrue(assertThrows(Malformed.class, () -> read.secrets(file)).getMessage().contains("another recording"));
        assertThrows(FileAlreadyExistsException.class, () -> RecordingWriter.create(made.file, secrets(7), made.trace));
    }

    /** Wherever a disk is full, what was written before is whole, and the file says why it ends, if there is room for that. */
    @ParameterizedTest
    @ValueSource(longs = {20, 21, 22})
    void aFullDisk(long seed) throws Exception {
        List<TraceEvent> events = new RandomEvents(seed).events(400);
        TraceStore trace = TraceStoreTest.store(events);
        Made made = new Made(folder.resolve("full"), events, List.of(), trace);
        long whole = Files.size(make(seed, 400, 1, true).file);
        Random random = new Random(seed);
        int told = 0;
        for (int i = 0; i < 40; i++) {
            FileChannel file = FileChannel.open(made.file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            boolean begun = false;
            try (RecordingWriter writer = new RecordingWriter(new FullDisk(file, random.nextLong(whole / 2)), secrets(7), trace)) {
                begun = true;
                try {
                    for (int last = 1; last <= events.size(); last += 10) {
                        writer.write(List.of(), last, 0);
                    }
                } catch (IOException e) {
                    writer.stop(e.getMessage());
                }
            } catch (IOException e) {
                assertFalse(begun, "not even the head found room");
                file.close();
                continue;
            }
            Recording read = Recording.read(made.file, Progress.NONE);
            made.holds(read.trace());
            told += read.missing().orElseThrow().equals("recording stopped before the run: No space left on device") ? 1 : 0;
        }
        assertTrue(told > 8, "told " + told);
    }

    @Test
    void labsWithoutTheirSecrets() throws Exception {
        for (Path file : List.of(Path.of("../samples/ike-psk-aggressive.json"), Path.of("../samples/ike-impostor.json"), Path.of("../samples/combined-tunnel-cn.json"))) {
            Lab masked = Masking.of(LabFiles.read(file, List.of()));
            String text = careof.engine.lab.LabJson.write(masked);
            assertFalse(text.contains("\"psk\":"), "a pre-shared key");
            assertEquals(masked, careof.engine.lab.LabJson.read("masked", text));
        }
    }
}
