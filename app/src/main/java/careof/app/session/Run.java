package careof.app.session;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceStore;

/** One course of events, and where the user stands in it; for the worker's thread. */
final class Run {
    final int id;
    final String name;
    final Simulation machine;
    final TraceStore trace;
    final RunIndex index;
    private final Projection projection;
    private final long start;
    long cursor;
    /** Virtual time shown: at or after the cursor's event, before the next one. */
    long clock;
    /** It was live, and nothing more happens in it. */
    boolean over;
    private InputLog inputs;

    /** @param start event after which the lab stands configured */
    Run(int id, String name, Simulation machine, long start) {
        this.id = id;
        this.name = name;
        this.machine = machine;
        this.trace = machine.trace();
        this.inputs = machine.inputs();
        this.index = new RunIndex(inputs.lab(), trace);
        this.projection = new Projection(trace);
        this.start = start;
        toHead();
    }

    void toHead() {
        index.catchUp();
        cursor = trace.size();
        clock = machine.now();
    }

    /** Puts the cursor after an event, as near as it is kept. */
    void seek(long event) {
        cursor = Math.clamp(event, first(), trace.size());
        clock = timeOf(cursor);
    }

    /** Puts the cursor where everything up to a virtual time has happened. */
    void seekTime(long at) {
        long time = Math.clamp(at, 0, machine.now());
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
        return atHead() && (over || machine.nextTaskAt() == Long.MAX_VALUE && machine.now() >= lab().until());
    }

    Lab lab() {
        return machine.lab();
    }

    /** Every table where the cursor stands. */
    LabState tables() {
        return projection.at(cursor);
    }

    InputLog inputs() {
        return inputs;
    }

    void apply(Action action) {
        machine.apply(action);
        inputs = machine.inputs();
    }
}
