package careof.engine.stack;

import careof.engine.trace.Reason;
import java.util.List;

/** What a stage says of a packet. */
public sealed interface Verdict {
    /** The packet goes on. */
    record Pass(Reason reason, List<String> args) implements Verdict {}

    /** The packet ends here. */
    record Drop(Reason reason, List<String> args) implements Verdict {}

    static Verdict pass(Reason reason, Object... args) {
        return new Pass(reason, texts(args));
    }

    static Verdict drop(Reason reason, Object... args) {
        return new Drop(reason, texts(args));
    }

    private static List<String> texts(Object... args) {
        return java.util.Arrays.stream(args).map(Object::toString).toList();
    }
}
