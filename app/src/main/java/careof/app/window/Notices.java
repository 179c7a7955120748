package careof.app.window;

import atlantafx.base.theme.Styles;
import careof.app.session.Notice;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javafx.animation.FadeTransition;
import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.javafx.FontIcon;

/** Messages that lie over the window's corner and stop nobody; errors, and warnings that offer something, stay until closed or answered. */
final class Notices extends VBox {
    private static final int MOST = 4;
    private static final double WIDTH = 420;
    /** So long a message stays that is no error. */
    private static final Duration READ = Duration.seconds(6);
    /** So long one stays that offers something, when nothing is wrong. */
    private static final Duration TAKEN_UP = Duration.seconds(60);
    private final BooleanSupplier calm;

    /** What a message offers to do about it. */
    record Offer(String text, Runnable act) {}

    /** @param calm whether to appear without a fade */
    Notices(BooleanSupplier calm) {
        this.calm = calm;
        getStyleClass().add("notices");
        setPickOnBounds(false);
        setAlignment(Pos.BOTTOM_RIGHT);
        setMinWidth(WIDTH);
        setPrefWidth(WIDTH);
        setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
    }

    /** Shows a message, instead of one with the same title. */
    void show(Notice notice, Offer... offers) {
        dismiss(notice.title());
        if (getChildren().size() == MOST) {
            getChildren().removeFirst();
        }
        Label title = new Label(notice.title());
        title.getStyleClass().add("title");
        title.setWrapText(true);
        title.setMinHeight(USE_PREF_SIZE);
        VBox text = new VBox(3, title);
        if (!notice.detail().isEmpty()) {
            Label detail = new Label(notice.detail());
            detail.setWrapText(true);
            detail.setMinHeight(USE_PREF_SIZE);
            text.getChildren().add(detail);
        }
        Button close = new Button(null, new FontIcon("mdi2c-close"));
        close.getStyleClass().addAll(Styles.FLAT, Styles.SMALL, Styles.BUTTON_ICON);
        close.setAccessibleText("Close");
        HBox.setHgrow(text, Priority.ALWAYS);
        HBox box = new HBox(10, new FontIcon(switch (notice.level()) {
            case INFO -> "mdi2i-information-outline";
            case SUCCESS -> "mdi2c-check-circle-outline";
            case WARNING -> "mdi2a-alert-outline";
            case ERROR -> "mdi2a-alert-circle-outline";
        }), text, close);
        box.getStyleClass().addAll(Styles.ELEVATED_2, "notice", notice.level().name().toLowerCase(Locale.ROOT));
        box.setAccessibleRole(AccessibleRole.TEXT);
        box.setAccessibleText(notice.title() + ". " + notice.detail());
        box.setMinHeight(USE_PREF_SIZE);
        box.setUserData(notice);
        close.setOnAction(_ -> getChildren().remove(box));
        if (offers.length > 0) {
            HBox buttons = new HBox(6);
            buttons.getStyleClass().add("offers");
            for (Offer offer : offers) {
                Button button = new Button(offer.text());
                button.getStyleClass().add(Styles.SMALL);
                button.setOnAction(_ -> {
                    getChildren().remove(box);
                    offer.act().run();
                });
                buttons.getChildren().add(button);
            }
            text.getChildren().add(buttons);
        }
        getChildren().add(box);
        if (!calm.getAsBoolean()) {
            FadeTransition fade = new FadeTransition(Duration.millis(180), box);
            fade.setFromValue(0);
            fade.setToValue(1);
            fade.play();
        }
        if (notice.level() == Notice.Level.SUCCESS || notice.level() == Notice.Level.INFO || notice.level() == Notice.Level.WARNING && offers.length == 0) {
            PauseTransition leave = new PauseTransition(offers.length == 0 ? READ : TAKEN_UP);
            leave.setOnFinished(_ -> getChildren().remove(box));
            leave.play();
        }
    }

    /** Takes the messages with a title away: they are answered. */
    void dismiss(String title) {
        dismissIf(notice -> notice.title().equals(title));
    }

    /** Takes messages away that are answered. */
    void dismissIf(Predicate<Notice> answered) {
        getChildren().removeIf(box -> answered.test((Notice) box.getUserData()));
    }

    /** Takes all messages away. */
    void clear() {
        getChildren().clear();
    }

    /** The messages shown, oldest first. */
    List<Notice> shown() {
        return getChildren().stream().map(box -> (Notice) box.getUserData()).toList();
    }
}
