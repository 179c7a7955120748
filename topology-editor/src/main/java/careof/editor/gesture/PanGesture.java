package careof.editor.gesture;

import careof.editor.geometry.Viewport;
import careof.editor.view.Board;

/** Moves the view. */
final class PanGesture implements Gesture {
    private final Board board;
    private final Viewport before;
    private final double startX;
    private final double startY;

    PanGesture(Board board, double startX, double startY) {
        this.board = board;
        this.before = board.viewport();
        this.startX = startX;
        this.startY = startY;
    }

    @Override
    public void moved(Pointer p) {
        board.viewportProperty().set(before.panned(p.x() - startX, p.y() - startY));
    }

    @Override
    public void done(Pointer p) {}

    @Override
    public void cancel() {
        board.viewportProperty().set(before);
    }
}
