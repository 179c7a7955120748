package careof.app.packets;

import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.javafx.FontIcon;

/** Packets, a line each, coloured by what they are about. */
public final class PacketTable<R extends PacketLine> extends TableView<R> {
    private static final double LINE = 22;
    /** For the scroll bar, beside the columns. */
    private static final double BAR = 22;
    private static final double LEAST_LAST = 150;

    private final Label none = new Label();
    private double others;

    /** @param placeholder said while there are none */
    public PacketTable(LazyRows<R> rows, String placeholder) {
        super(rows);
        setId("packets");
        getStyleClass().addAll("dense", "packet-table");
        setFixedCellSize(LINE);
        none.getStyleClass().add("placeholder");
        none.setWrapText(true);
        setPlaceholder(none);
        sayWhileEmpty(placeholder);
        setRowFactory(_ -> new Row<>());
        badges();
    }

    /** What is said while there are no packets. */
    public void sayWhileEmpty(String text) {
        none.setText(text);
    }

    private void badges() {
        TableColumn<R, R> column = add("", 38, "badge");
        column.setCellFactory(_ -> new BadgeCell<>());
        others += 38;
    }

    private TableColumn<R, R> add(String title, double width, String style) {
        TableColumn<R, R> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setMinWidth(26);
        column.setSortable(false);
        column.setCellValueFactory(data -> new ReadOnlyObjectWrapper<>(data.getValue()));
        column.getStyleClass().add(style);
        getColumns().add(column);
        return column;
    }

    /** Adds a column of texts. */
    public void column(String title, double width, Function<R, String> text, String style) {
        add(title, width, style).setCellFactory(_ -> new TextCell<>(text));
        others += width;
    }

    /** Adds the last column, which takes what the others leave. */
    public void lastColumn(String title, Function<R, String> text) {
        TableColumn<R, R> column = add(title, LEAST_LAST, "");
        column.setCellFactory(_ -> new TextCell<>(text));
        widthProperty().subscribe(width -> column.setPrefWidth(Math.max(LEAST_LAST, width.doubleValue() - others - BAR)));
    }

    /** Selects a row and scrolls to it. */
    public void choose(int index) {
        getSelectionModel().clearAndSelect(index);
        reveal(index);
    }

    /** Scrolls only when the row is out of sight. */
    public void reveal(int index) {
        if (getItems().isEmpty()) {
            return;
        }
        var flow = lookup(".virtual-flow");
        if (flow instanceof VirtualFlow<?> v && v.getFirstVisibleCell() != null) {
            int first = v.getFirstVisibleCell().getIndex();
            int last = v.getLastVisibleCell().getIndex();
            if (index > first && index < last) {
                return;
            }
            scrollTo(index <= first ? Math.max(0, index - 2) : Math.max(0, index - (last - first) + 2));
        } else {
            scrollTo(index);
        }
    }

    /** A line with the colour of its packet's kind. */
    public static class Row<R extends PacketLine> extends TableRow<R> {
        @Override
        protected void updateItem(R row, boolean empty) {
            super.updateItem(row, empty);
            getStyleClass().removeAll("data", "mobility", "ike", "nd", "drop");
            if (row != null && !empty) {
                getStyleClass().add(Kinds.token(row.summary().kind()));
            }
        }
    }

    private static final class TextCell<R> extends TableCell<R, R> {
        private final Function<R, String> text;

        TextCell(Function<R, String> text) {
            this.text = text;
        }

        @Override
        protected void updateItem(R row, boolean empty) {
            super.updateItem(row, empty);
            setText(empty || row == null ? null : text.apply(row));
        }
    }

    private static final class BadgeCell<R extends PacketLine> extends TableCell<R, R> {
        private final Label letter = new Label();
        private final StackPane badge = new StackPane(letter);
        private final FontIcon wrap = new FontIcon();
        private final HBox both = new HBox(3, badge, wrap);

        BadgeCell() {
            badge.getStyleClass().add("kind");
            wrap.getStyleClass().add("wrap");
            both.getStyleClass().add("row");
        }

        @Override
        protected void updateItem(R row, boolean empty) {
            super.updateItem(row, empty);
            if (empty || row == null) {
                setGraphic(null);
            } else {
                letter.setText(Kinds.letter(row.summary().kind()));
                badge.getStyleClass().setAll("kind", Kinds.token(row.summary().kind()));
                Optional<String> icon = Kinds.icon(row.summary());
                wrap.setVisible(icon.isPresent());
                icon.ifPresent(wrap::setIconLiteral);
                badge.setAccessibleText(Kinds.words(row.summary().kind()) + icon.map(_ -> ", protected").orElse(""));
                setGraphic(both);
            }
        }
    }
}
