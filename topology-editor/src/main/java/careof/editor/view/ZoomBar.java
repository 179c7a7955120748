package careof.editor.view;

import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** Smaller, size now, larger, all of it. */
public final class ZoomBar extends HBox {
    private final Board board;

    public ZoomBar(Board board) {
        this.board = board;
        getStyleClass().add("zoom-bar");
        setAlignment(Pos.CENTER);
        var percent = new Label();
        percent.getStyleClass().add("percent");
        percent.setAlignment(Pos.CENTER);
        board.viewportProperty().subscribe(v -> percent.setText(String.format(Locale.ROOT, "%d%%", Math.round(v.zoom() * 100))));
        getChildren().addAll(button("mdi2m-minus", "zoom-out", "Smaller (-)", () -> zoom(1 / 1.25)), percent,
                button("mdi2p-plus", "zoom-in", "Larger (+)", () -> zoom(1.25)),
                button("mdi2f-fit-to-page-outline", "zoom-fit", "Show everything (F)", board::fit));
    }

    /** Zooms around the middle of the view. */
    public void zoom(double factor) {
        board.viewportProperty().set(board.viewport().zoomedAt(board.getWidth() / 2, board.getHeight() / 2, board.viewport().zoom() * factor));
    }

    private static Button button(String icon, String id, String words, Runnable action) {
        var button = new Button(null, new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().add("zoom-button");
        button.setFocusTraversable(false);
        button.setAccessibleText(words);
        button.setTooltip(new Tooltip(words));
        button.setOnAction(_ -> action.run());
        return button;
    }
}
