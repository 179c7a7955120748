package careof.app.live;

import careof.app.session.RecordedRun;
import careof.app.session.SessionState;
import careof.engine.base.VirtualTime;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import org.kordamp.ikonli.javafx.FontIcon;

/** That the run shown was read from a file, what of it is missing, and what can be made of it. There only while one is shown. */
public final class RecordedBar extends FlowPane {
    private static final PseudoClass BAD = PseudoClass.getPseudoClass("bad");

    private final Label file = chip("recorded-file", "mdi2f-filmstrip");
    private final Label missing = chip("recorded-missing", "mdi2a-alert-outline");
    private final Label use = chip("recorded-use", "mdi2e-eye-outline");

    public RecordedBar() {
        getStyleClass().add("live-bar");
        setId("recorded-bar");
        getChildren().addAll(file, use);
        missing.setText("not whole");
        missing.pseudoClassStateChanged(BAD, true);
        show(null);
    }

    private static Label chip(String id, String icon) {
        Label chip = new Label("", new FontIcon(icon));
        chip.setId(id);
        chip.getStyleClass().add("chip");
        Tooltip tip = new Tooltip();
        tip.setMaxWidth(480);
        tip.setWrapText(true);
        chip.setTooltip(tip);
        return chip;
    }

    /** @param state null: nothing is shown yet */
    public void show(SessionState state) {
        Optional<SessionState.Recorded> recorded = state == null ? Optional.empty() : state.recorded();
        setVisible(recorded.isPresent());
        setManaged(recorded.isPresent());
        if (recorded.isEmpty()) {
            return;
        }
        RecordedRun run = recorded.get().run();
        Optional<String> why = recorded.get().why();
        say(file, "recorded: " + run.name(), "A recorded run, read from " + run.file() + ".");
        run.missing().ifPresent(what -> say(missing, missing.getText(), "What of the run is not in the file: " + what + ". It is here up to " + VirtualTime.seconds(run.now()) + " s."));
        say(use, why.isEmpty() ? "made again: can be forked" : run.hasSecrets() ? "only to be looked at" : "no secrets: only to be looked at",
                why.orElse("Made again with its secrets, it came out the same. An action makes a fork of it, which goes on without the machines outside."));
        ((FontIcon) use.getGraphic()).setIconLiteral(why.isEmpty() ? "mdi2s-source-fork" : "mdi2e-eye-outline");
        getChildren().remove(missing);
        if (run.missing().isPresent()) {
            getChildren().add(1, missing);
        }
    }

    private static void say(Label chip, String text, String tip) {
        if (!text.equals(chip.getText()) || !tip.equals(chip.getTooltip().getText())) {
            chip.setText(text);
            chip.getTooltip().setText(tip);
            chip.setAccessibleText(text + ". " + tip);
        }
    }
}
