package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.editor.model.Selection;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** A lab is drawn by the user's hand, by robot. */
class DrawingRobotTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.handover(), 1100, 700);
    }

    @Test
    void aNodeDraggedSnapsToTheGridAndAltDoesNot() {
        settle();
        Lab before = lab();
        Point2 start = node("cn");
        drag(screen(start), screen(start.plus(33, 47)));
        Point2 end = node("cn");
        assertEquals(end.snapped(20), end);
        assertTrue(end.distance(start.plus(33, 47)) < 15, () -> "ended at " + end);
        assertEquals(end.x(), lab().view().nodes().get("cn").x());
        assertEquals(lab().nodes().size(), lab().view().nodes().size(), "one move writes down every place, so that nothing jumps later");
        dragHolding(Held.ALT, board(), screen(end), screen(end.plus(33, 47)));
        assertTrue(node("cn").distance(end.plus(33, 47)) < 2, () -> "with Alt it goes where the hand goes, not to " + node("cn"));
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).type(KeyCode.Z).release(KeyCode.CONTROL);
        settle();
        assertEquals(before, lab());
        assertEquals(start, node("cn"));
        robot.press(KeyCode.CONTROL, KeyCode.SHIFT).type(KeyCode.Z).release(KeyCode.SHIFT).type(KeyCode.Y).release(KeyCode.CONTROL);
        settle();
        assertFalse(fx(() -> editor.history().canRedoProperty().get()));
        assertTrue(node("cn").distance(end) > 40);
    }

    @Test
    void thePaletteIsDraggedOntoTheCanvasAndOntoACell() {
        settle();
        drag(centre(editor.lookup("#palette-correspondent")), screen(nowhere()));
        LabNode cn2 = labNode("cn2");
        assertEquals(LabNode.Role.CORRESPONDENT, cn2.role());
        assertTrue(node("cn2").distance(nowhere()) < 20);
        assertEquals(Selection.node("cn2"), fx(() -> editor.selectionProperty().get()));

        drag(centre(editor.lookup("#palette-mobile-node")), screen(link("cell-b").plus(40, 40)));
        LabNode mn2 = labNode("mn2");
        assertEquals(Optional.of("cell-b"), mn2.at());
        assertEquals("home", mn2.home().orElseThrow().link());
        assertEquals(Optional.of("ha"), mn2.home().orElseThrow().agent());
        assertEquals("2001:db8:1::11", mn2.home().orElseThrow().address().toString());
        assertTrue(node("mn2").distance(link("cell-b")) <= Geometry.CELL_RADIUS);

        drag(centre(editor.lookup("#palette-cell")), screen(nowhere().plus(0, 90)));
        assertEquals("2001:db8:4::/64", lab().link("cell-c").orElseThrow().prefix().orElseThrow().toString());
    }

    @Test
    void thePaletteIsClickedAndThenTheCanvas() {
        settle();
        robot.clickOn(centre(editor.lookup("#palette-wired")));
        robot.clickOn(screen(nowhere()));
        settle();
        assertTrue(lab().link("link").isPresent());
        robot.clickOn(centre(editor.lookup("#palette-router")));
        robot.type(KeyCode.ESCAPE);
        robot.clickOn(screen(nowhere().plus(0, 90)));
        settle();
        assertTrue(lab().node("ra2").isEmpty(), "Escape puts it back");
    }

    @Test
    void aWireIsDrawnFromTheRingToALinkAndToANode() {
        settle();
        drawWire("ra", screen(link("home").plus(20, 0)));
        assertEquals(List.of("cell-a", "backbone", "home"), labNode("ra").ports().stream().map(LabNode.Port::link).toList());
        int links = lab().links().size();
        drawWire("cn", screen(node("rb")));
        assertEquals(links + 1, lab().links().size());
        LabLink made = lab().links().getLast();
        assertEquals("2001:db8:4::/64", made.prefix().orElseThrow().toString());
        assertTrue(labNode("cn").ports().stream().anyMatch(p -> p.link().equals(made.name())));
        assertTrue(labNode("rb").ports().stream().anyMatch(p -> p.link().equals(made.name())));
    }

    private void drawWire(String from, Point2D to) {
        robot.moveTo(screen(node(from)));
        double r = (Geometry.NODE_RADIUS + Geometry.HANDLE_RADIUS) / 2;
        drag(screen(node(from).plus(0, -r)), to);
    }

    @Test
    void aMobileNodeDraggedToACellStartsThere() {
        settle();
        Lab before = lab();
        drag(screen(node("mn")), screen(link("cell-a").plus(20, 40)));
        assertEquals(Optional.of("cell-a"), labNode("mn").at());
        assertEquals("home", labNode("mn").home().orElseThrow().link(), "its home stays");
        assertTrue(node("mn").distance(link("cell-a")) <= Geometry.CELL_RADIUS);
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);
        settle();
        assertEquals(before, lab());
    }

    @Test
    void deleteTakesReferencesAlongAndUndoBringsAllBack() {
        settle();
        Lab before = lab();
        robot.clickOn(screen(node("cn"))).type(KeyCode.DELETE);
        settle();
        assertTrue(lab().node("cn").isEmpty());
        assertTrue(lab().traffic().isEmpty());
        assertTrue(labNode("mn").modes().isEmpty());
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);
        settle();
        assertEquals(before, lab());
    }

    @Test
    void aNameIsEditedInPlace() {
        settle();
        robot.doubleClickOn(screen(node("cn")));
        settle();
        TextField field = (TextField) editor.lookup("#rename");
        assertEquals("cn", fx(() -> field.getText()));
        robot.write("peer").type(KeyCode.ENTER);
        settle();
        assertTrue(lab().node("peer").isPresent());
        assertEquals("peer", lab().traffic().getFirst().to());
        assertTrue(labNode("mn").modes().containsKey("peer"));
        robot.type(KeyCode.F2);
        settle();
        robot.write("mn").type(KeyCode.ENTER);
        settle();
        assertTrue(editor.lookup("#rename") != null, "a name that is taken is not accepted");
        robot.type(KeyCode.ESCAPE);
        settle();
        assertEquals(null, editor.lookup("#rename"));
        assertTrue(lab().node("peer").isPresent());
    }

    @Test
    void aRubberBandAndShiftSelect() {
        settle();
        Point2 a = node("rb").plus(-45, -45);
        Point2 b = node("ra").plus(45, 45);
        drag(screen(a), screen(b));
        assertEquals(Selection.of(List.of("ra", "rb"), List.of()), fx(() -> editor.selectionProperty().get()));
        clickHolding(Held.SHIFT, board(), screen(node("cn")));
        clickHolding(Held.SHIFT, board(), screen(node("ra")));
        assertEquals(Selection.of(List.of("rb", "cn"), List.of()), fx(() -> editor.selectionProperty().get()));
        Point2 cn = node("cn");
        Point2 rb = node("rb");
        drag(screen(cn), screen(cn.plus(0, -40)));
        assertEquals(rb.plus(0, -40), node("rb"), "what is selected moves together");
        robot.clickOn(screen(nowhere()));
        settle();
        assertTrue(fx(() -> editor.selectionProperty().get()).isEmpty());
        robot.press(KeyCode.CONTROL).type(KeyCode.A).release(KeyCode.CONTROL);
        settle();
        assertEquals(11, fx(() -> editor.selectionProperty().get()).size());
    }

    @Test
    void escapeTakesADragBack() {
        settle();
        Lab before = lab();
        Point2 start = node("cn");
        robot.moveTo(screen(start)).press(MouseButton.PRIMARY).moveTo(screen(start.plus(80, 80))).type(KeyCode.ESCAPE).release(MouseButton.PRIMARY);
        settle();
        assertEquals(start, node("cn"));
        assertEquals(before, lab());
    }

    @Test
    void keysCycleNudgeAndOpenProperties() {
        settle();
        robot.clickOn(screen(nowhere())).type(KeyCode.TAB);
        settle();
        assertEquals(Selection.node("ha"), fx(() -> editor.selectionProperty().get()));
        Point2 start = node("ha");
        robot.type(KeyCode.RIGHT).type(KeyCode.RIGHT).type(KeyCode.DOWN);
        settle();
        assertEquals(start.plus(40, 20), node("ha"));
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);
        settle();
        assertEquals(start, node("ha"), "one undo for all of them");
        robot.type(KeyCode.ENTER);
        settle();
        assertTrue(editor.lookup("#card") != null);
        robot.type(KeyCode.ESCAPE);
        settle();
        assertEquals(null, editor.lookup("#card"));
    }

    @Test
    void keysInAMenuChangeNothingOnTheCanvas() {
        settle();
        Lab before = lab();
        robot.rightClickOn(screen(node("mn")));
        settle();
        robot.type(KeyCode.DOWN, KeyCode.DOWN, KeyCode.DOWN, KeyCode.RIGHT, KeyCode.RIGHT, KeyCode.LEFT, KeyCode.DELETE);
        settle();
        robot.type(KeyCode.ESCAPE);
        settle();
        assertEquals(before, lab());
        assertFalse(fx(() -> editor.history().canUndoProperty().get()), "nothing was done");
        assertTrue(editor.lookup("#card") == null);
    }
}
