package careof.engine.interop;

import careof.engine.base.MacAddress;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.LinkState;
import careof.engine.trace.Detail;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A lab link whose other end is a real socket: our stacks on the one side, a peer on the other. Here, and only in these
 * tests, virtual time follows the clock: a task runs once its time has come, a frame from the socket enters between two.
 */
final class SocketLab {

    private static final long SEED = 1;
    private static final int MTU = 1500;

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.FULL);
    private final Recorder recorder = new Recorder(trace, scheduler);
    private final Link link = new Link(new LinkState("wire", "", "", 0, 0, 0, false), MTU, 1000, SEED, scheduler, recorder);
    private final Port far = new Port("peer", "socket", MacAddress.parse("02:00:00:00:ff:ff"), true);
    private final SocketLink socket;
    private final long start = System.nanoTime();

    SocketLab(SocketLink socket) {
        this.socket = socket;
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
        far.attach(link, true);
    }

    Link link() {
        return link;
    }

    TraceStore trace() {
        return trace;
    }

    /** A node of one port {@code eth0}, attached to the link. */
    IpStack node(String name, String mac, boolean forwards) {
        var stack = new IpStack(new NodeEnv(name, scheduler, recorder, Policy.ALL_ON, SEED), forwards, false);
        stack.addPort("eth0", MacAddress.parse(mac), false).attach(link, true);
        return stack;
    }

    /** Lets time pass as the clock does until the condition holds; false when it does not within that time. */
    boolean run(BooleanSupplier condition, Duration patience) throws IOException {
        var end = now() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            var now = now();
            if (now > end) return false;
            while (scheduler.runNext(now)) recorder.because(0);
            scheduler.advanceTo(now);
            var wait = Math.clamp(scheduler.nextAt() - now, 1_000_000, 20_000_000);
            var frame = socket.receive(Duration.ofNanos(wait));
            if (frame.isPresent()) {
                while (scheduler.runNext(now())) recorder.because(0);
                scheduler.advanceTo(Math.max(scheduler.now(), Math.min(now(), scheduler.nextAt())));
                link.transmit(far, new Frame(recorder.newPacket(), 0, true, frame.get()));
            }
        }
        return true;
    }

    private long now() {
        return System.nanoTime() - start;
    }
}
