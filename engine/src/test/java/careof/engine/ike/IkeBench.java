package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import careof.engine.sim.Scheduler;
import careof.engine.state.LinkState;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Two nodes with key management, and between them a wire that a test has in its hand: it sees every datagram of IKE, and decides what becomes of it.
 * All else passes. Each way takes {@link #DELAY}.
 */
final class IkeBench {
    static final String LEFT = "left";
    static final String RIGHT = "right";
    static final IpAddress LEFT_IP = IpAddress.parse("2001:db8::1");
    static final IpAddress RIGHT_IP = IpAddress.parse("2001:db8::2");
    static final IpAddress LEFT_IP4 = IpAddress.parse("192.0.2.1");
    static final IpAddress RIGHT_IP4 = IpAddress.parse("192.0.2.2");
    static final long DELAY = 5 * VirtualTime.MILLISECOND;
    static final long SECOND = VirtualTime.SECOND;
    private static final long SEED = 4;
    /** Long enough for any repetition. */
    private static final long PATIENCE = 60 * SECOND;

    final Scheduler scheduler = new Scheduler();
    final TraceStore trace;
    final Recorder recorder;
    final BenchNode left;
    final BenchNode right;
    /** Every datagram of IKE that a node sent, in order. */
    final List<Flight> sent = new ArrayList<>();
    private final Map<String, Port> taps = new LinkedHashMap<>();
    private final Map<String, List<Octets>> exchanges = new LinkedHashMap<>();
    private final Deque<Flight> held = new ArrayDeque<>();
    /** What is delivered instead of a datagram. */
    private Function<Flight, List<Flight>> fate = List::of;
    private boolean holds;

    /** Both sides alike. */
    IkeBench(Consumer<Side> both) {
        this(both, both);
    }

    IkeBench() {
        this(_ -> { });
    }

    IkeBench(Consumer<Side> onLeft, Consumer<Side> onRight) {
        this(onLeft, onRight, Detail.FULL);
    }

    IkeBench(Consumer<Side> onLeft, Consumer<Side> onRight, Detail detail) {
        trace = new TraceStore(detail);
        recorder = new Recorder(trace, scheduler);
        Side leftSide = new Side(LEFT, RIGHT, LEFT_IP, RIGHT_IP);
        Side rightSide = new Side(RIGHT, LEFT, RIGHT_IP, LEFT_IP);
        onLeft.accept(leftSide);
        onRight.accept(rightSide);
        left = new BenchNode(this, leftSide, link(LEFT, 0x21), SEED, 0x11);
        right = new BenchNode(this, rightSide, link(RIGHT, 0x22), SEED, 0x12);
        run(10 * VirtualTime.MILLISECOND);
    }

    /** Sides of IPv4. */
    static void ip4(Side side) {
        side.address = side.name.equals(LEFT) ? LEFT_IP4 : RIGHT_IP4;
        side.peerAddress = side.name.equals(LEFT) ? RIGHT_IP4 : LEFT_IP4;
    }

    private Link link(String of, int mac) {
        Link link = new Link(new LinkState(of, "", "", 0, 0, 0, false), 9000, 100, SEED, scheduler, recorder);
        Port tap = new Port("wire", of, new MacAddress(0x0200_0000_0000L | mac), true);
        tap.owner(new Port.Owner() {
            @Override
            public void receive(Port at, Frame frame, Link from) {
                heard(of, frame);
            }

            @Override
            public boolean passesOn() {
                return true;
            }

            @Override
            public void carrier(Port at) {
                // has no state
            }
        });
        tap.attach(link, true);
        taps.put(of, tap);
        return link;
    }

    private void heard(String from, Frame frame) {
        Optional<Flight> flight = Flight.of(from, frame.octets());
        if (flight.isEmpty()) {
            scheduler.at(scheduler.now() + DELAY, () -> transmit(other(from), frame.octets()));
            return;
        }
        Flight named = flight.get().named(name(flight.get().message()));
        sent.add(named);
        if (holds) {
            held.add(named);
        } else {
            fate.apply(named).forEach(this::send);
        }
    }

    static String other(String name) {
        return name.equals(LEFT) ? RIGHT : LEFT;
    }

    private void transmit(String to, Octets frame) {
        taps.get(to).link().transmit(taps.get(to), new Frame(recorder.newPacket(), 0, true, frame));
    }

    /** By a message's place among the different ones of its exchange. */
    private String name(Octets message) {
        try {
            IsakmpHeader header = IsakmpHeader.parse(message);
            String kind = switch (header.exchange()) {
                case IsakmpHeader.IDENTITY_PROTECTION -> "MM";
                case IsakmpHeader.AGGRESSIVE -> "AM";
                case IsakmpHeader.QUICK_MODE -> "QM";
                default -> "INFO";
            };
            List<Octets> all = exchanges.computeIfAbsent(kind + header.initiatorCookie() + "/" + header.messageId(), _ -> new ArrayList<>());
            if (!all.contains(message)) {
                all.add(message);
            }
            return kind.equals("INFO") ? kind : kind + (all.indexOf(message) + 1);
        } catch (Malformed e) {
            return "?";
        }
    }

    /** A message that no node sent counts, too, where the messages of its exchange are named. */
    Flight knows(Flight forged) {
        return forged.named(name(forged.message()));
    }

    // The wire

    /** From now on each datagram is replaced by what this says, which may be nothing. */
    void fate(Function<Flight, List<Flight>> decides) {
        fate = decides;
        release();
    }

    /** From now on datagrams wait for {@link #next}. */
    void hold() {
        holds = true;
    }

    /** What is held goes on, and all that follows with it. */
    void release() {
        holds = false;
        while (!held.isEmpty()) {
            fate.apply(held.remove()).forEach(this::send);
        }
    }

    /** The next datagram, which does not arrive unless it is sent on. */
    Flight next() {
        long limit = scheduler.now() + PATIENCE;
        while (held.isEmpty()) {
            recorder.because(0);
            assertTrue(scheduler.runNext(limit), "nothing more is sent");
        }
        return held.remove();
    }

    /** The next datagram is this one, "left MM1"; it does not arrive unless it is sent on. */
    Flight next(String expected) {
        Flight next = next();
        assertEquals(expected, next.toString());
        return next;
    }

    /** The next datagram is this one, and arrives. */
    Flight arrow(String expected) {
        Flight next = next(expected);
        deliver(next);
        return next;
    }

    /** The next datagrams are these, and arrive. */
    void arrows(String... expected) {
        for (String one : expected) {
            arrow(one);
        }
    }

    /** Whether nothing is on its way for a while. */
    void silence(long time) {
        run(time);
        assertEquals(List.of(), held.stream().map(Flight::toString).toList());
    }

    /** Sends a datagram on; it arrives a little later. */
    void send(Flight flight) {
        scheduler.at(scheduler.now() + DELAY, () -> transmit(other(flight.from()), flight.frame()));
    }

    /** Sends a datagram on, and waits until it was dealt with. */
    void deliver(Flight flight) {
        send(flight);
        run(DELAY);
    }

    /** A datagram to a node from anywhere. */
    Flight forged(BenchNode to, IpAddress from, Octets message) {
        OctetWriter link = new OctetWriter(Ethernet.HEADER);
        new Ethernet(to.mac(), taps.get(to.name).mac(), from.getClass() == LEFT_IP.getClass() ? Ethernet.IP6 : Ethernet.IP4).emit(link);
        return new Flight(other(to.name), "forged", link.toOctets(), from, to.side.address, IsakmpHeader.PORT, IsakmpHeader.PORT, message);
    }

    /** A message as if from the peer. */
    Flight forged(BenchNode to, Octets message) {
        return forged(to, to.side.peerAddress, message);
    }

    // Time

    /** Lets so much time go by. */
    void run(long time) {
        long until = scheduler.now() + time;
        recorder.because(0);
        while (scheduler.runNext(until)) {
            recorder.because(0);
        }
        scheduler.advanceTo(until);
    }

    /** A node wants its first protection, and gets it; nobody interferes. */
    void connect() {
        left.order();
        run(SECOND);
        agrees(1);
    }

    /** Names of what was sent from an index of {@link #sent} on. */
    List<String> log(int from) {
        return sent.subList(from, sent.size()).stream().map(Flight::toString).toList();
    }

    // What must hold

    /** Both ends have the same SAs with keys, so many pairs, and key management knows them. */
    void agrees(int pairs) {
        assertEquals(left.keyed(), right.keyed());
        assertEquals(2 * pairs, left.keyed().size(), () -> left.sas().toString());
        assertEquals(pairs, left.children().size());
        assertEquals(pairs, right.children().size());
        assertEquals(left.children().stream().map(child -> List.of(child.inboundSpi(), child.outboundSpi())).sorted(IkeBench::compare).toList(),
                right.children().stream().map(child -> List.of(child.outboundSpi(), child.inboundSpi())).sorted(IkeBench::compare).toList());
    }

    private static int compare(List<Long> one, List<Long> other) {
        return Long.compare(one.getFirst(), other.getFirst());
    }

    /** Neither end has an SA, reserved SPIs included. */
    void nothing() {
        assertEquals(List.of(), left.all(Sa.class));
        assertEquals(List.of(), right.all(Sa.class));
        assertEquals(List.of(), left.children());
        assertEquals(List.of(), right.children());
    }

    /** Packets of the first protection pass both ways, protected. */
    void carries() {
        for (BenchNode node : List.of(left, right)) {
            node.forget();
        }
        for (int i = 0; i < 3; i++) {
            left.say(0);
            right.say(0);
        }
        run(2 * DELAY);
        for (BenchNode node : List.of(left, right)) {
            assertEquals(3, node.heard(), "packets that came to " + node.name);
        }
    }

    /** The trace tells of every row of both nodes, and of no others. */
    void folds() {
        LabState told = new Projection(trace).at(trace.size());
        SortedMap<LabState.Key, State> rows = new TreeMap<>();
        for (BenchNode node : List.of(left, right)) {
            node.env.rows((name, row) -> rows.put(LabState.Key.of(name, row), row));
        }
        taps.values().forEach(tap -> tap.link().rows(row -> rows.put(LabState.Key.of("", row), row)));
        rows.forEach((key, row) -> assertEquals(Optional.of(row), told.row(key.node(), row.getClass(), key.key()).map(LabState.Row::state), key.toString()));
        assertEquals(LabState.digest(rows), told.digest());
    }
}
