package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.editor.model.Selection;
import careof.engine.lab.Action;
import careof.engine.policy.Recommendation;
import java.util.List;
import java.util.Optional;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Switches, security tables and what belongs to them, by hand. */
class SecurityInTheWindowTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    @Test
    void aSwitchEditsTheLabAtTimeZeroAndActsInTheRunLater() {
        openSample("handover");
        robot.clickOn("#switch-F");
        await(s -> s.lab().policy().off().equals(List.of(Recommendation.F)) && s.atStart());
        fx(() -> window.undo());
        await(s -> s.lab().policy().off().isEmpty());

        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        fx(() -> window.editor().selectionProperty().set(Selection.node("cn")));
        settle();
        robot.clickOn("#switch-A");
        SessionState off = await(s -> s.inputs().inputs().size() == 1);
        assertEquals(new Action.SetPolicy(Optional.of("cn"), List.of(), List.of(Recommendation.A)), off.inputs().inputs().getFirst().action());
        until(() -> robot.lookup("#switch-A").query().getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("off")));

        // Before that moment it is on again; pressed there, the run forks.
        after(new Command.SeekTime(2 * SECOND), s -> s.clock() == 2 * SECOND);
        until(() -> robot.lookup("#switch-A").query().getPseudoClassStates().stream().noneMatch(p -> p.getPseudoClassName().equals("off")));
        robot.clickOn("#switch-A");
        SessionState fork = await(s -> s.runs().size() == 2);
        assertTrue(fork.inputs().inputs().getFirst().action() instanceof Action.SetPolicy);
    }
}
