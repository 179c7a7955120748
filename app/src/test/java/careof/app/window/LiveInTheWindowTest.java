package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.theme.Theme;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import javafx.scene.control.ComboBox;
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
}
