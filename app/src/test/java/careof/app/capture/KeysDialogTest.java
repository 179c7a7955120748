package careof.app.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.theme.Theme;
import careof.editor.FxTest;
import java.nio.file.Path;
import java.util.Optional;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.Start;

/** Where the dialog opens, and where it looks for tables. */
class KeysDialogTest extends FxTest {
    @TempDir
    Path folder;

    @Start
    void start(Stage stage) {
        show(stage, new StackPane(), 1280, 800);
    }

    @Test
    void opensInTheMiddleOfItsOwnerAndLooksBesideTheCapture() {
        KeysDialog dialog = fx(() -> {
            KeysDialog made = new KeysDialog(stage, new Theme(), "", Optional.of(folder.resolve("run.pcapng")));
            made.show();
            return made;
        });
        settle();
        Window window = fx(() -> dialog.getDialogPane().getScene().getWindow());
        assertEquals(stage.getX() + stage.getWidth() / 2, window.getX() + window.getWidth() / 2, 2, () -> window.getX() + " wide " + window.getWidth());
        assertEquals(stage.getY() + stage.getHeight() / 2, window.getY() + window.getHeight() / 2, 2, () -> window.getY() + " high " + window.getHeight());
        assertTrue(window.getX() >= stage.getX() && window.getWidth() <= stage.getWidth(), () -> window.getX() + " wide " + window.getWidth());
        assertEquals(folder.toFile(), dialog.tables().getInitialDirectory());
        assertEquals(folder.toFile(), dialog.profile().getInitialDirectory());
        fx(dialog::close);
    }
}
