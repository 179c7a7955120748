package careof.engine.sim;

import java.util.PriorityQueue;

/** Runs tasks in the order of their time, and of their making where times are equal. Virtual time stands still within a task. */
public final class Scheduler {
    /** A task that waits; may be cancelled. */
    public final class Entry implements Comparable<Entry> {
        private final long at;
        private final long sequence;
        private Runnable task;

        private Entry(long at, long sequence, Runnable task) {
            this.at = at;
            this.sequence = sequence;
            this.task = task;
        }

        /** It will not run; no effect when it ran already. */
        public void cancel() {
            if (task != null) {
                task = null;
                cancelled++;
                sweep();
            }
        }

        @Override
        public int compareTo(Entry other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    private static final int LEAST_SWEPT = 1024;

    private final PriorityQueue<Entry> queue = new PriorityQueue<>(256);
    private long now;
    private long sequence;
    private long tasks;
    /** Entries of the queue that will not run. */
    private int cancelled;

    /** Virtual nanoseconds since the start of the run. */
    public long now() {
        return now;
    }

    /** Tasks run so far. */
    public long tasks() {
        return tasks;
    }

    /** Plans a task; a time in the past means now. */
    public Entry at(long time, Runnable task) {
        Entry entry = new Entry(Math.max(time, now), sequence++, task);
        queue.add(entry);
        return entry;
    }

    /** Timers that are set again and again leave cancelled entries until their time, which may be far: so they never are the most. */
    private void sweep() {
        if (cancelled > LEAST_SWEPT && cancelled > queue.size() / 2) {
            queue.removeIf(entry -> entry.task == null);
            cancelled = 0;
        }
    }

    /** Entries that wait, cancelled ones included. */
    int size() {
        return queue.size();
    }

    /** Time of the next task; {@link Long#MAX_VALUE}: there is none. */
    public long nextAt() {
        while (!queue.isEmpty() && queue.peek().task == null) {
            queue.poll();
            cancelled--;
        }
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().at;
    }

    /** Runs the next task if it is due up to {@code limit}; false when there is none. */
    public boolean runNext(long limit) {
        if (nextAt() > limit || queue.isEmpty()) {
            return false;
        }
        Entry entry = queue.poll();
        now = entry.at;
        tasks++;
        Runnable task = entry.task;
        entry.task = null;
        task.run();
        return true;
    }

    /** Moves the clock on while no task is due; a time in the past has no effect. */
    public void advanceTo(long time) {
        if (nextAt() < time) {
            throw new IllegalStateException("a task is due before " + time);
        }
        now = Math.max(now, time);
    }
}
