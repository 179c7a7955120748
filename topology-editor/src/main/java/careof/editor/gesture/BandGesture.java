package careof.editor.gesture;

import careof.editor.geometry.Box;
import careof.editor.geometry.Point2;
import careof.editor.model.Selection;
import careof.editor.view.Board;
import javafx.scene.shape.Rectangle;

/** Selects by a rubber band. */
final class BandGesture implements Gesture {
    private final Board board;
    private final Desk desk;
    private final Point2 start;
    private final Selection before;
    private final Selection base;
    private final Rectangle band = new Rectangle();

    BandGesture(Board board, Desk desk, Point2 start, boolean add) {
        this.board = board;
        this.desk = desk;
        this.start = start;
        this.before = desk.selection();
        this.base = add ? before : Selection.NONE;
        band.getStyleClass().add("band");
        board.hints().getChildren().add(band);
    }

    @Override
    public void moved(Pointer p) {
        Box box = Box.of(start, p.at());
        band.setX(box.minX());
        band.setY(box.minY());
        band.setWidth(box.width());
        band.setHeight(box.height());
        desk.select(base.plus(Selection.of(board.geometry().nodesIn(box), board.geometry().linksIn(box))));
    }

    @Override
    public void done(Pointer p) {
        board.hints().getChildren().remove(band);
    }

    @Override
    public void cancel() {
        board.hints().getChildren().remove(band);
        desk.select(before);
    }
}
