package careof.engine.stack;

import careof.engine.state.State;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;

/** What a stage says of a packet. Arguments become text only where the trace records them: most packets pass unrecorded. */
public sealed interface Verdict {
    Reason reason();

    /** Values for the reason's placeholders, in their order. */
    List<Object> args();

    /** The table row that decided; empty: none did, perhaps since there is none. */
    Optional<State> entry();

    /** The packet goes on. */
    record Pass(Reason reason, List<Object> args, Optional<State> entry) implements Verdict {
        /** The same, decided by a row; null: there is none. */
        public Pass by(State row) {
            return new Pass(reason, args, Optional.ofNullable(row));
        }
    }

    /** The packet ends here. */
    record Drop(Reason reason, List<Object> args, Optional<State> entry) implements Verdict {
        /** The same, decided by a row; null: there is none. */
        public Drop by(State row) {
            return new Drop(reason, args, Optional.ofNullable(row));
        }
    }

    static Pass pass(Reason reason, Object... args) {
        return new Pass(reason, List.of(args), Optional.empty());
    }

    static Drop drop(Reason reason, Object... args) {
        return new Drop(reason, List.of(args), Optional.empty());
    }

    /** The arguments as the trace has them. */
    default List<String> texts() {
        return args().stream().map(Object::toString).toList();
    }
}
