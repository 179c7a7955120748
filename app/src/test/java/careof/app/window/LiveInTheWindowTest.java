package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.Notice;
import careof.app.session.SessionState;
import careof.app.theme.Theme;
import careof.engine.base.Octets;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The Live switch, its ports and what they do, with a socket at the other end. */
class LiveInTheWindowTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    @Test
    void goesLiveAndEnds() throws Exception {
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var local = probe.getLocalPort();
            probe.close();
            robot.push(KeyCode.F12);
            until(() -> robot.lookup("#port-kind-1").tryQuery().isPresent());
            assertTrue(Files.size(snapshot(robot.lookup("#port-kind-1").query().getScene().getRoot(), "live-dialog")) > 5_000);
            robot.clickOn("#add-port");
            assertEquals("mn tun0", robot.lookup("#port-place-1").queryComboBox().getValue() + " " + robot.lookup("#port-device-1").queryTextInputControl().getText());
            assertEquals("cn tun1", robot.lookup("#port-place-2").queryComboBox().getValue() + " " + robot.lookup("#port-device-2").queryTextInputControl().getText());
            robot.clickOn("#port-away-2");
            ComboBox<Object> kind = robot.lookup("#port-kind-1").queryComboBox();
            fx(() -> kind.getSelectionModel().select(2));
            robot.clickOn("#port-device-1").write(Integer.toString(local));
            robot.clickOn("#port-more-1").write("nowhere");
            assertTrue(robot.lookup("#port-problem").<Label>query().getText().startsWith("The other machine"));
            assertTrue(robot.lookup("Go live").query().getParent().isDisabled() || robot.lookup("Go live").query().isDisabled());
            robot.clickOn("#port-more-1").eraseText(7).write("127.0.0.1:" + other.getLocalPort());
            assertEquals("", robot.lookup("#port-problem").<Label>query().getText());
            robot.clickOn("Go live");
            until(() -> window.session().state().live().isPresent() && window.session().state().clock() > SECOND);
            assertTrue(robot.lookup("#live-bar").query().isVisible());
            until(() -> !robot.lookup("#port-udp" + local).<Label>query().getText().contains("  0 out"));
            assertTrue(robot.lookup("#live-past").tryQuery().isEmpty());
            robot.clickOn("#step-back");
            await(SessionState::goesOnWithoutCursor);
            String past = robot.lookup("#live-past").<Button>query().getText();
            assertTrue(past.matches("live, at [0-9.]+ s: you look at [0-9.]+ s"), past);
            assertEquals("The lab goes on: follow it again  (F5)", robot.lookup("#play").<Button>query().getTooltip().getText());
            until(() -> !robot.lookup("#live-past").<Button>query().getText().equals(past));
            robot.push(KeyCode.F5);
            await(s -> s.running() && !s.goesOnWithoutCursor());
            assertTrue(robot.lookup("#live-past").tryQuery().isEmpty());
            robot.push(KeyCode.F5);
            await(s -> s.live().get().paused());
            byte[] frame = Octets.hex("0003000000000011" + "ffffffffffff02aabbccddee88b5" + "00".repeat(46)).toArray();
            other.send(new DatagramPacket(frame, frame.length, InetAddress.getLoopbackAddress(), local));
            until(() -> robot.lookup("#port-udp" + local).<Label>query().getText().endsWith("  1 waiting"));
            snapshot("live-paused");
            robot.push(KeyCode.F5);
            await(SessionState::running);
            robot.clickOn("#step-back");
            await(SessionState::goesOnWithoutCursor);
            snapshot("live-past-light");
            fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
            snapshot("live-past-dark");
            fx(() -> window.theme().choiceProperty().set(Theme.Choice.LIGHT));
            robot.clickOn("#live-past");
            await(now -> now.running() && !now.goesOnWithoutCursor());
            other.close();
            until(() -> robot.lookup("#port-udp" + local).<Label>query().getTooltip().getText().contains("(nobody is there)"));
            assertTrue(Files.size(snapshot("live-light")) > 50_000);
            fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
            assertTrue(Files.size(snapshot("live-dark")) > 50_000);
            fx(() -> window.theme().choiceProperty().set(Theme.Choice.LIGHT));
            robot.clickOn("#live");
            until(() -> window.session().state().live().isEmpty());
            assertFalse(robot.lookup("#live-bar").query().isVisible());
            assertTrue(window.session().state().ended());
        }
    }

    private boolean hasTable(String table) {
        return fx(() -> window.tables().items().stream().anyMatch(item -> item.table().equals(table)));
    }

    /** What a lab expects is of its own actions: of a live run its movements are told, and no verdicts. */
    @Test
    void aLiveRunIsNotJudged() throws Exception {
        openSample("live");
        send(new Command.UntilTime(10 * SECOND));
        await(state -> !state.running() && state.cursor() > state.start());
        until(() -> hasTable("Handovers of this run"));
        assertTrue(hasTable("Expectations"), "another run of this lab is judged");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var local = probe.getLocalPort();
            probe.close();
            var port = PortRequest.SocketOnLink.of("home", "127.0.0.1:" + local, "127.0.0.1:" + other.getLocalPort());
            send(new Command.GoLive(List.of(port), Detail.SUMMARY, Optional.empty()));
            until(() -> window.session().state().live().isPresent() && window.session().state().clock() > SECOND);
            robot.push(KeyCode.F12);
            until(() -> window.session().state().ended() && hasTable("Handovers of this run"));
            assertFalse(hasTable("Expectations"));
        }
    }

    private String problem() {
        return robot.lookup("#port-problem").<Label>query().getText();
    }

    private void fill(String field, String text) {
        fx(() -> robot.lookup(field).queryTextInputControl().setText(text));
    }

    /** What cannot be opened is said while it is filled in, and what fails later loses nothing of that. */
    @Test
    void whatIsFilledInIsCheckedAndKept() throws Exception {
        openSample("handover");
        robot.push(KeyCode.F12);
        until(() -> robot.lookup("#port-kind-1").tryQuery().isPresent());
        assertEquals("", problem());
        robot.clickOn("#add-port");
        assertTrue(problem().startsWith("Two TUN interfaces in one namespace"), problem());
        snapshot(robot.lookup("#port-problem").query().getScene().getRoot(), "live-dialog-problem");
        assertEquals(problem(), robot.lookup("#port-problem .text").queryText().getText(), "all of it is shown, over several lines");
        fill("#port-namespace-2", "no-such-namespace");
        assertEquals("There is no network namespace \"no-such-namespace\"; make it with: ip netns add no-such-namespace.", problem());
        fill("#port-device-2", "tun 1");
        assertTrue(problem().startsWith("\"tun 1\" is no name of an interface"), problem());
        fill("#port-more-1", "1000");
        robot.clickOn("#port-away-2");
        assertEquals("An MTU is 1280 to 65535, not 1000.", problem());
        ComboBox<Object> kind = robot.lookup("#port-kind-1").queryComboBox();
        fx(() -> kind.getSelectionModel().select(1));
        fill("#port-more-1", "2001:db8::1");
        assertTrue(problem().startsWith("The address of this machine has the length of its prefix"), problem());
        fx(() -> kind.getSelectionModel().select(2));
        assertFalse(robot.lookup("#port-namespace-1").query().isVisible());
        for (int i = 0; i < 5; i++) robot.clickOn("#add-port");
        robot.clickOn("#record");
        var cancel = robot.lookup("Cancel").query();
        assertTrue(cancel.localToScene(cancel.getLayoutBounds()).getMaxY() <= cancel.getScene().getHeight(), "all buttons are in sight");
        assertTrue(Files.size(snapshot(cancel.getScene().getRoot(), "live-dialog-many")) > 5_000);
        for (int i = 3; i < 8; i++) robot.clickOn("#port-away-" + i);
        var file = robot.lookup("#record-file").queryTextInputControl().getText() + "2";
        fill("#record-file", file);
        fill("#port-device-1", "[::1]:4001");
        fill("#port-more-1", "no.such.name.invalid:4002,0x11/0x22");
        assertEquals("", problem());
        robot.clickOn("Go live");
        until(() -> robot.lookup(".notice").queryAll().stream().anyMatch(notice -> notice.isVisible()));
        assertFalse(window.session().state().live().isPresent());
        robot.push(KeyCode.F12);
        until(() -> robot.lookup("#port-kind-1").tryQuery().isPresent());
        assertEquals("[::1]:4001 no.such.name.invalid:4002,0x11/0x22", robot.lookup("#port-device-1").queryTextInputControl().getText() + " "
                + robot.lookup("#port-more-1").queryTextInputControl().getText());
        assertEquals(file, robot.lookup("#record-file").queryTextInputControl().getText());
        assertEquals(List.of("Not live"), fx(() -> window.notices().shown()).stream().map(Notice::title).toList());
        robot.clickOn("#record");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int local = probe.getLocalPort();
            probe.close();
            fill("#port-device-1", Integer.toString(local));
            fill("#port-more-1", "127.0.0.1:" + other.getLocalPort());
            assertEquals("", problem());
            robot.clickOn("Go live");
            await(s -> s.live().isPresent());
            assertEquals(List.of(), fx(() -> window.notices().shown()), "an answer to an attempt before is none to this one");
            robot.push(KeyCode.CONTROL, KeyCode.Q);
            until(() -> robot.lookup("End it and close").tryQuery().isPresent());
            String question = robot.lookup(".dialog-pane").<DialogPane>query().getContentText();
            assertTrue(question.endsWith("The run is not recorded, so nothing of it is kept."), question);
            robot.push(KeyCode.ENTER);
            until(() -> robot.lookup("End it and close").tryQuery().isEmpty());
            assertTrue(stage.isShowing() && window.session().state().live().isPresent(), "a key in haste ends nothing");
            robot.push(KeyCode.CONTROL, KeyCode.Q);
            until(() -> robot.lookup("End it and close").tryQuery().isPresent());
            robot.clickOn("End it and close");
            until(() -> !stage.isShowing());
        }
    }
}
