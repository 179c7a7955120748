package careof.engine.metrics;

import careof.engine.lab.Expectation.Span;
import careof.engine.state.FlowEnd;
import java.util.Arrays;
import java.util.Optional;

/** When each packet of one direction of a flow was sent and arrived, by sequence number. */
final class FlowLog {
    private static final long NEVER = -1;
    private static final Span ALWAYS = new Span(0, Long.MAX_VALUE);

    private final String flow;
    private final String direction;
    private long[] sentAt = new long[64];
    private long[] arrivedAt = new long[64];
    private int count;
    private long sent;
    private long received;
    private long reordered;
    private long duplicates;

    FlowLog(String flow, String direction) {
        this.flow = flow;
        this.direction = direction;
        Arrays.fill(sentAt, NEVER);
        Arrays.fill(arrivedAt, NEVER);
    }

    String flow() {
        return flow;
    }

    String direction() {
        return direction;
    }

    /** Name of the sending node, given the receiving one; a direction is "from-to" and names may have hyphens. */
    Optional<String> from(String to) {
        return direction.endsWith("-" + to) ? Optional.of(direction.substring(0, direction.length() - to.length() - 1)) : Optional.empty();
    }

    Optional<String> to(String from) {
        return direction.startsWith(from + "-") ? Optional.of(direction.substring(from.length() + 1)) : Optional.empty();
    }

    void add(long at, FlowEnd end) {
        // a sequence number that was never sent is somebody's invention
        if (end.last() < 0 || end.last() > (end.sending() ? Integer.MAX_VALUE - 8 : count - 1)) {
            return;
        }
        int sequence = (int) end.last();
        if (end.sending()) {
            grow(sequence + 1);
            sentAt[sequence] = at;
            sent = end.packets();
        } else {
            if (arrivedAt[sequence] == NEVER) {
                arrivedAt[sequence] = at;
            }
            received = end.packets();
            reordered = end.reordered();
            duplicates = end.duplicates();
        }
    }

    private void grow(int size) {
        if (size > sentAt.length) {
            int old = sentAt.length;
            int length = Math.max(size, old * 2);
            sentAt = Arrays.copyOf(sentAt, length);
            arrivedAt = Arrays.copyOf(arrivedAt, length);
            Arrays.fill(sentAt, old, length, NEVER);
            Arrays.fill(arrivedAt, old, length, NEVER);
        }
        count = Math.max(count, size);
    }

    /** @param reached virtual time that the run reached, nanoseconds */
    FlowResult result(long reached) {
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        long arrivals = 0;
        for (int i = 0; i < count; i++) {
            if (sentAt[i] != NEVER && arrivedAt[i] != NEVER) {
                long delay = arrivedAt[i] - sentAt[i];
                min = Math.min(min, delay);
                max = Math.max(max, delay);
                sum += delay;
                arrivals++;
            }
        }
        long lost = lostBetween(Long.MIN_VALUE, Long.MAX_VALUE, reached, max);
        return new FlowResult(flow, direction, sent, received, lost, sent - arrivals - lost, reordered, duplicates,
                arrivals == 0 ? 0 : min, arrivals == 0 ? 0 : sum / arrivals, max, gap(ALWAYS));
    }

    /** Only of packets sent within a time; reordered ones and duplicates are not told apart. */
    FlowResult result(Span when, long reached) {
        long packets = 0;
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        long arrivals = 0;
        for (int i = 0; i < count; i++) {
            if (sentAt[i] != NEVER && when.contains(sentAt[i])) {
                packets++;
                if (arrivedAt[i] != NEVER) {
                    long delay = arrivedAt[i] - sentAt[i];
                    min = Math.min(min, delay);
                    max = Math.max(max, delay);
                    sum += delay;
                    arrivals++;
                }
            }
        }
        long lost = lostBetween(when.from(), when.to() + 1, reached, max);
        return new FlowResult(flow, direction, packets, arrivals, lost, packets - arrivals - lost, 0, 0, arrivals == 0 ? 0 : min,
                arrivals == 0 ? 0 : sum / arrivals, max, gap(when));
    }

