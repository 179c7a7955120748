package careof.app.window;

import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCombination;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * Something the user can do, from a menu, a button or the keyboard.
 *
 * @param text    as in the menu
 * @param key     its keys, as {@link KeyCombination#valueOf} reads them; empty: none
 * @param icon    Ikonli's name; empty: none
 * @param enabled whether it can be done now
 */
record Act(String text, String key, String icon, Runnable run, ObservableValue<Boolean> enabled) {
    Optional<KeyCombination> keys() {
        return key.isEmpty() ? Optional.empty() : Optional.of(KeyCombination.valueOf(key));
    }

    MenuItem menuItem() {
        MenuItem item = new MenuItem(text);
        keys().ifPresent(item::setAccelerator);
        if (!icon.isEmpty()) {
            item.setGraphic(new FontIcon(icon));
        }
        item.setOnAction(_ -> run.run());
        enabled.subscribe(can -> item.setDisable(!can));
        return item;
    }

    Button button() {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon", "tool");
        button.setFocusTraversable(true);
        button.setAccessibleText(text);
        Tooltip tip = new Tooltip(text + keys().map(k -> "  (" + k.getDisplayText() + ")").orElse(""));
        button.setTooltip(tip);
        button.setOnAction(_ -> run.run());
        enabled.subscribe(can -> button.setDisable(!can));
        return button;
    }
}
