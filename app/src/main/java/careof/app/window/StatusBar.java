package careof.app.window;

import careof.app.inspector.EventText;
import careof.app.session.Background;
import careof.app.session.SessionState;
import careof.engine.base.VirtualTime;
import careof.engine.lab.LabProblem;
import careof.engine.trace.TraceEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** What comes next, how fast it goes, and what is wrong. */
final class StatusBar extends HBox {
    private final Label next = new Label();
    private final Label rate = new Label();
    private final Label events = new Label();
    private final JobBar jobs = new JobBar();
    private final Button problems = new Button();
    /** What takes long, in the order in which it began. */
    private final SequencedMap<Background.Job, Watched> watched = new LinkedHashMap<>();
    /** Of the run itself, before which nothing else is told. */
    private Optional<SessionState.Progress> progress = Optional.empty();

    private record Watched(String what, Runnable cancelled) {}

    /** @param showProblems called when the user wants to read them */
    StatusBar(Runnable showProblems) {
        getStyleClass().add("status-bar");
        next.setMinWidth(0);
        next.setId("next-event");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox.setHgrow(next, Priority.SOMETIMES);
        problems.getStyleClass().addAll("flat", "small", "problems");
        problems.setId("problems");
        problems.setOnAction(_ -> showProblems.run());
        for (Label label : List.of(rate, events)) {
            label.setMinWidth(USE_PREF_SIZE);
        }
        getChildren().addAll(next, space, jobs, rate, events, problems);
        show(List.of());
    }

    void show(SessionState state) {
        boolean nothing = state.nextAt() == Long.MAX_VALUE;
        String at = nothing ? "" : " at " + VirtualTime.seconds(state.nextAt()) + " s";
        Optional<TraceEvent> after = state.cursor() < state.head() ? state.trace().find(state.cursor() + 1) : Optional.empty();
        if (after.isPresent()) {
            TraceEvent event = after.get();
            next.setText("Next: #" + event.id() + at + (event.node().isEmpty() ? "  " : "  " + event.node() + ": ") + EventText.of(event));
        } else if (state.lab().nodes().isEmpty()) {
            next.setText("Nothing to run yet");
        } else if (state.ended() && (state.recorded().isPresent() || !state.canFork())) {
            next.setText(state.recorded().isPresent() ? "The recording ends here" : "The live run has ended");
        } else if (state.live().isPresent()) {
            next.setText((nothing ? "Next is what comes from outside" : "Next" + at) + (state.live().get().paused() ? ", once the live run goes on" : ""));
        } else if (state.ended() || state.nextAt() > state.lab().until()) {
            next.setText("The run has reached the lab's end at " + VirtualTime.format(state.lab().until()));
        } else {
            next.setText(state.running() ? "Next" + at : "Next" + at + ", not computed yet: step or play");
        }
        rate.setText(state.running() && state.rate() > 0 ? String.format(Locale.ROOT, "%,.0f events/s", state.rate()) : "");
        long gone = state.trace().first() - 1;
        events.setText(String.format(Locale.ROOT, "%,d of %,d events", state.cursor(), state.head()) + (gone == 0 ? "" : String.format(Locale.ROOT, ", the first %,d kept no longer", gone)));
        progress = state.progress();
        showWork();
    }

    /** Shows how far work has come until it ends, with a button that ends it. */
    void watch(String what, Background.Job work) {
        watch(what, work, () -> { });
    }

    /** @param cancelled called when the user ends it */
    void watch(String what, Background.Job work, Runnable cancelled) {
        watched.put(work, new Watched(what, cancelled));
        work.progressProperty().subscribe(_ -> showWork());
        work.setOnEnd(() -> {
            watched.remove(work);
            showWork();
        });
    }

    private void showWork() {
        if (progress.isPresent()) {
            jobs.show(progress.get().what(), progress.get().fraction(), Optional.empty());
        } else if (watched.isEmpty()) {
            jobs.show("", -1, Optional.empty());
        } else {
            Background.Job work = watched.lastEntry().getKey();
            Watched it = watched.lastEntry().getValue();
            jobs.show(it.what(), work.progressProperty().get(), Optional.of(() -> {
                work.cancel();
                it.cancelled().run();
            }));
        }
    }

    void show(List<LabProblem> found) {
        long errors = found.stream().filter(LabProblem::isError).count();
        problems.setText(found.isEmpty() ? "No problems" : errors > 0 ? count(errors, "problem") : count(found.size(), "hint"));
        problems.pseudoClassStateChanged(PseudoClass.getPseudoClass("bad"), errors > 0);
        problems.setDisable(found.isEmpty());
        problems.setTooltip(found.isEmpty() ? null
                : new Tooltip(found.stream().limit(12).map(LabProblem::toString).collect(Collectors.joining("\n"))));
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
