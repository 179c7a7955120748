package careof.engine.interop;

import careof.engine.base.MacAddress;
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
import careof.engine.state.LinkState;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A lab in which one node is real: its link ends in a socket. Here, and only in these tests, virtual time follows the
 * clock: a task runs once its time has come, a frame from the socket enters between two.
 */
final class SocketLab {

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
        var security = new careof.engine.node.SecurityPlan(lab, plan);
        recorder.because(recorder.started(lab.name(), lab.seed()));
        for (var link : lab.links()) {
            var state = new LinkState(link.name(), "", "", link.delay(), link.rate(), link.loss(), link.down());
            links.put(link.name(), new Link(state, link.mtu(), link.queue(), lab.seed(), scheduler, recorder));
        }
        for (var node : lab.nodes()) {
            if (!node.name().equals(real)) nodes.put(node.name(), new Node(lab, node, plan, security, new IkePlan(lab, plan, security), links, scheduler, recorder));
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

    private long now() {
        return System.nanoTime() - start;
    }
}
