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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Map<String, InFlight> inFlight = new LinkedHashMap<>();
    private boolean directed;
    private Row whole;

    private record Row(LinkState state, long event) {}

    private static final class Sender {
        private long busyUntil;
        private long frames;
        private final Rng losses;

        private Sender(Rng losses) {
            this.losses = losses;
        }
    }

    /**
     * @param initial state of the whole link
     * @param mtu     octets of the largest IP packet
     * @param queue   frames that a busy port may hold back
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
            sender = new Sender(new Rng(seed, name + " loss " + from.fullName()));
            senders.put(from.fullName(), sender);
        }
        long now = scheduler.now();
        long serialization = state.rate() == 0 ? 0 : Math.ceilDiv(frame.octets().length() * 8L * 1_000_000_000L, state.rate());
        long waits = Math.max(0, sender.busyUntil - now);
        if (waits > serialization * queue) {
            lost(frame, Reason.QUEUE_FULL, List.of(Integer.toString(queue), name));
            return;
        }
        long departs = now + waits + serialization;
        sender.busyUntil = departs;
        sender.frames++;
        MacAddress destination = destination(frame);
        boolean recorded = recorder.records(frame.significant());
        List<Port> receivers = new ArrayList<>(2);
        List<Arrival> arrivals = recorded ? new ArrayList<>(2) : List.of();
        List<Port> losers = List.of();
        for (Port port : ports) {
            if (port == from || !port.carrier() || !port.takes(destination)) {
                continue;
            }
            LinkState way = state(from.node(), port.node());
            if (way.down() || way.loss() > 0 && draw(sender, port, way.loss())) {
                losers = losers.isEmpty() ? new ArrayList<>(2) : losers;
                losers.add(port);
            } else {
                receivers.add(port);
                if (recorded) {
                    arrivals.add(new Arrival(port.fullName(), departs + way.delay()));
                }
            }
        }
        long event = recorded
                ? recorder.sent(from.node(), frame.packet(), frame.parent(), from.name(), name, sender.frames, departs, List.copyOf(arrivals), frame.octets())
                : 0;
        if (!losers.isEmpty()) {
            long cause = recorder.cause();
            recorder.because(event != 0 ? event : cause);
            for (Port port : losers) {
                LinkState way = state(from.node(), port.node());
                lost(frame, way.down() ? Reason.LINK_DOWN : Reason.LINK_LOSS, way.down() ? List.of(name) : List.of(name, Double.toString(way.loss())));
            }
            recorder.because(cause);
        }
        for (Port port : receivers) {
            long arrives = departs + state(from.node(), port.node()).delay();
            InFlight flight = new InFlight(event, frame.packet(), name, from.fullName(), port.fullName(), departs, arrives);
            if (recorded) {
                inFlight.put(flight.key(), flight);
            }
            scheduler.at(arrives, () -> arrive(flight, port, frame));
        }
    }

    private static boolean draw(Sender sender, Port receiver, double loss) {
        // One draw for each receiver of each frame: the stream's ordinal is the frame's, told apart by the receiver.
        return sender.losses.unit(sender.frames * 0x10001L + receiver.mac().bits()) < loss;
    }

    private static MacAddress destination(Frame frame) {
        return new MacAddress((long) frame.octets().u16(0) << 32 | (long) frame.octets().u16(2) << 16 | frame.octets().u16(4));
    }

    private void arrive(InFlight flight, Port port, Frame frame) {
        recorder.because(flight.sent());
        if (flight.sent() != 0) {
            inFlight.remove(flight.key());
            recorder.because(recorder.arrived(port.node(), frame.packet(), port.name(), name, flight.sent()));
        }
        if (port.link() != this || !port.carrier()) {
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
        inFlight.values().forEach(rows);
    }
}
