package careof.app.policy;

import careof.app.policy.Switch.Position;
import careof.app.session.SessionState;
import careof.engine.policy.Recommendation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;

/** The 21 switches in a row: of the selected node, else of all nodes together. */
public final class PolicyBar extends HBox {
    private static final PseudoClass OFF = PseudoClass.getPseudoClass("off");
    private static final PseudoClass MIXED = PseudoClass.getPseudoClass("mixed");
    private static final PseudoClass DIFFERS = PseudoClass.getPseudoClass("differs");

    /** What a press of a switch asks for. */
    public interface Flip {
        /**
         * @param node where; empty: everywhere
         * @param on   how it is to stand
         */
        void flip(Optional<String> node, Recommendation letter, boolean on);
    }

    private final Flip flip;
    private final Label whose = new Label();
    private final Map<Recommendation, Chip> chips = new EnumMap<>(Recommendation.class);
    private Optional<String> node = Optional.empty();
    private SessionState state;

    public PolicyBar(Flip flip) {
        this.flip = flip;
        getStyleClass().add("policy-bar");
        setId("policy");
        setAlignment(Pos.CENTER_LEFT);
        Label title = new Label("Recommendations");
        title.getStyleClass().add("pane-subtitle");
        title.setMinWidth(0);
        whose.getStyleClass().add("whose");
        whose.setMinWidth(USE_PREF_SIZE);
        HBox row = new HBox();
        row.getStyleClass().add("chips");
        row.setMinWidth(USE_PREF_SIZE);
        for (Recommendation letter : Recommendation.values()) {
            Chip chip = new Chip(letter);
            chips.put(letter, chip);
            row.getChildren().add(chip.shown);
        }
        getChildren().addAll(title, whose, row);
        setDisable(true);
    }

    /** @param node whose switches to show; empty: those of all */
    public void select(Optional<String> node) {
        this.node = node;
        refresh();
    }

    public void show(SessionState state) {
        this.state = state;
        refresh();
    }

    private void refresh() {
        if (state == null) {
            return;
        }
        setDisable(state.lab().nodes().isEmpty());
        Optional<String> of = node.filter(n -> state.lab().node(n).isPresent());
        whose.setText(of.orElse("all nodes"));
        List<Switch> all = Switchboard.of(state, of);
        all.forEach(s -> chips.get(s.letter()).show(s, of, state.whyOnlyLook()));
    }

    private final class Chip {
        private final Button button;
        private final Tooltip tip = new Tooltip();
        /** The button in a box: a switch that cannot be pressed has a tip, too, and disabled controls have none. */
        private final Node shown;
        private Switch now;
        private Optional<String> of = Optional.empty();
        private Optional<String> why = Optional.empty();

        Chip(Recommendation letter) {
            button = new Button(letter.name());
            button.getStyleClass().setAll("button", "switch");
            button.setId("switch-" + letter.name());
            button.setAccessibleRole(AccessibleRole.TOGGLE_BUTTON);
            button.setOnAction(_ -> flip.flip(of, letter, now.position() != Position.ON));
            tip.setShowDelay(Duration.millis(300));
            tip.setMaxWidth(420);
            tip.setWrapText(true);
            StackPane box = new StackPane(button);
            Tooltip.install(box, tip);
            shown = box;
        }

        /** @param why it cannot be pressed; empty: it can */
        void show(Switch next, Optional<String> node, Optional<String> why) {
            of = node;
            if (next.equals(now) && why.equals(this.why)) {
                return;
            }
            now = next;
            this.why = why;
            button.setDisable(why.isPresent());
            button.pseudoClassStateChanged(OFF, next.position() == Position.OFF);
            button.pseudoClassStateChanged(MIXED, next.position() == Position.MIXED);
            button.pseudoClassStateChanged(DIFFERS, next.position() != Position.MIXED && !next.differing().isEmpty());
            button.setAccessibleText("Recommendation " + next.tip().replace('\n', ';'));
            tip.setText(next.tip() + why.map(reason -> "\n\nNot now. " + reason).orElse(""));
        }
    }
}
