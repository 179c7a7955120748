package careof.app.window;

import careof.app.session.Background;
import careof.app.session.Command;
import careof.app.session.Notice;
import careof.app.session.RecordedRun;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;

/** Names recordings and opens them as recorded runs, and makes them again where their secrets are beside them; both away from the window's thread, the status bar tells how far. */
final class Recordings {
    private final Session session;
    private final Notices notices;
    private final StatusBar status;
    private final LabDocument document;
    /** That is shown; null: none. */
    private RecordedRun shown;
    /** That was to be made again last, whatever came of it; null: none. */
    private RecordedRun tried;
    private Optional<Background.Job> job = Optional.empty();

    Recordings(Session session, Notices notices, StatusBar status, LabDocument document) {
        this.session = session;
        this.notices = notices;
        this.status = status;
        this.document = document;
    }

    private static Progress progress(Background.Job job) {
        return (done, total) -> {
            job.progress((double) done / Math.max(1, total));
            return !job.isCancelled();
        };
    }

    /** Reads a recording, which takes a while; on failure says why. */
    void read(Path file, Consumer<RecordedRun> then) {
        Background.Job reading = session.background().run(j -> RecordedRun.read(file, progress(j)), then,
                e -> notices.show(new Notice(Notice.Level.ERROR, "Cannot open " + file.getFileName(), Notice.why(e))));
        status.watch("Reading " + file.getFileName(), reading);
    }

    /** Shows what was read, instead of what is open. */
    void show(RecordedRun run) {
        document.showRecorded(run.lab(), run.file(), true);
        session.send(new Command.Show(run));
        run.missing().ifPresent(what -> notices.show(new Notice(Notice.Level.WARNING, run.name() + " is not whole",
                Notice.sentence(what) + " The run is here up to " + VirtualTime.seconds(run.now()) + " s.")));
    }

    /** Where a live run may be recorded: beside the lab's file, else at home; named after the lab and the time. */
    Path proposedFile() {
        Path folder = document.fileProperty().get().map(Path::toAbsolutePath).map(Path::getParent).orElseGet(() -> Path.of(System.getProperty("user.home")));
        String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return folder.resolve(Dialogs.fileName(session.state().lab().name()) + "-" + stamp + ".careof");
    }

    /** A recorded run that is shown for the first time is made again if that can be; one that is left is not waited for. */
    void show(SessionState state) {
        RecordedRun now = state.recorded().map(SessionState.Recorded::run).orElse(null);
        if (now == shown) {
            return;
        }
        job.ifPresent(Background.Job::cancel);
        job = Optional.empty();
        shown = now;
        if (now != null && now != tried && now.hasSecrets() && !state.canFork()) {
            tried = now;
            make(now);
        }
    }

    private void make(RecordedRun run) {
        Background.Job work = session.background().run(j -> run.again(progress(j)), again -> {
            job = Optional.empty();
            if (again.isSame() && document.shows(run.file())) {
                document.showRecorded(again.lab(), run.file(), false);
            }
            session.send(new Command.MadeAgain(again));
        }, e -> {
            job = Optional.empty();
            String why = Notice.sentence("it cannot be made again: " + Notice.why(e));
            session.send(new Command.NotMadeAgain(run, why));
            notices.show(new Notice(Notice.Level.WARNING, "Only to be looked at", why));
        });
        job = Optional.of(work);
        status.watch("Making the run again", work, () -> {
            job = Optional.empty();
            session.send(new Command.NotMadeAgain(run, "It was not made again with its secrets, since that was cancelled. Open it anew for that."));
        });
    }
}
