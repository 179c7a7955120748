package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.model.EditorMode;
import careof.editor.model.Selection;
import careof.editor.view.AttackCard;
import careof.engine.lab.Action;
import careof.engine.lab.Attack;
import careof.engine.lab.Lab;
import careof.engine.lab.LabChildIdentity;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The user's hand on the canvas, by robot. */
class EditorRobotTest extends FxTest {
    private TopologyEditor editor;

    @Start
    void start(Stage stage) {
        editor = new TopologyEditor();
        editor.setOwnColours(true);
        editor.motionProperty().set(false);
        editor.setLab(Labs.handover());
        show(stage, editor, 1100, 700);
    }

    private Node board() {
        return editor.lookup("#board");
    }

    /** Where a canvas point is on the screen. */
    private Point2D screen(Point2 canvas) {
        return fx(() -> {
            Point2 p = editor.viewportProperty().get().toScreen(canvas);
            return board().localToScreen(p.x(), p.y());
        });
    }

    private Point2 node(String name) {
        return fx(() -> editor.geometry().node(name));
    }

    private Point2 link(String name) {
        return fx(() -> editor.geometry().link(name));
    }

    private Lab lab() {
        return fx(() -> editor.getLab());
    }

    private LabNode labNode(String name) {
        return lab().node(name).orElseThrow();
    }

