package careof.engine.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.policy.Policy;
import careof.engine.sim.Scheduler;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.state.AddressEntry;
import careof.engine.state.FlowEnd;
import careof.engine.state.LinkState;
import careof.engine.state.Route;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the two ends of a flow count, over a link that loses, and for packets that come in any order, or twice. */
class FlowEndsTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final Ip6Address A = Ip6Address.parse("2001:db8::a");
    private static final Ip6Address B = Ip6Address.parse("2001:db8::b");

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.FULL);
    private final Recorder recorder = new Recorder(trace, scheduler);
    private final Link link = new Link(new LinkState("wire", "", "", 5 * MILLISECOND, 0, 0, false), 1500, 100, 1, scheduler, recorder);
    private final IpStack a = host("a", 1, A);
    private final IpStack b = host("b", 2, B);
    private final FlowEnds aEnds = new FlowEnds(a);
    private final FlowEnds bEnds = new FlowEnds(b);

    private IpStack host(String name, int mac, Ip6Address address) {
        IpStack stack = new IpStack(new NodeEnv(name, scheduler, recorder, Policy.ALL_ON, 1), false, false);
        Port port = stack.addPort("p1", new MacAddress(0x0200_0000_0000L | mac), false);
        stack.autoconfiguration().configure(port, Ip6Address.linkLocal(port.mac().interfaceId()), AddressEntry.Origin.LINK_LOCAL);
        stack.autoconfiguration().configure(port, address, AddressEntry.Origin.FIXED);
        stack.routes().put(new Route(new Prefix(address, 64), "p1", Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
        port.attach(link, true);
        return stack;
    }

    private void run(long until) {
        while (scheduler.runNext(until)) {
            recorder.because(0);
        }
        scheduler.advanceTo(until);
    }

    private static Optional<FlowEnd> end(IpStack stack, boolean sending) {
        List<FlowEnd> ends = new ArrayList<>();
        stack.env().rows((_, row) -> {
            if (row instanceof FlowEnd end && end.sending() == sending) {
                ends.add(end);
            }
        });
        return ends.stream().findFirst();
    }

    private static Flow udp(long start, long stop) {
        return new Flow("voice", "a-b", 1, false, A, B, 20 * MILLISECOND, 172, start, stop);
    }

    @Test
    void aStreamThatArrives() {
        Flow flow = udp(SECOND, 2 * SECOND);
        aEnds.send(flow);
        bEnds.receive(flow);
        run(5 * SECOND);
        FlowEnd out = end(a, true).orElseThrow();
        assertEquals(50, out.packets());
        assertEquals(49, out.highest());
        assertEquals(1980 * MILLISECOND, out.at(), "none at the stop itself");
        FlowEnd in = end(b, false).orElseThrow();
        assertEquals(new FlowEnd("voice", "a-b", false, 50, 49, 49, 0, 0, 5 * MILLISECOND, 1985 * MILLISECOND, 20 * MILLISECOND, -1L >>> 14), in);
    }

    @Test
    void aStreamThatLosesSome() {
        Flow flow = udp(SECOND, 2 * SECOND);
        aEnds.send(flow);
        bEnds.receive(flow);
        run(1490 * MILLISECOND);
        link.change("", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true));
        run(1590 * MILLISECOND);
        link.change("", "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false));
        run(5 * SECOND);
        FlowEnd in = end(b, false).orElseThrow();
        assertEquals(45, in.packets());
        assertEquals(49, in.highest());
        assertEquals(0, in.reordered());
        assertEquals(120 * MILLISECOND, in.gap());
        assertEquals(50, end(a, true).orElseThrow().packets());
    }

    @Test
    void pingsCountTheWayThereAndBack() {
        aEnds.send(new Flow("ping", "a-b", 3, true, A, B, 100 * MILLISECOND, 56, 0, SECOND));
        run(5 * SECOND);
        assertEquals(10, end(a, true).orElseThrow().packets());
        FlowEnd in = end(a, false).orElseThrow();
        assertEquals(10, in.packets());
        assertEquals(10 * MILLISECOND, in.delay());
        assertTrue(end(b, false).isEmpty());
    }

    @Test
    void anEmptyTimeSendsNothing() {
        aEnds.send(udp(SECOND, SECOND));
        run(5 * SECOND);
        assertEquals(Optional.empty(), end(a, true));
    }

    /** Packets as they come, against a plain count with sets. */
    @Test
    void orderAndDuplicates() {
        Flow flow = udp(0, 0);
        bEnds.receive(flow);
        Random random = new Random(11);
        TreeSet<Long> seen = new TreeSet<>();
        long reordered = 0;
        long duplicates = 0;
        for (int i = 0; i < 2000; i++) {
            long sequence = Math.max(0, i - random.nextInt(60));
            boolean again = seen.contains(sequence);
            duplicates += again ? 1 : 0;
            reordered += !again && !seen.isEmpty() && sequence < seen.last() ? 1 : 0;
            seen.add(sequence);
            arrives(new FlowHeader(sequence, scheduler.now()).data(172));
        }
        FlowEnd in = end(b, false).orElseThrow();
        assertEquals(seen.size(), in.packets());
        assertEquals(seen.last(), in.highest());
        assertEquals(reordered, in.reordered());
        assertEquals(duplicates, in.duplicates());
    }

    /** What is no packet of the flow counts for nothing. */
    @Test
    void junk() {
        bEnds.receive(udp(0, 0));
        arrives(Octets.zeros(172));
        arrives(new FlowHeader(1, 1).data(172).slice(0, 15));
        arrives(Octets.EMPTY);
        assertEquals(Optional.empty(), end(b, false));
        assertEquals(3, trace.dropCount());
    }

    private void arrives(Octets data) {
        Octets packet = Ip6Packet.of(A, B, IpProtocol.UDP, new Udp(5001, 5001, data).toOctets(A, B)).toOctets();
        byte[] frame = new byte[Ethernet.HEADER + packet.length()];
        frame[0] = 2;
        frame[5] = 2;
        frame[12] = (byte) (Ethernet.IP6 >> 8);
        frame[13] = (byte) Ethernet.IP6;
        packet.copyTo(frame, Ethernet.HEADER);
        link.transmit(a.port("p1"), new Frame(recorder.newPacket(), 0, true, Octets.wrap(frame)));
        run(scheduler.now() + 6 * MILLISECOND);
    }
}
