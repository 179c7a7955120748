package careof.app.session;

import careof.app.session.SessionState.Progress;
import careof.app.session.SessionState.RunName;
import careof.engine.decode.PacketFields;
import careof.engine.lab.Lab;
import careof.engine.live.LiveLab;
import careof.engine.query.Query;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread that owns the simulation: takes commands, moves the cursor, runs the engine at the head, says how things stand. */
final class Worker implements Runnable {
    /** Wall time between two looks at the clock while playing, nanoseconds. */
    private static final long TICK = 16_000_000;
    /** Wall time that the engine may take of a tick. */
    private static final long BUDGET = 13_000_000;
    /** Runs kept to go back to. */
    private static final int MOST_RUNS = 12;
    /** Wall time for which a changed row stays marked while playing, seconds. */
    private static final double MARKED = 0.6;

    private final Consumer<SessionState> publish;
    private final Consumer<Notice> notify;
    private final long kept;
    private final BlockingQueue<Command> queue = new LinkedBlockingQueue<>();
    private volatile boolean closed;
    private volatile boolean cancelled;

    private final List<Run> runs = new ArrayList<>();
    private Run run;
    /** The shown run meets the real world; null: it does not. While it does, running means that the cursor follows its head. */
    private volatile LiveDrive live;
    private int lastId;
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

    Worker(Consumer<SessionState> publish, Consumer<Notice> notify) {
        this(publish, notify, LiveLab.KEPT);
    }

    /** @param kept octets of a live run's trace that stay in memory */
    Worker(Consumer<SessionState> publish, Consumer<Notice> notify, long kept) {
        this.publish = publish;
        this.notify = notify;
        this.kept = kept;
    }

    void send(Command command) {
        if (command instanceof Command.Pause) {
            cancelled = true;
        }
        queue.add(command);
        wake();
    }

    void close() {
        closed = true;
        cancelled = true;
        queue.add(new Command.Pause());
        wake();
    }