    /**
     * How a movement broke the flow.
     *
     * @param lasts nanoseconds
     * @param ended false: it lasted to the flow's end
     */
    record Break(long lasts, boolean ended) {}

    /** Whether packets are being sent at a time. */
    boolean isOn(long time) {
        boolean before = false;
        boolean after = false;
        for (int i = 0; i < count; i++) {
            before |= sentAt[i] != NEVER && sentAt[i] <= time;
            after |= sentAt[i] != NEVER && sentAt[i] > time;
        }
        return before && after;
    }

    /**
     * The break from a time on, nanoseconds.
     *
     * @param towards the flow is towards the node that moved: then any arrival ends it, else only one of what was sent since
     */
    Break brokenSince(long start, boolean towards, long reached) {
        Optional<Long> arrival = towards ? firstArrivalSince(start, Long.MAX_VALUE) : firstArrivalOfSentSince(start, Long.MAX_VALUE);
        long end = reached;
        for (int i = count - 1; i >= 0; i--) {
            if (sentAt[i] != NEVER) {
                end = sentAt[i];
                break;
            }
        }
        return new Break(arrival.orElse(Math.max(start, end)) - start, arrival.isPresent());
    }

    /** Longest time without an arrival while packets were being sent. */
    private long gap(Span when) {
        long[] arrivals = new long[count];
        int found = 0;
        long first = NEVER;
        long last = NEVER;
        for (int i = 0; i < count; i++) {
            if (sentAt[i] != NEVER && when.contains(sentAt[i])) {
                first = first == NEVER ? sentAt[i] : first;
                last = sentAt[i];
                if (arrivedAt[i] != NEVER) {
                    arrivals[found++] = arrivedAt[i];
                }
            }
        }
        Arrays.sort(arrivals, 0, found);
        long gap = 0;
        long before = first;
        for (int i = 0; i < found; i++) {
            gap = Math.max(gap, arrivals[i] - before);
            before = arrivals[i];
        }
        return Math.max(gap, last - before);
    }

    /** Packets sent from {@code start} on and before {@code end} that never arrived. */
    long lost(long start, long end, long reached) {
        return lostBetween(start, end, reached, result(reached).maxDelay());
    }

    private long lostBetween(long start, long end, long reached, long longestDelay) {
        long lost = 0;
        for (int i = 0; i < count; i++) {
            if (sentAt[i] != NEVER && sentAt[i] >= start && sentAt[i] < end && arrivedAt[i] == NEVER
                    && (longestDelay == 0 || sentAt[i] + longestDelay <= reached)) {
                lost++;
            }
        }
        return lost;
    }

    /** Delay of the packet that arrived last before a time; if none did, of the first to arrive at all; 0: none. */
    long delayBefore(long time) {
        long delay = 0;
        for (int i = count - 1; i >= 0; i--) {
            if (arrivedAt[i] != NEVER) {
                delay = arrivedAt[i] - sentAt[i];
                if (arrivedAt[i] < time) {
                    return delay;
                }
            }
        }
        return delay;
    }

    /** When the first packet arrived that was sent at {@code start} or later, if one did before {@code end}. */
    Optional<Long> firstArrivalOfSentSince(long start, long end) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            if (sentAt[i] >= start && arrivedAt[i] != NEVER) {
                first = Math.min(first, arrivedAt[i]);
            }
        }
        return first < end ? Optional.of(first) : Optional.empty();
    }

    /** When the first packet arrived at {@code start} or later, if one did before {@code end}. */
    Optional<Long> firstArrivalSince(long start, long end) {
        long first = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            if (arrivedAt[i] >= start) {
                first = Math.min(first, arrivedAt[i]);
            }
        }
        return first < end ? Optional.of(first) : Optional.empty();
    }
}
