package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
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
import careof.engine.state.Binding;
import careof.engine.state.Counter;
import careof.engine.state.LinkState;
import careof.engine.state.ListEntry;
import careof.engine.state.Neighbour;
import careof.engine.state.RateLimit;
import careof.engine.state.State;
import careof.engine.state.TimerState;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.traffic.Flow;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Frames from somebody who means harm, at the ports of nodes of every role that are in the midst of a handover: nothing may throw,
 * stay without a verdict, grow without bound, or make state out of nothing.
 *
 * <p>{@code -Dcareof.hostile=1000000} sends so many frames instead of those that each build can wait for.
 */
class HostileFramesTest {
    private static final int FRAMES = Integer.getInteger("careof.hostile", 50_000);
    private static final long SEED = 42;
    /** No table of one node may hold more rows of a kind. */
    private static final int MOST_ROWS = 1100;

    private final Scheduler scheduler = new Scheduler();
    private final TraceStore trace = new TraceStore(Detail.FULL);
    private final Recorder recorder = new Recorder(trace, scheduler);
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Octets> real = new ArrayList<>();
    private final Random random = new Random(SEED);

    /** The handover sample, a plain host and an attacker too; all of them known to each other, the mobile node away. */
    @BeforeEach
    void inTheMidstOfThings() throws Exception {
        Lab lab = Samples.lab(Path.of("../samples/handover.json"));
        List<LabNode> all = new ArrayList<>(lab.nodes());
        String where = lab.nodes().stream().filter(n -> n.role() == LabNode.Role.CORRESPONDENT).findFirst().orElseThrow().ports().getFirst().link();
        all.add(LabNode.of("plain", LabNode.Role.HOST).withPorts(List.of(new LabNode.Port(where, Optional.empty()))));
        all.add(LabNode.of("evil", LabNode.Role.ATTACKER).withPorts(List.of(new LabNode.Port(where, Optional.empty()))));
        lab = lab.withNodes(all);
        Plan plan = new Plan(lab);
        SecurityPlan security = new SecurityPlan(lab, plan);
        for (LabLink link : lab.links()) {
            links.put(link.name(), new Link(new LinkState(link.name(), "", "", link.delay(), link.rate(), 0, false), link.mtu(), link.queue(), lab.seed(),
                    scheduler, recorder));
        }
        for (LabNode node : lab.nodes()) {
            nodes.put(node.name(), new Node(lab, node, plan, security, new IkePlan(lab, plan, security), links, scheduler, recorder, Optional.empty()));
        }
        Ip6Address mn = plan.address("mn").orElseThrow();
        Ip6Address cn = plan.address("cn").orElseThrow();
        stream("mn", mn, "cn", cn, 1);
        stream("cn", cn, "mn", mn, 2);
        stream("plain", plan.address("plain").orElseThrow(), "mn", mn, 3);
        run(3 * VirtualTime.SECOND);
        LabLink cell = lab.links().stream().filter(link -> link.kind() == LabLink.Kind.CELL).findFirst().orElseThrow();
        nodes.get("mn").move(links.get(cell.name()), cell.attach());
        run(8 * VirtualTime.SECOND);
        assertTrue(rows().values().stream().anyMatch(Binding.class::isInstance), "the mobile node is registered");
        assertTrue(rows().values().stream().filter(ListEntry.class::isInstance).count() >= 2, "and talks to the correspondent");
        for (long i = 0; i < trace.frameCount(); i++) {
            real.add(((TraceEvent.FrameSent) trace.get(trace.frameEvent(i))).frame());
        }
    }

    private void stream(String from, Ip6Address source, String to, Ip6Address destination, int number) {
        Flow flow = new Flow("flow" + number, from + "-" + to, number, false, source, destination, 20 * VirtualTime.MILLISECOND, 100,
                2 * VirtualTime.SECOND, 9 * VirtualTime.SECOND);
        nodes.get(from).flows().send(flow);
        nodes.get(to).flows().receive(flow);
    }

    private void run(long until) {
        recorder.because(0);
        while (scheduler.runNext(until)) {
            recorder.because(0);
        }
        scheduler.advanceTo(until);
    }

