package careof.app.window;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.editor.FxTest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of the whole window, opened with folders of its own. */
abstract class WindowTest extends FxTest {
    static final long SECOND = 1_000_000_000L;

    Workbench window;

    @TempDir
    Path folder;

    /** Shows the window; to be called from a {@code @Start} method. */
    void open(Stage stage) {
        this.stage = stage;
        window = WorkbenchApp.show(stage, new Folders(folder.resolve("settings"), folder.resolve("autosave")), settings());
        stage.setX(0);
        stage.setY(0);
    }

    Settings settings() {
        return new Settings(Theme.Choice.LIGHT, true, List.of());
    }

    @AfterEach
    void end() {
        fx(() -> {
            window.session().close();
            stage.close();
        });
    }

    /** Opens a sample and waits until its run stands at time 0. */
    SessionState openSample(String name) {
        fx(() -> window.documents().openSample(name));
        return await(s -> !s.lab().nodes().isEmpty() && s.cursor() == s.start());
    }

    void send(Command command) {
        fx(() -> window.session().send(command));
    }

    /** Waits until the run's state is as wanted. */
    SessionState await(Predicate<SessionState> wanted) {
        until(() -> window.session().state() != null && wanted.test(window.session().state()));
        shown();
        return fx(() -> window.session().state());
    }

    /** Sends a command and waits for the outcome. */
    SessionState after(Command command, Predicate<SessionState> wanted) {
        send(command);
        return await(wanted);
    }

    /** Writes what the window shows to {@code target/snapshots/<name>.png}. */
    Path snapshot(String name) {
        return snapshot(stage.getScene().getRoot(), name);
    }
}
