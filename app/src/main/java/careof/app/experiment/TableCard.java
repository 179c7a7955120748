package careof.app.experiment;

import static careof.app.experiment.ExperimentCard.link;
import static careof.app.experiment.ExperimentCard.row;
import static careof.app.experiment.ExperimentCard.space;
import static careof.app.experiment.ExperimentCard.text;

import careof.app.cli.ComparisonReport;
import careof.engine.experiment.Comparison;
import careof.engine.lab.Lab;
import java.util.List;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** One comparison: what it claims, and its table. */
abstract class TableCard extends VBox {
    private final String name;
    private final Lab lab;
    private final Button run = new Button("Run", new FontIcon("mdi2p-play"));
    private final ProgressBar progress = new ProgressBar();
    private final Button cancel = new Button(null, new FontIcon("mdi2c-close"));
    private final Label verdict = new Label();
    private final VBox table = new VBox(6);
    private Optional<Comparison.Result> result = Optional.empty();

    /** @param lab has a comparison */
    TableCard(String name, Lab lab) {
        super(6);
        this.name = name;
        this.lab = lab;
        getStyleClass().add("experiment-card");
        setId("table-" + name);
        setMinWidth(0);
        setMaxHeight(USE_PREF_SIZE);
        Label chip = new Label(name);
        chip.getStyleClass().add("rule");
        chip.setMinWidth(Region.USE_PREF_SIZE);
        verdict.setVisible(false);
        verdict.setMinWidth(Region.USE_PREF_SIZE);
        run.getStyleClass().add("small");
        run.setId("run-" + name);
        run.setOnAction(_ -> run());
        progress.setPrefWidth(120);
        cancel.getStyleClass().addAll("flat", "button-icon", "small-tool");
        cancel.setAccessibleText("Stop");
        cancel.setOnAction(_ -> cancel());
        busy(false);
        getChildren().addAll(row(chip, space(), verdict), text(lab.name(), "experiment-title"), text(lab.comparison().orElseThrow().claim(), "detail"),
                row(run, progress, cancel), table);
    }

    abstract void run();

    abstract void cancel();

    abstract void open(Lab lab);

    String name() {
        return name;
    }

    Lab lab() {
        return lab;
    }

    Optional<Comparison.Result> result() {
        return result;
    }

    private void busy(boolean busy) {
        run.setDisable(busy);
        for (Node part : new Node[] {progress, cancel}) {
            part.setVisible(busy);
            part.setManaged(busy);
        }
    }

    /** The variants run. */
    void running() {
        busy(true);
        verdict.setVisible(false);
    }

    void watch(ObservableValue<? extends Number> fraction) {
        progress.progressProperty().bind(fraction);
    }

    /** It ended without a result. */
    void stopped() {
        progress.progressProperty().unbind();
        busy(false);
    }

    void show(Comparison.Result found) {
        stopped();
        result = Optional.of(found);
        run.setText("Run again");
        verdict.setVisible(true);
        verdict.setText(found.holds() ? "holds" : "does not hold");
        verdict.getStyleClass().setAll("label", "tag", found.holds() ? "fine" : "bad");
        ScrollPane scroll = new ScrollPane(grid(ComparisonReport.sheet(found).rows()));
        scroll.getStyleClass().add("edge-to-edge");
        scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinHeight(Region.USE_PREF_SIZE);
        FlowPane links = new FlowPane(10, 2, text("open", "detail"));
        found.rows().forEach(one -> links.getChildren().add(link(one.variant().name(), () -> open(one.lab()))));
        table.getChildren().setAll(scroll);
        ComparisonReport.failures(found).forEach(line -> table.getChildren().add(text("✕ " + line, "check-failed")));
        table.getChildren().add(links);
    }

    private GridPane grid(List<List<String>> rows) {
        GridPane grid = new GridPane();
        grid.setId("cells-" + name);
        grid.setHgap(12);
        grid.setVgap(3);
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < rows.get(i).size(); j++) {
                String words = rows.get(i).get(j);
                Label cell = new Label(words);
                cell.setMinWidth(Region.USE_PREF_SIZE);
                cell.getStyleClass().add(words.endsWith("✗") ? "check-failed" : i == 0 || j == 0 ? "detail" : "check");
                GridPane.setHalignment(cell, j == 0 ? HPos.LEFT : HPos.RIGHT);
                grid.add(cell, j, i);
            }
        }
        return grid;
    }
}
