package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import careof.app.capture.CaptureModel;
import careof.app.session.Background;
import careof.app.session.Runs;
import careof.app.theme.Theme;
import careof.editor.FxTest;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport;
import careof.engine.decode.GivenKeys;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.Start;

/** What captures leave behind, and what is said of work that was stopped. */
class CaptureFaultsTest extends FxTest {
    @TempDir
    private Path folder;
    private Path capture;

    @Start
    void start(Stage stage) {
        this.stage = stage;
    }

    @BeforeEach
    void write() throws Exception {
        capture = folder.resolve("run.pcapng");
        var run = Runs.at("handover", 4_000_000_000L);
        CaptureExport.write(run.trace(), run.lab(), capture, new CaptureExport.Selection.All(), Progress.NONE);
    }

    @Test
    void workThatWasStoppedIsCalledByItsName() throws Exception {
        Background background = new Background();
        CaptureModel model = new CaptureModel(background, _ -> { });
        fx(() -> model.open(capture, () -> { }));
        until(() -> model.isIdle() && model.path().isPresent());
        CountDownLatch busy = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            fx(() -> background.run(_ -> {
                busy.await();
                return 0;
            }, _ -> { }, _ -> { }));
        }
        GivenKeys keys = GivenKeys.read("0102030405060708,00112233445566778899aabbccddeeff");
        fx(() -> model.give(keys));
        until(() -> model.workProperty().get().equals("Reading messages of IKE"));
        fx(model::stop);
        assertEquals("Reading messages of IKE was stopped", model.troubleProperty().get());
        busy.countDown();
        fx(model::close);
    }

    @Test
    void aWindowThatIsClosedIsForgotten() {
        Theme theme = fx(Theme::new);
        WeakReference<CaptureWindow> window = fx(() -> {
            var captures = new Captures(new Folders(folder.resolve("settings"), folder.resolve("autosave")), theme, Optional.empty());
            return new WeakReference<>(captures.open(new Stage(), capture));
        });
        until(() -> window.get() == null || window.get().model().isIdle());
        settle();
        fx(() -> List.copyOf(Window.getWindows()).forEach(Window::hide));
        for (int i = 0; i < 50 && window.get() != null; i++) {
            System.gc();
            settle();
        }
        assertNull(window.get(), "somebody keeps it");
        fx(() -> theme.choiceProperty().set(Theme.Choice.DARK));    // tells nobody, and fails nowhere
    }
}