    private void wake() {
        LiveDrive now = live;
        if (now != null) {
            now.wake();
        }
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                if (live != null) {
                    turnLive();
                } else if (takeCommands()) {
                    if (running) {
                        tick();
                    }
                    publish(Optional.empty());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // A fault of the engine must not take the window down; the run stays where it is.
                endLive();
                running = false;
                notify.accept(new Notice(Notice.Level.ERROR, "The engine failed", String.valueOf(e)));
                publishSafely();
            }
        }
        endLive();
    }

    /** Does what is due in the live run until it is time to show how things stand. */
    private void turnLive() throws InterruptedException {
        takeCommands();
        LiveDrive now = live;
        if (now == null) {
            publish(Optional.empty());
            return;
        }
        now.turn(System.nanoTime() + BUDGET);
        long wait = lastTick + TICK - System.nanoTime();
        if (wait > 0 && queue.isEmpty()) {
            now.await(wait);
            return;
        }
        long before = run.trace.size();
        if (running) {
            long last = run.cursor;
            run.toHead();
            markLately(MARKED);
            before = last;
        }
        lastTick = System.nanoTime();
        measure(lastTick, run.trace.size() - before);
        publish(Optional.empty());
    }

    private void goLive(Command.GoLive order) {
        endLive();
        pause();
        LiveDrive made;
        try {
            made = LiveDrive.open(run.lab(), order, kept, notify);
        } catch (IOException e) {
            notify.accept(new Notice(Notice.Level.ERROR, "Not live", e.getMessage()));
            return;
        }
        lastId++;
        enter(new Run(lastId, "Live run " + lastId, made.run(), made.run().trace().size()));
        live = made;
        made.resume();
        running = true;
        rateSince = 0;
    }

    private void enter(Run next) {
        run = next;
        runs.add(run);
        if (runs.size() > MOST_RUNS) {
            runs.removeFirst();
        }
    }

    private void endLive() {
        if (live != null) {
            LiveDrive ended = live;
            live = null;
            ended.close();
            run.end();
            running = false;
            run.toHead();
        }
    }

    /** What goes by itself, or only once, cannot be done again otherwise. */
    private boolean refusesFork() {
        if (!run.canFork()) {
            notify.accept(run.recorded().flatMap(SessionState.Recorded::why).map(why -> new Notice(Notice.Level.INFO, "A recorded run", why))
                    .orElseGet(() -> new Notice(Notice.Level.INFO, "Not in a live run", "What real machines said is not kept, so a live run cannot be made again. A recording with its secrets can.")));
        }
        return !run.canFork();
    }

    private void publishSafely() {
        try {
            publish(Optional.empty());
        } catch (RuntimeException e) {
            notify.accept(new Notice(Notice.Level.ERROR, "The run cannot be shown", String.valueOf(e)));
        }
    }

    /** Does what came in, waiting for something while nothing runs; false when there is nothing to show yet. */
    private boolean takeCommands() throws InterruptedException {
        Deque<Command> commands = new ArrayDeque<>();
        Command first = live != null ? queue.poll() : running ? queue.poll(Math.max(0, lastTick + TICK - System.nanoTime()), TimeUnit.NANOSECONDS) : queue.take();
        if (first != null) {
            commands.add(first);
            queue.drainTo(commands);
        }
        while (!commands.isEmpty()) {
            Command command = commands.poll();
            if (!isOverruled(command, commands.peek())) {
                handle(command);
            }
        }
        return run != null;
    }

    /** Of a scrub only the last place counts, of edits only the last lab. */
    private static boolean isOverruled(Command command, Command next) {
        return switch (command) {
            case Command.Seek _, Command.SeekTime _ -> next instanceof Command.Seek || next instanceof Command.SeekTime;
            case Command.Load _ -> next instanceof Command.Load;
            case Command.SetSpeed _ -> next instanceof Command.SetSpeed;
            default -> false;
        };
    }

    private void handle(Command command) {
        cancelled = false;
        pushed = false;
        if (command instanceof Command.Load(Lab lab)) {
            load(lab);
            return;
        }
        if (command instanceof Command.Show(RecordedRun recorded)) {
            show(recorded);
            return;
        }
        if (command instanceof Command.SetSpeed(double factor)) {
            speed = factor;
            return;
        }
        if (run == null) {
            return;
        }
        switch (command) {
            case Command.Play _ -> play();
            case Command.Pause _ -> {
                pause();
                if (live != null) {
                    live.pause();
                }
            }
            case Command.GoLive order -> goLive(order);
            case Command.EndLive _ -> endLive();
            case Command.Step(StepKind kind, boolean forward) -> step(kind, forward);
            case Command.UntilTime(long at) -> {
                if (at <= run.clock || at <= run.now() && (live != null || run.isOver())) {
                    pause();
                    seekTime(at);
                } else {
                    runTo(new Goal.Time(at));
                }
            }
            case Command.UntilMatch(Query query) -> {
                matched = run.cursor;
                runTo(new Goal.Match(query, run.cursor));
            }
            case Command.UntilEvent(long id) -> {
                if (id <= run.trace.size()) {
                    pause();
                    seek(id);
                } else {
                    runTo(new Goal.Event(id));
                }
            }
            case Command.Seek(long event) -> {
                pause();
                seek(event);
            }
            case Command.SeekTime(long at) -> {
                pause();
                seekTime(at);
            }
            case Command.Rewind _ -> {
                pause();
                seek(run.start());
                markFrom = run.cursor;
            }
            case Command.ToHead _ -> {
                pause();
                run.toHead();
                markFrom = run.cursor - 1;
                running = live != null && !live.isPaused();
            }
            case Command.Apply(var action) when live != null -> {
                run.apply(action);
                if (!run.atHead() && !running) {
                    notify.accept(new Notice(Notice.Level.INFO, "Done now", "A live run has no other time: " + Actions.text(action) + " at its head."));
                }
            }
            case Command.Apply(var action) -> {
                if (refusesFork()) {
                    return;
                }
                boolean playing = running && goal.isEmpty();
                if (run.isOver() || run.cursor < run.trace.size() && (run.cursor <= beforeLastTask || run.clock < run.now())) {
                    if (!fork("before " + Actions.text(action), run.cursor, run.clock)) {
                        return;
                    }
                    notify.accept(new Notice(Notice.Level.INFO, run.name, "The run so far is kept: see Runs in the menu Run."));
                    if (playing) {
                        start();
                    }
                }
                long before = run.trace.size();
                run.apply(action);
                beforeLastTask = run.trace.size();
                run.toHead();
                markFrom = before;
            }
            case Command.Fork _ -> fork("fork", run.cursor, run.clock);
            case Command.SwitchRun _ when live != null ->
                    notify.accept(new Notice(Notice.Level.INFO, "The live run goes on", "End it before you look at another run."));
            case Command.SwitchRun(int id) -> runs.stream().filter(r -> r.id == id).findFirst().ifPresent(r -> {
                pause();
                run = r;
                markFrom = r.cursor;
                beforeLastTask = r.trace.size();
            });
            case Command.TakeBack _ -> takeBack();
            case Command.MadeAgain(RecordedRun.Again again) -> madeAgain(again);
            case Command.NotMadeAgain(RecordedRun of, String why) -> recorded(of).ifPresent(r -> r.cannotBeMadeAgain(why));
            case Command.Load _, Command.Show _, Command.SetSpeed _ -> throw new IllegalStateException("handled above");
        }
    }

    private void load(Lab lab) {
        endLive();
        pause();
        Simulation machine = new Simulation(lab, Detail.FULL);
        runs.clear();
        lastId++;
        run = new Run(lastId, "First run", machine, machine.trace().size());
        runs.add(run);
        markFrom = run.cursor;
        beforeLastTask = run.cursor;
    }

    private void show(RecordedRun recorded) {
        endLive();
        pause();
        runs.clear();
        lastId++;
        run = Run.of(lastId, recorded);
        runs.add(run);
        markFrom = run.cursor;
        beforeLastTask = run.trace.size();
    }

    /** The run that shows a recording; empty: it is shown no longer. */
    private Optional<Run> recorded(RecordedRun of) {
        return runs.stream().filter(r -> !r.canFork() && r.recorded().filter(one -> one.run() == of).isPresent()).findFirst();
    }

    /** What came out as recorded takes the recording's place; otherwise there are two runs, and the cursor goes where they part. */
    private void madeAgain(RecordedRun.Again again) {
        Optional<Run> shown = recorded(again.of());
        if (shown.isEmpty()) {
            return;
        }
        Run old = shown.get();
        if (again.isSame()) {
            Run made = Run.of(old.id, old.name, again, old.start());
            made.cursor = old.cursor;
            made.clock = old.clock;
            runs.set(runs.indexOf(old), made);
            run = run == old ? made : run;
            beforeLastTask = run.trace.size();
            notify.accept(new Notice(Notice.Level.SUCCESS, "The run was made again", again.words()));
            return;
        }
        old.cannotBeMadeAgain("Made again with its secrets, it came out differently. What came out is another run, which can be forked: see Runs in the menu Run.");
        lastId++;
        runs.add(Run.of(lastId, "Run " + lastId + ", made again", again, old.start()));
        if (run == old) {
            pause();
            seek(Math.min(again.difference(), old.trace.size()));
        }
        notify.accept(new Notice(Notice.Level.WARNING, "The run came out differently", again.words()));
    }

    private void play() {
        if (live != null) {
            live.resume();
            run.toHead();
            running = true;
            return;
        }
        if (run.ended()) {
            seek(run.start());
        }
        goal = Optional.empty();
        start();
    }

    private void start() {
        running = true;
        lastTick = System.nanoTime() - TICK;
        rateSince = 0;
    }

    private void pause() {
        running = false;
        goal = Optional.empty();
        rate = 0;
    }

    private void step(StepKind kind, boolean forward) {
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
        if (live != null || run.isOver() && !(where instanceof Goal.Match)) {
            notify.accept(new Notice(Notice.Level.INFO, "That has not happened", live != null ? "A live run goes at its own pace." : "The run has ended before."));
            return;
        }
        goal = Optional.of(where);
        markFrom = run.cursor;
        start();
        tick();
    }

    private void seek(long event) {
        if (event < run.first()) {
            notify.accept(new Notice(Notice.Level.INFO, "Kept no longer", "A live run keeps its last minutes only. This is the beginning of what is kept of it."));
        }
        run.seek(event);
        markFrom = Math.max(0, run.cursor - 1);
    }

    private void seekTime(long at) {
        run.seekTime(at);
        markFrom = Math.max(0, run.cursor - 1);
    }

    private void tick() {
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

    /** Goes on in a copy of the run as it was after an event; false when the user stopped the replay. */
    private boolean fork(String why, long event, long clock) {
        if (refusesFork()) {
            return false;
        }
        Run old = run;
        pause();
        long total = Math.max(1, event);
        Optional<Simulation> copy = old.machine().fork(event, () -> cancelled || closed,
                done -> publish(Optional.of(new Progress("Replaying up to event " + event, Math.min(1, (double) done / total)))));
        if (copy.isEmpty()) {
            notify.accept(new Notice(Notice.Level.INFO, "Replay stopped", "The run is as it was."));
            return false;
        }
        Simulation machine = copy.get();
        if (machine.now() < clock) {
            machine.runUntil(clock);
        }
        lastId++;
        enter(new Run(lastId, "Run " + lastId + ", " + why, machine, old.start()));
        beforeLastTask = run.trace.size();
        return true;
    }

    private void takeBack() {
        for (int i = run.index.actions().size() - 1; i >= 0; i--) {
            long id = run.index.actions().get(i);
            if (((Acted) run.trace.get(id)).input() >= 0) {
                if (fork("action taken back", id - 1, run.trace.timeOf(id))) {
                    markFrom = run.cursor;
                }
                return;
            }
        }
    }

    private void publish(Optional<Progress> progress) {
        run.index.catchUp();
        if (run.keepUp()) {
            markFrom = run.cursor;
            if (!pushed) {
                notify.accept(new Notice(Notice.Level.INFO, "The cursor moves on", "A live run keeps its last minutes only, and where the cursor stood is kept no longer."));
            }
            pushed = true;
        }
        LabState tables = run.tables();
        long next = run.atHead() ? run.nextTaskAt() : run.timeOf(run.cursor + 1);
        publish.accept(new SessionState(run.id, runs.stream().map(r -> new RunName(r.id, r.name)).toList(), run.inputs(), run.trace, run.index, run.start(),
                run.cursor, run.clock, run.trace.size(), run.now(), running, run.ended(), speed, tables, run.index.pairs(tables), markFrom, next, rate, progress, run.canFork(),
                Optional.ofNullable(live).map(LiveDrive::state), run.recorded()));
    }
}
