package careof.engine.trace;

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
    public record Input(long afterTask, long at, Action action) {}

    public InputLog with(Input input) {
        List<Input> more = new ArrayList<>(inputs);
        more.add(input);
        return new InputLog(lab, detail, more);
    }
}
