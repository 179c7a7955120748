package careof.app.experiment;

import careof.app.experiment.SideBySide.Cell;
import careof.app.experiment.SideBySide.Row;
import careof.app.packets.Kinds;
import java.util.List;
import java.util.Optional;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.javafx.FontIcon;

/** Two runs side by side: rows that both have are faint, the first in which they differ is marked. */
public final class ComparePane extends VBox {
    private static final PseudoClass SAME = PseudoClass.getPseudoClass("same");
    private static final PseudoClass PARTING = PseudoClass.getPseudoClass("parting");

    private final ObservableList<Row> rows = FXCollections.observableArrayList();
    private final ListView<Row> list = new ListView<>(rows);
    private final Label title = new Label();
    private final Label count = new Label();
    private int parting = -1;

    /** @param onBack called when the user is done */
    public ComparePane(Runnable onBack) {
        getStyleClass().add("compare");
        Button back = tool("mdi2a-arrow-left", "Back to the cards", onBack);
        back.setId("compare-back");
        title.getStyleClass().add("pane-title");
        title.setMinWidth(0);
        count.getStyleClass().add("pane-subtitle");
        count.setMinWidth(Region.USE_PREF_SIZE);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        Button first = tool("mdi2c-call-split", "Where the runs part", () -> reveal(parting));
        HBox head = new HBox(8, back, title, space, count, tool("mdi2c-chevron-up", "Previous difference", () -> jump(-1)),
                tool("mdi2c-chevron-down", "Next difference", () -> jump(1)), first);
        head.getStyleClass().add("pane-head");
        Label on = new Label("ON");
        Label off = new Label("OFF");
        HBox columns = new HBox(on, off);
        columns.getStyleClass().add("columns");
        for (Label l : List.of(on, off)) {
            half(l);
        }
        list.setId("compare");
        list.getStyleClass().add("edge-to-edge");
        list.setFixedCellSize(22);
        list.setCellFactory(_ -> new RowCell());
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(head, columns, list);
    }

    private static Button tool(String icon, String text, Runnable action) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "button-icon", "small-tool");
        button.setTooltip(new Tooltip(text));
        button.setAccessibleText(text);
        button.setOnAction(_ -> action.run());
        button.setMinWidth(Region.USE_PREF_SIZE);
        return button;
    }

    private static void half(Region part) {
        part.setMinWidth(0);
        part.setPrefWidth(10);
        part.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(part, Priority.ALWAYS);
    }

    /** Shows two runs, at the place where they part. */
    public void show(String what, SideBySide both) {
        title.setText(what);
        parting = both.parting();
        rows.setAll(both.rows());
        long differing = both.rows().stream().filter(r -> !r.same()).count();
        count.setText(differing == 0 ? "both runs are the same" : differing + " of " + both.rows().size() + " rows differ");
        reveal(Math.max(0, parting));
    }

    /** The rows shown. */
    public ObservableList<Row> rows() {
        return FXCollections.unmodifiableObservableList(rows);
    }

    private void reveal(int index) {
        if (index >= 0 && index < rows.size()) {
            list.getSelectionModel().clearAndSelect(index);
            list.scrollTo(Math.max(0, index - 3));
        }
    }

    private void jump(int by) {
        int i = list.getSelectionModel().getSelectedIndex() + by;
        while (i >= 0 && i < rows.size() && rows.get(i).same()) {
            i += by;
        }
        reveal(i);
    }

    private final class RowCell extends ListCell<Row> {
        private final Side left = new Side();
        private final Side right = new Side();
        private final HBox row = new HBox(left, right);

        RowCell() {
            getStyleClass().add("compare-cell");
            setPrefWidth(0);
            half(left);
            half(right);
        }

        @Override
        protected void updateItem(Row item, boolean empty) {
            super.updateItem(item, empty);
            boolean shown = !empty && item != null;
            pseudoClassStateChanged(SAME, shown && item.same());
            pseudoClassStateChanged(PARTING, shown && getIndex() == parting);
            if (shown) {
                left.show(item.on());
                right.show(item.off());
                setGraphic(row);
            } else {
                setGraphic(null);
            }
        }
    }

    /** One run's part of a row. */
    private static final class Side extends HBox {
        private final Label time = new Label();
        private final Label letter = new Label();
        private final StackPane badge = new StackPane(letter);
        private final Label place = new Label();
        private final Label words = new Label();

        Side() {
            super(6);
            getStyleClass().add("side");
            time.getStyleClass().add("time");
            time.setMinWidth(70);
            badge.setMinWidth(15);
            place.getStyleClass().add("place");
            place.setMinWidth(96);
            place.setPrefWidth(96);
            words.setMinWidth(0);
            getChildren().addAll(time, badge, place, words);
        }

        void show(Optional<Cell> cell) {
            getChildren().forEach(c -> c.setVisible(cell.isPresent()));
            cell.ifPresent(c -> {
                time.setText(c.time());
                letter.setText(c.lost() ? "✕" : c.kind().map(Kinds::letter).orElse("P"));
                badge.getStyleClass().setAll("kind", c.lost() ? "drop" : c.kind().map(Kinds::token).orElse("nd"));
                place.setText(c.place());
                words.setText(c.words());
            });
        }
    }
}