    /** An empty place of the canvas. */
    private Point2 nowhere() {
        return link("backbone").plus(0, 150);
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

        drag(screen(node("mn")), screen(nowhere()));
        assertEquals(1, moves.size(), "an empty place is no link");
        assertEquals(before, lab(), "away from its place in the lab only the picture changes");
        assertTrue(node("mn").distance(nowhere()) < 20);

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
    void aCardChecksWhatIsWritten() {
        settle();
        robot.clickOn(screen(link("backbone"))).type(KeyCode.ENTER);
        settle();
        TextField delay = (TextField) editor.lookup("#field-delay");
        Node apply = editor.lookup("#card-apply");
        fx(() -> delay.setText("soon"));
        assertTrue(fx(() -> apply.isDisabled()));
        fx(() -> delay.setText("25ms"));
        assertFalse(fx(() -> apply.isDisabled()));
        TextField prefix = (TextField) editor.lookup("#field-prefix");
        fx(() -> prefix.setText("2001:db8:1::/64"));
        assertTrue(fx(() -> apply.isDisabled()), "another link has that prefix");
        fx(() -> prefix.setText("2001:db8:77::/64"));
        robot.clickOn(centre(apply));
        settle();
        LabLink changed = lab().link("backbone").orElseThrow();
        assertEquals(25_000_000, changed.delay());
        assertEquals("2001:db8:77::/64", changed.prefix().orElseThrow().toString());
    }

    @Test
    void aMobileNodesIp4CareOfAddressIsWrittenInItsCard() {
        fx(() -> {
            editor.setLab(Labs.families());
            editor.showProperties(new Hit.Node("mn"));
        });
        settle();
        TextField careOf = (TextField) editor.lookup("#field-careOf4-cell-b");
        Node apply = editor.lookup("#card-apply");
        fx(() -> careOf.setText("192.0.2.256"));
        assertTrue(fx(() -> apply.isDisabled()));
        fx(() -> careOf.setText("192.0.2.10"));
        assertFalse(fx(() -> apply.isDisabled()));
        robot.clickOn(centre(apply));
        settle();
        assertEquals("192.0.2.10", lab().node("mn").orElseThrow().careOf4().get("cell-b").toString());
        assertEquals(1, lab().node("mn").orElseThrow().careOf4().size());
    }

    @Test
    void whoPlaysANodeIsTickedInItsCardAndTakenBack() {
        for (String name : List.of("mn", "cn")) {
            fx(() -> {
                editor.setLab(Labs.handover());
                editor.showProperties(new Hit.Node(name));
            });
            settle();
            CheckBox outside = (CheckBox) editor.lookup("#field-outside");
            assertFalse(outside.isSelected());
            fx(outside::requestFocus);
            robot.push(KeyCode.SPACE);
            robot.clickOn(centre(editor.lookup("#card-apply")));
            settle();
            assertTrue(lab().node(name).orElseThrow().outside());
            assertEquals(1, lab().nodes().stream().filter(LabNode::outside).count());
            fx(editor::undo);
            assertEquals(Labs.handover().nodes(), lab().nodes());
        }
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
    void theIkeOfBothEndsIsEditedInOneCardAndTakenBack() {
        fx(() -> editor.setLab(Labs.secured()));
        settle();
        Lab before = lab();
        robot.rightClickOn(screen(node("mn")));
        robot.clickOn("IKE").moveTo("Settings…").clickOn("With ha…");
        settle();
        Node apply = editor.lookup("#card-apply");
        fx(() -> ((TextField) editor.lookup("#field-lifetime")).setText("1.5s"));
        assertTrue(fx(() -> apply.isDisabled()), "whole seconds");
        fx(() -> ((TextField) editor.lookup("#field-lifetime")).setText("60s"));
        assertFalse(fx(() -> apply.isDisabled()));
        fx(() -> ((TextField) editor.lookup("#field-psk")).setText("secret"));
        assertTrue(fx(() -> apply.isDisabled()), "a key that nothing uses");
        fx(() -> ((ComboBox<LabIkePeer.Auth>) editor.lookup("#field-auth")).setValue(LabIkePeer.Auth.PSK));
        assertFalse(fx(() -> apply.isDisabled()));
        robot.clickOn(centre(apply));
        settle();
        LabIkePeer here = lab().node("mn").orElseThrow().ike().orElseThrow().peer("ha").orElseThrow();
        assertEquals(LabIkePeer.of("ha").withAuth(LabIkePeer.Auth.PSK, Optional.of("secret")).withLifetime(60_000_000_000L), here);
        assertEquals(here.withPeer("mn"), lab().node("ha").orElseThrow().ike().orElseThrow().peer("mn").orElseThrow());
        fx(() -> editor.history().undo());
        assertEquals(before, lab());
    }

    @Test
    void whatAPeerMayAndWhatItIsToldIsEditedAtOneEnd() {
        fx(() -> editor.setLab(Labs.secured()));
        settle();
        robot.rightClickOn(screen(node("ha")));
        robot.clickOn("IKE").moveTo("Settings…").clickOn("With mn…");
        settle();
        Node apply = editor.lookup("#card-apply");
        fx(() -> ((ComboBox<Optional<Boolean>>) editor.lookup("#field-mobile")).setValue(Optional.of(false)));
        fx(() -> ((ComboBox<LabIkePeer.Addressless>) editor.lookup("#field-addressless")).setValue(LabIkePeer.Addressless.REFUSED));
        fx(() -> ((CheckBox) editor.lookup("#field-initialContact")).setSelected(false));
        fx(() -> ((TextField) editor.lookup("#field-childIdentities")).setText("2001:db8:1::/64"));
        assertTrue(fx(() -> apply.isDisabled()), "no range of addresses");
        snapshot(editor, "ike-card-problem");
        fx(() -> ((TextField) editor.lookup("#field-childIdentities")).setText("fqdn:ha.lab"));
        assertFalse(fx(() -> apply.isDisabled()));
        robot.clickOn(centre(apply));
        settle();
        LabIkePeer expected = LabIkePeer.of("mn").withConstraints(new LabIkePeer.Constraints(Optional.of(false), Optional.empty(), LabIkePeer.Addressless.REFUSED))
                .withInitialContact(false).withChildIdentities(LabChildIdentity.parse("fqdn:ha.lab"));
        assertEquals(expected, lab().node("ha").orElseThrow().ike().orElseThrow().peer("mn").orElseThrow());
        // The other end has its own list.
        assertEquals(LabIkePeer.of("ha"), lab().node("mn").orElseThrow().ike().orElseThrow().peer("ha").orElseThrow());
    }

    @Test
    void aProtectionIsKeyedByIkeAndThenByHandAgain() {
        fx(() -> {
            editor.setLab(Labs.secured());
            editor.showProtection("mn", "data");
        });
        settle();
        fx(() -> ((ComboBox<LabProtection.Keying>) editor.lookup("#field-keying")).setValue(LabProtection.Keying.IKE));
        fx(() -> ((TextField) editor.lookup("#field-hard")).setText("300s"));
        robot.clickOn(centre(editor.lookup("#card-apply")));
        settle();
        LabProtection data = lab().protection("data").orElseThrow();
        assertTrue(data.isKeyedByIke());
        assertEquals(List.of(), data.transforms().getFirst().keys());
        assertEquals(new LabProtection.Lifetime(0, 300_000_000_000L, 0, 0), data.usedLifetime());
        fx(() -> editor.history().undo());
        assertEquals(Labs.secured().ipsec(), lab().ipsec());
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
