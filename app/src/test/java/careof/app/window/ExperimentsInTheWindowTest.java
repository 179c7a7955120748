package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.theme.Theme;
import careof.engine.experiment.Comparison;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.Setting;
import careof.engine.policy.Recommendation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.GridPane;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** The page of experiments: all of its cards can be reached, and tables come out. */
class ExperimentsInTheWindowTest extends WindowTest {
    @Start
    void start(Stage stage) {
        open(stage);
    }

    private Lab comparison(String name) {
        return Samples.comparisons().stream().filter(sample -> sample.shortName().equals(name)).findFirst().orElseThrow().lab();
    }

    private List<Label> cells(String table) {
        return fx(() -> robot.lookup("#cells-" + table + " .label").queryAllAs(Label.class).stream().toList());
    }

    private void turnToTables() {
        robot.clickOn("#view-experiments");
        robot.clickOn("#experiments-tables");
        until(() -> robot.lookup("#run-simultaneous").tryQuery().isPresent());
        settle();
    }

    @Test
    void everyCardIsReachedByScrolling() {
        robot.clickOn("#view-experiments");
        until(() -> robot.lookup("#experiment-R").tryQuery().isPresent());
        settle();
        for (double width : List.of(1280.0, 1024.0)) {
            fx(() -> stage.setWidth(width));
            settle();
            Set<Node> cards = fx(() -> Set.copyOf(robot.lookup(".experiment-card").queryAll().stream().filter(card -> card.getId().startsWith("experiment-")).toList()));
            assertEquals(21, cards.size());
            Node page = cards.iterator().next().getParent();
            double end = fx(() -> cards.stream().mapToDouble(card -> card.getBoundsInParent().getMaxY()).max().orElseThrow());
            assertTrue(fx(() -> page.getLayoutBounds().getHeight()) >= end, width + " pixels wide, the last card ends at " + end);
            // None lies on another one.
            Set<Double> columns = new TreeSet<>();
            cards.forEach(card -> columns.add(fx(card::getLayoutX)));
            for (double column : columns) {
                List<Bounds> below = fx(() -> cards.stream().filter(card -> card.getLayoutX() == column).map(Node::getBoundsInParent)
                        .sorted((a, b) -> Double.compare(a.getMinY(), b.getMinY())).toList());
                for (int i = 1; i < below.size(); i++) {
                    assertTrue(below.get(i).getMinY() >= below.get(i - 1).getMaxY(), below.toString());
                }
            }
        }
    }

    @Test
    void aTableShowsWhatIsClaimedAndThenWhatCameOut() throws Exception {
        turnToTables();
        assertEquals(Samples.comparisons().size(), (int) robot.lookup(".experiment-card").queryAll().stream().filter(card -> card.getId().startsWith("table-")).count());
        assertTrue(cells("simultaneous").stream().anyMatch(cell -> cell.getText().equals("≤ 6")), "claimed of what is lost");
        snapshot("tables-before");
        fx(() -> robot.lookup("#run-simultaneous").<Button>query().fire());
        until(() -> window.experiments().tables().containsKey("simultaneous"));
        settle();
        Comparison.Result result = fx(() -> window.experiments().tables().get("simultaneous"));
        assertTrue(result.holds());
        assertEquals("holds", fx(() -> robot.lookup("#table-simultaneous .tag").<Label>query().getText()));
        assertTrue(cells("simultaneous").stream().anyMatch(cell -> cell.getText().equals("outage of m2")));
        assertEquals(3 * 5, cells("simultaneous").stream().filter(cell -> cell.getStyleClass().contains("check")).count());
        assertEquals("1 of 1 hold", fx(() -> robot.lookup("#experiments-summary").<Label>query().getText()));
        show("simultaneous");
        snapshot("tables-light");
        // Numbers stand below each other at their ends.
        Label heading = cells("simultaneous").stream().filter(cell -> cell.getText().equals("one alone")).findFirst().orElseThrow();
        Label octets = cells("simultaneous").stream().filter(cell -> cell.getText().equals("84")).findFirst().orElseThrow();
        assertEquals(fx(() -> heading.lookup(".text").localToScene(heading.lookup(".text").getBoundsInLocal()).getMaxX()),
                fx(() -> octets.lookup(".text").localToScene(octets.lookup(".text").getBoundsInLocal()).getMaxX()), 1.5);

        Path report = folder.resolve("report.html");
        fx(() -> window.exports().report(report, window.experiments().results(), window.experiments().tables()));
        until(() -> Files.exists(report));
        assertTrue(Files.readString(report).contains("outage of m2"));
        // A variant opens on the canvas, with what is measured of it as expectations.
        fx(() -> robot.lookup("#table-simultaneous .entry-link").queryAllAs(Hyperlink.class).stream().filter(link -> link.getText().equals("both at once")).findFirst().orElseThrow()
                .fire());
        Lab opened = await(s -> s.lab().nodes().size() == 7).lab();
        assertEquals(result.rows().getLast().lab(), opened);
    }

