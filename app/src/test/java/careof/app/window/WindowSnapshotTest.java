package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Command;
import careof.app.session.Runs;
import careof.app.theme.Theme;
import careof.editor.model.Selection;
import java.nio.file.Files;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** Pictures of the whole window in mid-handover, to look at: target/snapshots. */
class WindowSnapshotTest extends WindowTest {
    /** The second binding update to the correspondent is on its way, whose old binding still points to cell A. */
    private static final long AT = Runs.secondUpdate() + 5_000_000;

    @Start
    void start(Stage stage) {
        open(stage);
    }

    @Test
    void lightAndDark() throws Exception {
        openSample("handover");
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        after(new Command.UntilTime(5 * SECOND), s -> s.clock() == 5 * SECOND && !s.running());
        after(new Command.UntilTime(AT), s -> s.clock() == AT && !s.running());
        fx(() -> {
            var signalling = window.session().state().index().signalling();
            window.packets().selectEvent(signalling.get(signalling.size() - 1));
        });
        fx(() -> {
            var tree = window.inspector().tree();
            tree.getRoot().getChildren().getLast().getChildren().stream().filter(i -> i.getValue().name().startsWith("Sequence"))
                    .forEach(tree.getSelectionModel()::select);
        });
        assertTrue(Files.size(snapshot("window-light")) > 50_000);
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        assertTrue(Files.size(snapshot("window-dark")) > 50_000);
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.LIGHT));
        fx(() -> window.editor().selectionProperty().set(Selection.NONE));
        robot.clickOn("#view-ladder");
        after(new Command.UntilTime(20 * SECOND), s -> s.ended() && !s.running());
        until(() -> window.tables().items().stream().anyMatch(i -> i.table().equals("Expectations")));
        assertTrue(Files.size(snapshot("window-ladder")) > 50_000);
    }

    @Test
    void aBrokenFileOverTwoMobileNodes() throws Exception {
        openSample("mn-to-mn");
        after(new Command.UntilTime(8 * SECOND), s -> s.clock() == 8 * SECOND && !s.running());
        var broken = Files.writeString(folder.resolve("broken.json"), "{\n  \"careof\": 1,\n  \"nodes\": [ { \"name\": 7 } ]\n}\n");
        fx(() -> window.documents().open(broken));
        until(() -> window.notices().shown().size() == 1);
        assertTrue(Files.size(snapshot("window-notice")) > 50_000);
    }
}
