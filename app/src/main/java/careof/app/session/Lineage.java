package careof.app.session;

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
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Which packets of a run were made of which, and where each ended. One thread feeds it, any may ask.
 *
 * <p>A packet is made anew at each hop, and wherever something is put around it or taken off: those go on as it does. What answers it is made of
 * it, too, but is another message.
 */
public final class Lineage {
    /** Packets that one goes on as, looked at: hop limits and tunnels end a way, fragments make it several. */
    private static final int MOST = 256;

    /** Of each packet, by its number: what it was made of; 0: nothing. */
    private volatile int[] parents = new int[256];
    /** What goes on as it does, the youngest; and the next older one of the same parent. 0: none. */
    private volatile int[] children = new int[256];
    private volatile int[] siblings = new int[256];
    /** The first and the last event about it, and the one that ended it; 0: none. */
    private volatile long[] first = new long[256];
    private volatile long[] last = new long[256];
    private volatile long[] ends = new long[256];
    /** Packets that a router has forwarded; for the thread that feeds. */
    private final BitSet forwarded = new BitSet();

    /** Learns from the next event. */
    void add(TraceEvent event) {
        if (event.packet() <= 0) {
            return;
        }
        int packet = (int) event.packet();
        room(packet);
        if (first[packet] == 0) {
            first[packet] = event.id();
        }
        last[packet] = event.id();
        switch (event) {
            case FrameSent e -> descends(packet, (int) e.parent(), forwarded.get((int) e.parent()) && !resolves(e.frame()));
            case Derived e -> descends(packet, (int) e.parent(), e.relation() != Relation.ANSWER);
            case Decided e when e.reason() == Reason.FORWARDED -> forwarded.set(packet);
            case Dropped e -> ends[packet] = e.id();
            default -> { }
        }
    }

    private void room(int packet) {
        if (packet >= parents.length) {
            int length = Math.max(packet + 1, 2 * parents.length);
            siblings = Arrays.copyOf(siblings, length);
            children = Arrays.copyOf(children, length);
            ends = Arrays.copyOf(ends, length);
            last = Arrays.copyOf(last, length);
            first = Arrays.copyOf(first, length);
            parents = Arrays.copyOf(parents, length);
        }
    }

    private void descends(int packet, int parent, boolean goesOn) {
        if (parent == 0 || parents[packet] == parent) {
            return;
        }
        room(parent);
        parents[packet] = parent;
        if (goesOn && parent != packet) {
            siblings[packet] = children[parent];
            children[parent] = packet;
        }
    }

    /** Address resolution is made for the sake of a packet that is forwarded, but is none of it. */
    private static boolean resolves(Octets frame) {
        int type = frame.length() < 55 ? 0 : frame.u16(12);
        return type == 0x0806 || type == 0x86dd && frame.at(20) == 58 && frame.at(54) >= 133 && frame.at(54) <= 137;
    }

    /** What a packet was made of; 0: nothing. */
    public long parentOf(long packet) {
        return at(parents, packet);
    }

    /** First event about a packet; 0: none. */
    public long firstOf(long packet) {
        return at(first, packet);
    }

    /** Last event about a packet so far; 0: none. */
    public long lastOf(long packet) {
        return at(last, packet);
    }

    private static long at(long[] all, long packet) {
        return packet < all.length ? all[(int) packet] : 0;
    }

    private static int at(int[] all, long packet) {
        return packet < all.length ? all[(int) packet] : 0;
    }

    /** A packet and what it goes on as, hop by hop, within tunnels and out of them. */
    public List<Long> onward(long packet) {
        List<Long> found = new ArrayList<>();
        Deque<Long> todo = new ArrayDeque<>(List.of(packet));
        while (!todo.isEmpty() && found.size() < MOST) {
            long next = todo.poll();
            found.add(next);
            for (int child = at(children, next); child != 0 && todo.size() < MOST; child = at(siblings, child)) {
                todo.add((long) child);
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
        return onward(packet).stream().mapToLong(p -> at(ends, p)).filter(event -> event != 0).findFirst().orElse(0);
    }
}
