package careof.app.window;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;

/** All that tests of the whole window need, in one place: the window itself, a robot, waiting, pictures. */
@ExtendWith(ApplicationExtension.class)
abstract class FxTest {
    static final long SECOND = 1_000_000_000L;

    final FxRobot robot = new FxRobot();
    Workbench window;
    Stage stage;

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
        fx(() -> window.loadSample(name));
        return await(s -> !s.lab().nodes().isEmpty() && s.cursor() == s.start());
    }

    void send(Command command) {
        fx(() -> window.session().send(command));
    }

    /** Waits until the run's state is as wanted. */
    SessionState await(Predicate<SessionState> wanted) {
        until(() -> window.session().state() != null && wanted.test(window.session().state()));
        WaitForAsyncUtils.waitForFxEvents();
        return fx(() -> window.session().state());
    }

    /** Sends a command and waits for the outcome. */
    SessionState after(Command command, Predicate<SessionState> wanted) {
        send(command);
        return await(wanted);
    }

    static <T> T fx(Callable<T> task) {
        return WaitForAsyncUtils.waitForAsyncFx(60_000, task);
    }

    static void fx(Runnable task) {
        WaitForAsyncUtils.waitForAsyncFx(60_000, task);
    }

    static void until(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(120, TimeUnit.SECONDS, () -> fx(condition));
        } catch (TimeoutException e) {
            throw new AssertionError("did not happen within 120 s", e);
        }
    }

    /** Lets some frames pass. */
    static void settle() {
        for (int i = 0; i < 3; i++) {
            WaitForAsyncUtils.waitForFxEvents();
            WaitForAsyncUtils.sleep(40, TimeUnit.MILLISECONDS);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Presses, moves in steps as a hand would, and releases. */
    void drag(Point2D from, Point2D to) {
        robot.moveTo(from).press(MouseButton.PRIMARY);
        for (int i = 1; i <= 8; i++) {
            robot.moveTo(from.interpolate(to, i / 8.0));
        }
        robot.release(MouseButton.PRIMARY);
        settle();
    }

    /** A point of a node, in its own coordinates, on the screen. */
    static Point2D onScreen(Node node, double x, double y) {
        return fx(() -> node.localToScreen(x, y));
    }

    /** Writes what the window shows to {@code target/snapshots/<name>.png}. */
    Path snapshot(String name) {
        settle();
        WritableImage image = fx(() -> stage.getScene().snapshot(null));
        int w = (int) image.getWidth();
        int h = (int) image.getHeight();
        var out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                out.setRGB(x, y, image.getPixelReader().getArgb(x, y));
            }
        }
        try {
            Path file = Path.of("target", "snapshots", name + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(out, "png", file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
