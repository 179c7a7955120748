package careof.editor.command;

import careof.engine.lab.Lab;
import java.util.Optional;

/** One edit: a function from lab to lab. Labs are immutable, so undoing it is having kept the lab before. */
public interface LabCommand {
    /** What it does, for the undo menu: "Delete cn". */
    String name();

    /** The edited lab; the same lab if there is nothing to do. */
    Lab apply(Lab lab);

    /** Whether only positions change, so that a run goes on undisturbed. */
    default boolean drawingOnly() {
        return false;
    }

    /** Consecutive commands with an equal key are one step of the history (arrow keys). */
    default Optional<String> mergeKey() {
        return Optional.empty();
    }
}
