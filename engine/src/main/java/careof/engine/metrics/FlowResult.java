package careof.engine.metrics;

/**
 * One direction of a flow over a run.
 *
 * @param direction "cn-mn": from node cn to node mn
 * @param sent      packets
 * @param received  packets that arrived, duplicates not counted
 * @param lost      packets that never arrived
 * @param underWay  packets that had not arrived when the run stopped, but were sent less than the longest delay before: not counted as lost
 * @param reordered received after a packet sent later
 * @param duplicates received more than once
 * @param minDelay  nanoseconds, as all times here; of a ping the round trip; 0 where nothing arrived
 * @param gap       longest time without an arrival, from the first packet sent to the last one sent
 */
public record FlowResult(String flow, String direction, long sent, long received, long lost, long underWay, long reordered, long duplicates,
        long minDelay, long meanDelay, long maxDelay, long gap) {}
