package careof.app.window;

import careof.app.session.Command;
import careof.app.session.Session;
import careof.app.session.SessionState;
import careof.app.session.StepKind;
import careof.engine.base.VirtualTime;
import java.util.List;
import javafx.css.PseudoClass;
import javafx.geometry.Orientation;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Separator;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** Run control: rewind, step, play, speed, and the time. */
final class RunBar extends HBox {
    private static final PseudoClass LIVE = PseudoClass.getPseudoClass("live");

    private final Label time = new Label();
    private final Label event = new Label();
    private final Slider slider = new Slider(Speeds.LEAST, Speeds.MOST, 0);
    private final Label speed = new Label("1×");
    private final ComboBox<StepKind> kind = new ComboBox<>();
    private final Button live;
    private final FontIcon playIcon = new FontIcon("mdi2p-play");
    private final Button play;
    private final String playHint;

    RunBar(Session session, Acts acts) {
        getStyleClass().add("run-bar");
        play = acts.play.button();
        playHint = play.getTooltip().getText();
        play.setGraphic(playIcon);
        play.setId("play");
        play.getStyleClass().addAll("accent", "play");
        play.getStyleClass().remove("flat");
        kind.getItems().setAll(StepKind.values());
        kind.setCellFactory(_ -> new KindCell());
        kind.setButtonCell(new KindCell());
        kind.setId("step-kind");
        kind.valueProperty().bindBidirectional(acts.stepKind);
        kind.setTooltip(new Tooltip("How far a step goes"));
        kind.getStyleClass().add("step-kind");
        Button back = acts.stepBack.button();
        back.setId("step-back");
        Button forward = acts.stepForward.button();
        forward.setId("step");
        Button rewind = acts.rewind.button();
        rewind.setId("rewind");
        Button head = acts.toHead.button();
        head.setId("head");
        Button until = acts.runUntil.button();
        live = acts.live.button();
        live.setId("live");
        slider.setId("speed");
        slider.setMinWidth(50);
        slider.setPrefWidth(110);
        slider.setBlockIncrement(0.5);
        slider.setTooltip(new Tooltip("Speed of virtual time; right end: as fast as possible"));
        slider.setAccessibleText("Speed");
        slider.getStyleClass().add("small");
        slider.valueProperty().subscribe(place -> {
            double factor = Speeds.factor(place.doubleValue());
            speed.setText(Speeds.text(factor));
            session.send(new Command.SetSpeed(factor));
        });
        speed.getStyleClass().add("speed");
        time.getStyleClass().add("clock");
        time.setId("clock");
        time.setMinWidth(USE_PREF_SIZE);
        event.getStyleClass().add("event-number");
        event.setMinWidth(0);
        getChildren().addAll(List.of(rewind, back, play, forward, head, kind, until, live, new Separator(Orientation.VERTICAL), slider, speed,
                new Separator(Orientation.VERTICAL), time, event));
        show(null);
    }

    /** Sets the speed as the slider would. */
    void setSpeed(double factor) {
        slider.setValue(Speeds.place(factor));
    }

    void show(SessionState state) {
        playIcon.setIconLiteral(state != null && state.running() ? "mdi2p-pause" : "mdi2p-play");
        String hint = state != null && state.goesOnWithoutCursor() ? "The lab goes on: follow it again  (F5)" : playHint;
        play.getTooltip().setText(hint);
        play.setAccessibleText(hint);
        boolean isLive = state != null && state.live().isPresent();
        live.pseudoClassStateChanged(LIVE, isLive);
        slider.setDisable(isLive);    // the clock on the wall has but one speed
        time.setText(VirtualTime.seconds(state == null ? 0 : state.clock()) + " s");
        event.setText(state == null ? "" : "#" + state.cursor());
    }

    private static final class KindCell extends ListCell<StepKind> {
        @Override
        protected void updateItem(StepKind kind, boolean empty) {
            super.updateItem(kind, empty);
            setText(empty || kind == null ? null : switch (kind) {
                case EVENT -> "event";
                case PACKET -> "packet";
                case SIGNALLING -> "signalling";
                case DROP -> "drop";
            });
        }
    }
}
