package careof.editor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.geometry.Hit;
import careof.engine.lab.Lab;
import careof.engine.lab.LabChildIdentity;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import java.util.List;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Properties are written into cards, by robot. */
class CardsRobotTest extends WithEditor {
    @Start
    void start(Stage stage) {
        open(stage, Labs.handover(), 1100, 700);
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
}
