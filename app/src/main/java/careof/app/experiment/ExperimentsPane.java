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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** A card for each recommendation: what it claims, run it, what both runs showed, and the two side by side. In another view, the tables. */
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

    /** Stands for the open lab where others have the name of their file or their letter. */
    static final String OWN = "this-lab";

    private final Background background;
    private final Host host;
    private final View experiments = new View("Recommendations", "One lab, one seed, run twice: with a recommendation on and off.", Integer.MAX_VALUE);
    private final View comparisons = new View("Tables", "One lab, one seed: several variants of it beside each other, and what each of them costs.", 1);
    private final VBox page;
    private final ComparePane compare;
    private final Button runAll = new Button("Run all");
    private final Button report = new Button("Report…");
    private final Label summary = new Label();
    private final Map<Recommendation, Card> byLetter = new EnumMap<>(Recommendation.class);
    private final SequencedMap<String, Table> byName = new LinkedHashMap<>();
    private boolean loaded;
    /** Of the open lab, if it has an experiment or a comparison of its own. */
    private Optional<Card> ownCard = Optional.empty();
    private Optional<Table> ownTable = Optional.empty();

    public ExperimentsPane(Background background, Host host) {
        this.background = background;
        this.host = host;
        getStyleClass().add("experiments");
        Label title = new Label("Experiments");
        title.getStyleClass().add("pane-title");
        Label about = new Label();
        about.getStyleClass().add("pane-subtitle");
        about.setMinWidth(0);
        summary.setId("experiments-summary");
        summary.getStyleClass().add("pane-subtitle");
        summary.setMinWidth(Region.USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        runAll.setId("experiments-run-all");
        runAll.getStyleClass().addAll("small", "accent");
        runAll.setOnAction(_ -> {
            if (experiments.button.isSelected()) {
                cards().stream().filter(Card::canRun).forEach(Card::run);
            } else {
                tableCards().stream().filter(Table::canRun).forEach(Table::run);
            }
        });
        report.setId("experiments-report");
        report.getStyleClass().add("small");
        report.setDisable(true);
        report.setOnAction(_ -> host.export(results(), tables()));
        for (Button button : List.of(runAll, report)) {
            button.setMinWidth(Region.USE_PREF_SIZE);
        }
        HBox views = new HBox(experiments.button, comparisons.button);
        views.getStyleClass().add("views");
        views.setMinWidth(Region.USE_PREF_SIZE);
        title.setMinWidth(Region.USE_PREF_SIZE);
        HBox head = new HBox(8, title, views, about, space, summary, report, runAll);
        head.getStyleClass().add("pane-head");
        StackPane body = new StackPane(experiments.scroll, comparisons.scroll);
        ToggleGroup choice = new ToggleGroup();
        for (View view : List.of(experiments, comparisons)) {
            view.button.setToggleGroup(choice);
            view.button.selectedProperty().subscribe(shown -> {
                view.scroll.setVisible(shown);
                if (shown) {
                    about.setText(view.about);
                }
            });
        }
        experiments.button.setSelected(true);
        VBox.setVgrow(body, Priority.ALWAYS);
        page = new VBox(head, body);
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
            byLetter.put(letter, new Card(letter.name(), letter, lab));
        }
        showCards();
    }

    /** Shows a card for the experiment and one for the comparison of the lab that is open, before those that come with Careof. */
    public void showOwn(Lab lab) {
        boolean same = ownCard.flatMap(Card::lab).equals(lab.experiment().map(_ -> lab)) && ownTable.map(Table::lab).equals(lab.comparison().map(_ -> lab));
        if (same) {
            return;
        }
        ownCard.ifPresent(Card::cancel);
        ownTable.ifPresent(Table::cancel);
        ownCard = lab.experiment().map(experiment -> new Card(OWN, experiment.letter(), Optional.of(lab)));
        ownTable = lab.comparison().map(_ -> new Table(OWN, lab));
        showCards();
        changed();
    }

    private void showCards() {
        experiments.cards.show(cards());
        comparisons.cards.show(tableCards());
    }

    private List<Card> cards() {
        return Stream.concat(ownCard.stream(), byLetter.values().stream()).toList();
    }

    private List<Table> tableCards() {
        return Stream.concat(ownTable.stream(), byName.values().stream()).toList();
    }

    /** The tables that have come out so far. */
    public SequencedMap<String, Comparison.Result> tables() {
        SequencedMap<String, Comparison.Result> tables = new LinkedHashMap<>();
        tableCards().forEach(table -> table.result().ifPresent(result -> tables.put(table.name(), result)));
        return tables;
    }

    /** What has come out so far. */
    public List<Experiment.Result> results() {
        List<Experiment.Result> results = new ArrayList<>();
        cards().forEach(c -> c.result().ifPresent(results::add));
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

    /** One of the two kinds of cards, and the button that shows them. */
    private static final class View {
        private final String about;
        private final CardColumns cards;
        private final ToggleButton button;
        private final ScrollPane scroll;

        /** @param columns of cards at most */
        View(String name, String about, int columns) {
            this.about = about;
            cards = new CardColumns(columns);
            button = new ToggleButton(name);
            button.setId("experiments-" + name.toLowerCase(Locale.ROOT));
            // A click on the chosen one leaves it chosen.
            button.setOnAction(_ -> button.setSelected(true));
            scroll = new ScrollPane(cards);
            scroll.setFitToWidth(true);
            scroll.getStyleClass().add("edge-to-edge");
            scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        }
    }

    private final class Card extends ExperimentCard {
        private Optional<Background.Job> job = Optional.empty();

        Card(String key, Recommendation letter, Optional<Lab> lab) {
            super(key, letter, lab);
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
