package careof.engine.net;

import careof.engine.base.MacAddress;
import careof.engine.sim.Rng;
import careof.engine.sim.Scheduler;
import careof.engine.state.InFlight;
import careof.engine.state.LinkState;
import careof.engine.state.State;
import careof.engine.state.Transmitter;
import careof.engine.trace.Reason;
import careof.engine.trace.Recorder;
import careof.engine.trace.TraceEvent.Arrival;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A broadcast link: a wired segment or a wireless cell. Each frame reaches every attached port that takes its destination,
 * after waiting for the sender's earlier frames, its own serialization and the propagation delay.
 */
public final class Link {
    private static final int ETHERNET_HEADER = 14;

    private final String name;
    private final Scheduler scheduler;
    private final Recorder recorder;
    private final int mtu;
    private final int queue;
    private final long seed;
    private final List<Port> ports = new ArrayList<>();
    /** What holds for all, then what holds for single directions, the latter more specific. */
    private final Map<String, Row> states = new LinkedHashMap<>();
    private final Map<String, Sender> senders = new LinkedHashMap<>();
    /** Of frames that the trace knows. */
    private final Set<Delivery> inFlight = new LinkedHashSet<>();
    /** Those of the frame that is being transmitted. */
    private final List<Delivery> made = new ArrayList<>();
    private boolean directed;
    private Row whole;

    private record Row(LinkState state, long event) {}

    private static final class Sender {
        private long busyUntil;
        /** When its port left the link last; -1: never. */
        private long left = -1;
        private long frames;
        /** When the frames that wait or are being sent will be out, a ring; on links with a rate only. */
        private final long[] departures;
        private int first;
        private int waiting;
        private final Rng losses;

        private Sender(Rng losses, int queue) {
            this.losses = losses;
            this.departures = new long[queue + 1];    // one is being sent, the others wait
        }

        /** Takes a frame; false: there is no room. */
        private boolean queue(long now, long serialization) {
            while (waiting > 0 && departures[first] <= now) {
                first = (first + 1) % departures.length;
                waiting--;
            }
            if (waiting == departures.length) {
                return false;
            }
            busyUntil = Math.max(now, busyUntil) + serialization;
            departures[(first + waiting) % departures.length] = busyUntil;
            waiting++;
            return true;
        }
    }

    /** A frame on its way to one port. */
    private final class Delivery implements Runnable {
        private final Port from;
        private final Sender sender;
        private final long queued;
        private final Port to;
        private final Frame frame;
        private final long departs;
        private final long arrives;
        /** The event that put it there; 0: not recorded. */
        private long sent;

        private Delivery(Port from, Sender sender, Port to, Frame frame, long departs, long arrives) {
            this.from = from;
            this.sender = sender;
            this.queued = scheduler.now();
            this.to = to;
            this.frame = frame;
            this.departs = departs;
            this.arrives = arrives;
        }

        @Override
        public void run() {
            arrive(this);
        }

        /** Its sender left the link while it still waited there. */
        private boolean leftBehind() {
            return sender.left >= queued && sender.left < departs;
        }

        private InFlight row() {
            return new InFlight(sent, frame.packet(), name, from.fullName(), to.fullName(), departs, arrives);
        }
    }

    /**
     * @param initial state of the whole link
     * @param mtu     octets of the largest IP packet
     * @param queue   frames that may wait in a port while it sends another
     */
    public Link(LinkState initial, int mtu, int queue, long seed, Scheduler scheduler, Recorder recorder) {
        this.name = initial.link();
        this.mtu = mtu;
        this.queue = queue;
        this.seed = seed;
        this.scheduler = scheduler;
        this.recorder = recorder;
        set(initial, Reason.CONFIGURED);
    }

    public String name() {
        return name;
    }

    /** Octets of the largest IP packet. */
    public int mtu() {
        return mtu;
    }

    void add(Port port) {
        ports.add(port);
    }

    void remove(Port port) {
        ports.remove(port);
        Sender sender = senders.get(port.fullName());
        if (sender != null) {
            sender.left = scheduler.now();
        }
    }

    /** Whether it carries frames from one node to another. */
    private LinkState state(String from, String to) {
        if (!directed) {
            return whole.state;
        }
        Row found = states.get(from + " " + to);
        found = found != null ? found : states.get(from + " ");
        found = found != null ? found : states.get(" " + to);
        return (found != null ? found : whole).state;
    }

    /**
     * Changes the link, or one direction of it; what is empty stays as it is.
     *
     * @param from sending node, empty: any
     * @param to   receiving node, empty: any
     */
    public void change(String from, String to, Optional<Double> loss, Optional<Long> delay, Optional<Long> rate, Optional<Boolean> down) {
        if (from.isEmpty() && to.isEmpty()) {
            for (Row row : List.copyOf(states.values())) {
                set(changed(row.state, row.state.from(), row.state.to(), loss, delay, rate, down), Reason.USER_ACTION);
            }
        } else {
            set(changed(state(from, to), from, to, loss, delay, rate, down), Reason.USER_ACTION);
        }
    }

    private static LinkState changed(LinkState base, String from, String to, Optional<Double> loss, Optional<Long> delay, Optional<Long> rate,
            Optional<Boolean> down) {
        return new LinkState(base.link(), from, to, delay.orElse(base.delay()), rate.orElse(base.rate()), loss.orElse(base.loss()), down.orElse(base.down()));
    }

