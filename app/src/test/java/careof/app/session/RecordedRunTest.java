package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import careof.app.Samples;
import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.live.PortRequest;
import careof.engine.query.Query;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import careof.engine.trace.RecordingSecrets;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live runs that the worker records, and recorded runs that it shows. */
class RecordedRunTest extends WithWorker {
    @TempDir
    private Path folder;

    private List<String> titles() {
        return notices.stream().map(Notice::title).toList();
    }

    /** A live run that lasts for some lab time, with a move in it; what it looked like at its end. */
    private SessionState record(String sample, Path file, boolean secrets) throws Exception {
        Lab lab = Samples.sample(sample).orElseThrow().lab();
        after(new Command.Load(lab), s -> s.lab().equals(lab));
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            var port = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
            after(new Command.GoLive(List.of(port), Detail.FULL, Optional.of(new Command.Record(file, secrets))), s -> s.live().isPresent() && s.clock() > 0);
            frame(other, local);
            SessionState moving = after(new Command.Apply(new Action.Move("mn", Optional.of("cell-a"))), s -> s.clock() > 2 * SECOND);
            frame(other, local);
            frame(other, local);
            long size = state.head();
            after(new Command.SetSpeed(1), s -> s.head() > size && s.clock() > 2 * SECOND + SECOND / 4);
            SessionState.RecordingState how = moving.live().orElseThrow().file().orElseThrow();
            assertEquals("", how.stopped());
            assertTrue(how.octets() > 1_000);
            SessionState ended = after(new Command.EndLive(), s -> s.live().isEmpty());
            assertTrue(titles().contains("Recorded " + file.getFileName()), notices::toString);
            return ended;
        }
    }

    /** Sends what a machine outside might, in the link's framing. */
    private static void frame(DatagramSocket from, int port) throws Exception {
        byte[] datagram = ByteBuffer.allocate(72).putInt(0x00030000).putInt(1).array();
        from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void withItsSecretsTheRunIsMadeAgainAndForked() throws Exception {
        Path file = folder.resolve("run.careof");
        SessionState live = record("protected-registration-esp", file, true);
        RecordedRun recorded = RecordedRun.read(file, Progress.NONE);
        assertTrue(RecordedRun.is(file) && recorded.hasSecrets());
        assertEquals(Optional.empty(), recorded.missing());
        SessionState shown = after(new Command.Show(recorded), s -> s.recorded().isPresent());
        assertTrue(shown.start() > 100 && shown.start() <= live.start(), "before the port opened");
        assertEquals(live.head(), shown.head());
        assertEquals(live.headTime(), shown.headTime());
        assertEquals(shown.start(), shown.cursor());
        assertFalse(shown.canFork() || shown.atStart());

        SessionState middle = after(new Command.SeekTime(SECOND), s -> s.clock() == SECOND);
        RecordedRun.Again again = recorded.again(Progress.NONE);
        assertTrue(again.isSame(), again.words());
        SessionState made = after(new Command.MadeAgain(again), SessionState::canFork);
        assertEquals(middle.cursor(), made.cursor());
        assertEquals(middle.clock(), made.clock());
        assertEquals(live.trace().digest(), made.trace().digest());
        assertEquals(live.headTime(), made.headTime());
        assertEquals(Optional.empty(), made.whyOnlyLook());
        assertEquals("The run was made again", notices.getLast().title());
        for (long n = made.start(); n < live.head(); n += 97) {
            long want = n;
            assertEquals(new Projection(live.trace()).at(n).digest(), after(new Command.Seek(n), s -> s.cursor() == want).tables().digest());
        }
        after(new Command.SeekTime(2 * SECOND), s -> s.clock() == 2 * SECOND);
        SessionState forked = after(new Command.Apply(new Action.Move("mn", Optional.of("cell-b"))), s -> s.runs().size() == 2 && s.run() != made.run());
        assertEquals(2 * SECOND, forked.clock());
        assertEquals(Optional.empty(), forked.recorded());
        Notice without = notices.stream().filter(n -> n.title().equals("A fork without the machines outside")).findFirst().orElseThrow();
        assertTrue(without.detail().matches(".*not carried over: 2 recorded packets \\(2 by udp[0-9]+\\).*"), "one of three came before: " + without.detail());
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        after(new Command.SwitchRun(made.run()), s -> s.run() == made.run());
        after(new Command.ToHead(), SessionState::atHead);
        SessionState end = after(new Command.Apply(new Action.Ping("mn", "cn")), s -> s.runs().size() == 3);
        assertEquals(live.headTime(), end.clock(), "a recorded run is over: what is done at its end makes a fork, too");
        assertTrue(notices.stream().anyMatch(n -> n.detail().startsWith("Nothing more comes from them")), notices::toString);
        after(new Command.TakeBack(), s -> s.runs().size() == 4);
        assertTrue(after(new Command.TakeBack(), s -> s.runs().size() == 5).clock() < live.headTime() - SECOND, "what is taken back is an action, here of the live run, and not a port's end");
    }

    @Test
    void withoutItsSecretsItIsLookedAt() throws Exception {
        Path file = folder.resolve("run.careof");
        SessionState live = record("handover", file, false);
        assertFalse(Files.exists(RecordingSecrets.beside(file)));
        RecordedRun recorded = RecordedRun.read(file, Progress.NONE);
        SessionState shown = after(new Command.Show(recorded), s -> s.recorded().isPresent());
        assertTrue(shown.whyOnlyLook().orElseThrow().contains("run.careof.secret"));
        assertEquals(live.index().signalling().size(), shown.index().signalling().size());
        assertEquals(live.index().drops().size(), shown.index().drops().size());
        for (StepKind kind : List.of(StepKind.EVENT, StepKind.PACKET, StepKind.SIGNALLING)) {
            SessionState one = after(new Command.Step(kind, true), s -> s.cursor() > shown.start());
            after(new Command.Step(kind, true), s -> s.cursor() > one.cursor());
            SessionState back = after(new Command.Step(kind, false), s -> s.cursor() == one.cursor());
            assertEquals(one.tables().digest(), back.tables().digest());
            after(new Command.Rewind(), s -> s.cursor() == shown.start());
        }
        after(new Command.SetSpeed(Double.POSITIVE_INFINITY), _ -> true);
        assertEquals(live.headTime(), after(new Command.Play(), s -> s.ended() && !s.running()).clock());
        after(new Command.UntilTime(SECOND), s -> s.clock() == SECOND);
        after(new Command.UntilTime(2 * SECOND), s -> s.clock() == 2 * SECOND);
        after(new Command.Rewind(), s -> s.cursor() == shown.start());
        after(new Command.UntilMatch(Query.parse("kind == sent and node == mn")), s -> s.cursor() > shown.start() && !s.running());
        notices.clear();
        long at = state.cursor();
        after(new Command.Apply(new Action.Ping("mn", "cn")), _ -> !notices.isEmpty());
        after(new Command.Fork(), _ -> notices.size() == 2);
        assertEquals(List.of("A recorded run", "A recorded run"), titles());
        assertEquals(1, state.runs().size());
        assertEquals(at, state.cursor());
        after(new Command.Load(Samples.sample("handover").orElseThrow().lab()), s -> s.recorded().isEmpty() && s.canFork());
    }

    @Test
    void aFileThatIsCutOffIsShownAsFarAsItIsWhole() throws Exception {
        Path file = folder.resolve("run.careof");
        SessionState live = record("handover", file, true);
        byte[] octets = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(octets, octets.length * 2 / 3));
        RecordedRun recorded = RecordedRun.read(file, Progress.NONE);
        assertTrue(recorded.missing().orElseThrow().contains("a record is cut off"), recorded.missing().get());
        SessionState shown = after(new Command.Show(recorded), s -> s.recorded().isPresent());
        assertTrue(shown.head() > 100 && shown.head() < live.head());
        RecordedRun.Again again = recorded.again(Progress.NONE);
        assertTrue(again.isSame(), again.words());
        assertTrue(after(new Command.MadeAgain(again), SessionState::canFork).headTime() >= shown.headTime());
        Files.write(file, Arrays.copyOf(octets, 40));
        assertThrows(Malformed.class, () -> RecordedRun.read(file, Progress.NONE));
        assertThrows(Progress.Cancelled.class, () -> {
            Files.write(file, octets);
            RecordedRun.read(file, (_, _) -> false);
        });
    }

    /** Secrets of the same lab under another recording's name are another run's. */
    @Test
    void whatCannotBeMadeAgainSaysWhy() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        record("handover", one, true);
        record("handover", two, true);
        Files.copy(RecordingSecrets.beside(two), RecordingSecrets.beside(one), StandardCopyOption.REPLACE_EXISTING);
        RecordedRun recorded = RecordedRun.read(one, Progress.NONE);
        Malformed e = assertThrows(Malformed.class, () -> recorded.again(Progress.NONE));
        after(new Command.Show(recorded), s -> s.recorded().isPresent());
        SessionState told = after(new Command.NotMadeAgain(recorded, e.getMessage()), s -> s.whyOnlyLook().equals(Optional.of(e.getMessage())));
        assertFalse(told.canFork());
    }

    @Test
    void whatCameOutDifferentlyIsAnotherRunAndTheCursorGoesWhereTheyPart() throws Exception {
        Path file = folder.resolve("run.careof");
        record("handover", file, true);
        RecordedRun recorded = RecordedRun.read(file, Progress.NONE);
        RecordedRun.Again same = recorded.again(Progress.NONE);
        RecordedRun.Again other = new RecordedRun.Again(recorded, same.machine(), same.found(), 300, "From event 300 on.");
        SessionState shown = after(new Command.Show(recorded), s -> s.recorded().isPresent());
        SessionState apart = after(new Command.MadeAgain(other), s -> s.runs().size() == 2);
        assertEquals(shown.trace(), apart.trace(), "what was recorded is shown");
        assertEquals(300, apart.cursor());
        assertFalse(apart.canFork());
        assertTrue(apart.whyOnlyLook().orElseThrow().contains("came out differently"), "it is not made again each time one goes back to it");
        assertEquals("The run came out differently", notices.getLast().title());
        SessionState made = after(new Command.SwitchRun(apart.runs().getLast().id()), SessionState::canFork);
        assertNotEquals(shown.trace(), made.trace());
    }

    @Test
    void aRecordingThatCannotBeginIsANotice() throws Exception {
        Lab lab = Samples.sample("handover").orElseThrow().lab();
        after(new Command.Load(lab), s -> s.lab().equals(lab));
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            var port = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
            Path there = Files.writeString(folder.resolve("there"), "mine");
            after(new Command.GoLive(List.of(port), Detail.FULL, Optional.of(new Command.Record(there, false))), _ -> !notices.isEmpty());
            assertEquals("Not live", notices.getFirst().title());
            assertTrue(notices.getFirst().detail().contains("exists already"), notices.getFirst().detail());
            assertEquals("mine", Files.readString(there));
            Path nowhere = folder.resolve("no/run");
            after(new Command.GoLive(List.of(port), Detail.FULL, Optional.of(new Command.Record(nowhere, true))), _ -> notices.size() == 2);
            assertTrue(notices.get(1).detail().contains("folder does not exist"), notices.get(1).detail());
            var bad = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", other.getLocalPort()), new InetSocketAddress("127.0.0.1", local), 1, 2);
            after(new Command.GoLive(List.of(bad), Detail.FULL, Optional.of(new Command.Record(folder.resolve("run"), true))), _ -> notices.size() == 3);
            assertFalse(Files.exists(folder.resolve("run")) || Files.exists(folder.resolve("run.secret")), "a run that did not begin leaves no recording");
        }
    }

    @Test
    void whereTheDiskIsFullTheRunGoesOn() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString()), "only root makes a disk that is full");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            Lab lab = Samples.sample("handover").orElseThrow().lab();
            after(new Command.Load(lab), s -> s.lab().equals(lab));
            var port = new PortRequest.SocketOnLink("home", new InetSocketAddress("127.0.0.1", local), new InetSocketAddress("127.0.0.1", other.getLocalPort()), 1, 2);
            after(new Command.GoLive(List.of(port), Detail.FULL, Optional.of(new Command.Record(disk.resolve("run"), false))), s -> s.live().isPresent());
            SessionState stopped = after(new Command.SetSpeed(1), s -> s.live().flatMap(SessionState.Live::file).filter(f -> !f.stopped().isEmpty()).isPresent());
            after(new Command.SetSpeed(1), s -> s.headTime() > stopped.headTime() + SECOND / 2);
            assertTrue(notices.getFirst().title().contains("No space left"), notices::toString);
            after(new Command.EndLive(), s -> s.live().isEmpty());
            assertEquals(1, notices.size(), "said once");
            RecordedRun recorded = RecordedRun.read(disk.resolve("run"), Progress.NONE);
            assertTrue(recorded.missing().isPresent() && recorded.now() > 0);
        } finally {
            succeeds("umount", disk.toString());
        }
    }

    private static boolean succeeds(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }
}
