package careof.app.session;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.live.PortRequest;
import careof.engine.query.Query;
import careof.engine.trace.Detail;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the window asks the worker to do. */
public sealed interface Command {
    /**
     * Whether it need not be done since another follows: of a scrub only the last place counts, of edits only the last lab.
     *
     * @param next null: none
     */
    default boolean isOverruledBy(Command next) {
        return switch (this) {
            case Seek _, SeekTime _ -> next instanceof Seek || next instanceof SeekTime;
            case Load _ -> next instanceof Load;
            case SetSpeed _ -> next instanceof SetSpeed;
            default -> false;
        };
    }

    /** Begins a new run of a lab at time 0; earlier runs are forgotten. */
    record Load(Lab lab) implements Command {}

    /** Shows a recorded run at its beginning; earlier runs are forgotten. */
    record Show(RecordedRun run) implements Command {}

    /** The recorded run that is shown has been made again. */
    record MadeAgain(RecordedRun.Again again) implements Command {}

    /** It was not made again. */
    record NotMadeAgain(RecordedRun run, String why) implements Command {}

    /** Moves on in time, through what is recorded and then with the engine, until paused. */
    record Play() implements Command {}

    /** Stops playing, running to a goal, or a replay under way. */
    record Pause() implements Command {}

    /** @param factor virtual seconds per second; infinite: as fast as possible */
    record SetSpeed(double factor) implements Command {}

    /** One event, packet, signalling message or drop on, or back. */
    record Step(StepKind kind, boolean forward) implements Command {}

    /** Runs as fast as possible up to a virtual time, nanoseconds, or goes back there. */
    record UntilTime(long at) implements Command {}

    /** Runs as fast as possible until an event has happened, or goes back there. */
    record UntilEvent(long id) implements Command {}

    /** Goes on as fast as possible to the next event that matches. */
    record UntilMatch(Query query) implements Command {}

    /** Moves the cursor to a recorded event. */
    record Seek(long event) implements Command {}

    /** Moves the cursor to a virtual time, nanoseconds, at most where the run's head is. */
    record SeekTime(long at) implements Command {}

    /** To the run's beginning. */
    record Rewind() implements Command {}

    /** To the run's head. */
    record ToHead() implements Command {}

    /** At the head: does it. Before the head: forks the run at the cursor and does it there. */
    record Apply(Action action) implements Command {}

    /** A new run that is like this one up to the cursor. */
    record Fork() implements Command {}

    /** Back to a run that was left by a fork. */
    record SwitchRun(int id) implements Command {}

    /**
     * Begins a live run of the lab, by the clock on the wall, with this machine's devices behind ports of the lab. Nothing happens but a notice where one of them
     * cannot be opened.
     *
     * @param detail how much its trace holds
     * @param record whether it is recorded into a file; empty: it is not
     */
    record GoLive(List<PortRequest> ports, Detail detail, Optional<Record> record) implements Command {
        /** A live run that is not recorded. */
        public GoLive(List<PortRequest> ports, Detail detail) {
            this(ports, detail, Optional.empty());
        }
    }

    /**
     * How a run is recorded.
     *
     * @param file    must not be there yet
     * @param secrets whether what all its keys follow from is kept, too, in a file beside
     */
    record Record(Path file, boolean secrets) {}

    /** Ends the live run; what is recorded of it stays. */
    record EndLive() implements Command {}

    /** Takes back the user's last action: a new run without it, standing where it was done. */
    record TakeBack() implements Command {}
}
