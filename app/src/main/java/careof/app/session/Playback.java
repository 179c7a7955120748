package careof.app.session;

import careof.engine.decode.PacketFields;
import careof.engine.query.Query;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** How the cursor moves through a run: by steps and jumps, with the clock, or as fast as it can towards a goal, with the engine where the run ends; for the worker's thread. */
final class Playback {
    /** Wall time between two looks at the clock while playing, nanoseconds. */
    private static final long TICK = 16_000_000;
    /** Wall time that the engine may take of a tick. */
    static final long BUDGET = 13_000_000;
    /** Wall time for which a changed row stays marked while playing, seconds. */
    private static final double MARKED = 0.6;

    private final Consumer<Notice> notify;
    private Run run;
    private boolean running;
    private double speed = 1;
    private Optional<Goal> goal = Optional.empty();
    private long lastTick;
    private long markFrom;
    /** The last task's first event less one: up to there an action at the cursor would come after all that is recorded. */
    private long beforeLastTask;
    /** Last event that a running search has looked at. */
    private long matched;
    private double rate;
    private long rateEvents;
    private long rateSince;
    /** The cursor had to leave what is kept no longer, which was told. */
    private boolean pushed;

    Playback(Consumer<Notice> notify) {
        this.notify = notify;
    }

    /** From now on this run is shown, where its cursor stands. */
    void show(Run next) {
        run = next;
        markFrom = run.cursor;
        beforeLastTask = run.trace.size();
    }

    /** What is shown was made again: the cursor stands where it stood, and goes on if it did. */
    void goOnIn(Run again) {
        run = again;
        beforeLastTask = run.trace.size();
    }

    /** Null: none yet. */
    Run run() {
        return run;
    }

    /** Whether the cursor moves by itself; in a live run, whether it follows the head. */
    boolean isRunning() {
        return running;
    }

    /** Whether it does so towards no goal. */
    boolean isPlaying() {
        return running && goal.isEmpty();
    }

    /** Virtual seconds per second; infinite: as fast as possible. */
    double speed() {
        return speed;
    }

    void speed(double factor) {
        speed = factor;
    }

    /** Rows changed by events after this one are marked as new. */
    long markFrom() {
        return markFrom;
    }

    /** Events per second of wall time, lately. */
    double rate() {
        return rate;
    }

    /** Nanoseconds until the next {@link #tick} or {@link #follow} is due; 0 or less: it is. */
    long untilTick() {
        return lastTick + TICK - System.nanoTime();
    }

    /** Whether an action at the cursor would come before something that has happened. */
    boolean isInThePast() {
        return run.cursor < run.trace.size() && (run.cursor <= beforeLastTask || run.clock < run.now());
    }

    /** Shows the head after an action, and what it changed. */
    void acted(long before) {
        beforeLastTask = run.trace.size();
        run.toHead();
        markFrom = before;
    }

    /** A user asks for something: what was told once may be told again. */
    void listen() {
        pushed = false;
    }

    /** Where the trace has forgotten what the cursor stands on, the cursor moves on, which is told. */
    void keepUp() {
        if (run.keepUp()) {
            markFrom = run.cursor;
            if (!pushed) {
                notify.accept(new Notice(Notice.Level.INFO, "The cursor moves on", "A live run keeps its last minutes only, and where the cursor stood is kept no longer."));
            }
            pushed = true;
        }
    }

    void play() {
        if (run.ended()) {
            seek(run.start());
        }
        goal = Optional.empty();
        start();
    }

    void rewind() {
        pause();
        seek(run.start());
        markFrom = run.cursor;
    }

    void toHead() {
        pause();
        run.toHead();
        markFrom = run.cursor - 1;
    }

    /** Follows the head of a live run from now on. */
    void beginToFollow() {
        run.toHead();
        running = true;
        rateSince = 0;
    }

    /** Time for the next look at a live run: its head, where that is followed. */
    void follow() {
        long before = run.trace.size();
        if (running) {
            before = run.cursor;
            run.toHead();
            markLately(MARKED);
        }
        lastTick = System.nanoTime();
        measure(lastTick, run.trace.size() - before);
    }

    /** The next event that matches, after the cursor. */
    void until(Query query) {
        matched = run.cursor;
        runTo(new Goal.Match(query, run.cursor));
    }

    void untilTime(long at) {
        if (at <= run.clock || at <= run.now() && (run.isLive() || run.isOver())) {
            pause();
            seekTime(at);
        } else {
            runTo(new Goal.Time(at));
        }
    }

    void untilEvent(long id) {
        if (id <= run.trace.size()) {
            pause();
            seek(id);
        } else {
            runTo(new Goal.Event(id));
        }
    }

    void start() {
        running = true;
        lastTick = System.nanoTime() - TICK;
        rateSince = 0;
    }

    void pause() {
        running = false;
        goal = Optional.empty();
        rate = 0;
    }

    void step(StepKind kind, boolean forward) {
        pause();
        long from = run.cursor;
        OptionalLong to = run.index.step(kind, from, forward);
        if (to.isPresent()) {
            seek(to.getAsLong());
            if (forward) {
                markFrom = from;
            } else {
                markFrom = kind == StepKind.EVENT ? run.cursor - 1 : run.index.step(kind, run.cursor, false).orElse(0);
            }
        } else if (forward) {
            runTo(new Goal.Next(kind, from));
        }
    }

    private void runTo(Goal where) {
        boolean match = where instanceof Goal.Match;
        if (run.isLive()) {
            notify.accept(new Notice(Notice.Level.INFO, "A live run goes at its own pace", match ? "What has happened in it can be filtered in the packet list." : "That has not happened yet."));
            return;
        } else if (run.isOver() && !match) {
            notify.accept(new Notice(Notice.Level.INFO, "That has not happened", "The run has ended before."));
            return;
        }
        goal = Optional.of(where);
        markFrom = run.cursor;
        start();
        tick();
    }

