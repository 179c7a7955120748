package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.sim.Scheduler;
import careof.engine.state.State;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Relation;
import java.util.List;
import java.util.Optional;

/**
 * Writes events with their id, time and cause. Whatever starts a chain of work says what it follows from with
 * {@link #because}; each later event of that chain names it as its cause.
 */
public final class Recorder {
    private final TraceStore store;
    private final Scheduler scheduler;
    private final boolean full;
    private long cause;
    private long packets;

    public Recorder(TraceStore store, Scheduler scheduler) {
        this.store = store;
        this.scheduler = scheduler;
        this.full = store.detail() == Detail.FULL;
    }

    /** Whether frames and decisions about a packet of this weight are recorded. */
    public boolean records(boolean significant) {
        return full || significant;
    }

    /** A fresh packet id, from 1. */
    public long newPacket() {
        return ++packets;
    }

    /** The event that what happens now follows from; 0: none. */
    public long cause() {
        return cause;
    }

    /** From now on, events follow from this one. */
    public void because(long event) {
        cause = event;
    }

    private long next() {
        return store.size() + 1;
    }

    public long started(String lab, long seed) {
        return append(new TraceEvent.Started(next(), scheduler.now(), "", cause, lab, seed));
    }

    public long acted(String node, long input, String text) {
        return append(new TraceEvent.Acted(next(), scheduler.now(), node, cause, input, text));
    }

    public long sent(String node, long packet, long parent, String port, String link, long ordinal, long departs, List<Arrival> arrivals, Octets frame) {
        return append(new TraceEvent.FrameSent(next(), scheduler.now(), node, cause, packet, parent, port, link, ordinal, departs, arrivals, frame));
    }

    public long arrived(String node, long packet, String port, String link, long sent) {
        return append(new TraceEvent.FrameArrived(next(), scheduler.now(), node, cause, packet, port, link, sent));
    }

    public long derived(String node, long packet, long parent, Relation relation) {
        return append(new TraceEvent.Derived(next(), scheduler.now(), node, cause, packet, parent, relation));
    }

    public long decided(String node, long packet, Reason reason, List<String> args, String entry) {
        return append(new TraceEvent.Decided(next(), scheduler.now(), node, cause, packet, reason, args, entry));
    }

    /**
     * @param octets the IP packet; kept only when no {@link TraceEvent.FrameSent} of late holds it
     */
    public long dropped(String node, long packet, Reason reason, List<String> args, String entry, String link, Octets octets) {
        Octets kept = store.isNear(packet) ? Octets.EMPTY : octets;
        return append(new TraceEvent.Dropped(next(), scheduler.now(), node, cause, packet, reason, args, entry, link, kept));
    }

    public long changed(String node, long packet, long previous, Optional<State> old, Optional<State> now, Reason reason, List<String> args) {
        return append(new TraceEvent.Changed(next(), scheduler.now(), node, cause, packet, previous, old, now, reason, args));
    }

    /** A message between a daemon and the kernel of a node; see {@link TraceEvent.Control}. */
    public long control(String node, long packet, String channel, boolean toKernel, Octets octets) {
        return append(new TraceEvent.Control(next(), scheduler.now(), node, cause, packet, channel, toKernel, octets));
    }

    private long append(TraceEvent event) {
        store.append(event);
        return event.id();
    }
}
