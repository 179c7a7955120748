package careof.app.experiment;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.Node;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * Cards in columns of one width that fill the page, as many as fit; read row by row. A card that grows moves only those below it in its column,
 * so that its result stands under it and the others close up.
 */
final class CardColumns extends HBox {
    /** Least width of a column, pixels: below it a result's links do not fit. */
    private static final double LEAST = 336;
    private static final double GAP = 10;
    /** What margins and the scroll bar take, pixels. */
    private static final double BESIDE = 32;

    private List<? extends Node> cards = List.of();

    CardColumns() {
        super(GAP);
        getStyleClass().add("cards");
        setMinWidth(0);
    }

    void show(List<? extends Node> cards) {
        this.cards = cards;
        deal(Math.max(1, getChildren().size()));
    }

    /**
     * Deals the cards out anew if another number of columns fits.
     *
     * @param width of the page, pixels: not of this itself, which becomes known only amid its layout
     */
    void fit(double width) {
        int columns = (int) Math.max(1, (width - BESIDE + GAP) / (LEAST + GAP));
        if (columns != getChildren().size()) {
            deal(columns);
        }
    }

    private void deal(int columns) {
        getChildren().forEach(c -> ((VBox) c).getChildren().clear());
        List<VBox> made = IntStream.range(0, columns).mapToObj(_ -> column()).toList();
        for (int i = 0; i < cards.size(); i++) {
            made.get(i % columns).getChildren().add(cards.get(i));
        }
        getChildren().setAll(made);
    }

    private static VBox column() {
        VBox column = new VBox(GAP);
        // All the same width, whatever is in them.
        column.setMinWidth(0);
        column.setPrefWidth(0);
        HBox.setHgrow(column, Priority.ALWAYS);
        return column;
    }
}
