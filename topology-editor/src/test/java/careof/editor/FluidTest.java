package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Point2;
import careof.editor.view.Board;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javafx.scene.Node;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/**
 * Four hundred nodes stay under the hand: a drag step and a wheel step touch only what they must. What they cost in time is
 * measured by hand, not asserted here.
 */
class FluidTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.campus(40, 9), 1280, 800);
    }

    /** What moves or is laid out anew while an action runs, among all nodes and links of the board. */
    private Set<Node> touchedBy(Runnable action) {
        return fx(() -> {
            Set<Node> touched = new LinkedHashSet<>();
            for (Node card : editor.lookupAll(".lab-node")) {
                card.translateXProperty().addListener((_, _, _) -> touched.add(card));
                card.translateYProperty().addListener((_, _, _) -> touched.add(card));
            }
            assertTrue(editor.lookupAll(".lab-node").size() >= 400, "cards of all nodes are there");
            action.run();
            return touched;
        });
    }

    @Test
    void aDragStepMovesOneCardAmongFourHundred() throws Exception {
        assertTrue(Files.size(snapshot(editor, "editor-four-hundred")) > 10_000);
        Point2 start = fx(() -> editor.geometry().node("mn3x3"));
        var board = (Board) editor.lookup("#board");
        assertEquals(1, touchedBy(() -> board.preview(Map.of("mn3x3", start.plus(40, 30)), Map.of(), Map.of())).size());
    }

    @Test
    void aWheelStepMovesNoCard() {
        settle();
        assertEquals(Set.of(), touchedBy(() -> editor.viewportProperty().set(editor.viewportProperty().get().zoomedAt(600, 400, 0.5).panned(3, 2))));
    }
}
