package careof.app.window;

import careof.app.session.Command;
import careof.app.session.Notice;
import careof.app.session.Session;
import careof.editor.TopologyEditor;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import careof.engine.live.LiveLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.animation.PauseTransition;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.util.Duration;

/** The lab that is open: its file, whether it is saved, what is wrong with it. Runs a new simulation whenever the lab changes. */
final class LabDocument {
    private final Session session;
    private final TopologyEditor editor;
    private final Autosave autosave;
    private final Consumer<Notice> notify;
    private final PauseTransition rest = new PauseTransition(Duration.seconds(1.5));
    private final ReadOnlyObjectWrapper<Optional<Path>> file = new ReadOnlyObjectWrapper<>(this, "file", Optional.empty());
    private final ReadOnlyBooleanWrapper dirty = new ReadOnlyBooleanWrapper(this, "dirty");
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "Careof");
    private final ReadOnlyObjectWrapper<List<LabProblem>> problems = new ReadOnlyObjectWrapper<>(this, "problems", List.of());
    /** Where the run that is shown was read from; empty: it is the lab's own. */
    private Optional<Path> recording = Optional.empty();
    /** The lab of the run that is shown is here without its keys. */
    private boolean masked;
    private Lab saved;
    private Lab running;

    LabDocument(Session session, TopologyEditor editor, Autosave autosave, Consumer<Notice> notify) {
        this.session = session;
        this.editor = editor;
        this.autosave = autosave;
        this.notify = notify;
        saved = editor.getLab();
        rest.setOnFinished(_ -> keepCopy());
        editor.labProperty().subscribe((_, _) -> changed());
    }

    /** The lab as it is drawn now. */
    Lab lab() {
        return editor.getLab();
    }

    ReadOnlyObjectProperty<Optional<Path>> fileProperty() {
        return file.getReadOnlyProperty();
    }

    /** Whether there are edits that no file holds. */
    ReadOnlyBooleanProperty dirtyProperty() {
        return dirty.getReadOnlyProperty();
    }

    /** The window's title. */
    ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /** What is wrong or odd in the lab as it is drawn now. */
    ReadOnlyObjectProperty<List<LabProblem>> problemsProperty() {
        return problems.getReadOnlyProperty();
    }

    /**
     * Shows a lab.
     *
     * @param from its file; empty: it has none yet
     */
    void adopt(Lab lab, Optional<Path> from) {
        saved = lab;
        file.set(from);
        recording = Optional.empty();
        masked = false;
        running = null;
        editor.setLab(lab);
        changed();
    }

    /**
     * Shows the lab of a recorded run, which no run is made of.
     *
     * @param without whether its seed and keys are masked
     */
    void showRecorded(Lab lab, Path from, boolean without) {
        saved = lab;
        file.set(Optional.empty());
        recording = Optional.of(from);
        masked = without;
        running = lab.withView(Lab.View.EMPTY);
        problems.set(List.of());
        editor.setLab(lab);
        refresh();
    }

    /** Whether it is the lab of the run that was recorded there. */
    boolean shows(Path from) {
        return recording.equals(Optional.of(from));
    }

    /** Whether a file would get it without its seed and keys. */
    boolean isMasked() {
        return masked;
    }

    /** Reads a lab file; on failure says why and keeps what is open. */
    void open(Path path, Consumer<Path> opened) {
        session.background().run(_ -> LabFiles.readDraft(path), reading -> {
            adopt(reading.lab(), Optional.of(path));
            if (!reading.runs()) {
                complain("This lab cannot run yet", reading.problems());
            }
            opened.accept(path);
        }, e -> {
            switch (e) {
                case LabException bad -> complain("Cannot open " + path.getFileName(), bad.problems());
                default -> notify.accept(new Notice(Notice.Level.ERROR, "Cannot open " + path.getFileName(), Notice.why(e)));
            }
        });
    }

    /** Reads a lab's text that comes along with the program. */
    void openText(String name, Work<String> text) {
        session.background().run(_ -> LabJson.read(name, text.get()), lab -> adopt(lab, Optional.empty()),
                e -> notify.accept(new Notice(Notice.Level.ERROR, "Cannot open " + name, Notice.why(e))));
    }

    /** Makes something, away from the window's thread. */
    interface Work<T> {
        T get() throws Exception;
    }

    /** Saves to a file; the file is as it was when that fails. Of a run that was live, the lab comes to its end by itself. */
    void save(Path path, Runnable then) {
        Lab lab = editor.getLab();
        Lab written = recording.isPresent() ? LiveLab.ending(lab, session.state().headTime()) : lab;
        session.background().run(_ -> {
            LabFiles.save(path, written);
            autosave.forget();
            return path;
        }, done -> {
            saved = lab;
            file.set(Optional.of(done));
            refresh();
            then.run();
        }, e -> notify.accept(new Notice(Notice.Level.ERROR, "Not saved", Notice.why(e))));
    }

    private void complain(String what, List<LabProblem> found) {
        StringBuilder text = new StringBuilder();
        found.stream().limit(6).forEach(p -> text.append(text.isEmpty() ? "" : "\n").append(p));
        if (found.size() > 6) {
            text.append("\nand ").append(found.size() - 6).append(" more");
        }
        notify.accept(new Notice(Notice.Level.ERROR, what, text.toString()));
    }

    private void changed() {
        Lab lab = editor.getLab();
        refresh();
        Lab withoutView = lab.withView(Lab.View.EMPTY);
        if (!withoutView.equals(running)) {
            running = withoutView;
            List<LabProblem> found = LabCheck.problems(lab);
            problems.set(found);
            boolean runs = found.stream().noneMatch(LabProblem::isError);
            // What is half drawn does not run; an empty lab stands in, so that nothing of an older one shows.
            session.send(new Command.Load(runs ? lab : Lab.empty(lab.name())));
        }
        rest.playFromStart();
    }

    private void refresh() {
        Lab lab = editor.getLab();
        dirty.set(!lab.equals(saved));
        title.set((dirty.get() ? "● " : "") + lab.name() + file.get().or(() -> recording).map(f -> " – " + f.getFileName()).orElse("") + " – Careof");
    }

    private void keepCopy() {
        Lab lab = editor.getLab();
        boolean keep = dirty.get();
        session.background().run(_ -> {
            if (keep) {
                autosave.keep(lab);
            } else {
                autosave.forget();
            }
            return keep;
        }, _ -> { }, e -> notify.accept(new Notice(Notice.Level.WARNING, "No copy of unsaved work could be kept", Notice.why(e))));
    }

    /** Offers what a crashed process left, if anything. */
    void lookForLeftovers(Consumer<Path> found) {
        session.background().run(_ -> autosave.leftBehind(), path -> path.ifPresent(found), _ -> { });
    }

    /** Opens such a copy as unsaved work, or throws it away. */
    void settleLeftover(Path copy, boolean restore) {
        session.background().run(_ -> {
            Lab lab = restore ? LabFiles.readDraft(copy).lab() : null;
            Files.deleteIfExists(copy);
            return Optional.ofNullable(lab);
        }, lab -> lab.ifPresent(l -> {
            adopt(l, Optional.empty());
            saved = Lab.empty("");
            refresh();
        }), e -> notify.accept(new Notice(Notice.Level.ERROR, "The copy cannot be read", Notice.why(e))));
    }

    /** Nothing unsaved is left to keep: the window closes. */
    void forgetCopy() {
        rest.stop();
        try {
            autosave.forget();
        } catch (IOException e) {
            notify.accept(new Notice(Notice.Level.WARNING, "The copy of unsaved work stays behind", Notice.why(e)));
        }
    }
}