    @Test
    void theExperimentOfTheOpenLabHasACardAsLongAsTheLabIsOpen() {
        robot.clickOn("#view-experiments");
        until(() -> robot.lookup("#experiment-R").tryQuery().isPresent());
        Lab own = Samples.experiments().stream().map(Samples.Sample::lab).filter(lab -> lab.experiment().orElseThrow().letter() == Recommendation.A).findFirst().orElseThrow();
        fx(() -> window.document().adopt(own, Optional.empty()));
        until(() -> robot.lookup("#experiment-this-lab").tryQuery().isPresent());
        fx(() -> robot.lookup("#run-this-lab").<Button>query().fire());
        until(() -> !window.experiments().results().isEmpty());
        settle();
        assertEquals("holds", fx(() -> robot.lookup("#experiment-this-lab .tag").<Label>query().getText()));
        openSample("handover");
        until(() -> robot.lookup("#experiment-this-lab").tryQuery().isEmpty());
        assertTrue(fx(() -> window.experiments().results()).isEmpty(), "what it showed is of a lab that is no more");
    }

    /** With headings and numbers of several lines, too; else a wheel turned over it would scroll the table and not the page. */
    @Test
    void aTableIsAsHighAsItsRows() {
        turnToTables();
        for (Node card : robot.lookup(".experiment-card").queryAll().stream().filter(one -> one.getId().startsWith("table-")).toList()) {
            ScrollPane scroll = fx(() -> (ScrollPane) card.lookup(".scroll-pane"));
            GridPane cells = fx(() -> (GridPane) scroll.getContent());
            double needed = fx(() -> cells.getChildren().stream().mapToDouble(cell -> cell.getBoundsInParent().getMaxY()).max().orElseThrow());
            assertTrue(fx(() -> scroll.getViewportBounds().getHeight()) >= needed, card.getId() + " needs " + needed);
            assertTrue(fx(() -> scroll.getViewportBounds().getHeight() >= cells.getHeight()), card.getId());
            cells.getChildren().forEach(cell -> {
                Label label = (Label) cell;
                assertTrue(fx(() -> label.getHeight() >= label.prefHeight(label.getWidth())), label.getText());
            });
        }
    }

    /** Of the variant "one alone" an outage is claimed that is too short. */
    private Lab wrong() throws LabException {
        return LabJson.read("wrong", LabJson.write(comparison("simultaneous")), List.of(new Setting("/comparison/variants/0/values/outage of m2", "{ \"atMost\": \"1ms\" }")));
    }

    @Test
    void whatIsClaimedAndNotSoIsRed() throws Exception {
        Lab wrong = wrong();
        turnToTables();
        fx(() -> window.document().adopt(wrong, Optional.empty()));
        until(() -> robot.lookup("#run-this-lab").tryQuery().isPresent());
        settle();
        fx(() -> robot.lookup("#run-this-lab").<Button>query().fire());
        until(() -> window.experiments().tables().containsKey("this-lab"));
        settle();
        Label verdict = fx(() -> robot.lookup("#table-this-lab .tag").<Label>query());
        assertEquals("does not hold", verdict.getText());
        assertTrue(verdict.getStyleClass().contains("bad"));
        List<Label> failed = cells("this-lab").stream().filter(cell -> cell.getStyleClass().contains("check-failed")).toList();
        assertEquals(1, failed.size());
        assertEquals("claimed: ≤ 1ms", failed.getFirst().getTooltip().getText());
        assertTrue(failed.getFirst().getText().matches("34\\.\\d+ms ✗"), failed.getFirst().getText());
        assertTrue(robot.lookup("#table-this-lab .check-failed").queryAllAs(Label.class).stream().anyMatch(line -> line.getText().startsWith("✕ one alone: ")));
        show("this-lab");
        snapshot("tables-failed-light");
        fx(() -> window.theme().choiceProperty().set(Theme.Choice.DARK));
        settle();
        snapshot("tables-failed-dark");
        fx(() -> stage.setWidth(1024));
        settle();
        show("this-lab");
        snapshot("tables-1024");
    }

    /** Scrolls to a card. */
    private void show(String table) {
        fx(() -> {
            Node card = robot.lookup("#table-" + table).query();
            ScrollPane scroll = (ScrollPane) robot.lookup(".experiments .scroll-pane").queryAll().stream()
                    .filter(pane -> pane instanceof ScrollPane one && one.getContent() == card.getParent()).findFirst().orElseThrow();
            double spare = scroll.getContent().getLayoutBounds().getHeight() - scroll.getViewportBounds().getHeight();
            scroll.setVvalue(spare <= 0 ? 0 : Math.min(1, (card.getBoundsInParent().getMinY() - 10) / spare));
        });
        settle();
    }
}
