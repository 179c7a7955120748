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
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * One comparison: what it claims in words, and the table beside it, or below it where the window is narrow; before it has run, the numbers that are
 * claimed.
 */
abstract class TableCard extends Pane {
    /** Of the words, pixels: beside the table, and at most: a line as long as it reads well. */
    private static final double WORDS = 316;
    private static final double MOST_WORDS = 640;
    private static final double BETWEEN = 20;
    private static final double BELOW = 8;
    /** Widest column of numbers, pixels; longer headings and cells are broken. */
    private static final double WIDEST = 124;
    /** Room for it, whether it shows or not, pixels. */
    private static final double SCROLL_BAR = 14;

    private final String name;
    private final Lab lab;
    private final Button run = new Button("Run", new FontIcon("mdi2p-play"));
    private final ProgressBar progress = new ProgressBar();
    private final Button cancel = new Button(null, new FontIcon("mdi2c-close"));
    private final Label verdict = new Label();
    private final VBox words = new VBox(6);
    private final VBox table = new VBox(6);
    private final List<List<String>> claims;
    private GridPane cells;
    private Optional<Comparison.Result> result = Optional.empty();

    /** @param lab has a comparison */
    TableCard(String name, Lab lab) {
        this.name = name;
        this.lab = lab;
        claims = ComparisonReport.claims(lab.comparison().orElseThrow()).rows();
        getStyleClass().add("experiment-card");
        setId("table-" + name);
        setMinWidth(0);
        setMaxHeight(USE_PREF_SIZE);
        Label chip = new Label(name.equals(ExperimentsPane.OWN) ? "this lab" : name);
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
        words.getChildren().setAll(row(chip, space(), verdict), text(lab.name(), "experiment-title"), text(lab.comparison().orElseThrow().claim(), "detail"),
                row(run, progress, cancel));
        cells = cells(claims);
        table.getChildren().setAll(text("What is claimed:", "detail"), wide(cells));
        getChildren().addAll(words, table);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefHeight(double width) {
        return place(width, false);
    }

    @Override
    protected void layoutChildren() {
        place(getWidth(), true);
    }

    /** Puts words and table beside or below each other; returns the height that they need. */
    private double place(double width, boolean move) {
        Insets around = getInsets();
        double inner = Math.max(0, width - around.getLeft() - around.getRight());
        boolean beside = inner >= WORDS + BETWEEN + cells.prefWidth(-1);
        double left = beside ? WORDS : Math.min(inner, MOST_WORDS);
        double right = beside ? inner - WORDS - BETWEEN : inner;
        double first = snapSizeY(words.prefHeight(left));
        double second = snapSizeY(table.prefHeight(right));
        double x = beside ? WORDS + BETWEEN : 0;
        double y = beside ? 0 : first + BELOW;
        if (move) {
            words.resizeRelocate(around.getLeft(), around.getTop(), left, first);
            table.resizeRelocate(around.getLeft() + x, around.getTop() + y, right, second);
        }
        return around.getTop() + Math.max(first, y + second) + around.getBottom();
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
        FlowPane links = new FlowPane(10, 2, text("open on the canvas:", "detail"));
        found.rows().forEach(one -> links.getChildren().add(link(one.variant().name(), () -> open(one.lab()))));
        cells = cells(ComparisonReport.sheet(found).rows());
        table.getChildren().setAll(text(ComparisonReport.checked(found), "detail"), wide(cells));
        ComparisonReport.failures(found).forEach(line -> table.getChildren().add(text("✕ " + line, "check-failed")));
        table.getChildren().add(links);
    }

    /** Scrolls sideways where the window is too narrow for it; upwards and downwards the page does. */
    private static ScrollPane wide(GridPane cells) {
        ScrollPane scroll = new ScrollPane(cells) {
            @Override
            protected double computePrefHeight(double width) {
                return snappedTopInset() + cells.prefHeight(cells.prefWidth(-1)) + SCROLL_BAR + snappedBottomInset();
            }
        };
        scroll.getStyleClass().add("edge-to-edge");
        scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setFitToHeight(true);
        scroll.setMinHeight(Region.USE_PREF_SIZE);
        return scroll;
    }

    private GridPane cells(List<List<String>> rows) {
        GridPane grid = new GridPane();
        grid.setId("cells-" + name);
        grid.setHgap(14);
        grid.setVgap(3);
        grid.setPadding(new Insets(0, 2, 0, 0));
        boolean came = rows != claims;
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < rows.get(i).size(); j++) {
                String words = rows.get(i).get(j);
                Label cell = new Label(words);
                cell.getStyleClass().add(words.endsWith("✗") ? "check-failed" : i == 0 || j == 0 ? "head" : came ? "check" : "detail");
                if (j > 0) {
                    cell.setWrapText(true);
                    cell.setMaxWidth(WIDEST);
                    cell.setAlignment(Pos.CENTER_RIGHT);
                    cell.setTextAlignment(TextAlignment.RIGHT);
                    cell.setMinHeight(Region.USE_PREF_SIZE);
                } else {
                    cell.setMinWidth(Region.USE_PREF_SIZE);
                }
                if (came && i > 0 && j > 0 && !claims.get(i).get(j).isEmpty()) {
                    cell.setTooltip(new Tooltip("claimed: " + claims.get(i).get(j)));
                }
                GridPane.setHalignment(cell, j == 0 ? HPos.LEFT : HPos.RIGHT);
                GridPane.setValignment(cell, i == 0 ? VPos.BOTTOM : VPos.TOP);
                grid.add(cell, j, i);
            }
        }
        return grid;
    }
}
