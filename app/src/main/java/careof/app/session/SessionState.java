package careof.app.session;

import careof.engine.decode.FirstOpener;
import careof.engine.decode.KnownSas;
import careof.engine.decode.Opener;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.live.LiveLab;
import careof.engine.live.LiveRun;
import careof.engine.metrics.SaPairs;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.Optional;

/**
 * All that the window shows of a run, at one moment; immutable but for the trace and its index, which grow and, of a live run, lose their
 * beginning.
 *
 * @param run      number of the shown run
 * @param runs     all runs kept, oldest first
 * @param start    event after which the lab stands configured: where rewinding leads
 * @param cursor   event after which everything is shown; 0: before the first
 * @param clock    virtual time shown, nanoseconds: at or after the cursor's event, before the next one
 * @param head     last event recorded when this state was made
 * @param headTime virtual time up to which the run is computed, nanoseconds
 * @param running  the cursor moves by itself
 * @param ended    nothing is left to run up to the lab's end
 * @param speed    virtual seconds per second; infinite: as fast as possible
 * @param tables   every table after the cursor's event
 * @param pairs    of SAs, as those tables have them
 * @param markFrom rows changed by events after this one are marked as new
 * @param nextAt   virtual time of what comes next, nanoseconds; {@link Long#MAX_VALUE}: nothing
 * @param rate     events per second of wall time, lately
 * @param progress of work that takes long; empty: none
 * @param canFork  it can be made again up to any event, so that an action before the head begins another run
 * @param live     the run keeps pace with the clock on the wall and meets real machines; empty: it does not
 * @param recorded where it was read from a file; empty: it was not
 * @param inputs   what the run is of, and the user's actions so far: with it the run can be made again
 */
public record SessionState(int run, List<RunName> runs, InputLog inputs, TraceStore trace, RunIndex index, long start, long cursor, long clock, long head, long headTime,
        boolean running, boolean ended, double speed, LabState tables, List<SaPairs.Pair> pairs, long markFrom, long nextAt, double rate, Optional<Progress> progress, boolean canFork,
        Optional<Live> live, Optional<Recorded> recorded) {

    /** A run that can be switched to. */
    public record RunName(int id, String name) {}

    /**
     * @param fraction 0..1; negative: unknown
     */
    public record Progress(String what, double fraction) {}

    /**
     * How a live run is doing.
     *
     * @param ports  that are open
     * @param gone   ports that came to an end by themselves
     * @param paused its time stands still, while the cursor may move
     * @param lag    how late the latest task was that was due lately, nanoseconds
     * @param worst  the largest lag so far
     * @param jumps  how often the clock jumped, so that the lab's time did not follow
     * @param file   how its recording does; empty: it is not recorded
     */
    public record Live(List<LiveRun.PortCounts> ports, List<LiveRun.Gone> gone, boolean paused, long lag, long worst, long jumps, Optional<RecordingState> file) {}

    /**
     * How the recording of a live run does.
     *
     * @param octets  written
     * @param stopped why it ended before the run; empty: it did not
     */
    public record RecordingState(Command.Record to, long octets, String stopped) {}

    /**
     * Of a run that was read from a file.
     *
     * @param why it can only be looked at; empty: it was made again, and can be forked
     */
    public record Recorded(RecordedRun run, Optional<String> why) {}

    /** What the run is of. */
    public Lab lab() {
        return inputs.lab();
    }

    /** Decrypts with the keys of this moment, whose replay windows tell of it; else with all keys of the run. */
    public Opener opener() {
        return new FirstOpener(KnownSas.of(tables, lab().nodes().stream().map(LabNode::name).toList()), index.opener());
    }

    /** Whether the run holds an action of the user. */
    public boolean canTakeBack() {
        return canFork && recorded.isEmpty() && !inputs.inputs().isEmpty();
    }

    /** Whether this run is or was live, here or where it was recorded. */
    public boolean wasLive() {
        return recorded.isPresent() || LiveLab.isEndless(lab());
    }

    /** Why nothing can be done in the run but look at it; empty: it goes on, or can be made again otherwise. */
    public Optional<String> whyOnlyLook() {
        return canFork || live.isPresent() || atStart() ? Optional.empty()
                : recorded.flatMap(Recorded::why).or(() -> Optional.of("It has ended, and what real machines said is not kept, so it cannot be made again. A recording with its secrets can."));
    }

    /** Whether the cursor stands where the engine would go on. */
    public boolean atHead() {
        return cursor == head;
    }

    /** Whether the lab goes on by the clock on the wall while the cursor stands, most often in the past. */
    public boolean goesOnWithoutCursor() {
        return live.isPresent() && !live.get().paused() && !running;
    }

    /** Whether nothing has moved yet, so that the canvas edits the lab itself; a live run has begun already, a recorded one is over. */
    public boolean atStart() {
        return clock == 0 && !running && live.isEmpty() && recorded.isEmpty();
    }

    /** Whether the cursor can go back: it stands after an event that the trace keeps. */
    public boolean canGoBack() {
        return cursor >= trace.first();
    }

    /** The event at the cursor; empty: there is none, or it is kept no longer. */
    public Optional<TraceEvent> event() {
        return trace.find(cursor);
    }

    /** Virtual time of an event, of one that is kept no longer that of the first which is; nanoseconds. */
    public long timeOf(long event) {
        try {
            return trace.timeOf(Math.max(event, trace.first()));
        } catch (IndexOutOfBoundsException e) {
            return trace.base().time();    // it went in this very moment
        }
    }
}
