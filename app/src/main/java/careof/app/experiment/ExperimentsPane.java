package careof.app.experiment;

import careof.app.Samples;
import careof.app.session.Background;
import careof.engine.experiment.Comparison;
import careof.engine.experiment.Experiment;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** A card for each recommendation: what it claims, run it, what both runs showed, and the two side by side. */
public final class ExperimentsPane extends StackPane {
    /** What the page asks of the window. */
    public interface Host {
        /** Opens a lab on the canvas. */
        void open(Lab lab);

        /** Writes a report of results to a file that the user chooses. */
        void export(List<Experiment.Result> results, SequencedMap<String, Comparison.Result> tables);

        /** Says that something went wrong. */
        void complain(String what, Exception why);
    }

    private final Background background;
    private final Host host;
    private final CardColumns cards = new CardColumns();
    private final VBox page;
    private final ComparePane compare;
    private final Button runAll = new Button("Run all");
    private final Button report = new Button("Report…");
    private final Label summary = new Label();
    private final Map<Recommendation, Card> byLetter = new EnumMap<>(Recommendation.class);
    private final SequencedMap<String, Table> byName = new LinkedHashMap<>();
    private boolean loaded;

    public ExperimentsPane(Background background, Host host) {
        this.background = background;
        this.host = host;
        getStyleClass().add("experiments");
        Label title = new Label("Experiments");
        title.getStyleClass().add("pane-title");
        Label about = new Label("One lab, one seed, run twice: with a recommendation on and off. At the end, tables of several variants.");
        about.getStyleClass().add("pane-subtitle");
        about.setMinWidth(0);
        summary.getStyleClass().add("pane-subtitle");
        summary.setMinWidth(Region.USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        runAll.setId("experiments-run-all");
        runAll.getStyleClass().addAll("small", "accent");
        runAll.setOnAction(_ -> {
            byLetter.values().stream().filter(Card::canRun).forEach(Card::run);
            byName.values().stream().filter(Table::canRun).forEach(Table::run);
        });
        report.setId("experiments-report");
        report.getStyleClass().add("small");
        report.setDisable(true);
        report.setOnAction(_ -> host.export(results(), tables()));
        for (Button button : List.of(runAll, report)) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox head = new HBox(8, title, about, space, summary, report, runAll);
        head.getStyleClass().add("pane-head");
        ScrollPane scroll = new ScrollPane(cards);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("edge-to-edge");
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.widthProperty().subscribe(w -> cards.fit(w.doubleValue()));
        VBox.setVgrow(scroll, Priority.ALWAYS);
        page = new VBox(head, scroll);
        compare = new ComparePane(() -> turnTo(false));
        getChildren().addAll(page, compare);
        turnTo(false);
        setVisible(false);
        visibleProperty().subscribe(shown -> {
            if (shown && !loaded) {
                loaded = true;
                load();
            }
        });
    }

    private void turnTo(boolean comparing) {
        page.setVisible(!comparing);
        compare.setVisible(comparing);
    }

    /** Reads the labs once the page is looked at. */
    private void load() {
        background.run(_ -> new Labs(), this::show, e -> host.complain("The experiments cannot be read", e));
    }

    /** The labs that come with Careof; tables by name. */
    private record Labs(List<Lab> experiments, SequencedMap<String, Lab> comparisons) {
        Labs() {
            this(Samples.experiments().stream().map(Samples.Sample::lab).toList(), new LinkedHashMap<>());
            Samples.comparisons().forEach(sample -> comparisons.put(sample.shortName(), sample.lab()));
        }
    }

    /** Shows a card for each recommendation, with a lab where there is one, and one for each table. */
    private void show(Labs all) {
        List<Lab> labs = all.experiments;
        byLetter.clear();
        byName.clear();
        all.comparisons.forEach((name, lab) -> byName.put(name, new Table(name, lab)));
        for (Recommendation letter : Recommendation.values()) {
            Optional<Lab> lab = labs.stream().filter(l -> l.experiment().filter(x -> x.letter() == letter).isPresent()).findFirst();
            Card card = new Card(letter, lab);
            byLetter.put(letter, card);
        }
        List<Node> shown = new ArrayList<>(byLetter.values());
        shown.addAll(byName.values());
        cards.show(shown);
    }

    /** The tables that have come out so far. */
    public SequencedMap<String, Comparison.Result> tables() {
        SequencedMap<String, Comparison.Result> tables = new LinkedHashMap<>();
        byName.forEach((name, table) -> table.result().ifPresent(result -> tables.put(name, result)));
        return tables;
    }

    /** What has come out so far. */
    public List<Experiment.Result> results() {
        List<Experiment.Result> results = new ArrayList<>();
        byLetter.values().forEach(c -> c.result().ifPresent(results::add));
        return results;
    }

    /** The two runs side by side. */
    public ComparePane comparison() {
        return compare;
    }

    private void changed() {
        List<Experiment.Result> results = results();
        SequencedMap<String, Comparison.Result> tables = tables();
        int count = results.size() + tables.size();
        report.setDisable(count == 0);
        long hold = results.stream().filter(Experiment.Result::holds).count() + tables.values().stream().filter(Comparison.Result::holds).count();
        summary.setText(count == 0 ? "" : hold + " of " + count + " hold");
    }

    private final class Card extends ExperimentCard {
        private Optional<Background.Job> job = Optional.empty();

        Card(Recommendation letter, Optional<Lab> lab) {
            super(letter, lab);
        }

        boolean canRun() {
            return lab().isPresent() && job.isEmpty();
        }

        @Override
        void run() {
            Lab wanted = lab().orElseThrow();
            running();
            Background.Job started = background.run(j -> Experiment.run(wanted, (done, total) -> {
                j.progress((double) done / Math.max(1, total));
                return !j.isCancelled();
            }), found -> {
                job = Optional.empty();
                show(found);
                changed();
            }, e -> {
                job = Optional.empty();
                stopped();
                host.complain("Experiment " + letter() + " could not run", e);
            });
            job = Optional.of(started);
            watch(started.progressProperty());
        }

        @Override
        void cancel() {
            job.ifPresent(Background.Job::cancel);
            job = Optional.empty();
            stopped();
        }

        @Override
        void sideBySide(Experiment.Outcome outcome) {
            background.run(j -> SideBySide.of(outcome.on().trace(), outcome.off().trace(), j::isCancelled), both -> {
                compare.show(letter() + "  " + letter().title() + (outcome.name().isEmpty() ? "" : ": " + outcome.name()), both);
                turnTo(true);
            }, e -> host.complain("The two runs cannot be shown", e));
        }

        @Override
        void open(Lab lab) {
            host.open(lab);
        }
    }

    private final class Table extends TableCard {
        private Optional<Background.Job> job = Optional.empty();

        Table(String name, Lab lab) {
            super(name, lab);
        }

        boolean canRun() {
            return job.isEmpty();
        }

        @Override
        void run() {
            running();
            Background.Job started = background.run(j -> Comparison.run(lab(), (done, total) -> {
                j.progress((double) done / Math.max(1, total));
                return !j.isCancelled();
            }), found -> {
                job = Optional.empty();
                show(found);
                changed();
            }, e -> {
                job = Optional.empty();
                stopped();
                host.complain("The table " + name() + " could not be made", e);
            });
            job = Optional.of(started);
            watch(started.progressProperty());
        }

        @Override
        void cancel() {
            job.ifPresent(Background.Job::cancel);
            job = Optional.empty();
            stopped();
        }

        @Override
        void open(Lab lab) {
            host.open(lab);
        }
    }
}
