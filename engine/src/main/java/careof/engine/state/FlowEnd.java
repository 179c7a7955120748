package careof.engine.state;

/**
 * One direction of a flow as seen by one end.
 *
 * @param flow      its name in the lab
 * @param direction "from-to", node names
 * @param sending   true: the sender's own count
 * @param packets   sent or received so far, duplicates not counted
 * @param last      sequence number of the last one; -1: none yet
 * @param highest   highest sequence number so far; -1: none yet
 * @param reordered received after a higher sequence number
 * @param duplicates received more than once
 * @param delay     of the last one received, nanoseconds; of a ping the round trip
 * @param at        time of the last one, nanoseconds
 * @param gap       longest time between two arrivals so far, nanoseconds
 * @param recent    bit i: the packet numbered {@code highest - i} has come
 */
public record FlowEnd(String flow, String direction, boolean sending, long packets, long last, long highest, long reordered, long duplicates,
        long delay, long at, long gap, long recent) implements State {
    @Override
    public String key() {
        return flow + " " + direction + (sending ? " out" : " in");
    }
}
