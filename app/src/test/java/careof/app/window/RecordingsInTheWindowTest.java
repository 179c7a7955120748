package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.editor.model.Selection;
import careof.engine.lab.Action;
import careof.engine.lab.LabFiles;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonType;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** A live run recorded by the dialog, and its recording opened with its secrets, without, and damaged. */
class RecordingsInTheWindowTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private void type(String id, String text) {
        TextField field = robot.lookup(id).query();
        fx(() -> field.setText(text));
    }

    private String problem() {
        return robot.lookup("#port-problem").<Label>query().getText();
    }

    private void inBothLooks(String name) throws Exception {
        assertTrue(Files.size(snapshot(name + "-light")) > 50_000);
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        assertTrue(Files.size(snapshot(name + "-dark")) > 50_000);
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.LIGHT));
    }

    /** Records a live run of some seconds, with a move abroad in it. */
    private Path record() throws Exception {
        Path file = folder.resolve("run.careof");
        openSample("protected-registration-esp");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            robot.push(KeyCode.F12);
            until(() -> robot.lookup("#port-kind-1").tryQuery().isPresent());
            ComboBox<Object> kind = robot.lookup("#port-kind-1").queryComboBox();
            fx(() -> kind.getSelectionModel().select(2));
            type("#port-device-1", Integer.toString(local));
            type("#port-more-1", "127.0.0.1:" + other.getLocalPort());
            assertEquals("", problem());
            assertFalse(robot.lookup("#record-file").query().isVisible() && robot.lookup("#record-meaning").query().getParent().isVisible());
            fx(() -> robot.lookup("#record").<CheckBox>query().requestFocus());
            robot.push(KeyCode.SPACE);
            assertTrue(robot.lookup("#record-file").query().isFocused(), "the keyboard goes on");
            assertTrue(robot.lookup("#record-file").<TextField>query().getText().endsWith(".careof"));
            type("#record-file", folder.resolve("nowhere/run").toString());
            assertTrue(problem().startsWith("There is no folder"), problem());
            type("#record-file", Files.writeString(folder.resolve("mine"), "mine").toString());
            assertTrue(problem().contains("never overwrites"), problem());
            type("#record-file", "");
            assertTrue(problem().startsWith("Name the file"), problem());
            type("#record-file", file.toString());
            assertEquals("", problem());
            Label meaning = robot.lookup("#record-meaning").query();
            assertTrue(meaning.getText().contains("cannot be made again"), meaning.getText());
            fx(() -> robot.lookup("#record-secrets").<CheckBox>query().requestFocus());
            robot.push(KeyCode.SPACE);
            assertTrue(meaning.getText().contains("every key of the run") && meaning.getText().contains("run.careof.secret"), meaning.getText());
            Node dialog = robot.lookup("#record").query().getScene().getRoot();
            assertTrue(Files.size(snapshot((Parent) dialog, "live-dialog-record")) > 5_000);
            robot.clickOn("Go live");
            until(() -> window.session().state().live().isPresent() && window.session().state().clock() > SECOND);
            send(new Command.Apply(new Action.Move("mn", Optional.of("cell-a"))));
            await(s -> s.clock() > 4 * SECOND);
            Label recording = robot.lookup("#live-recording").query();
            assertTrue(recording.getText().startsWith("recording run.careof") && recording.getText().endsWith("MiB"), recording.getText());
            assertTrue(recording.getAccessibleText().contains("with its secrets"), recording.getAccessibleText());
            inBothLooks("live-recording");
            robot.push(KeyCode.CONTROL, KeyCode.Q);
            until(() -> robot.lookup("End it and close").tryQuery().isPresent());
            DialogPane question = robot.lookup(".dialog-pane").query();
            assertEquals("The lab is live. End it and close?", question.getHeaderText());
            assertTrue(question.getContentText().endsWith("The run is recorded in " + file + "."), question.getContentText());
            snapshot(question, "live-close");
            robot.clickOn("Cancel");
            assertTrue(window.isOpen() && window.session().state().live().isPresent(), "it goes on");
            robot.clickOn("#live");
            until(() -> window.session().state().live().isEmpty());
            until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("Recorded run.careof")));
        }
        return file;
    }

    private boolean isOffered() {
        return fx(() -> window.notices().shown()).stream().anyMatch(n -> n.title().equals("Recorded run.careof"));
    }

    private void goLive(DatagramSocket other, Optional<Command.Record> to) throws Exception {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var port = PortRequest.SocketOnLink.of("home", "127.0.0.1:" + probe.getLocalPort(), "127.0.0.1:" + other.getLocalPort());
            probe.close();
            send(new Command.GoLive(List.of(port), Detail.FULL, to));
        }
        await(s -> s.live().isPresent());
    }

    /** It covers the panes, so it does not wait for somebody who has gone on. */
    @Test
    void theOfferToOpenARecordingGoesWhenItIsOpenedOrAnotherRunIsLive() throws Exception {
        openSample("handover");
        Path file = folder.resolve("run.careof");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            goLive(other, Optional.of(new Command.Record(file, false)));
            send(new Command.EndLive());
            until(this::isOffered);
            await(s -> s.live().isEmpty());
            assertTrue(isOffered());
            goLive(other, Optional.empty());
            assertFalse(isOffered());
            send(new Command.EndLive());
            await(s -> s.live().isEmpty());
            Files.delete(file);
            goLive(other, Optional.of(new Command.Record(file, false)));
            send(new Command.EndLive());
            until(this::isOffered);
            await(s -> s.live().isEmpty());
            fx(() -> window.documents().openAsking(file));
            await(s -> s.recorded().isPresent());
            assertFalse(isOffered());
        }
    }

    private String use() {
        return robot.lookup("#recorded-use").<Label>query().getText();
    }

    @Test
    void aRecordingIsMadeAgainOrLookedAt() throws Exception {
        Path file = record();
        SessionState live = window.session().state();
        snapshot("live-recorded");
        robot.clickOn("Open");
        SessionState made = await(s -> s.recorded().isPresent() && s.canFork());
        assertEquals(live.head(), made.head());
        until(() -> use().equals("made again: can be forked"));
        assertTrue(stage.getTitle().contains("run.careof"), stage.getTitle());
        assertFalse(window.document().dirtyProperty().get());
        assertFalse(fx(() -> window.document().isMasked()), "with its secrets the lab is whole");
        after(new Command.SeekTime(SECOND), s -> s.clock() == SECOND);
        robot.push(KeyCode.CONTROL, KeyCode.K);
        await(s -> s.runs().size() == 2 && s.recorded().isEmpty());
        assertFalse(robot.lookup("#recorded-bar").query().isVisible());

        Files.delete(folder.resolve("run.careof.secret"));
        fx(() -> window.documents().openAsking(file));
        await(s -> s.recorded().isPresent() && !s.canFork() && s.runs().size() == 1);
        until(() -> use().equals("no secrets: only to be looked at"));
        fx(() -> window.notices().clear());
        assertTrue(robot.lookup("#switch-A").query().isDisabled(), "nothing can be done in it");
        after(new Command.ToHead(), SessionState::atHead);
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        after(new Command.SeekTime(3 * SECOND), s -> s.clock() == 3 * SECOND);
        fx(() -> {
            var signalling = window.session().state().index().signalling();
            window.packets().selectEvent(signalling.get(signalling.size() - 1));
        });
        assertTrue(window.packets().rows().size() > 10);
        inBothLooks("recorded");
        robot.clickOn("#view-ladder");
        until(() -> !window.ladder().legs().isEmpty());
        fx(() -> window.exports().trace(folder.resolve("trace.jsonl")));
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("Exported trace.jsonl")));
        assertEquals(live.head(), Files.readAllLines(folder.resolve("trace.jsonl")).size());

        // What ran cannot be edited; its lab can.
        fx(() -> window.notices().clear());
        after(new Command.Rewind(), s -> s.cursor() == s.start());
        fx(() -> window.editor().selectionProperty().set(Selection.node("cn")));
        robot.clickOn("#canvas").push(KeyCode.DELETE);
        fx(() -> window.editor().selectionProperty().set(Selection.node("cn")));
        robot.push(KeyCode.DELETE);
        until(() -> robot.lookup("Edit its lab").tryQuery().isPresent());
        assertTrue(window.editor().getLab().node("cn").isPresent());
        robot.clickOn("Edit its lab");
        SessionState fresh = await(s -> s.recorded().isEmpty());
        assertTrue(fresh.atStart() && fresh.lab().node("cn").isPresent());
        assertEquals(Math.max(20 * SECOND, live.headTime()), fresh.lab().until());

        // What is masked is not saved in place of what was recorded without a question.
        fx(() -> window.documents().openAsking(file));
        await(s -> s.recorded().isPresent());
        assertTrue(fx(() -> window.document().isMasked()));
        robot.push(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.S);
        until(() -> robot.lookup("Save without them…").tryQuery().isPresent());
        DialogPane question = robot.lookup(".dialog-pane").query();
        assertTrue(question.getContentText().contains("passwords of IKE") && question.getContentText().contains("run.careof.secret"), question.getContentText());
        assertEquals(List.of(ButtonType.CANCEL), question.getButtonTypes().stream().filter(type -> ((Button) question.lookupButton(type)).isDefaultButton()).toList(),
                "a key in haste loses nothing");
        snapshot(question, "recorded-save-masked");
        robot.push(KeyCode.ENTER);
        until(() -> robot.lookup("Save without them…").tryQuery().isEmpty());
        Path saved = folder.resolve("saved.json");
        fx(() -> window.document().save(saved, () -> { }));
        until(() -> Files.exists(saved));
        assertEquals(Math.max(20 * SECOND, live.headTime()), LabFiles.read(saved).until(), "what ran until somebody ended it has an end in a file");
    }

    @Test
    void whatIsDamagedIsSaidAndTheOpenLabStays() throws Exception {
        Path file = record();
        byte[] octets = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.careof");
        Files.write(cut, Arrays.copyOf(octets, octets.length * 3 / 4));
        fx(() -> window.documents().open(cut));
        await(s -> s.recorded().isPresent() && s.recorded().get().run().name().equals("cut.careof"));
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("cut.careof is not whole") && n.detail().contains("At octet")));
        assertTrue(robot.lookup("#recorded-missing").query().isVisible());
        assertTrue(Files.size(snapshot("recorded-cut")) > 50_000);

        openSample("handover");
        SessionState before = await(s -> s.recorded().isEmpty() && s.lab().name().equals("handover") || s.lab().node("mn").isPresent() && s.recorded().isEmpty());
        fx(() -> window.notices().clear());
        Path broken = Files.write(folder.resolve("broken.careof"), Arrays.copyOf(octets, 60));
        fx(() -> window.documents().openAsking(broken));
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("Cannot open broken.careof") && n.detail().contains("damaged")));
        assertEquals(before.run(), window.session().state().run());
        Path nowhere = folder.resolve("nowhere.careof");
        fx(() -> window.documents().openAsking(nowhere));
        until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("Cannot open nowhere.careof")));
    }
}
