package careof.app.window;

import careof.app.policy.Switchboard;
import careof.app.session.Command;
import careof.app.session.Notice;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.editor.TopologyEditor;
import careof.editor.command.LabCommand;
import careof.editor.model.EditorMode;
import careof.engine.lab.Action;
import careof.engine.live.LiveLab;
import careof.engine.policy.Recommendation;
import java.util.List;
import java.util.Optional;

/** What the user changes: at time 0 that is an edit of the lab, later an action in its run or an edit that begins it anew. Undo takes back the last, whichever it was. */
final class Edits {
    private final Session session;
    private final TopologyEditor editor;
    private final LabDocument document;
    private final Notices notices;
    /** Whether the user's last doing was an action in the run rather than an edit of the lab. */
    private boolean lastWasAction;
    /** The edit of the lab that is about to end its run. */
    private Optional<String> editedInRun = Optional.empty();

    Edits(Session session, TopologyEditor editor, LabDocument document, Notices notices) {
        this.session = session;
        this.editor = editor;
        this.document = document;
        this.notices = notices;
        editor.labProperty().subscribe((_, _) -> edited());
    }

    private void edited() {
        lastWasAction = false;
        editedInRun.ifPresent(what -> notices.show(
                new Notice(Notice.Level.INFO, what, "The lab has changed, so its run begins anew at time 0."), new Notices.Offer("Undo", this::undo)));
        editedInRun = Optional.empty();
    }

    /** An edit at a later time begins the run anew; the edit itself can be undone. */
    boolean whileRunning(LabCommand command) {
        if (session.state().live().isPresent()) {
            notices.show(new Notice(Notice.Level.INFO, "The lab is live", "An edit would begin its run anew, without the real machines. End the live run first."));
            return false;
        }
        if (session.state().recorded().isPresent()) {
            notices.show(new Notice(Notice.Level.INFO, "A recorded run", "What ran cannot be edited. Its lab can, as a lab of its own without this run"
                    + (session.state().canFork() ? "." : " and without its keys, which are not in the recording.")), new Notices.Offer("Edit its lab", this::editRecorded));
            return false;
        }
        if (session.state().wasLive()) {
            notices.show(new Notice(Notice.Level.INFO, "A live run", "An edit begins the lab's run anew. This one, which cannot be made again, is gone then, but for its recording if it has one."),
                    new Notices.Offer("Edit the lab", () -> session.send(new Command.Load(document.lab()))));
            return false;
        }
        session.send(new Command.Pause());
        editor.modeProperty().set(EditorMode.EDITING);
        editedInRun = Optional.of(command.name());
        return true;
    }

    /** Opens the lab of the recorded run that is shown as a new one, which nothing has run of yet. */
    private void editRecorded() {
        document.adopt(LiveLab.ending(session.state().lab(), session.state().headTime()), Optional.empty());
    }

    /** A switch was pressed: at time 0 an edit of the lab, later an action in the run. */
    void flip(Optional<String> node, Recommendation letter, boolean on) {
        if (session.state().atStart()) {
            editor.execute(Switchboard.edit(node, letter, on));
        } else {
            apply(new Action.SetPolicy(node, on ? List.of(letter) : List.of(), on ? List.of() : List.of(letter)));
        }
    }

    /** Acts in the run. */
    void apply(Action action) {
        lastWasAction = true;
        session.send(new Command.Apply(action));
    }

    void undo() {
        SessionState state = session.state();
        if (state != null && state.canTakeBack() && (lastWasAction || !editor.history().canUndoProperty().get())) {
            session.send(new Command.TakeBack());
        } else {
            editor.undo();
        }
    }

    void redo() {
        editor.redo();
    }
}
