package careof.engine.stack;

import careof.engine.trace.Reason;
import java.util.List;

/** What a stage says of a packet. Arguments become text only where the trace records them: most packets pass unrecorded. */
public sealed interface Verdict {
    Reason reason();

    /** Values for the reason's placeholders, in their order. */
    List<Object> args();

    /** The packet goes on. */
    record Pass(Reason reason, List<Object> args) implements Verdict {}

    /** The packet ends here. */
    record Drop(Reason reason, List<Object> args) implements Verdict {}

    static Pass pass(Reason reason, Object... args) {
        return new Pass(reason, List.of(args));
    }

    static Drop drop(Reason reason, Object... args) {
        return new Drop(reason, List.of(args));
    }

    /** The arguments as the trace has them. */
    default String[] texts() {
        return args().stream().map(Object::toString).toArray(String[]::new);
    }
}
