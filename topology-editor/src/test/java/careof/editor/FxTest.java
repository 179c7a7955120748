package careof.editor;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.event.Event;
import javafx.event.EventType;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.image.WritableImage;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.util.WaitForAsyncUtils;

/** All that tests with a stage need, in one place, for the canvas and for the whole window: a robot with drags by coordinates, waiting, PNG snapshots. */
@ExtendWith(ApplicationExtension.class)
public abstract class FxTest {
    protected final FxRobot robot = new Hand();
    protected Stage stage;

    /** Shows a root in a window of a known size; to be called from a {@code @Start} method. */
    protected void show(Stage on, Parent root, double width, double height) {
        stage = on;
        on.setScene(new Scene(root, width, height));
        // The stage is the same for all tests: one may have left it with another size.
        on.setWidth(width);
        on.setHeight(height);
        on.setX(0);
        on.setY(0);
        on.show();
        on.toFront();
    }

    /** Waits until what was done so far is shown. */
    protected static void shown() {
        Hand.frames(2);
    }

    /** Waits until the window has settled: events handled, and as many frames shown as a layout that asks for another may need. */
    protected static void settle() {
        Hand.frames(6);
    }

    /** Runs on the JavaFX thread and gives the result. */
    protected static <T> T fx(Callable<T> task) {
        return WaitForAsyncUtils.waitForAsyncFx(60_000, task);
    }

    protected static void fx(Runnable task) {
        WaitForAsyncUtils.waitForAsyncFx(60_000, task);
    }

    /** Waits up to two minutes for something to become true: the machine may be busy. */
    protected static void until(Callable<Boolean> condition) {
        try {
            WaitForAsyncUtils.waitFor(120, TimeUnit.SECONDS, () -> fx(condition));
        } catch (TimeoutException e) {
            throw new AssertionError("did not happen within 120 s", e);
        }
    }

    /** A point of a node, in its own coordinates, on the screen. */
    protected static Point2D onScreen(Node node, double x, double y) {
        return fx(() -> node.localToScreen(x, y));
    }

    protected static Point2D centre(Node node) {
        return fx(() -> {
            Bounds b = node.getBoundsInLocal();
            return node.localToScreen(b.getCenterX(), b.getCenterY());
        });
    }

    /** Presses, moves in steps as a hand would, and releases. */
    protected void drag(Point2D from, Point2D to, MouseButton button) {
        robot.moveTo(from).press(button);
        for (int i = 1; i <= 6; i++) {
            robot.moveTo(from.interpolate(to, i / 6.0));
        }
        robot.release(button);
        settle();
    }

    protected void drag(Point2D from, Point2D to) {
        drag(from, to, MouseButton.PRIMARY);
    }

    /** Keys held while the mouse works: the headless robot's mouse does not know them, so such events are made here. */
    protected enum Held { NONE, SHIFT, CONTROL, ALT }

    private static void fire(Node target, EventType<MouseEvent> type, Point2D screen, Held held, int clicks) {
        fx(() -> {
            Point2D scene = target.getScene().getRoot().screenToLocal(screen);
            boolean down = type != MouseEvent.MOUSE_RELEASED;
            Event.fireEvent(target, new MouseEvent(type, scene.getX(), scene.getY(), screen.getX(), screen.getY(), MouseButton.PRIMARY, clicks,
                    held == Held.SHIFT, held == Held.CONTROL, held == Held.ALT, false, down, false, false, false, false, clicks > 0, null)
                    .copyFor(null, target, type));
        });
    }

    protected static void clickHolding(Held held, Node target, Point2D screen) {
        fire(target, MouseEvent.MOUSE_PRESSED, screen, held, 1);
        fire(target, MouseEvent.MOUSE_RELEASED, screen, held, 1);
        settle();
    }

    protected static void dragHolding(Held held, Node target, Point2D from, Point2D to) {
        dragTold(6, held, target, from, to);
    }

    /** @param told of six movements on the way, so many are told */
    protected static void dragTold(int told, Held held, Node target, Point2D from, Point2D to) {
        fire(target, MouseEvent.MOUSE_PRESSED, from, held, 1);
        for (int i = 1; i <= told; i++) {
            fire(target, MouseEvent.MOUSE_DRAGGED, from.interpolate(to, i / 6.0), held, 0);
        }
        fire(target, MouseEvent.MOUSE_RELEASED, to, held, 0);
        settle();
    }

    protected static void scrollHoldingControl(Node target, Point2D screen, double delta) {
        fx(() -> {
            Point2D scene = target.getScene().getRoot().screenToLocal(screen);
            Event.fireEvent(target, new ScrollEvent(ScrollEvent.SCROLL, scene.getX(), scene.getY(), screen.getX(), screen.getY(), false, true, false,
                    false, false, false, 0, delta, 0, delta, ScrollEvent.HorizontalTextScrollUnits.NONE, 0,
                    ScrollEvent.VerticalTextScrollUnits.NONE, 0, 0, null).copyFor(null, target));
        });
        settle();
    }

    /** Writes what a node shows to {@code target/snapshots/<name>.png}. */
    protected static Path snapshot(Node node, String name) {
        settle();
        WritableImage image = fx(() -> node.snapshot(null, null));
        int w = (int) image.getWidth();
        int h = (int) image.getHeight();
        var out = new BufferedImage(w, h, BufferedImage.TYPE_INT_ARGB);
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
