package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.editor.model.Selection;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.live.PortRequest;
import careof.engine.trace.Detail;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** What would end a live run by the way is asked for, and what the window says of one. */
class LiveAsksTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private void goLive(DatagramSocket other) throws Exception {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var port = PortRequest.SocketOnLink.of("home", "127.0.0.1:" + probe.getLocalPort(), "127.0.0.1:" + other.getLocalPort());
            probe.close();
            send(new Command.GoLive(List.of(port), Detail.FULL, Optional.empty()));
        }
        await(s -> s.live().isPresent());
    }

    @Test
    void anotherLabDoesNotEndALiveRunUnasked() throws Exception {
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            goLive(other);
            robot.push(KeyCode.CONTROL, KeyCode.N);
            until(() -> robot.lookup(".dialog-pane").tryQuery().isPresent() || window.session().state().live().isEmpty());
            assertTrue(window.session().state().live().isPresent());
            robot.push(KeyCode.ENTER);
            settle();
            assertTrue(window.session().state().live().isPresent());
            robot.push(KeyCode.CONTROL, KeyCode.N);
            until(() -> robot.lookup("End it").tryQuery().isPresent());
            robot.clickOn("End it");
            await(s -> s.live().isEmpty() && s.lab().nodes().isEmpty());
        }
    }

    private void delete(String node) {
        window.editor().selectionProperty().set(Selection.node(node));
        window.editor().deleteSelection();
    }

    @Test
    void anEditDoesNotTakeALiveRunAwayUnasked() throws Exception {
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            goLive(other);
            send(new Command.EndLive());
            await(s -> s.live().isEmpty());
            int run = window.session().state().run();
            fx(() -> delete("cn"));
            until(() -> robot.lookup("Edit the lab").tryQuery().isPresent());
            assertTrue(window.document().lab().node("cn").isPresent());
            assertEquals(run, window.session().state().run());
            robot.clickOn("Edit the lab");
            await(s -> s.run() != run && s.atStart());
            fx(() -> delete("cn"));
            await(s -> s.lab().node("cn").isEmpty());
        }
    }

    @Test
    void aPortProposesWhatNoOtherHas() {
        openSample("handover");
        robot.push(KeyCode.F12);
        until(() -> robot.lookup("#port-kind-1").tryQuery().isPresent());
        robot.clickOn("#add-port");
        fx(() -> robot.lookup("#port-kind-2").queryComboBox().getSelectionModel().select(1));
        assertEquals("tap0", robot.lookup("#port-device-2").queryTextInputControl().getText());
        fx(() -> robot.lookup("#port-kind-1").queryComboBox().getSelectionModel().select(1));
        assertEquals("tap1", robot.lookup("#port-device-1").queryTextInputControl().getText());
        assertEquals("", robot.lookup("#port-problem").<Label>query().getText());
        robot.clickOn("Cancel");
    }

    /** The menu marks the run that is shown, also when somebody wanted another one. */
    @Test
    void anotherRunIsNotShownWhileOneIsLive() throws Exception {
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            goLive(other);
            robot.clickOn("Run").clickOn("Runs").clickOn("First run");
            until(() -> window.notices().shown().stream().anyMatch(n -> n.title().equals("The live run goes on")));
            settle();
            robot.clickOn("Run").clickOn("Runs");
            MenuItem live = robot.lookup(".menu-item").queryAll().stream().filter(n -> n.getProperties().get(MenuItem.class) instanceof RadioMenuItem)
                    .map(n -> (MenuItem) n.getProperties().get(MenuItem.class)).filter(i -> i.getText().startsWith("Live run")).findFirst().orElseThrow();
            assertTrue(((RadioMenuItem) live).isSelected());
            robot.push(KeyCode.ESCAPE, KeyCode.ESCAPE);
        }
    }

    /** Of what comes next in one that is paused, or has nothing to do by itself. */
    @Test
    void theStatusBarSaysWhatALiveRunWaitsFor() throws Exception {
        openSample("handover");
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            goLive(other);
            robot.push(KeyCode.F6);
            assertEquals(1, after(new Command.Seek(1), s -> !s.running()).speed(), "the clock on the wall has but one speed, and the next run keeps its own");
            after(new Command.ToHead(), SessionState::running);
            robot.push(KeyCode.F5);
            await(s -> s.live().get().paused());
            String next = robot.lookup("#next-event").<Label>query().getText();
            assertTrue(next.matches("Next at [0-9.]+ s, once the live run goes on"), next);
            send(new Command.EndLive());
            Lab quiet = Lab.empty("quiet").withLinks(List.of(LabLink.of("home", LabLink.Kind.WIRED, Optional.of(Prefix.parse("2001:db8:1::/64")))));
            fx(() -> window.document().adopt(quiet.withNodes(List.of(LabNode.of("h", LabNode.Role.HOST).withPorts(List.of(new LabNode.Port("home", Optional.empty()))))), Optional.empty()));
            await(s -> s.live().isEmpty() && s.lab().name().equals("quiet"));
            goLive(other);
            await(s -> s.nextAt() == Long.MAX_VALUE && s.running());
            assertEquals("Next is what comes from outside", robot.lookup("#next-event").<Label>query().getText());
        }
    }
}
