package careof.app.session;

import careof.app.session.PacketFacts.Column;
import careof.engine.base.Octets;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Which packets of a run were made of which, and where each ended. One thread feeds it, any may ask.
 *
 * <p>A packet is made anew at each hop, and wherever something is put around it or taken off: those go on as it does. What answers it is made of
 * it, too, but is another message. Of packets whose events are all gone from a trace that keeps what comes last, nothing is kept either.
 */
public final class Lineage {
    /** Packets that one goes on as, looked at: hop limits and tunnels end a way, fragments make it several. */
    private static final int MOST = 256;

    private final PacketFacts packets = new PacketFacts();

    /** Learns from the next event. */
    void add(TraceEvent event) {
        long packet = event.packet();
        if (packet <= 0) {
            return;
        }
        if (packets.get(packet, Column.FIRST) == 0) {
            packets.put(packet, Column.FIRST, event.id());
        }
        packets.put(packet, Column.LAST, event.id());
        switch (event) {
            case FrameSent e -> descends(packet, e.parent(), packets.get(e.parent(), Column.FORWARDED) != 0 && !resolves(e.frame()));
            case Derived e -> descends(packet, e.parent(), e.relation() != Relation.ANSWER);
            case Decided e when e.reason() == Reason.FORWARDED -> packets.put(packet, Column.FORWARDED, e.id());
            case Dropped e -> packets.put(packet, Column.END, e.id());
            default -> { }
        }
    }

    private void descends(long packet, long parent, boolean goesOn) {
        if (parent <= 0 || packets.get(packet, Column.PARENT) == parent) {
            return;
        }
        packets.put(packet, Column.PARENT, parent);
        if (goesOn && parent != packet) {
            packets.put(packet, Column.SIBLING, packets.get(parent, Column.CHILD));
            packets.put(parent, Column.CHILD, packet);
        }
    }

    /** Forgets packets whose last event is before this one. */
    void forget(long before) {
        packets.forget(before);
    }

    /** Packets of which something is known. */
    int size() {
        return packets.size();
    }

    /** Address resolution is made for the sake of a packet that is forwarded, but is none of it. */
    private static boolean resolves(Octets frame) {
        int type = frame.length() < 55 ? 0 : frame.u16(12);
        return type == 0x0806 || type == 0x86dd && frame.at(20) == 58 && frame.at(54) >= 133 && frame.at(54) <= 137;
    }

    /** What a packet was made of; 0: nothing. */
    public long parentOf(long packet) {
        return packets.get(packet, Column.PARENT);
    }

    /** First event about a packet; 0: none. */
    public long firstOf(long packet) {
        return packets.get(packet, Column.FIRST);
    }

    /** Last event about a packet so far; 0: none. */
    public long lastOf(long packet) {
        return packets.get(packet, Column.LAST);
    }

    /** A packet and what it goes on as, hop by hop, within tunnels and out of them. */
    public List<Long> onward(long packet) {
        List<Long> found = new ArrayList<>();
        Deque<Long> todo = new ArrayDeque<>(List.of(packet));
        while (!todo.isEmpty() && found.size() < MOST) {
            long next = todo.poll();
            found.add(next);
            for (long child = packets.get(next, Column.CHILD); child != 0 && todo.size() < MOST; child = packets.get(child, Column.SIBLING)) {
                todo.add(child);
            }
        }
        return found;
    }

    /** The last event so far about a packet and what it goes on as; 0: none. */
    public long lastOfAll(long packet) {
        return onward(packet).stream().mapToLong(this::lastOf).max().orElse(0);
    }

    /** The event that ended a packet, or one that it went on as; 0: none did. */
    public long endOf(long packet) {
        return onward(packet).stream().mapToLong(p -> packets.get(p, Column.END)).filter(event -> event != 0).findFirst().orElse(0);
    }
}
