package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.editor.model.EditorMode;
import careof.editor.model.Selection;
import careof.editor.view.AttackCard;
import careof.engine.lab.Action;
import careof.engine.lab.Attack;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What the user's hand does in a run, by robot: it asks for actions and leaves the lab as it is. */
class ActionsRobotTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.handover(), 1100, 700);
    }

    @Test
    void whileRunningItAsksForAMoveAndTheLabStays() {
        settle();
        List<String> moves = new ArrayList<>();
        fx(() -> {
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.attachmentsProperty().put("mn", "home");
            editor.setOnAction(action -> {
                if (action instanceof Action.Move move) {
                    moves.add(move.node() + ">" + move.to().orElse(""));
                }
            });
        });
        Lab before = lab();
        Point2 home = node("mn");
        drag(screen(home), screen(link("cell-b").plus(-30, 50)));
        assertEquals(List.of("mn>cell-b"), moves);
        assertEquals(before, lab());
        fx(() -> editor.attachmentsProperty().put("mn", "cell-b"));
        settle();
        Point2 there = node("mn");
        assertTrue(there.distance(link("cell-b").plus(-30, 50)) < 25, () -> "it stands where it was let go, not at " + there);

        dragTold(2, Held.NONE, board(), screen(there), screen(link("cell-a").plus(-30, 50)));
        assertEquals("mn>cell-a", moves.removeLast(), "where the button goes up counts, though not all movements were told");
        settle();

        Point2 inCell = node("mn");
        drag(screen(inCell), screen(nowhere()));
        assertEquals(1, moves.size(), "an empty place is no link");
        assertEquals(before, lab(), "away from its place in the lab only the picture changes");
        assertEquals(inCell, node("mn"), "what is in a cell is not drawn outside it");
        assertTrue(robot.lookup("mn is on cell-b still: no link is where it was dropped").tryQuery().isPresent());
        drag(screen(inCell), screen(inCell.plus(-20, 0)));
        assertEquals(inCell.plus(-20, 0), node("mn"), "within the cell it goes where it is put");
        drag(screen(node("mn")), screen(link("home").plus(0, 40)));
        assertEquals("mn>home", moves.removeLast(), "near a link is on it");
        Geometry.Shape.Cell cell = (Geometry.Shape.Cell) fx(() -> editor.geometry().shapes().get("cell-a"));
        drag(screen(node("mn")), screen(cell.centre().plus(0, cell.radius() + 30)));
        assertEquals("mn>cell-a", moves.removeLast(), "near a cell, too");

        fx(() -> editor.attachmentsProperty().put("mn", "home"));
        settle();
        assertEquals(home, node("mn"), "stepping back shows it at home");
    }

    @Test
    void whileRunningAStructuralEditIsAskedFor() {
        settle();
        List<String> asked = new ArrayList<>();
        fx(() -> {
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.setOnEditWhileRunning(c -> {
                asked.add(c.name());
                return false;
            });
            editor.selectionProperty().set(Selection.node("cn"));
        });
        Lab before = lab();
        robot.clickOn(screen(node("cn"))).type(KeyCode.DELETE);
        settle();
        assertEquals(List.of("Delete cn"), asked);
        assertEquals(before, lab());
        drag(screen(node("cn")), screen(node("cn").plus(60, 40)));
        assertEquals(1, asked.size(), "moving a picture disturbs no run");
        assertFalse(before.equals(lab()));
    }

    /** What another machine plays is told nothing by the lab's run. */
    @Test
    void whatAnotherMachinePlaysIsGrey() {
        fx(() -> {
            Lab lab = Labs.handover();
            editor.setLab(lab.withNodes(lab.nodes().stream().map(n -> n.withOutside(n.name().equals("cn"))).toList()));
            editor.modeProperty().set(EditorMode.RUNNING);
        });
        settle();
        robot.rightClickOn(screen(node("cn")));
        assertTrue(robot.lookup("Ping: another machine plays it").tryQuery().isPresent());
        robot.push(KeyCode.ESCAPE);
        robot.rightClickOn(screen(node("ha")));
        assertTrue(robot.lookup("Ping").tryQuery().isPresent());
        robot.push(KeyCode.ESCAPE);
    }

    @Test
    void anAttackerAttacksFromItsMenuOnceWhatIsNeededIsGiven() {
        List<Action> actions = new ArrayList<>();
        fx(() -> {
            Lab lab = Labs.handover();
            List<LabNode> nodes = new ArrayList<>(lab.nodes());
            nodes.add(Labs.node("eve", LabNode.Role.ATTACKER, "backbone"));
            editor.setLab(lab.withNodes(nodes));
            editor.setOnAction(actions::add);
        });
        settle();
        LabNode eve = lab().node("eve").orElseThrow();
        assertEquals(List.of("replay", "forge", "inject", "spoof-hao", "forge-bu", "flood", "forge-ike"), AttackCard.kinds(lab(), eve).stream().map(Attack.Kind::text).toList());
        assertEquals(List.of(), AttackCard.kinds(lab(), lab().node("ra").orElseThrow()));
        assertEquals(List.of("rewrite", "drop", "delay", "replay"), AttackCard.kinds(lab(), eve.withBridge(true)).stream().map(Attack.Kind::text).toList());
        robot.rightClickOn(screen(node("eve")));
        robot.clickOn("Attack").moveTo("Replay…").clickOn("Inject with a known SPI…");
        settle();
        Node begin = editor.lookup("#card-apply");
        assertTrue(fx(() -> begin.isDisabled()), "the SPI is missing");
        fx(() -> ((TextField) editor.lookup("#field-spi")).setText("0x1001"));
        fx(() -> ((TextField) editor.lookup("#field-count")).setText("0"));
        assertTrue(fx(() -> begin.isDisabled()), "at least one packet");
        fx(() -> ((TextField) editor.lookup("#field-count")).setText("3"));
        snapshot(editor, "editor-attack");
        robot.clickOn(centre(begin));
        settle();
        Action.Attack begun = (Action.Attack) actions.getFirst();
        Attack.Inject inject = (Attack.Inject) begun.attack();
        assertEquals("eve", begun.node());
        assertEquals(0x1001, inject.spi());
        assertEquals(3, inject.count());
        assertEquals("2001:db8:9::9", inject.destination().toString());
    }

    @Test
    void whileRunningIkeIsToldWhatToDoFromTheMenu() {
        List<Action> actions = new ArrayList<>();
        fx(() -> {
            editor.setLab(Labs.secured());
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.setOnAction(actions::add);
        });
        settle();
        robot.rightClickOn(screen(node("mn")));
        robot.clickOn("IKE").clickOn("With ha").moveTo("Make SAs of bu-ba").clickOn("Rekey SAs of bu-ba");
        settle();
        assertEquals(List.of(new Action.Ike("mn", "ha", Action.Ike.Order.REKEY, Optional.of("bu-ba"), Optional.empty(), Optional.empty(), Optional.empty())), actions);
    }

    @Test
    void anOrderThatLeadsToNothingIsGreyAndSaysWhyAndANodeThatSignsShowsItsCertificate() {
        List<Action> actions = new ArrayList<>();
        List<String> certificates = new ArrayList<>();
        fx(() -> {
            editor.setLab(Labs.secured());
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.setOnAction(actions::add);
            editor.setOrderCheck(order -> order.order() == Action.Ike.Order.REKEY ? Optional.of("there are none") : Optional.empty());
            editor.setOnCertificate(certificates::add);
        });
        settle();
        robot.rightClickOn(screen(node("mn")));
        robot.clickOn("IKE").clickOn("With ha").moveTo("Make SAs of bu-ba").clickOn("Rekey SAs of bu-ba: there are none");
        settle();
        assertEquals(List.of(), actions);
        robot.rightClickOn(screen(node("mn")));
        robot.clickOn("IKE").moveTo("With ha").clickOn("Certificate…");
        settle();
        assertEquals(List.of("mn"), certificates);
    }

    @Test
    void whileRunningALinkIsTakenDownFromItsMenu() {
        settle();
        List<Action.Link> actions = new ArrayList<>();
        fx(() -> {
            editor.modeProperty().set(EditorMode.RUNNING);
            editor.setOnAction(action -> actions.add((Action.Link) action));
        });
        robot.rightClickOn(screen(link("backbone")));
        settle();
        robot.clickOn("Take down");
        settle();
        assertEquals(1, actions.size());
        assertEquals("backbone", actions.getFirst().name());
        assertEquals(Optional.of(true), actions.getFirst().down());
        assertEquals(Optional.empty(), actions.getFirst().loss());
    }
}
