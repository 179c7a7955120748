package careof.editor.command;

import careof.engine.lab.Lab;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;

/** The lab and the edits that led to it; the last {@link #DEPTH} can be undone. Setting the lab directly begins a new history. */
public final class History {
    public static final int DEPTH = 500;

    private record Step(LabCommand command, Lab before, Lab after) {}

    private final Deque<Step> done = new ArrayDeque<>();
    private final Deque<Step> undone = new ArrayDeque<>();
    private final ReadOnlyBooleanWrapper canUndo = new ReadOnlyBooleanWrapper(this, "canUndo");
    private final ReadOnlyBooleanWrapper canRedo = new ReadOnlyBooleanWrapper(this, "canRedo");
    private final ReadOnlyStringWrapper undoName = new ReadOnlyStringWrapper(this, "undoName", "");
    private final ReadOnlyStringWrapper redoName = new ReadOnlyStringWrapper(this, "redoName", "");
    private boolean ours;

    private final ObjectProperty<Lab> lab = new SimpleObjectProperty<>(this, "lab", Lab.empty("New lab")) {
        @Override
        public void set(Lab value) {
            if (!ours) {
                done.clear();
                undone.clear();
            }
            super.set(value);
            refresh();
        }
    };

    public ObjectProperty<Lab> labProperty() {
        return lab;
    }

    /** Whether the lab is being changed by a command, undo or redo, as opposed to being set as a whole. */
    public boolean isEditing() {
        return ours;
    }

    /** Does it; false if it changed nothing. */
    public boolean execute(LabCommand command) {
        Lab before = lab.get();
        Lab after = command.apply(before);
        if (after.equals(before)) {
            return false;
        }
        Optional<String> key = command.mergeKey();
        if (key.isPresent() && undone.isEmpty() && !done.isEmpty() && done.peek().command.mergeKey().equals(key)) {
            before = done.pop().before;
        }
        done.push(new Step(command, before, after));
        if (done.size() > DEPTH) {
            done.removeLast();
        }
        undone.clear();
        change(after);
        return true;
    }

    /** Takes the last edit back; false if there is none. */
    public boolean undo() {
        if (done.isEmpty()) {
            return false;
        }
        Step step = done.pop();
        undone.push(step);
        change(step.before);
        return true;
    }

    /** Does the edit taken back last again; false if there is none. */
    public boolean redo() {
        if (undone.isEmpty()) {
            return false;
        }
        Step step = undone.pop();
        done.push(step);
        change(step.after);
        return true;
    }

    /** The command that {@link #undo} would take back. */
    public Optional<LabCommand> nextUndo() {
        return Optional.ofNullable(done.peek()).map(Step::command);
    }

    /** The command that {@link #redo} would do again. */
    public Optional<LabCommand> nextRedo() {
        return Optional.ofNullable(undone.peek()).map(Step::command);
    }

    private void change(Lab to) {
        ours = true;
        try {
            lab.set(to);
        } finally {
            ours = false;
        }
    }

    private void refresh() {
        canUndo.set(!done.isEmpty());
        canRedo.set(!undone.isEmpty());
        undoName.set(done.isEmpty() ? "" : done.peek().command.name());
        redoName.set(undone.isEmpty() ? "" : undone.peek().command.name());
    }

    public ReadOnlyBooleanProperty canUndoProperty() {
        return canUndo.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty canRedoProperty() {
        return canRedo.getReadOnlyProperty();
    }

    /** What would be undone, "" for nothing. */
    public ReadOnlyStringProperty undoNameProperty() {
        return undoName.getReadOnlyProperty();
    }

    /** What would be redone, "" for nothing. */
    public ReadOnlyStringProperty redoNameProperty() {
        return redoName.getReadOnlyProperty();
    }
}