    private void set(LinkState state, Reason reason) {
        String key = state.from() + " " + state.to();
        Row old = states.get(key);
        if (old != null && old.state.equals(state)) {
            return;
        }
        long event = recorder.changed("", 0, old == null ? 0 : old.event, Optional.ofNullable(old).map(Row::state), Optional.of(state), reason, List.of());
        states.put(key, new Row(state, event));
        whole = states.get(" ");
        directed = states.size() > 1;
    }

    /** Puts a frame on the link for a port that is attached and has carrier. */
    public void transmit(Port from, Frame frame) {
        LinkState state = whole.state;
        if (state.down()) {
            lost(frame, Reason.LINK_DOWN, List.of(name));
            return;
        }
        Sender sender = senders.get(from.fullName());
        if (sender == null) {
            sender = new Sender(new Rng(seed, name + " loss " + from.fullName()), queue);
            senders.put(from.fullName(), sender);
        }
        long departs = departure(sender, frame, state.rate());
        if (departs < 0) {
            lost(frame, Reason.QUEUE_FULL, List.of(Integer.toString(queue), name));
            return;
        }
        sender.frames++;
        MacAddress destination = destination(frame);
        List<Port> losers = List.of();
        boolean met = destination.isGroup();    // who only listens in does not make a frame arrive
        for (Port port : ports) {
            if (port == from || !port.carrier() || !port.takes(destination)) {
                continue;
            }
            met |= port.mac().equals(destination) || port.passesOn();
            LinkState way = state(from.node(), port.node());
            if (way.down() || way.loss() > 0 && draw(sender, port, way.loss())) {
                losers = losers.isEmpty() ? new ArrayList<>(2) : losers;
                losers.add(port);
            } else {
                Delivery delivery = new Delivery(from, sender, port, frame, departs, departs + way.delay());
                made.add(delivery);
                scheduler.at(delivery.arrives, delivery);
            }
        }
        long event = recorder.records(frame.significant()) ? record(from, frame, sender.frames, departs) : 0;
        made.clear();
        if (!met || !losers.isEmpty()) {
            lost(from, frame, losers, met, event);
        }
    }

    /** When the frame's last bit leaves its port; -1: the queue has no room for it. */
    private long departure(Sender sender, Frame frame, long rate) {
        long now = scheduler.now();
        if (rate == 0 && sender.busyUntil <= now) {
            sender.busyUntil = now;
            return now;
        }
        long serialization = rate == 0 ? 0 : Math.ceilDiv(frame.octets().length() * 8L * 1_000_000_000L, rate);
        return sender.queue(now, serialization) ? sender.busyUntil : -1;
    }

    private long record(Port from, Frame frame, long ordinal, long departs) {
        List<Arrival> arrivals = new ArrayList<>(made.size());
        for (Delivery delivery : made) {
            arrivals.add(new Arrival(delivery.to.fullName(), delivery.arrives));
        }
        long event = recorder.sent(from.node(), frame.packet(), frame.parent(), from.name(), name, ordinal, departs, arrivals, frame.octets());
        for (Delivery delivery : made) {
            delivery.sent = event;
            inFlight.add(delivery);
        }
        return event;
    }

    /** Tells of a frame that some did not get, or that met nobody who has its destination. */
    private void lost(Port from, Frame frame, List<Port> losers, boolean met, long event) {
        long cause = recorder.cause();
        recorder.because(event != 0 ? event : cause);
        if (!met) {
            lost(frame, Reason.NO_RECEIVER, List.of(destination(frame).toString(), name));
        }
        for (Port port : losers) {
            LinkState way = state(from.node(), port.node());
            lost(frame, way.down() ? Reason.LINK_DOWN : Reason.LINK_LOSS, way.down() ? List.of(name) : List.of(name, Double.toString(way.loss())));
        }
        recorder.because(cause);
    }

    private static boolean draw(Sender sender, Port receiver, double loss) {
        // One draw for each receiver of each frame, whoever else listens: its ordinal is the receiver's address and the frame's number.
        return sender.losses.unit(receiver.mac().bits() << 32 | sender.frames) < loss;
    }

    private static MacAddress destination(Frame frame) {
        return new MacAddress((long) frame.octets().u16(0) << 32 | (long) frame.octets().u16(2) << 16 | frame.octets().u16(4));
    }

    private void arrive(Delivery delivery) {
        Port port = delivery.to;
        Frame frame = delivery.frame;
        recorder.because(delivery.sent);
        if (delivery.sent != 0) {
            inFlight.remove(delivery);
            recorder.because(recorder.arrived(port.node(), frame.packet(), port.name(), name, delivery.sent));
        }
        if (delivery.leftBehind()) {
            recorder.dropped(delivery.from.node(), frame.packet(), Reason.NO_CARRIER, List.of(delivery.from.name()), "", name, frame.octets().from(ETHERNET_HEADER));
        } else if (port.link() != this || !port.carrier()) {
            recorder.dropped(port.node(), frame.packet(), Reason.NO_CARRIER, List.of(port.name()), "", name, frame.octets().from(ETHERNET_HEADER));
        } else {
            port.receive(frame, this);
        }
    }

    private void lost(Frame frame, Reason reason, List<String> args) {
        recorder.dropped("", frame.packet(), reason, args, "", name, frame.octets().from(ETHERNET_HEADER));
    }

    /** Its own state, for the engine's digest. */
    public void rows(Consumer<State> rows) {
        states.values().forEach(row -> rows.accept(row.state));
        senders.forEach((port, sender) -> rows.accept(new Transmitter(name, port, sender.busyUntil, sender.frames)));
        inFlight.forEach(delivery -> rows.accept(delivery.row()));
    }
}
