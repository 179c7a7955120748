package careof.app.experiment;

import java.util.Arrays;
import java.util.List;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Pane;

/**
 * Cards in columns of one width that fill the page, as many as fit; read row by row. A card that grows moves only those below it in its column,
 * so that its result stands under it and the others close up.
 */
final class CardColumns extends Pane {
    private static final double GAP = 10;

    /** Least width of a column, pixels: below it a result's links do not fit. */
    private static final double LEAST = 336;

    private final int most;

    /** @param most columns, however many fit */
    CardColumns(int most) {
        this.most = most;
        getStyleClass().add("cards");
        setMinWidth(0);
    }

    void show(List<? extends Node> cards) {
        getChildren().setAll(cards);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computePrefWidth(double height) {
        return snappedLeftInset() + LEAST + snappedRightInset();
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        return deal(width < 0 ? computePrefWidth(-1) : width, false);
    }

    @Override
    protected void layoutChildren() {
        deal(getWidth(), true);
    }

    /** Deals the cards out to columns; returns the height that they need. */
    private double deal(double width, boolean place) {
        Insets around = getInsets();
        double inner = Math.max(0, width - around.getLeft() - around.getRight());
        int columns = (int) Math.max(1, Math.min(most, (inner + GAP) / (LEAST + GAP)));
        double each = Math.floor((inner + GAP) / columns - GAP);
        double[] ends = new double[columns];
        List<Node> cards = getManagedChildren();
        for (int i = 0; i < cards.size(); i++) {
            int column = i % columns;
            double height = snapSizeY(cards.get(i).prefHeight(each));
            if (place) {
                cards.get(i).resizeRelocate(around.getLeft() + column * (each + GAP), around.getTop() + ends[column], each, height);
            }
            ends[column] += height + GAP;
        }
        return around.getTop() + Math.max(0, Arrays.stream(ends).max().orElse(0) - GAP) + around.getBottom();
    }
}
