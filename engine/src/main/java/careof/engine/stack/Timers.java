package careof.engine.stack;

import careof.engine.base.VirtualTime;
import careof.engine.sim.Scheduler;
import careof.engine.state.TimerState;
import careof.engine.trace.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/** A node's named timers. Setting one again replaces it. */
public final class Timers {
    private final NodeEnv env;
    private final Table<String, TimerState> rows;
    private final Map<String, Scheduler.Entry> entries = new LinkedHashMap<>();

    Timers(NodeEnv env, Table<String, TimerState> rows) {
        this.env = env;
        this.rows = rows;
    }

    /**
     * Runs {@code action} at a virtual time.
     *
     * @param due nanoseconds; the past means now
     */
    public void set(String name, long due, Runnable action) {
        Scheduler.Entry old = entries.remove(name);
        if (old != null) {
            old.cancel();
        }
        long event = rows.put(name, new TimerState(name, due), Reason.TIMER_SET, VirtualTime.format(due));
        entries.put(name, env.scheduler().at(due, () -> {
            entries.remove(name);
            env.about(0);
            env.recorder().because(event);
            env.recorder().because(rows.remove(name, Reason.TIMER_FIRED));
            action.run();
        }));
    }

    /** As {@link #set}, counted from now. */
    public void in(String name, long delay, Runnable action) {
        set(name, env.now() + delay, action);
    }

    public void cancel(String name) {
        Scheduler.Entry entry = entries.remove(name);
        if (entry != null) {
            entry.cancel();
            rows.remove(name, Reason.TIMER_CANCELLED);
        }
    }

    public boolean isSet(String name) {
        return entries.containsKey(name);
    }
}
