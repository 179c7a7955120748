package careof.app.experiment;

import careof.engine.experiment.Experiment;
import careof.engine.experiment.Experiment.Check;
import careof.engine.experiment.Experiment.Outcome;
import careof.engine.experiment.Experiment.Result;
import careof.engine.lab.Lab;
import careof.engine.metrics.Verdict;
import careof.engine.policy.Recommendation;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** One recommendation: what it says and claims, and what both runs showed. */
abstract class ExperimentCard extends VBox {
    private static final PseudoClass UNBUILT = PseudoClass.getPseudoClass("unbuilt");

    private final String key;
    private final Recommendation letter;
    private final Optional<Lab> lab;
    private final Button run = new Button("Run", new FontIcon("mdi2p-play"));
    private final ProgressBar progress = new ProgressBar();
    private final Button cancel = new Button(null, new FontIcon("mdi2c-close"));
    private final Label verdict = new Label();
    private final VBox outcomes = new VBox(6);
    private Optional<Result> result = Optional.empty();

    /**
     * @param key tells it from the others
     * @param lab with the experiment; empty: there is none
     */
    ExperimentCard(String key, Recommendation letter, Optional<Lab> lab) {
        super(6);
        this.key = key;
        this.letter = letter;
        this.lab = lab;
        getStyleClass().add("experiment-card");
        setId("experiment-" + key);
        setMinWidth(0);
        setMaxHeight(USE_PREF_SIZE);
        pseudoClassStateChanged(UNBUILT, lab.isEmpty());
        Label chip = new Label(letter.name());
        chip.getStyleClass().add("rule");
        chip.setMinWidth(Region.USE_PREF_SIZE);
        Label section = new Label((key.equals(ExperimentsPane.OWN) ? "this lab, " : "") + "draft section " + letter.section());
        section.getStyleClass().add("section");
        verdict.setVisible(false);
        verdict.setMinWidth(Region.USE_PREF_SIZE);
        HBox top = row(chip, section, space(), verdict);
        Label title = text(letter.title(), "experiment-title");
        String claim = lab.flatMap(Lab::experiment).map(x -> x.claim()).orElse("There is no lab for it.");
        run.getStyleClass().add("small");
        run.setId("run-" + key);
        run.setDisable(lab.isEmpty());
        run.setOnAction(_ -> run());
        progress.setPrefWidth(120);
        cancel.getStyleClass().addAll("flat", "button-icon", "small-tool");
        cancel.setAccessibleText("Stop");
        cancel.setOnAction(_ -> cancel());
        busy(false);
        getChildren().addAll(top, title, text(claim, "detail"));
        if (lab.isPresent()) {
            getChildren().addAll(row(run, progress, cancel), outcomes);
        }
    }

    abstract void run();

    abstract void cancel();

    abstract void sideBySide(Outcome outcome);

    abstract void open(Lab lab);

    Recommendation letter() {
        return letter;
    }

    Optional<Lab> lab() {
        return lab;
    }

    Optional<Result> result() {
        return result;
    }

    private void busy(boolean busy) {
        run.setDisable(busy || lab.isEmpty());
        for (Node part : new Node[] {progress, cancel}) {
            part.setVisible(busy);
            part.setManaged(busy);
        }
    }

    /** The experiment runs. */
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

    void show(Result found) {
        stopped();
        result = Optional.of(found);
        run.setText("Run again");
        verdict.setVisible(true);
        verdict.setText(found.holds() ? "holds" : "does not hold");
        verdict.getStyleClass().setAll("label", "tag", found.holds() ? "fine" : "bad");
        outcomes.getChildren().setAll(found.outcomes().stream().map(this::outcome).toList());
    }

    private Node outcome(Outcome outcome) {
        VBox checks = new VBox(3);
        outcome.checks().forEach(c -> checks.getChildren().add(check(c)));
        // What fails is to be seen at once; what the lab itself shows, too.
        boolean open = outcome.name().equals(Experiment.WHOLE) || !outcome.holds();
        checks.setVisible(open);
        checks.setManaged(open);
        Hyperlink name = new Hyperlink((outcome.holds() ? "✓ " : "✕ ") + (outcome.name().equals(Experiment.WHOLE) ? "Both runs" : outcome.name()));
        name.getStyleClass().addAll("outcome", outcome.holds() ? "fine" : "bad");
        name.setMinWidth(0);
        name.setWrapText(true);
        name.setMinHeight(Region.USE_PREF_SIZE);
        name.setOnAction(_ -> {
            name.setVisited(false);
            checks.setVisible(!checks.isVisible());
            checks.setManaged(checks.isVisible());
        });
        Hyperlink compare = link("side by side", () -> sideBySide(outcome));
        compare.setId("compare-" + key);
        return new VBox(2, row(name, space(), compare, link("open on", () -> open(outcome.on().lab())), link("open off", () -> open(outcome.off().lab()))), checks);
    }

    static Hyperlink link(String text, Runnable action) {
        Hyperlink link = new Hyperlink(text);
        link.getStyleClass().add("entry-link");
        link.setMinWidth(Region.USE_PREF_SIZE);
        link.setOnAction(_ -> {
            link.setVisited(false);
            action.run();
        });
        return link;
    }

    private static Node check(Check check) {
        VBox lines = new VBox(text((check.holds() ? "✓ " : "✕ ") + check.expected(), check.holds() ? "check" : "check-failed"));
        check.on().ifPresent(v -> lines.getChildren().add(seen("ON", v)));
        check.off().ifPresent(v -> lines.getChildren().add(seen("OFF", v)));
        return lines;
    }

    private static Node seen(String which, Verdict verdict) {
        Label label = new Label(which);
        label.getStyleClass().addAll("tag", which.equals("ON") ? "fine" : "bad");
        label.setMinWidth(36);
        HBox line = row(label, text(verdict.seen(), "detail"));
        line.getStyleClass().add("seen");
        return line;
    }

    static Label text(String words, String style) {
        Label label = new Label(words);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.setMinWidth(0);
        label.getStyleClass().add(style);
        return label;
    }

    static HBox row(Node... parts) {
        HBox row = new HBox(6, parts);
        row.getStyleClass().add("row");
        return row;
    }

    static Region space() {
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        return space;
    }
}
