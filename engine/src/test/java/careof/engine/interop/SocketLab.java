package careof.engine.interop;

import careof.engine.base.Malformed;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.live.LiveRecording;
import careof.engine.live.LiveRun;
import careof.engine.live.SystemSecret;
import careof.engine.node.Node;
import careof.engine.run.Simulation;
import careof.engine.stack.IpStack;
import careof.engine.state.FlowEnd;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A live run of a lab in which one node is a guest of user-mode-linux: its link goes on by a socket. */
final class SocketLab {
    /** Of one piece of work at the other end. */
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final long TURN = 20 * VirtualTime.MILLISECOND;

    private final Simulation run;
    private final LiveRun live;
    private final Optional<LiveRecording> recording;

    /** @param real the node of the lab that the guest plays; it is on one link */
    SocketLab(Lab lab, String real, UmlPeer guest) throws IOException {
        this(lab, real, guest, Optional.empty());
    }

    /** @param record where the run is recorded with its secrets; then nothing but its lab, {@link #apply} and the link may bring anything about */
    SocketLab(Lab lab, String real, UmlPeer guest, Optional<Path> record) throws IOException {
        var node = lab.node(real).orElseThrow();
        var link = node.at().orElseGet(() -> node.ports().getFirst().link());
        var nodes = lab.nodes().stream().map(n -> n.withOutside(n.name().equals(real))).toList();
        var secrets = new RecordingSecrets(SystemSecret.make(), lab.withNodes(nodes).withUntil(3_600 * VirtualTime.SECOND));
        run = Simulation.live(secrets.lab(), Detail.FULL, secrets.secret());
        recording = record.isEmpty() ? Optional.empty() : Optional.of(new LiveRecording(record.get(), run, secrets, true));
        live = new LiveRun(run);
        live.open(new OutsidePort.Segment("socket", link), guest.device());
    }

    TraceStore trace() {
        return run.trace();
    }

    Node node(String name) {
        return run.node(name).orElseThrow();
    }

    IpStack stack(String name) {
        return node(name).stack();
    }

    void move(String node, String link) {
        apply(new Action.Move(node, Optional.of(link)));
    }

    void apply(Action action) {
        act(() -> run.apply(action));
    }

    /** Ends the run, and its recording. */
    void close() {
        live.close();
        recording.ifPresent(r -> {
            r.at(run.now());
            r.close();
        });
    }

    /** Events of one kind, in order. */
    <T extends TraceEvent> List<T> events(Class<T> kind) {
        var found = new ArrayList<T>();
        for (var cursor = trace().from(1); cursor.hasNext(); ) {
            var event = cursor.next();
            if (kind.isInstance(event)) found.add(kind.cast(event));
        }
        return found;
    }

    /** What a node's tables of one kind have now. */
    <T extends State> List<T> rows(String node, Class<T> kind) {
        var found = new ArrayList<T>();
        node(node).env().rows((_, state) -> {
            if (kind.isInstance(state)) found.add(kind.cast(state));
        });
        return found;
    }

    /** Answers that a node's pings had. */
    long received(String node) {
        return rows(node, FlowEnd.class).stream().filter(end -> !end.sending()).mapToLong(FlowEnd::packets).sum();
    }

    /** Answers that a node's pings did not have though later ones came. */
    long lost(String node) {
        return rows(node, FlowEnd.class).stream().filter(end -> !end.sending()).mapToLong(end -> end.highest() + 1 - end.packets()).sum();
    }

    /** IPv6 packets of one kind that were sent on a link since an event. */
    List<Ip6Packet> packets(String link, long from, Predicate<Ip6Packet> wanted) throws Malformed {
        var found = new ArrayList<Ip6Packet>();
        for (var cursor = trace().from(Math.max(1, from)); cursor.hasNext(); ) {
            if (!(cursor.next() instanceof TraceEvent.FrameSent sent) || !sent.link().equals(link) || sent.frame().u16(12) != Ethernet.IP6) continue;
            var packet = Ip6Packet.parse(sent.frame().from(Ethernet.HEADER));
            if (wanted.test(packet)) found.add(packet);
        }
        return found;
    }

    /** What went through the ports. */
    List<LiveRun.PortCounts> ports() {
        return live.ports();
    }

    /** How many packets were dropped, by node and reason, with the last one's words. */
    Map<String, String> drops() {
        var counts = new TreeMap<String, Integer>();
        var words = new TreeMap<String, String>();
        for (var drop : events(TraceEvent.Dropped.class)) {
            var what = drop.node() + " " + drop.reason();
            counts.merge(what, 1, Integer::sum);
            words.put(what, counts.get(what) + " " + drop.args());
        }
        return words;
    }

    /** Does something at the present time. */
    void act(Runnable action) {
        live.resume();
        live.turn(Long.MAX_VALUE);
        action.run();
    }

    /** What takes its time at the other end, such as a command of a guest: meanwhile the lab lives on. */
    <T> T meanwhile(Work<T> work) throws IOException {
        var result = CompletableFuture.supplyAsync(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        result.whenComplete((_, _) -> live.wake());
        if (!run(result::isDone, LONGEST)) throw new IOException("the other end is still at it after " + LONGEST);
        return result.join();
    }

    /** What may take a while. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Lets time pass as the clock does until the condition holds; false when it does not within that time. */
    boolean run(BooleanSupplier condition, Duration patience) throws IOException {
        live.resume();
        var end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) return false;
            live.turn(System.nanoTime() + TURN);
            recording.ifPresent(r -> r.at(run.now()));
            try {
                live.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return true;
    }

    long now() {
        return run.now();
    }
}
