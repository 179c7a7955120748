package careof.app.window;

import atlantafx.base.controls.Notification;
import atlantafx.base.theme.Styles;
import careof.app.session.Notice;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.animation.FadeTransition;
import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.javafx.FontIcon;

/** Messages that lie over the window's corner and stop nobody; errors stay until closed. */
final class Notices extends VBox {
    private static final int MOST = 4;
    private final BooleanSupplier calm;

    /** What a message offers to do about it. */
    record Offer(String text, Runnable run) {}

    /** @param calm whether to appear without a fade */
    Notices(BooleanSupplier calm) {
        this.calm = calm;
        getStyleClass().add("notices");
        setPickOnBounds(false);
        setAlignment(Pos.BOTTOM_RIGHT);
        setFillWidth(false);
    }

    void show(Notice notice, Offer... offers) {
        if (getChildren().size() == MOST) {
            getChildren().removeFirst();
        }
        Notification box = new Notification(notice.detail().isEmpty() ? notice.title() : notice.title() + "\n" + notice.detail(),
                new FontIcon(switch (notice.level()) {
                    case INFO -> "mdi2i-information-outline";
                    case SUCCESS -> "mdi2c-check-circle-outline";
                    case WARNING -> "mdi2a-alert-outline";
                    case ERROR -> "mdi2a-alert-circle-outline";
                }));
        box.getStyleClass().addAll(Styles.ELEVATED_2, "notice", switch (notice.level()) {
            case INFO -> Styles.ACCENT;
            case SUCCESS -> Styles.SUCCESS;
            case WARNING -> Styles.WARNING;
            case ERROR -> Styles.DANGER;
        });
        box.setPrefWidth(380);
        box.setMaxWidth(380);
        box.setMinHeight(USE_PREF_SIZE);
        box.setOnClose(_ -> getChildren().remove(box));
        box.getPrimaryActions().setAll(List.of(offers).stream().map(offer -> {
            Button button = new Button(offer.text());
            button.getStyleClass().add(Styles.SMALL);
            button.setOnAction(_ -> {
                getChildren().remove(box);
                offer.run();
            });
            return button;
        }).toList());
        getChildren().add(box);
        if (!calm.getAsBoolean()) {
            FadeTransition fade = new FadeTransition(Duration.millis(180), box);
            fade.setFromValue(0);
            fade.setToValue(1);
            fade.play();
        }
        if (notice.level() != Notice.Level.ERROR && offers.length == 0) {
            PauseTransition leave = new PauseTransition(Duration.seconds(6));
            leave.setOnFinished(_ -> getChildren().remove(box));
            leave.play();
        }
    }

    /** Takes all messages away. */
    void clear() {
        getChildren().clear();
    }

    /** The messages shown, oldest first. */
    List<Node> shown() {
        return List.copyOf(getChildren());
    }
}
