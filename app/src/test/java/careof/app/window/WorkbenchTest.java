package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.session.StepKind;
import careof.app.tables.Item;
import careof.editor.model.EditorMode;
import careof.editor.model.Selection;
import careof.engine.capture.CaptureExport;
import careof.engine.capture.CaptureReader;
import careof.engine.decode.Field;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.state.PortState;
import careof.engine.trace.InputLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The whole window, by hand and by key, on the headless platform. */
class WorkbenchTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private List<Item> tableLines() {
        return fx(() -> List.copyOf(window.tables().items()));
    }

    @Test
    void theKeysForLightOrDarkTurnTheWindow() {
        robot.push(KeyCode.CONTROL, KeyCode.T);
        until(() -> window.theme().palette().isDark());
        robot.push(KeyCode.CONTROL, KeyCode.T);
        until(() -> !window.theme().palette().isDark());
    }

    @Test
    void fiftyEventsForwardsAndBackShowTheSameTablesAfterTheMobileNodeWasDragged() {
        openSample("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        assertEquals(EditorMode.RUNNING, fx(() -> window.editor().modeProperty().get()));
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        settle();

        var canvas = window.editor();
        var geometry = fx(canvas::geometry);
        var view = fx(() -> canvas.viewportProperty().get());
        var from = view.toScreen(geometry.node("mn"));
        var to = view.toScreen(geometry.link("cell-a").plus(0, 60));
        Node board = fx(() -> canvas.lookup(".board"));
        drag(onScreen(board, from.x(), from.y()), onScreen(board, to.x(), to.y()));
        SessionState moved = await(s -> s.inputs().inputs().size() == 1);
        assertEquals(new InputLog.Act(new Action.Move("mn", Optional.of("cell-a"))), moved.inputs().inputs().getFirst().event());
        assertEquals("cell-a", moved.tables().rows("mn", PortState.class).getFirst().state().link());

        long first = moved.cursor();
        List<List<Item>> forwards = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            long want = first + i;
            SessionState state = after(new Command.Step(StepKind.EVENT, true), s -> s.cursor() == want && !s.running());
            forwards.add(tableLines());
            digests.add(state.tables().digest());
        }
        assertNotEquals(digests.getFirst(), digests.getLast());
        for (int i = 49; i >= 1; i--) {
            long want = first + i;
            SessionState state = after(new Command.Step(StepKind.EVENT, false), s -> s.cursor() == want);
            assertEquals(digests.get(i - 1), state.tables().digest(), "tables after event " + want);
            assertEquals(forwards.get(i - 1), tableLines(), "lines after event " + want);
        }
    }

    @Test
    void aPacketsFieldsAndOctetsLightUpEachOther() {
        openSample("handover");
        after(new Command.UntilTime(2_100_000_000L), s -> s.clock() == 2_100_000_000L && !s.running());
        fx(() -> window.packets().moveSelection(0));
        TreeView<Field> tree = window.inspector().tree();
        until(() -> tree.getRoot() != null);
        fx(() -> {
            TreeItem<Field> last = tree.getRoot().getChildren().get(1);
            last.setExpanded(true);
            tree.getSelectionModel().select(last.getChildren().getFirst());
        });
        Field field = fx(() -> tree.getSelectionModel().getSelectedItem().getValue());
        assertEquals(field.start(), fx(() -> window.inspector().octets().highlightFrom()));
        assertEquals(field.end(), fx(() -> window.inspector().octets().highlightTo()));
        assertTrue(field.end() > field.start());

        // The destination of the Ethernet frame, chosen by its third octet.
        settle();
        var place = fx(() -> window.inspector().octets().localToScreen(0, 0));
        fx(() -> window.inspector().octets().highlight(0, 1, 0, 0));
        settle();
        var middle = fx(() -> window.inspector().octets().middleOf(2));
        robot.clickOn(place.add(middle));
        settle();
        assertEquals("eth.dst", fx(() -> tree.getSelectionModel().getSelectedItem().getValue().abbreviation()));
        assertEquals(0, fx(() -> window.inspector().octets().highlightFrom()));
        assertEquals(6, fx(() -> window.inspector().octets().highlightTo()));
    }

    @Test
    void spacePlaysAndPausesAndTheSliderIsPassedToTheRun() {
        openSample("handover");
        robot.clickOn("#canvas", MouseButton.PRIMARY);
        robot.type(KeyCode.SPACE);
        SessionState playing = await(s -> s.running() && s.clock() > 0);
        robot.type(KeyCode.SPACE);
        SessionState paused = await(s -> !s.running());
        assertTrue(paused.clock() >= playing.clock() && paused.clock() < paused.lab().until());
        robot.type(KeyCode.F6);
        await(SessionState::ended);
        assertEquals(Double.POSITIVE_INFINITY, fx(() -> window.session().state().speed()));
        assertEquals(20 * SECOND, fx(() -> window.session().state().clock()));
    }

    @Test
    void theKeysToBothEndsOfTheRunWorkInAList() {
        openSample("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        fx(() -> window.packets().moveSelection(0));
        fx(() -> robot.lookup(".packet-table").query().requestFocus());
        robot.push(KeyCode.CONTROL, KeyCode.HOME);
        SessionState start = await(s -> s.cursor() == s.start());
        robot.push(KeyCode.CONTROL, KeyCode.END);
        await(s -> s.atHead() && s.cursor() > start.cursor());
    }

    @Test
    void aFilterKeepsMatchingRowsOnlyAndAWrongOneIsMarked() {
        openSample("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        int all = fx(() -> window.packets().rows().size());
        TextField filter = robot.lookup("#filter").queryAs(TextField.class);
        fx(() -> filter.setText("node == cn"));
        until(() -> window.packets().rows().size() > 0 && window.packets().rows().size() < all);
        until(() -> window.packets().rows().stream().allMatch(r -> r.sent().node().equals("cn")));
        fx(() -> filter.setText("node == ("));
        until(() -> filter.getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("invalid")));
        Label message = robot.lookup("#filter-message").query();
        assertTrue(message.isVisible() && message.getText().endsWith("Shown is still: node == cn"), message.getText());
        fx(() -> filter.setText("node == cn and foo.bar == 3"));
        until(() -> message.getText().startsWith("None of the packets asked has a field foo.bar"));
        Label none = (Label) robot.lookup(".packet-table").<TableView<?>>query().getPlaceholder();
        until(() -> window.packets().rows().isEmpty() && none.getText().equals("No packet matches the filter."));
        fx(() -> filter.setText(""));
        until(() -> window.packets().rows().size() == all);
    }

    @Test
    void exportsWhatWasRecorded() throws Exception {
        openSample("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        Path file = folder.resolve("out.pcapng");
        fx(() -> window.exports().capture(file, new CaptureExport.Selection.All()));
        until(() -> window.notices().shown().size() == 1);
        long packets = 0;
        try (CaptureReader reader = new CaptureReader(Files.newInputStream(file))) {
            while (reader.next().isPresent()) {
                packets++;
            }
        }
        assertEquals(fx(() -> window.session().state().trace().frameCount()), packets);
    }

    @Test
    void aBrokenFileShowsItsProblemAndKeepsTheLab() throws Exception {
        SessionState before = openSample("handover");
        Path file = Files.writeString(folder.resolve("broken.json"), "{\n  \"careof\": 1,\n  \"nodes\": [ { \"name\": 7 } ]\n}\n");
        fx(() -> window.documents().open(file));
        until(() -> window.notices().shown().size() == 1);
        String text = fx(() -> window.notices().shown().getFirst().detail());
        assertTrue(text.contains("broken.json:3"), text);
        assertEquals(before.lab(), fx(() -> window.editor().getLab()));
        assertEquals(before.run(), fx(() -> window.session().state().run()));
        assertFalse(fx(() -> window.document().dirtyProperty().get()));
    }

    @Test
    void anActionBeforeTheHeadForksAndUndoTakesAnActionBack() {
        openSample("handover");
        after(new Command.UntilTime(6 * SECOND), s -> s.clock() == 6 * SECOND && !s.running());
        after(new Command.SeekTime(4 * SECOND), s -> s.clock() == 4 * SECOND);
        SessionState forked = after(new Command.Apply(new Action.Move("mn", Optional.of("cell-b"))), s -> s.runs().size() == 2);
        assertEquals(4 * SECOND, forked.clock());
        assertEquals("cell-b", forked.tables().rows("mn", PortState.class).getFirst().state().link());
        int old = forked.runs().getFirst().id();

        SessionState back = after(new Command.TakeBack(), s -> s.runs().size() == 3);
        assertEquals("home", back.tables().rows("mn", PortState.class).getFirst().state().link());
        SessionState switched = after(new Command.SwitchRun(old), s -> s.run() == old);
        assertEquals(6 * SECOND, switched.headTime());
    }

    @Test
    void anEditAtALaterTimeBeginsTheRunAnew() {
        openSample("handover");
        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        Lab before = fx(() -> window.editor().getLab());
        int run = fx(() -> window.session().state().run());
        fx(() -> window.editor().selectionProperty().set(Selection.node("rb")));
        robot.clickOn("#canvas");
        fx(() -> window.editor().selectionProperty().set(Selection.node("rb")));
        robot.type(KeyCode.DELETE);
        SessionState anew = await(s -> s.run() != run);
        assertEquals(0, anew.clock());
        assertTrue(fx(() -> window.editor().getLab()).node("rb").isEmpty());
        assertTrue(fx(() -> window.document().dirtyProperty().get()));
        fx(() -> window.edits().undo());
        await(s -> s.lab().node("rb").isPresent());
        assertEquals(before, fx(() -> window.editor().getLab()));
        assertFalse(fx(() -> window.document().dirtyProperty().get()));
    }

    @Test
    void savesAndOpensAgain() throws Exception {
        openSample("handover");
        Lab lab = fx(() -> window.editor().getLab().withName("Mine"));
        fx(() -> window.document().adopt(lab, Optional.empty()));
        Path file = folder.resolve("mine.json");
        fx(() -> window.document().save(file, () -> { }));
        until(() -> window.document().fileProperty().get().isPresent());
        fx(() -> window.documents().openSample("triangular"));
        await(s -> !s.lab().name().equals("Mine"));
        fx(() -> window.documents().open(file));
        await(s -> s.lab().name().equals("Mine"));
        assertEquals(lab, fx(() -> window.editor().getLab()));
        assertTrue(fx(() -> stage.getTitle()).contains("Mine – mine.json"));
    }

    @Test
    void whatACrashLeftIsRestoredAsUnsavedWork() throws Exception {
        openSample("handover");
        Path copy = folder.resolve("autosave").resolve(Long.MAX_VALUE + ".json");
        Files.createDirectories(copy.getParent());
        Lab lost = fx(() -> window.editor().getLab().withName("Lost"));
        LabFiles.save(copy, lost);
        fx(() -> window.documents().offerLeftovers());
        until(() -> window.notices().shown().size() == 1);
        robot.clickOn("Restore");
        await(s -> s.lab().name().equals("Lost"));
        assertEquals(lost, fx(() -> window.editor().getLab()));
        assertTrue(fx(() -> window.document().dirtyProperty().get()));
        assertFalse(Files.exists(copy));
    }

    @Test
    void aNarrowWindowShowsItsMenusAndTheTime() {
        openSample("handover");
        fx(() -> stage.setWidth(1024));
        settle();
        for (String name : List.of("File", "Edit", "Run", "View", "Help")) {
            assertTrue(fx(() -> robot.lookup(".menu-bar .label").queryAllAs(Label.class).stream().anyMatch(l -> shows(l, name))), name);
        }
        assertTrue(fx(() -> shows(robot.lookup("#clock").queryAs(Label.class), "0.000000 s")));
    }

    private static boolean shows(Label label, String text) {
        return label.getText().equals(text) && label.lookup(".text") instanceof Text shown && shown.getText().equals(text);
    }
}
