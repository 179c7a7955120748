package careof.app.session;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceStore;
import java.util.Optional;

/** One course of events, and where the user stands in it; for the worker's thread. */
final class Run {
    final int id;
    final String name;
    final TraceStore trace;
    final RunIndex index;
    /** Empty: it was recorded, and nothing can be made of it but what is in its file. */
    private final Optional<Simulation> machine;
    private final Projection projection;
    private final long start;
    private InputLog inputs;
    private Optional<SessionState.Recorded> recorded = Optional.empty();
    /** Nothing more happens in it: it was live, or recorded. */
    private boolean over;
    private boolean live;
    long cursor;
    /** Virtual time shown: at or after the cursor's event, before the next one. */
    long clock;

    private Run(int id, String name, Optional<Simulation> machine, InputLog inputs, TraceStore trace, RunIndex index, Projection projection, long start) {
        this.id = id;
        this.name = name;
        this.machine = machine;
        this.inputs = inputs;
        this.trace = trace;
        this.index = index;
        this.projection = projection;
        this.start = start;
    }

    /** @param start event after which the lab stands configured */
    Run(int id, String name, Simulation machine, long start) {
        this(id, name, Optional.of(machine), machine.inputs(), machine.trace(), new RunIndex(machine.lab(), machine.trace()), new Projection(machine.trace()), start);
        toHead();
    }

    /** A recorded run, at its beginning. */
    static Run of(int id, RecordedRun recorded) {
        Run run = new Run(id, "Recorded run", Optional.empty(), recorded.inputs(), recorded.trace(), recorded.found().index(), recorded.found().tables(), recorded.start());
        run.recorded = Optional.of(new SessionState.Recorded(recorded, Optional.of(recorded.why())));
        run.over = true;
        run.seek(run.start());
        return run;
    }

    /** One that was made again, at its beginning. */
    static Run of(int id, String name, RecordedRun.Again again, long start) {
        Run run = new Run(id, name, Optional.of(again.machine()), again.machine().inputs(), again.machine().trace(), again.found().index(), again.found().tables(), start);
        run.recorded = Optional.of(new SessionState.Recorded(again.of(), Optional.empty()));
        run.over = true;
        run.seek(run.start());
        return run;
    }

    Optional<SessionState.Recorded> recorded() {
        return recorded;
    }

    /** It cannot be made again after all. */
    void cannotBeMadeAgain(String why) {
        recorded = recorded.map(r -> new SessionState.Recorded(r.run(), Optional.of(why)));
    }

    /** The engine behind it. */
    Simulation machine() {
        return machine.orElseThrow(() -> new IllegalStateException("a recorded run has no engine"));
    }

    boolean canFork() {
        return machine.filter(Simulation::canFork).isPresent();
    }

    /** No more happens in it. */
    void end() {
        over = true;
        live = false;
    }

    /** Whether it meets the real world now. */
    boolean isLive() {
        return live;
    }

    void isLive(boolean now) {
        live = now;
    }

    boolean isOver() {
        return over;
    }

    /** Virtual time that it has reached. */
    long now() {
        return Math.max(machine.map(Simulation::now).orElse(0L), recorded.map(r -> r.run().now()).orElse(0L));
    }

    /** When its next thing happens beyond its head; {@link Long#MAX_VALUE}: nothing does. */
    long nextTaskAt() {
        return over ? Long.MAX_VALUE : machine().nextTaskAt();
    }

    void toHead() {
        index.catchUp();
        cursor = trace.size();
        clock = now();
    }

    /** Puts the cursor after an event, as near as it is kept. */
    void seek(long event) {
        cursor = Math.clamp(event, first(), trace.size());
        clock = timeOf(cursor);
    }

    /** Puts the cursor where everything up to a virtual time has happened. */
    void seekTime(long at) {
        long time = Math.clamp(at, 0, now());
        cursor = Math.max(Math.min(start(), trace.size()), trace.firstAt(time + 1) - 1);
        clock = Math.max(time, timeOf(cursor));
    }

    /** Where the cursor can be at the earliest: 0, unless the trace has forgotten its beginning. */
    long first() {
        return trace.first() - 1;
    }

    /** Where rewinding leads. */
    long start() {
        return Math.max(start, first());
    }

    /** Of an event up to which tables can be shown. */
    long timeOf(long event) {
        LabState base = trace.base();
        return event <= base.event() ? base.time() : trace.timeOf(event);
    }

    /** Where the trace has forgotten what the cursor stood on, the cursor goes to what is kept; whether it did. */
    boolean keepUp() {
        boolean gone = cursor < first();
        if (gone) {
            seek(first());
        }
        return gone;
    }

    boolean atHead() {
        return cursor == trace.size();
    }

    /** Nothing is left to run. */
    boolean ended() {
        return atHead() && (over || machine().nextTaskAt() == Long.MAX_VALUE && machine().now() >= lab().until());
    }

    Lab lab() {
        return inputs.lab();
    }

    /** Every table where the cursor stands. */
    LabState tables() {
        return projection.at(cursor);
    }

    InputLog inputs() {
        return inputs;
    }

    void apply(Action action) {
        machine().apply(action);
        inputs = machine().inputs();
    }
}
