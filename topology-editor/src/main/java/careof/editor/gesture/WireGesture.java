package careof.editor.gesture;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.view.Board;
import java.util.Optional;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Line;

/** Draws a wire from a node's handle to a link or to another node. */
final class WireGesture implements Gesture {
    private final Board board;
    private final Desk desk;
    private final String node;
    private final Line line = new Line();
    private final Circle end = new Circle(5);
    private Hit target = new Hit.Nothing();

    WireGesture(Board board, Desk desk, String node, Point2 at) {
        this.board = board;
        this.desk = desk;
        this.node = node;
        Point2 from = board.geometry().node(node);
        line.setStartX(from.x());
        line.setStartY(from.y());
        line.getStyleClass().add("pending-wire");
        end.getStyleClass().add("pending-end");
        board.hints().getChildren().addAll(line, end);
        extend(at);
    }

    private void extend(Point2 at) {
        line.setEndX(at.x());
        line.setEndY(at.y());
        end.setCenterX(at.x());
        end.setCenterY(at.y());
    }

    @Override
    public void moved(Pointer p) {
        Geometry g = board.geometry();
        Optional<String> other = g.nodeNear(p.at(), Geometry.HANDLE_RADIUS).filter(n -> !n.equals(node));
        target = other.<Hit>map(Hit.Node::new).or(() -> g.linkAround(p.at(), 20).map(Hit.Link::new)).orElse(new Hit.Nothing());
        board.showDropTarget(Optional.of(target));
        extend(other.map(g::node).orElse(p.at()));
    }

    @Override
    public void done(Pointer p) {
        finish();
        switch (target) {
            case Hit.Link l -> desk.connect(node, l.name());
            case Hit.Node n -> desk.join(node, n.name());
            case Hit.Handle _, Hit.Wire _, Hit.Nothing _ -> {
                if (board.geometry().node(node).distance(p.at()) > 2 * Geometry.HANDLE_RADIUS) {
                    desk.say("Let go over a link or another node to wire " + node);
                }
            }
        }
    }

    @Override
    public void cancel() {
        finish();
    }

    private void finish() {
        board.showDropTarget(Optional.empty());
        board.hints().getChildren().removeAll(line, end);
    }
}
