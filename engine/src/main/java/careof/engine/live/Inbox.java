package careof.engine.live;

import careof.engine.base.Octets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** What came from outside and waits for the lab, bounded; devices put in, the thread that drives the lab takes out. */
final class Inbox {
    /** Packets and frames that wait. */
    static final int MOST = 4096;
    /** Octets that wait. */
    static final int MOST_OCTETS = 16 << 20;

    /** Of a reader that found no room, nanoseconds. */
    private static final long REST = 1_000_000;

    /** A packet or frame that came in by a port. */
    record Arrival(String port, Octets octets) {}

    /**
     * What there is at one moment.
     *
     * @param missed of each port: how many found no room
     * @param failed of each port: why it came to an end
     */
    record Content(List<Arrival> arrivals, Map<String, Long> missed, Map<String, String> failed) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private List<Arrival> arrivals = new ArrayList<>();
    private Map<String, Long> missed = new LinkedHashMap<>();
    private Map<String, String> failed = new LinkedHashMap<>();
    private long octets;
    private boolean woken;

    /** A device's words about what comes by a port. */
    Device.Listener of(String port) {
        return new Device.Listener() {
            @Override
            public void arrived(List<Octets> several) {
                if (!put(port, several)) {
                    LockSupport.parkNanos(REST);
                }
            }

            @Override
            public void missed(long count) {
                lock.lock();
                try {
                    missed.merge(port, count, Long::sum);
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void failed(String why) {
                lock.lock();
                try {
                    failed.putIfAbsent(port, why);
                    something.signal();
                } finally {
                    lock.unlock();
                }
            }
        };
    }

    /** False: there was no room for some. */
    private boolean put(String port, List<Octets> several) {
        lock.lock();
        try {
            boolean first = arrivals.isEmpty();
            boolean room = true;
            for (Octets what : several) {
                if (arrivals.size() >= MOST || octets + what.length() > MOST_OCTETS) {
                    missed.merge(port, 1L, Long::sum);
                    room = false;
                } else {
                    arrivals.add(new Arrival(port, what));
                    octets += what.length();
                }
            }
            if (first) {
                something.signal();
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Takes all there is. */
    Content take() {
        lock.lock();
        try {
            Content all = new Content(arrivals, missed, failed);
            arrivals = new ArrayList<>();
            octets = 0;
            if (!missed.isEmpty()) {
                missed = new LinkedHashMap<>();
            }
            if (!failed.isEmpty()) {
                failed = new LinkedHashMap<>();
            }
            woken = false;
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** How many packets or frames of each port wait; none of a port that is not there. */
    Map<String, Integer> waiting() {
        lock.lock();
        try {
            Map<String, Integer> counts = new LinkedHashMap<>();
            arrivals.forEach(arrival -> counts.merge(arrival.port(), 1, Integer::sum));
            return counts;
        } finally {
            lock.unlock();
        }
    }

    /** Takes word of ports that came to an end, and leaves all else where it is. */
    Map<String, String> takeFailed() {
        lock.lock();
        try {
            Map<String, String> all = failed;
            failed = new LinkedHashMap<>();
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait at once. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            something.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something, but no longer than this. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && arrivals.isEmpty() && missed.isEmpty() && failed.isEmpty() && !woken) {
                left = something.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until it is woken, or its time is over, whatever comes in. */
    void rest(long time, TimeUnit unit) throws InterruptedException {
        lock.lock();
        try {
            long left = unit.toNanos(time);
            while (left > 0 && !woken) {
                left = something.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
