package careof.app.session;

import careof.app.session.SessionState.Progress;
import careof.app.session.SessionState.RunName;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.query.Query;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent.Acted;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread that owns the simulation: takes commands, moves the cursor, runs the engine at the head, says how things stand. */
final class Worker implements Runnable {
    /** Runs kept to go back to. */
    private static final int MOST_RUNS = 12;

    private final Consumer<SessionState> publish;
    private final Consumer<Notice> notify;
    private final long kept;
    private final BlockingQueue<Command> queue = new LinkedBlockingQueue<>();
    private volatile boolean closed;
    private volatile boolean cancelled;

    private final List<Run> runs = new ArrayList<>();
    private final Playback playback;
    /** The shown run meets the real world; null: it does not. */
    private volatile LiveDrive live;
    /** Ports of a live run are being opened, which may take long where a name is looked up. */
    private volatile boolean opening;
    private int lastId;

    /** @param kept octets of a live run's trace that stay in memory */
    Worker(Consumer<SessionState> publish, Consumer<Notice> notify, long kept) {
        this.publish = publish;
        this.notify = notify;
        this.kept = kept;
        this.playback = new Playback(notify);
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

    /** Whether a live run goes on, or begins; for any thread. */
    boolean isLive() {
        return live != null || opening;
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
                    if (playback.isRunning()) {
                        playback.tick();
                    }
                    publish(Optional.empty());
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                // A fault of the engine must not take the window down; the run stays where it is.
                endLiveAnyhow();
                playback.pause();
                notify.accept(new Notice(Notice.Level.ERROR, "The engine failed", String.valueOf(e)));
                publishSafely();
            }
        }
        endLiveAnyhow();
    }

    /** With all its devices closed, whatever fails. */
    private void endLiveAnyhow() {
        try {
            endLive();
        } catch (RuntimeException e) {
            notify.accept(new Notice(Notice.Level.ERROR, "The live run did not end well", String.valueOf(e)));
        }
    }

    /** Does what is due in the live run until it is time to show how things stand. */
    private void turnLive() throws InterruptedException {
        takeCommands();
        LiveDrive now = live;
        if (now == null) {
            publish(Optional.empty());
            return;
        }
        now.turn(System.nanoTime() + Playback.BUDGET);
        long wait = playback.untilTick();
        if (wait > 0 && queue.isEmpty()) {
            now.await(wait);
            return;
        }
        playback.follow();
        publish(Optional.empty());
    }

    private void goLive(Command.GoLive order) {
        endLive();
        playback.pause();
        opening = true;
        try {
            publish(Optional.of(new Progress("Opening ports", -1)));
            LiveDrive made = LiveDrive.open(playback.run().lab(), order, kept, notify);
            lastId++;
            Run run = new Run(lastId, "Live run " + lastId, made.run(), made.run().trace().size());
            run.isLive(true);
            enter(run);
            live = made;
            made.resume();
            playback.beginToFollow();
        } catch (IOException e) {
            notify.accept(new Notice(Notice.Level.ERROR, Notice.NOT_LIVE, e.getMessage()));
        } finally {
            opening = false;
        }
    }

    private void enter(Run next) {
        playback.show(next);
        runs.add(next);
        if (runs.size() > MOST_RUNS) {
            runs.removeFirst();
        }
    }

    private void endLive() {
        if (live != null) {
            LiveDrive ended = live;
            live = null;
            try {
                ended.close();
            } finally {    // whatever fails, nothing more comes
                playback.run().end();
                playback.toHead();
            }
        }
    }

    /** What goes by itself, or only once, cannot be done again otherwise. */
    private boolean refusesFork() {
        Run run = playback.run();
        if (!run.canFork()) {
            notify.accept(run.recorded().flatMap(SessionState.Recorded::why).map(why -> new Notice(Notice.Level.INFO, "A recorded run", why))
                    .orElseGet(() -> new Notice(Notice.Level.INFO, "Not in a live run", "What real machines said is not kept, so a live run cannot be made again. A recording with its secrets can.")));
        }
        return !run.canFork();
    }

    private void publishSafely() {
        try {
            publish(Optional.empty());
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            notify.accept(new Notice(Notice.Level.ERROR, "The run cannot be shown", String.valueOf(e)));
        }
    }

    /** Does what came in, waiting for something while nothing runs; false when there is nothing to show yet. */
    private boolean takeCommands() throws InterruptedException {
        Deque<Command> commands = new ArrayDeque<>();
        Command first = live != null ? queue.poll() : playback.isRunning() ? queue.poll(Math.max(0, playback.untilTick()), TimeUnit.NANOSECONDS) : queue.take();
        if (first != null) {
            commands.add(first);
            queue.drainTo(commands);
        }
        while (!commands.isEmpty()) {
            Command command = commands.poll();
            if (!command.isOverruledBy(commands.peek())) {
                handle(command);
            }
        }
        return playback.run() != null;
    }

    private void handle(Command command) {
        cancelled = false;
        playback.listen();
        switch (command) {
            case Command.Load(Lab lab) -> load(lab);
            case Command.Show(RecordedRun recorded) -> {
                endLive();
                begin(Run.of(++lastId, recorded));
            }
            case Command.SetSpeed(double factor) -> playback.speed(factor);
            default -> {
                if (playback.run() != null) {
                    handle(command, playback.run());
                }
            }
        }
    }

    private void handle(Command command, Run run) {
        switch (command) {
            case Command.Play _ when live != null -> {
                live.resume();
                playback.beginToFollow();
            }
            case Command.Play _ -> playback.play();
            case Command.Pause _ -> {
                if (live != null) {
                    live.pause();
                    playback.follow();    // up to where it stands now
                }
                playback.pause();
            }
            case Command.GoLive order -> goLive(order);
            case Command.EndLive _ -> endLive();
            case Command.Step(StepKind kind, boolean forward) -> playback.step(kind, forward);
            case Command.UntilTime(long at) -> playback.untilTime(at);
            case Command.UntilMatch(Query query) -> playback.until(query);
            case Command.UntilEvent(long id) -> playback.untilEvent(id);
            case Command.Seek(long event) -> {
                playback.pause();
                playback.seek(event);
            }
            case Command.SeekTime(long at) -> {
                playback.pause();
                playback.seekTime(at);
            }
            case Command.Rewind _ -> playback.rewind();
            case Command.ToHead _ when live != null && !live.isPaused() -> playback.beginToFollow();
            case Command.ToHead _ -> playback.toHead();
            case Command.Apply(var action) -> act(action, run);
            case Command.Fork _ -> fork("fork", run.cursor, run.clock);
            case Command.SwitchRun _ when live != null ->
                    notify.accept(new Notice(Notice.Level.INFO, "The live run goes on", "End it before you look at another run."));
            case Command.SwitchRun(int id) -> runs.stream().filter(r -> r.id == id).findFirst().ifPresent(other -> {
                playback.pause();
                playback.show(other);
            });
            case Command.TakeBack _ -> takeBack();
            case Command.MadeAgain(RecordedRun.Again again) -> madeAgain(again);
            case Command.NotMadeAgain(RecordedRun of, String why) -> recorded(of).ifPresent(r -> r.cannotBeMadeAgain(why));
            case Command.Load _, Command.Show _, Command.SetSpeed _ -> throw new IllegalStateException("handled above");
        }
    }

    /** Does something: now where the run is live, else at the cursor. */
    private void act(Action action, Run run) {
        if (live == null && refusesFork()) {
            return;
        }
        Optional<String> why = run.machine().problem(action);
        if (why.isPresent()) {
            notify.accept(new Notice(Notice.Level.INFO, "Not done: " + Actions.text(action), Notice.sentence(why.get())));
        } else if (live == null) {
            apply(action, run);
        } else {
            run.apply(action);
            if (!run.atHead() && !playback.isRunning()) {
                notify.accept(new Notice(Notice.Level.INFO, "Done now", "\"" + Actions.text(action) + "\" was done now, at the head of the live run, and not at the moment you look at."));
            }
        }
    }

    /** At the head of a run that goes on: does something. Before that, or where a recorded run is over: does it in a fork. */
    private void apply(Action action, Run run) {
        boolean playing = playback.isPlaying();
        if (run.isOver() || playback.isInThePast()) {
            if (!fork(Actions.text(action), run.cursor, run.clock)) {
                return;
            }
            notify.accept(new Notice(Notice.Level.INFO, playback.run().name, "What was there is kept as \"" + run.name + "\": see Runs in the menu Run."));
            if (playing) {
                playback.start();
            }
        }
        long before = playback.run().trace.size();
        playback.run().apply(action);
        playback.acted(before);
    }

    private void load(Lab lab) {
        endLive();
        playback.pause();
        Simulation machine = new Simulation(lab, Detail.FULL);
        lastId++;
        begin(new Run(lastId, "First run", machine, machine.trace().size()));
    }

    private void begin(Run first) {
        playback.pause();
        runs.clear();
        enter(first);
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
            if (playback.run() == old) {
                playback.goOnIn(made);
            }
            notify.accept(new Notice(Notice.Level.SUCCESS, "The run was made again", again.words()));
            return;
        }
        old.cannotBeMadeAgain("Made again with its secrets, it came out differently. What came out is another run, which can be forked: see Runs in the menu Run.");
        lastId++;
        runs.add(Run.of(lastId, "Run " + lastId + ", made again", again, old.start()));
        if (playback.run() == old) {
            playback.pause();
            playback.seek(Math.min(again.difference(), old.trace.size()));
        }
        notify.accept(new Notice(Notice.Level.WARNING, "The run came out differently", again.words()));
    }

    /** Goes on in a copy of the run as it was after an event; false when the user stopped the replay. */
    private boolean fork(String why, long event, long clock) {
        if (refusesFork()) {
            return false;
        }
        Run old = playback.run();
        playback.pause();
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
        NotCarried.words(old.inputs().inputs(), machine.inputs().inputs().size())
                .ifPresent(words -> notify.accept(new Notice(Notice.Level.WARNING, "A fork without the machines outside", words)));
        return true;
    }

    private void takeBack() {
        Run run = playback.run();
        for (int i = run.index.actions().size() - 1; i >= 0; i--) {
            long id = run.index.actions().get(i);
            long input = ((Acted) run.trace.get(id)).input();
            if (input >= 0 && run.inputs().inputs().get((int) input).event() instanceof InputLog.Act) {
                fork("action taken back", id - 1, run.trace.timeOf(id));
                return;
            }
        }
    }

    private void publish(Optional<Progress> progress) {
        Run run = playback.run();
        run.index.catchUp();
        playback.keepUp();
        LabState tables = run.tables();
        long next = run.atHead() ? run.nextTaskAt() : run.timeOf(run.cursor + 1);
        publish.accept(new SessionState(run.id, runs.stream().map(r -> new RunName(r.id, r.name)).toList(), run.inputs(), run.trace, run.index, run.start(),
                run.cursor, run.clock, run.trace.size(), run.now(), playback.isRunning(), run.ended(), playback.speed(), tables, run.index.pairs(tables), playback.markFrom(), next, playback.rate(), progress, run.canFork(),
                Optional.ofNullable(live).map(LiveDrive::state), run.recorded()));
    }
}
