package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.model.EditorMode;
import careof.editor.model.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The canvas's view, and what others show on it, by robot. */
class CanvasRobotTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.handover(), 1100, 700);
    }

    @Test
    void aWholeViewStaysWholeInAnotherSizeAndAChosenOneStays() {
        fx(() -> {
            editor.fit();
            editor.resize(700, 420);
            editor.layout();
            var seen = ((careof.editor.view.Board) board()).visible();
            lab().nodes().forEach(node -> assertTrue(seen.contains(editor.geometry().node(node.name())), node.name() + " is in view"));
            var chosen = editor.viewportProperty().get().zoomedAt(100, 100, 1.5);
            editor.viewportProperty().set(chosen);
            editor.resize(900, 600);
            editor.layout();
            assertEquals(chosen, editor.viewportProperty().get());
        });
    }

    @Test
    void panAndZoom() {
        settle();
        Viewport start = fx(() -> editor.viewportProperty().get());
        Point2D from = screen(nowhere());
        drag(from, from.add(60, 40), MouseButton.MIDDLE);
        Viewport panned = fx(() -> editor.viewportProperty().get());
        assertEquals(start.panX() + 60, panned.panX(), 1.5);
        assertEquals(start.panY() + 40, panned.panY(), 1.5);
        robot.press(KeyCode.SPACE);
        drag(from, from.add(-60, -40));
        robot.release(KeyCode.SPACE);
        assertEquals(start.panX(), fx(() -> editor.viewportProperty().get()).panX(), 1.5);
        assertTrue(fx(() -> editor.selectionProperty().get()).isEmpty(), "panning selects nothing");
        robot.type(KeyCode.EQUALS);
        settle();
        assertEquals(start.zoom() * 1.25, fx(() -> editor.viewportProperty().get()).zoom(), 0.001);
        robot.type(KeyCode.DIGIT0);
        settle();
        assertEquals(1, fx(() -> editor.viewportProperty().get()).zoom(), 0.001);
        robot.type(KeyCode.F);
        settle();
        assertEquals(start.zoom(), fx(() -> editor.viewportProperty().get()).zoom(), 0.001);
        robot.moveTo(screen(node("ra")));
        Point2 under = node("ra");
        Point2D at = screen(under);
        scrollHoldingControl(board(), at, 120);
        assertFalse(fx(() -> editor.viewportProperty().get()).zoom() == start.zoom());
        assertTrue(screen(under).distance(at) < 2, "the point under the pointer stays");
        robot.clickOn(onScreen(editor.lookup("#minimap"), 5, 5));
        settle();
        assertTrue(screen(under).distance(at) > 50, "the overview moves the view");
    }

    @Test
    void anOverlayIsDrawnWhenAskedForAndShowsTipsAndTakesClicks() {
        settle();
        List<Point2> drawn = new ArrayList<>();
        List<Point2> clicked = new ArrayList<>();
        Overlay overlay = new Overlay() {
            @Override
            public void draw(javafx.scene.canvas.GraphicsContext g, Geometry geometry, double zoom) {
                drawn.add(geometry.between("ha", "backbone", "rb").orElseThrow().positionAt(0.5));
            }

            @Override
            public Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
                return at.distance(nowhere) < 10 || at.distance(geometry.node("cn")) < 10 ? Optional.of("a packet") : Optional.empty();
            }

            @Override
            public boolean clickedAt(Point2 at, Geometry geometry, double zoom) {
                return clicked.add(at);
            }

            private final Point2 nowhere = nowhere();
        };
        fx(() -> editor.addOverlay(overlay));
        settle();
        int before = drawn.size();
        assertTrue(before > 0);
        settle();
        assertEquals(before, drawn.size(), "nothing is drawn while nothing changes");
        fx(() -> editor.requestOverlay());
        settle();
        assertEquals(before + 1, drawn.size());
        drag(screen(node("ha")), screen(node("ha").plus(40, 20)));
        assertFalse(drawn.getFirst().equals(drawn.getLast()), "the overlay follows what is dragged");
        Selection selected = fx(() -> editor.selectionProperty().get());
        robot.moveTo(screen(nowhere()));
        settle();
        assertTrue(editor.lookup(".tip").isVisible());
        robot.clickOn(screen(nowhere()));
        settle();
        assertEquals(1, clicked.size());
        assertEquals(selected, fx(() -> editor.selectionProperty().get()), "the click was the overlay's");
        Point2 cn = node("cn");
        drag(screen(cn), screen(cn.plus(0, 60)));
        assertEquals(cn.plus(0, 60), node("cn"), "a packet that stands on a node does not hold it");
        assertEquals(1, clicked.size());
    }

    @Test
    void decorationsAndStatesAreShown() {
        settle();
        fx(() -> {
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.decorationsProperty().set(java.util.Map.of("mn", List.of(
                    new careof.editor.model.Decoration(careof.editor.model.Decoration.Kind.STALE, "stale"))));
            editor.linkStatesProperty().set(java.util.Map.of("home", careof.editor.model.LinkState.down(true)));
        });
        settle();
        Node mn = editor.lookup("#node-mn");
        assertTrue(mn.getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("stale")));
        assertTrue(mn.getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("mobile")));
        assertTrue(editor.lookup("#link-home").getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("down")));
        fx(() -> editor.linkStatesProperty().set(java.util.Map.of()));
        settle();
        assertFalse(editor.lookup("#link-home").getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("down")));
    }
}