    private SortedMap<LabState.Key, State> rows() {
        SortedMap<LabState.Key, State> rows = new TreeMap<>();
        nodes.values().forEach(node -> node.env().rows((name, state) -> rows.put(LabState.Key.of(name, state), state)));
        return rows;
    }

    /** Hands a frame to a port as its link would, at this very instant; returns what the trace calls it. */
    private long inject(Port port, Node node, byte[] octets) {
        long packet = recorder.newPacket();
        recorder.because(0);
        node.stack().receive(port, new Frame(packet, 0, true, Octets.wrap(octets)), port.link());
        return packet;
    }

    private record Target(Node node, Port port) {}

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        nodes.values().forEach(node -> node.stack().ports().stream().filter(Port::carrier).forEach(port -> targets.add(new Target(node, port))));
        return targets;
    }

    @Test
    void anythingAtAll() {
        List<Target> targets = targets();
        for (int i = 0; i < FRAMES; i++) {
            Target target = targets.get(random.nextInt(targets.size()));
            byte[] frame = mutated(target.port);
            long before = trace.size();
            long packet;
            try {
                packet = inject(target.port, target.node, frame);
            } catch (RuntimeException e) {
                throw new AssertionError("frame " + i + " at " + target.port.fullName() + ": " + Octets.wrap(frame), e);
            }
            int number = i;
            assertTrue(hasVerdict(packet, before), () -> "frame " + number + " at " + target.port.fullName() + " vanished: " + Octets.wrap(frame));
            if (i % 1000 == 0) {
                bounded();
            }
            if (i % 100 == 0) {
                run(scheduler.now() + VirtualTime.MILLISECOND);    // answers travel, timers fire
            }
        }
        run(scheduler.now() + 100 * VirtualTime.SECOND);
        bounded();
    }

    private boolean hasVerdict(long packet, long after) {
        TraceStore.Cursor cursor = trace.from(after + 1);
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (event.packet() == packet && (event instanceof TraceEvent.Dropped || event instanceof TraceEvent.Decided)) {
                return true;
            }
        }
        return false;
    }

    private void bounded() {
        Map<String, Integer> counts = new TreeMap<>();
        rows().forEach((key, state) -> counts.merge(key.node() + " " + state.getClass().getSimpleName(), 1, Integer::sum));
        counts.forEach((table, count) -> {
            int most = table.endsWith("TimerState") ? 2 * MOST_ROWS : MOST_ROWS;
            assertTrue(count <= most, () -> table + " holds " + count + " rows");
        });
    }

    /** What a checksum gives away as broken changes no table: only what passes it on may be noticed. */
    @Test
    void brokenChecksumsMakeNoState() {
        List<Target> targets = targets();
        SortedMap<LabState.Key, State> before = lasting();
        for (int i = 0; i < FRAMES / 4; i++) {
            Target target = targets.get(random.nextInt(targets.size()));
            byte[] frame = real.get(random.nextInt(real.size())).toArray();
            if (frame[20] == IpProtocol.FRAGMENT || frame.length < 60) {
                continue;
            }
            address(frame, target.port);    // the IP address stays: two faults might make up for each other
            frame[frame.length - 1 - random.nextInt(4)] ^= (byte) (1 << random.nextInt(8));
            inject(target.port, target.node, frame);
            SortedMap<LabState.Key, State> after = i % 50 == 0 ? lasting() : before;
            if (!before.equals(after)) {
                after.keySet().forEach(key -> assertEquals(before.get(key), after.get(key), () -> "by " + Octets.wrap(frame)));
                assertEquals(before, after);
            }
        }
        assertEquals(before, lasting());
    }

    /** Rows that no unproven packet may touch. Neighbours are asked for what is forwarded; limits count. */
    private SortedMap<LabState.Key, State> lasting() {
        SortedMap<LabState.Key, State> rows = rows();
        rows.values().removeIf(state -> state instanceof Neighbour || state instanceof TimerState || state instanceof Counter || state instanceof RateLimit);
        return rows;
    }

    private byte[] mutated(Port port) {
        byte[] frame = real.get(random.nextInt(real.size())).toArray();
        for (int turns = random.nextInt(3); turns >= 0; turns--) {
            frame = mutate(frame);
        }
        if (random.nextInt(10) > 0) {
            aim(frame, port);
        }
        if (random.nextInt(2) == 0) {
            mend(frame);
        }
        return frame;
    }

    private byte[] mutate(byte[] frame) {
        int length = frame.length;
        int at = length == 0 ? 0 : random.nextInt(length);
        switch (random.nextInt(10)) {
            case 0 -> { }
            case 1 -> {
                for (int i = random.nextInt(8); i >= 0 && length > 0; i--) {
                    frame[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 2 -> {
                return Arrays.copyOf(frame, at);
            }
            case 3 -> {
                byte[] longer = Arrays.copyOf(frame, length + random.nextInt(2000));
                for (int i = length; i < longer.length; i++) {
                    longer[i] = (byte) random.nextInt();
                }
                return longer;
            }
            case 4 -> {
                for (int i = at; i < Math.min(length, at + 16); i++) {
                    frame[i] = (byte) random.nextInt();
                }
            }
            case 5 -> set(frame, List.of(18, 19, 20, 21, 54, 55, 56, 57, 58).get(random.nextInt(9)), random.nextInt(256));
            case 6 -> {
                byte[] other = real.get(random.nextInt(real.size())).toArray();
                int cut = random.nextInt(other.length);
                byte[] spliced = Arrays.copyOf(frame, at + other.length - cut);
                System.arraycopy(other, cut, spliced, at, other.length - cut);
                return spliced;
            }
            case 7 -> {
                for (int i = 54; i < length; i++) {
                    frame[i] = (byte) random.nextInt();
                }
            }
            case 8 -> set(frame, at, List.of(0, 1, 127, 128, 254, 255).get(random.nextInt(6)));
            default -> {
                // headers within headers: each announces the next one
                int[] protocols = {0, 43, 44, 50, 51, 58, 59, 60, 135, 41, 17};
                set(frame, 20, protocols[random.nextInt(protocols.length)]);
                set(frame, 54, protocols[random.nextInt(protocols.length)]);
                set(frame, 55, random.nextInt(4));
            }
        }
        return frame;
    }

    private static void set(byte[] frame, int at, int value) {
        if (at < frame.length) {
            frame[at] = (byte) value;
        }
    }

    /** To this port: its Ethernet address; most often its IP address as well. */
    private void aim(byte[] frame, Port port) {
        address(frame, port);
        if (frame.length >= 54 && random.nextInt(3) > 0) {
            List<Ip6Address> own = nodes.get(port.node()).stack().addresses().all().stream().map(entry -> entry.address()).toList();
            if (!own.isEmpty()) {
                own.get(random.nextInt(own.size())).octets().copyTo(frame, 38);
            }
        }
    }

    private static void address(byte[] frame, Port port) {
        for (int i = 0; i < 6 && i < frame.length; i++) {
            frame[i] = (byte) (port.mac().bits() >>> 40 - 8 * i);
        }
    }

    /** Payload length and checksum made right again, where there is something to make right: so that more gets past the first look. */
    private static void mend(byte[] frame) {
        if (frame.length < 54) {
            return;
        }
        int length = Math.min(frame.length - 54, 65535);
        frame[12] = (byte) (Ethernet.IP6 >> 8);
        frame[13] = (byte) Ethernet.IP6;
        frame[14] = (byte) (0x60 | frame[14] & 15);
        frame[18] = (byte) (length >> 8);
        frame[19] = (byte) length;
        try {
            Ip6Packet packet = Ip6Packet.parse(Octets.wrap(frame.clone()).from(Ethernet.HEADER));
            int field = switch (packet.protocol()) {
                case IpProtocol.ICMP6 -> 2;
                case IpProtocol.UDP -> 6;
                case IpProtocol.MOBILITY -> 4;
                default -> -1;
            };
            int start = Ethernet.HEADER + packet.length() - packet.payload().length();
            if (field >= 0 && packet.payload().length() >= field + 2) {
                byte[] payload = packet.payload().toArray();
                payload[field] = 0;
                payload[field + 1] = 0;
                int sum = Checksum.ip6(packet.originalSource(), packet.finalDestination(), packet.protocol(), Octets.wrap(payload));
                frame[start + field] = (byte) (sum >> 8);
                frame[start + field + 1] = (byte) sum;
            }
        } catch (Malformed e) {
            // stays as it is
        }
    }
}
