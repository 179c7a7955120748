package careof.editor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Point2;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.Map;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Four hundred nodes stay under the hand. */
class FluidTest extends FxTest {
    private TopologyEditor editor;

    @Start
    void start(Stage stage) {
        editor = new TopologyEditor();
        editor.setOwnColours(true);
        editor.motionProperty().set(false);
        editor.setLab(Labs.campus(40, 9));
        show(stage, editor, 1280, 800);
    }

    @Test
    void movingANodeAmongFourHundredCostsLittle() throws Exception {
        assertTrue(Files.size(snapshot(editor, "editor-four-hundred")) > 10_000);
        Point2 start = fx(() -> editor.geometry().node("mn3x3"));
        long nanos = fx(() -> {
            var board = (careof.editor.view.Board) editor.lookup("#board");
            for (int i = 0; i < 20; i++) {
                board.preview(Map.of("mn3x3", start.plus(i, i)), Map.of(), Map.of());
            }
            // of this thread's work, not of the clock: a busy machine must not count
            var threads = ManagementFactory.getThreadMXBean();
            long begin = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < 60; i++) {
                board.preview(Map.of("mn3x3", start.plus(i, 2 * i)), Map.of(), Map.of());
            }
            return threads.getCurrentThreadCpuTime() - begin;
        });
        double millis = nanos / 60 / 1e6;
        System.out.printf("a drag step among 400 nodes: %.2f ms%n", millis);
        assertTrue(millis < 12, () -> "a drag step took " + millis + " ms");
    }

    @Test
    void aWheelOfZoomAndPanKeepsUp() {
        settle();
        long begin = System.nanoTime();
        int frames = 30;
        for (int i = 0; i < frames; i++) {
            int step = i;
            fx(() -> editor.viewportProperty().set(editor.viewportProperty().get().zoomedAt(600, 400, 0.2 + step * 0.03).panned(3, 2)));
        }
        settle();
        double millis = (System.nanoTime() - begin) / 1e6 / frames;
        System.out.printf("a zoom step among 400 nodes: %.1f ms%n", millis);
        assertTrue(millis < 400, () -> "a zoom step took " + millis + " ms");
    }
}
