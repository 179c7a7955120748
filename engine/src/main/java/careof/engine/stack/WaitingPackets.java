package careof.engine.stack;

import careof.engine.base.IpAddress;
import careof.engine.trace.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Packets that wait for one neighbour's link-layer address; the oldest makes room (RFC 4861 section 7.2.2). Room for what follows a Binding
 * Update within a round trip: at the first router after a move it is the oldest, and its loss would cost a second; the answers of a mobile node's
 * many peers come to that router at one time.
 */
final class WaitingPackets {
    private static final int MOST = 32;

    /** @param hopLimit to write into the packet; -1: leave it */
    record Waiting(Packet packet, int hopLimit) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /**
     * @param waits what is said of the packet
     * @param full  why the oldest is dropped when there is no room
     */
    void add(NodeEnv env, Packet packet, int hopLimit, Reason waits, Reason full, IpAddress neighbour) {
        if (waiting.size() == MOST) {
            env.dropped(waiting.removeFirst().packet, full, neighbour.toString());
        }
        env.decided(packet, waits);
        waiting.addLast(new Waiting(packet, hopLimit));
    }

    int size() {
        return waiting.size();
    }

    /** All of them, in order; none wait any more. */
    List<Waiting> take() {
        List<Waiting> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }
}
