package careof.engine.live;

import careof.engine.run.Simulation;
import careof.engine.trace.OutsidePort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A run that keeps pace with the clock on the wall, and whose ports to the outside have devices behind them. One thread drives it, by {@link #turn} and
 * {@link #await}; devices have threads of their own, which only put into a bounded queue.
 *
 * <p>Virtual time is the clock's time since the start, without the time in which the run paused. A task runs at its own virtual time, however late its turn
 * comes; what comes from outside is admitted after all tasks that are due by then. So the clock orders things but never enters the engine.
 */
public final class LiveRun implements AutoCloseable {
    /** A lag that no load explains, or a time between two turns that no wait does: the machine slept, or the program was stopped. */
    private static final long JUMP = 5_000_000_000L;
    private static final long LONGEST_WAIT = 200_000_000L;

    private final Simulation run;
    private final LongSupplier clock;
    private final Inbox inbox = new Inbox();
    private final Map<String, Open> ports = new LinkedHashMap<>();
    private final List<Gone> gone = new ArrayList<>();
    /** The clock at virtual time 0. */
    private long zero;
    private boolean paused = true;
    /** Of each port: how many came during the pause that is just over. */
    private Map<String, Integer> waited = new LinkedHashMap<>();
    private long lag;
    private long worst;
    private long jumps;
    /** The clock when last looked at between turns: one turn and one wait are short. */
    private long seen;

    private static final class Open {
        private final OutsidePort port;
        private final Device device;
        private long in;
        private long out;
        private long missedIn;
        private long missedOut;

        private Open(OutsidePort port, Device device) {
            this.port = port;
            this.device = device;
        }
    }

    /**
     * A port and how much went through it.
     *
     * @param where     the device is, for a person to read
     * @param in        packets or frames that came and were admitted
     * @param out       that left
     * @param waiting   that came and wait for the lab, as all do while it is paused
     * @param missedIn  that came and found no room
     * @param missedOut that the device did not take
     */
    public record PortCounts(OutsidePort port, String where, long in, long out, long waiting, long missedIn, long missedOut) {}

    /** A port that came to an end by itself. */
    public record Gone(String port, String why) {}

    /** @param run stands at its beginning, or where it is to go on */
    public LiveRun(Simulation run) {
        this(run, System::nanoTime);
    }

    /** @param clock nanoseconds since some moment; never goes back */
    LiveRun(Simulation run, LongSupplier clock) {
        this.run = run;
        this.clock = clock;
    }

    /** Opens a port with a device behind it, which belongs to this run from then on. */
    public void open(OutsidePort port, Device device) throws IOException {
        Open open = new Open(port, device);
        try {
            run.attach(port, octets -> {
                if (device.send(octets)) {
                    open.out++;
                } else {
                    open.missedOut++;
                }
            });
            ports.put(port.name(), open);
            device.start(inbox.of(port.name()));
        } catch (IOException | RuntimeException e) {
            if (ports.get(port.name()) == open) {
                close(port.name(), "it could not be started");
            } else {
                device.close();
            }
            throw e;
        }
    }

    /** Closes a port and its device. */
    public void close(String port, String why) {
        Open open = ports.remove(port);
        if (open != null) {
            try {
                run.detach(port, why);
            } finally {
                open.device.close();
            }
        }
    }

    /** Lets time pass. */
    public void resume() {
        if (paused) {
            seen = clock.getAsLong();
            zero = seen - run.now();
            paused = false;
            waited = run.now() > 0 ? inbox.waiting() : new LinkedHashMap<>();
        }
    }

    /** Stops time; what comes from outside waits, as much as there is room for. */
    public void pause() {
        paused = true;
    }

    public boolean isPaused() {
        return paused;
    }

    /** The clock's virtual time. */
    private long due() {
        return paused ? run.now() : clock.getAsLong() - zero;
    }

    /**
     * Runs what is due and admits what has come, up to a moment.
     *
     * @param deadline by the clock; when it is over, the rest is left for the next turn
     * @return whether all that was due is done
     */
    public boolean turn(long deadline) {
        try {
            if (paused) {
                failures(inbox.takeFailed());
                return true;
            }
            return advance(deadline);
        } finally {
            flush();
        }
    }

    private void flush() {
        for (Open open : ports.values()) {
            int lost = open.device.flush();
            open.out -= lost;
            open.missedOut += lost;
        }
    }

    private boolean advance(long deadline) {
        long slept = clock.getAsLong() - seen;
        seen += slept;
        if (slept > JUMP) {
            // The lab's time stood still with the machine's: all its timers would go off at once.
            zero += slept;
            jumps++;
        }
        long target = due();
        long late = run.nextTaskAt() == Long.MAX_VALUE ? 0 : Math.max(0, target - run.nextTaskAt());
        if (late > JUMP) {
            // It does not keep pace with the clock at all: it goes on from where it is.
            zero += late;
            target -= late;
            jumps++;
            late = 0;
        }
        lag = late;
        worst = Math.max(worst, late);
        do {
            while (run.nextTaskAt() <= target) {
                run.step();
                if (clock.getAsLong() > deadline) {
                    return false;
                }
            }
            run.runUntil(target);
            flush();
            Inbox.Content content = inbox.take();
            waited.forEach((port, count) -> {
                if (count > 1) {
                    run.waited(port, count);
                }
            });
            waited.clear();
            for (Inbox.Arrival arrival : content.arrivals()) {
                Open open = ports.get(arrival.port());
                if (open != null) {
                    open.in++;
                    run.arrive(arrival.port(), arrival.octets());
                }
            }
            missed(content);
            failures(content.failed());
            if (content.arrivals().isEmpty()) {
                return run.nextTaskAt() > target;
            }
            target = Math.max(target, due());
        } while (clock.getAsLong() <= deadline);
        return false;
    }

    private void missed(Inbox.Content content) {
        content.missed().forEach((port, count) -> {
            Open open = ports.get(port);
            if (open != null) {
                open.missedIn += count;
                run.missed(port, count, "more came than the lab could take");
            }
        });
    }

    private void failures(Map<String, String> failed) {
        failed.forEach((port, why) -> {
            if (ports.containsKey(port)) {
                close(port, why);
                gone.add(new Gone(port, why));
            }
        });
    }

    /** Waits until something is due or comes in, or somebody calls {@link #wake}. */
    public void await() throws InterruptedException {
        await(LONGEST_WAIT);
    }

    /** @param most nanoseconds to wait at most */
    public void await(long most) throws InterruptedException {
        if (paused) {
            inbox.rest(most, TimeUnit.NANOSECONDS);
        } else {
            inbox.await(run.nextTaskAt() == Long.MAX_VALUE ? most : Math.min(most, run.nextTaskAt() - due()));
        }
    }

    /** Ends {@link #await}; from any thread. */
    public void wake() {
        inbox.wake();
    }

    /** How late the latest task was that was due at the last turn, nanoseconds. */
    public long lag() {
        return lag;
    }

    /** The largest lag so far. */
    public long worstLag() {
        return worst;
    }

    /** How often the clock ran away by so much, since this machine slept or had too much to do, that the lab's time did not follow. */
    public long jumps() {
        return jumps;
    }

    public List<PortCounts> ports() {
        Map<String, Integer> waiting = inbox.waiting();
        return ports.values().stream().map(o -> new PortCounts(o.port, o.device.where(), o.in, o.out, waiting.getOrDefault(o.port.name(), 0), o.missedIn, o.missedOut)).toList();
    }

    /** Ports that came to an end by themselves since the last call. */
    public List<Gone> gone() {
        List<Gone> all = List.copyOf(gone);
        gone.clear();
        return all;
    }

    public Simulation run() {
        return run;
    }

    /** Closes all ports. */
    @Override
    public void close() {
        RuntimeException fault = null;
        for (String port : List.copyOf(ports.keySet())) {
            try {
                close(port, "the live run ends");
            } catch (RuntimeException e) {    // the other devices are to be closed all the same
                fault = e;
            }
        }
        if (fault != null) {
            throw fault;
        }
    }
}
