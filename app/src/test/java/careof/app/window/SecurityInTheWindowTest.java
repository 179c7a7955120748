package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.inspector.Trail;
import careof.app.session.Command;
import careof.app.session.SessionState;
import careof.app.tables.Item;
import careof.app.theme.Theme;
import careof.editor.model.Selection;
import careof.engine.decode.PacketSummary;
import careof.engine.lab.Action;
import careof.engine.policy.Recommendation;
import careof.engine.trace.InputLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
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
        fx(() -> window.edits().undo());
        await(s -> s.lab().policy().off().isEmpty());

        after(new Command.UntilTime(3 * SECOND), s -> s.clock() == 3 * SECOND && !s.running());
        fx(() -> window.editor().selectionProperty().set(Selection.node("cn")));
        settle();
        robot.clickOn("#switch-A");
        SessionState off = await(s -> s.inputs().inputs().size() == 1);
        assertEquals(new InputLog.Act(new Action.SetPolicy(Optional.of("cn"), List.of(), List.of(Recommendation.A))), off.inputs().inputs().getFirst().event());
        until(() -> robot.lookup("#switch-A").query().getPseudoClassStates().stream().anyMatch(p -> p.getPseudoClassName().equals("off")));

        // Before that moment it is on again; pressed there, the run forks.
        after(new Command.SeekTime(2 * SECOND), s -> s.clock() == 2 * SECOND);
        until(() -> robot.lookup("#switch-A").query().getPseudoClassStates().stream().noneMatch(p -> p.getPseudoClassName().equals("off")));
        robot.clickOn("#switch-A");
        SessionState fork = await(s -> s.runs().size() == 2);
        assertTrue(fork.inputs().inputs().getFirst().event() instanceof InputLog.Act(Action.SetPolicy _));
    }

    @Test
    void anExperimentRunsFromItsCardAndItsRunsStandSideBySide() throws Exception {
        robot.clickOn("#view-experiments");
        until(() -> robot.lookup("#run-A").tryQuery().isPresent());
        settle();
        snapshot("experiments-before");
        robot.clickOn("#run-A");
        until(() -> !window.experiments().results().isEmpty());
        settle();
        snapshot("experiments-light");
        assertEquals(Recommendation.A, fx(() -> window.experiments().results().getFirst().experiment().letter()));
        fx(() -> robot.lookup("#compare-A").<Hyperlink>query().fire());
        until(() -> window.experiments().comparison().isVisible());
        var rows = fx(() -> List.copyOf(window.experiments().comparison().rows()));
        assertTrue(rows.stream().anyMatch(r -> !r.same()));
        snapshot("experiments-side-by-side");
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        snapshot("experiments-side-by-side-dark");
        robot.clickOn("#compare-back");
        snapshot("experiments-dark");
        fx(() -> stage.setWidth(1024));
        settle();
        snapshot("experiments-1024");
    }

    @Test
    void protectionShowsInTablesOnTheCanvasAndInThePacketsFields() throws Exception {
        var lab = Samples.experiments().stream().map(Samples.Sample::lab).filter(l -> l.experiment().orElseThrow().letter() == Recommendation.F).findFirst().orElseThrow();
        fx(() -> window.document().adopt(lab.withExperiment(Optional.empty()), Optional.empty()));
        await(s -> !s.lab().nodes().isEmpty() && s.cursor() == s.start());
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        SessionState state = after(new Command.UntilTime(lab.until() / 2), s -> s.clock() == lab.until() / 2 && !s.running());
        assertTrue(!state.pairs().isEmpty());
        assertTrue(fx(() -> List.copyOf(window.tables().items())).stream().anyMatch(i -> i.table().equals("SA pairs")));
        until(() -> window.packets().rows().stream().anyMatch(r -> r.summary().wraps().contains(PacketSummary.Wrap.ESP) && !r.summary().shortName().equals("ESP")));
        Path profile = folder.resolve("profile");
        fx(() -> window.exports().profile(profile));
        until(() -> Files.exists(profile.resolve("preferences")) && !window.notices().shown().isEmpty());
        assertTrue(Files.readString(profile.resolve("esp_sa")).contains("AES"), Files.readString(profile.resolve("esp_sa")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(profile.resolve("esp_sa"))));
        fx(() -> window.notices().clear());
        long protectedFrame = fx(() -> window.packets().rows().stream().filter(r -> r.summary().wraps().contains(PacketSummary.Wrap.ESP)
                && !r.summary().shortName().equals("ESP")).reduce((_, last) -> last).orElseThrow().sent().id());
        fx(() -> window.packets().selectEvent(protectedFrame));
        until(() -> robot.lookup("#octets-tab-1").tryQuery().isPresent());
        snapshot("ipsec-light");
        var trail = robot.lookup("#trail").<Trail.Line>queryListView();
        until(() -> trail.getItems().stream().anyMatch(line -> line.entry().startsWith("sa ")));
        fx(() -> trail.scrollTo(trail.getItems().stream().filter(line -> line.entry().startsWith("sa ")).findFirst().orElseThrow()));
        until(() -> robot.lookup(".entry-link").queryAllAs(Hyperlink.class).stream().anyMatch(l -> l.isVisible() && l.getText().startsWith("sa ")));
        fx(() -> robot.lookup(".entry-link").queryAllAs(Hyperlink.class).stream().filter(l -> l.isVisible() && l.getText().startsWith("sa ")).findFirst().orElseThrow().fire());
        settle();
        Item.Entry row = (Item.Entry) fx(() -> robot.lookup("#tables").queryListView().getSelectionModel().getSelectedItem());
        assertEquals("Security associations", row.table());
        assertTrue(!row.secrets().isEmpty());
        until(() -> robot.lookup(".secret").queryAllAs(Label.class).stream().anyMatch(l -> l.getText().startsWith("••")));
        snapshot("ipsec-tables");
        // The first eye is that of the row, which stands on top.
        fx(() -> robot.lookup(".tables-cell .small-tool").queryAllAs(Button.class).stream().filter(b -> "Show the keys".equals(b.getAccessibleText())).findFirst()
                .orElseThrow().fire());
        until(() -> robot.lookup(".secret").queryAllAs(Label.class).stream().anyMatch(l -> l.getText().matches("[0-9a-f]{32,}")));
        robot.clickOn("#octets-tab-1");
        var clear = fx(() -> window.inspector().octets().shown());
        assertTrue(clear.length() > 0);
        robot.clickOn("#view-daemons");
        settle();
        assertTrue(!robot.lookup("#filter").query().isVisible());
        assertTrue(robot.lookup(".packets > .pane-head > .pane-subtitle").<Label>query().getText().equals(window.controls().events().size() + " messages"));
        fx(() -> window.controls().list().getSelectionModel().select(3));
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        fx(() -> window.editor().selectionProperty().set(Selection.node("mn")));
        snapshot("ipsec-dark");
        assertTrue(!fx(() -> List.copyOf(window.controls().events())).isEmpty());
    }
}
