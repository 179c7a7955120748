package careof.engine.trace;

import careof.engine.base.Octets;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import java.util.ArrayList;
import java.util.List;

/**
 * The truth about a run: the trace follows from it.
 *
 * @param lab    with the seed that was used
 * @param inputs what came from outside the lab file, in order
 */
public record InputLog(Lab lab, Detail detail, List<Input> inputs) {
    public InputLog {
        inputs = List.copyOf(inputs);
    }

    /**
     * @param afterTask tasks of the scheduler that ran before it, which fixes its place exactly
     * @param at        virtual time, nanoseconds
     */
    public record Input(long afterTask, long at, Event event) {
        public Input(long afterTask, long at, Action action) {
            this(afterTask, at, new Act(action));
        }
    }

    /** What can come from outside. */
    public sealed interface Event {}

    /** A user did something. */
    public record Act(Action action) implements Event {}

    /** The lab gets a port to the outside. */
    public record Attach(OutsidePort port) implements Event {}

    /**
     * A port to the outside goes.
     *
     * @param why for a person to read
     */
    public record Detach(String port, String why) implements Event {}

    /** A packet came from a host, or a frame from a segment; whatever the octets are. */
    public record Arrive(String port, Octets octets) implements Event {}

    /**
     * Packets or frames came that were not taken.
     *
     * @param count 1 or more
     * @param why   for a person to read
     */
    public record Missed(String port, long count, String why) implements Event {}

    /**
     * The run paused, and what came meanwhile follows all at one instant.
     *
     * @param count of the arrivals that follow by this port, 1 or more
     */
    public record Waited(String port, long count) implements Event {}

    /** Whether users' actions are all that is in it. */
    public boolean isOfActions() {
        return inputs.stream().allMatch(input -> input.event() instanceof Act);
    }

    public InputLog with(Input input) {
        List<Input> more = new ArrayList<>(inputs);
        more.add(input);
        return new InputLog(lab, detail, more);
    }
}
