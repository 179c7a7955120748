package careof.app.window;

import careof.app.Samples;
import careof.app.session.Notice;
import careof.app.session.RecordedRun;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.engine.capture.CaptureFile;
import careof.engine.lab.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;
import javafx.stage.Stage;

/**
 * All that can be opened (labs, those that come along, recorded runs, captures) and the saving of a lab; before edits that no file holds go, or a live run ends by the way, it
 * asks.
 */
final class Documents {
    private final Session session;
    private final Dialogs dialogs;
    private final Notices notices;
    private final LabDocument document;
    private final Recordings recordings;
    private final Captures captures;
    private final KeptSettings settings;

    Documents(Session session, Dialogs dialogs, Notices notices, LabDocument document, Recordings recordings, Captures captures, KeptSettings settings) {
        this.session = session;
        this.dialogs = dialogs;
        this.notices = notices;
        this.document = document;
        this.recordings = recordings;
        this.captures = captures;
        this.settings = settings;
    }

    void create() {
        adoptAsking(Lab.empty("New lab"));
    }

    /** Shows a lab that has no file; asks first when something would be lost. */
    void adoptAsking(Lab lab) {
        unlessLost(false, () -> document.adopt(lab, Optional.empty()));
    }

    /** Asks which file to open. */
    void chooseAndOpen() {
        dialogs.chooseFile(document.fileProperty().get()).ifPresent(this::openAsking);
    }

    /** Opens a file that the user named; asks first when something would be lost. */
    void openAsking(Path file) {
        if (CaptureFile.isCapture(file)) {
            open(file);
        } else {
            unlessLost(false, () -> open(file));
        }
    }

    /** Opens a lab file or a recording here, or a capture in a window of its own. */
    void open(Path file) {
        notices.dismissIf(notice -> notice.opens(file));
        if (CaptureFile.isCapture(file)) {
            captures.open(new Stage(), file);
            return;
        }
        Lab before = document.lab();
        session.background().run(_ -> RecordedRun.is(file), recorded -> {
            if (recorded) {
                recordings.read(file, run -> showUnlessBusy(before, run));
            } else {
                document.open(file, settings::remember);
            }
        }, e -> notices.show(new Notice(Notice.Level.ERROR, "Cannot open " + file.getFileName(), Notice.why(e))));
    }

    /** To read a recording takes a while: what the user has begun meanwhile is not taken away unasked. */
    private void showUnlessBusy(Lab before, RecordedRun run) {
        String title = run.name() + " is read";
        Runnable show = () -> {
            notices.dismiss(title);
            recordings.show(run);
            settings.remember(run.file());
        };
        if (document.lab().equals(before) && session.live().isEmpty()) {
            show.run();
        } else {
            notices.show(new Notice(Notice.Level.SUCCESS, title, "Meanwhile you have gone on with something else."),
                    new Notices.Offer("Show it", () -> unlessLost(false, show)));
        }
    }

    /** A file was opened in another window. */
    void remember(Path file) {
        settings.remember(file);
    }

    /** Opens a lab that comes along; asks first when something would be lost. */
    void openSampleAsking(String name) {
        unlessLost(false, () -> openSample(name));
    }

    /** Opens a lab that comes along. */
    void openSample(String name) {
        document.openText(name + ".json", () -> Samples.sample(name).orElseThrow(() -> new IllegalArgumentException("no such sample")).text());
    }

    /** Saves to the lab's file; asks for one when it has none. */
    void save(Runnable then) {
        document.fileProperty().get().ifPresentOrElse(file -> document.save(file, then), () -> saveAs(then));
    }

    /** Asks where to save, of a lab that is here without its keys first whether to. */
    void saveAs(Runnable then) {
        if (document.isMasked() && !dialogs.askMasked(session.state().whyOnlyLook())) {
            return;
        }
        dialogs.chooseSave(document.fileProperty().get(), document.lab().name()).ifPresent(file -> document.save(file, () -> {
            settings.remember(file);
            then.run();
        }));
    }

    /**
     * Goes on once a live run may end, and unsaved work is saved or given up; asks where there is either.
     *
     * @param closing whether the window closes then
     */
    void unlessLost(boolean closing, Runnable then) {
        Optional<SessionState.Live> live = session.live();
        if (live.isEmpty() || dialogs.askEndLive(live.get(), closing)) {
            unlessUnsaved(then);
        }
    }

    private void unlessUnsaved(Runnable then) {
        if (!document.dirtyProperty().get()) {
            then.run();
            return;
        }
        switch (dialogs.askUnsaved(document.lab().name())) {
            case SAVE -> save(then);
            case DISCARD -> then.run();
            case CANCEL -> { }
        }
    }

    /** Offers to restore what a crash left. */
    void offerLeftovers() {
        document.lookForLeftovers(copy -> notices.show(
                new Notice(Notice.Level.WARNING, "Unsaved work was found", "Careof ended without saving a lab."),
                new Notices.Offer("Restore", () -> unlessLost(false, () -> document.settleLeftover(copy, true))),
                new Notices.Offer("Throw away", () -> document.settleLeftover(copy, false))));
    }

    /** Something is held over the window: one file is welcome. */
    void dragOver(DragEvent e) {
        if (fileIn(e).isPresent()) {
            e.acceptTransferModes(TransferMode.COPY);
            e.consume();
        }
    }

    /** It was let go there. */
    void dropped(DragEvent e) {
        fileIn(e).ifPresent(file -> {
            e.setDropCompleted(true);
            e.consume();
            openAsking(file);
        });
    }

    private static Optional<Path> fileIn(DragEvent e) {
        if (!e.getDragboard().hasFiles() || e.getDragboard().getFiles().size() != 1) {
            return Optional.empty();
        }
        Path file = e.getDragboard().getFiles().getFirst().toPath();
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }
}
