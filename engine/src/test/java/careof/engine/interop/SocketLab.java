package careof.engine.interop;

import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.node.IkePlan;
import careof.engine.node.Node;
import careof.engine.node.Plan;
import careof.engine.node.SecurityPlan;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.state.FlowEnd;
import careof.engine.state.LinkState;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A lab in which one node is real: its link ends in a socket. Here, and only in these tests, virtual time follows the
 * clock: a task runs once its time has come, a frame from the socket enters between two.
 */
final class SocketLab {

    /** Of one piece of work at the other end. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.FULL);
    private final Recorder recorder = new Recorder(trace, scheduler);
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Port far;
    private final SocketLink socket;
    private final Lab lab;
    private long start;

    /**
     * @param real the node of the lab that the socket's other end plays; it is on one link
     * @param mac  of that other end: frames for it are for somebody
     */
    SocketLab(Lab lab, String real, MacAddress mac, SocketLink socket) {
        this.far = new Port("peer", "socket", mac, true);
        this.lab = lab;
        this.socket = socket;
        var plan = new Plan(lab);
        var security = new SecurityPlan(lab, plan);
        var ike = new IkePlan(lab, plan, security);
        recorder.because(recorder.started(lab.name(), lab.seed()));
        for (var link : lab.links()) {
            var state = new LinkState(link.name(), "", "", link.delay(), link.rate(), link.loss(), link.down());
            links.put(link.name(), new Link(state, link.mtu(), link.queue(), lab.seed(), scheduler, recorder));
        }
        for (var node : lab.nodes()) {
            if (!node.name().equals(real)) nodes.put(node.name(), new Node(lab, node, plan, security, ike, links, scheduler, recorder, Optional.empty()));
        }
        recorder.because(0);
        far.owner(new Port.Owner() {
            @Override
            public void receive(Port port, Frame frame, Link from) {
                try {
                    socket.send(frame.octets());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void carrier(Port port) {
                // the socket is always there
            }
        });
        var node = lab.node(real).orElseThrow();
        far.attach(links.get(node.at().orElseGet(() -> node.ports().getFirst().link())), true);
    }

    TraceStore trace() {
        return trace;
    }

    Node node(String name) {
        return nodes.get(name);
    }

    IpStack stack(String name) {
        return nodes.get(name).stack();
    }

    void move(String node, String link) {
        nodes.get(node).move(links.get(link), lab.link(link).map(LabLink::attach).orElseThrow());
    }

    /** Events of one kind, in order. */
    <T extends TraceEvent> List<T> events(Class<T> kind) {
        var found = new ArrayList<T>();
        for (var cursor = trace.from(1); cursor.hasNext(); ) {
            var event = cursor.next();
            if (kind.isInstance(event)) found.add(kind.cast(event));
        }
        return found;
    }

    /** What a node's tables of one kind have now. */
    <T extends State> List<T> rows(String node, Class<T> kind) {
        var found = new ArrayList<T>();
        nodes.get(node).env().rows((_, state) -> {
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
        for (var cursor = trace.from(Math.max(1, from)); cursor.hasNext(); ) {
            if (!(cursor.next() instanceof TraceEvent.FrameSent sent) || !sent.link().equals(link) || sent.frame().u16(12) != Ethernet.IP6) continue;
            var packet = Ip6Packet.parse(sent.frame().from(Ethernet.HEADER));
            if (wanted.test(packet)) found.add(packet);
        }
        return found;
    }

    /** Does something at the present time. */
    void act(Runnable action) {
        if (start == 0) start = System.nanoTime();
        var now = now();
        turn(now);
        scheduler.advanceTo(now);
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
        if (!run(result::isDone, LONGEST)) throw new IOException("the other end is still at it after " + LONGEST);
        return result.join();
    }

    /** What may take a while. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Lets time pass as the clock does until the condition holds; false when it does not within that time. */
    boolean run(BooleanSupplier condition, Duration patience) throws IOException {
        if (start == 0) start = System.nanoTime();
        var end = now() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            var now = now();
            if (now > end) return false;
            turn(now);
            scheduler.advanceTo(now);
            var wait = Math.clamp(scheduler.nextAt() - now, 1_000_000, 20_000_000);
            var frame = socket.receive(Duration.ofNanos(wait));
            if (frame.isPresent()) {
                turn(now());
                link().transmit(far, new Frame(recorder.newPacket(), 0, true, frame.get()));
            }
        }
        return true;
    }

    private Link link() {
        return far.link();
    }

    private void turn(long until) {
        do recorder.because(0); while (scheduler.runNext(until));
    }

    long now() {
        return System.nanoTime() - start;
    }
}