    void seek(long event) {
        if (event < run.first()) {
            notify.accept(new Notice(Notice.Level.INFO, "Kept no longer", "A live run keeps its last minutes only. This is the beginning of what is kept of it."));
        }
        run.seek(event);
        markFrom = Math.max(0, run.cursor - 1);
    }

    void seekTime(long at) {
        run.seekTime(at);
        markFrom = Math.max(0, run.cursor - 1);
    }

    void tick() {
        long now = System.nanoTime();
        long elapsed = Math.min(now - lastTick, 10 * TICK);
        lastTick = now;
        long before = run.cursor;
        long deadline = now + BUDGET;
        if (goal.isPresent()) {
            towards(goal.get(), deadline);
        } else {
            long target = speed == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : run.clock + (long) (elapsed * speed);
            advance(target, deadline);
            markLately(MARKED * Math.min(speed, 1e3));
        }
        measure(now, run.cursor - before);
    }

    /** Marks what changed in the last seconds of virtual time. */
    private void markLately(double seconds) {
        long from = run.clock - (long) (seconds * 1e9);
        markFrom = from <= 0 ? run.start() : run.trace.firstAt(from) - 1;
    }

    private void measure(long now, long events) {
        if (rateSince == 0 || now - rateSince > 500_000_000) {
            if (rateSince != 0) {
                rate = rateEvents * 1e9 / (now - rateSince);
            }
            rateSince = now;
            rateEvents = 0;
        }
        rateEvents += Math.max(0, events);
    }

    /** Moves on to a virtual time, or as far as the engine comes until the deadline. */
    private void advance(long target, long deadline) {
        if (!run.atHead()) {
            // As fast as possible means as fast as can be followed: recorded events pass in big leaps.
            long last = target == Long.MAX_VALUE ? Math.min(run.trace.size(), run.cursor + Math.max(200, run.trace.size() / 100))
                    : run.trace.firstAt(Math.min(target, Long.MAX_VALUE - 1) + 1) - 1;
            run.cursor = Math.max(run.cursor, last);
            run.clock = run.atHead() ? Math.min(target, run.now()) : target == Long.MAX_VALUE ? run.timeOf(run.cursor) : target;
            if (!run.atHead() || run.clock < run.now()) {
                return;
            }
        }
        while (run.nextTaskAt() <= target) {
            if (!stepMachine()) {
                finish();
                return;
            }
            if (System.nanoTime() > deadline) {
                run.toHead();
                return;
            }
        }
        if (run.isOver()) {
            finish();
        } else if (target < run.lab().until()) {
            run.machine().runUntil(target);
            run.toHead();
            run.clock = target;
        } else {
            finish();
        }
    }

    private boolean stepMachine() {
        if (run.isOver()) {
            return false;
        }
        long size = run.trace.size();
        if (!run.machine().step()) {
            return false;
        }
        beforeLastTask = size;
        return true;
    }

    private void finish() {
        if (!run.isOver()) {
            run.machine().runUntil(run.lab().until());
        }
        run.toHead();
        pause();
    }

    private void towards(Goal where, long deadline) {
        while (true) {
            run.index.catchUp();
            if (isReached(where, deadline)) {
                pause();
                return;
            }
            if (where instanceof Goal.Match && matched < run.trace.size()) {
                run.cursor = matched;
                run.clock = run.trace.timeOf(matched);
                return;
            }
            boolean more = !(where instanceof Goal.Time(long at)) || run.nextTaskAt() <= at;
            if (more && !stepMachine()) {
                finish();
                notify.accept(new Notice(Notice.Level.INFO, "The run has ended", switch (where) {
                    case Goal.Time _ -> "Its end comes before that time.";
                    case Goal.Event(long id) -> "It has " + run.trace.size() + " events, so there is no event " + id + ".";
                    case Goal.Match(Query query, _) -> "No further event matched " + query + ".";
                    case Goal.Next(StepKind kind, _) -> "There was no further " + kind.text() + ".";
                }));
                return;
            }
            if (!more) {
                run.machine().runUntil(((Goal.Time) where).at());
            } else if (System.nanoTime() > deadline) {
                run.toHead();
                return;
            }
        }
    }

    /** Puts the cursor on the goal if the trace holds it. */
    private boolean isReached(Goal where, long deadline) {
        long marked = markFrom;
        OptionalLong found = switch (where) {
            case Goal.Time(long at) -> run.now() >= at ? OptionalLong.of(run.trace.firstAt(at + 1) - 1) : OptionalLong.empty();
            case Goal.Event(long id) -> run.trace.size() >= id ? OptionalLong.of(id) : OptionalLong.empty();
            case Goal.Next(StepKind kind, long after) -> run.index.step(kind, after, true);
            case Goal.Match(Query query, _) -> match(query, deadline);
        };
        if (found.isEmpty()) {
            return false;
        }
        seek(found.getAsLong());
        if (where instanceof Goal.Time(long at)) {
            // Far from where it began: everything would be marked, which says nothing.
            run.clock = at;
        } else {
            markFrom = marked;
        }
        return true;
    }

    /** Looks at the events that were not looked at yet, until the deadline. */
    private OptionalLong match(Query query, long deadline) {
        PacketFields fields = new PacketFields(run.index.opener());
        TraceStore.Cursor events = run.trace.from(matched + 1);
        while (events.hasNext() && System.nanoTime() < deadline) {
            TraceEvent event = events.next();
            matched = event.id();
            if (query.matches(event, run.trace, fields)) {
                return OptionalLong.of(event.id());
            }
        }
        return OptionalLong.empty();
    }
}
