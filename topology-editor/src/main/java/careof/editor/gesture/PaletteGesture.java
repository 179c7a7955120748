package careof.editor.gesture;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.view.Board;
import careof.editor.view.PaletteItem;
import careof.engine.lab.LabLink;
import java.util.Optional;
import javafx.scene.Group;
import javafx.scene.layout.StackPane;
import javafx.scene.shape.Circle;
import javafx.scene.shape.Rectangle;
import org.kordamp.ikonli.javafx.FontIcon;

/** Carries a new thing from the palette onto the canvas. */
public final class PaletteGesture implements Gesture {
    private final Board board;
    private final Desk desk;
    private final PaletteItem item;
    private final Group ghost = new Group();

    public PaletteGesture(Board board, Desk desk, PaletteItem item) {
        this.board = board;
        this.desk = desk;
        this.item = item;
        ghost.getStyleClass().add("ghost");
        switch (item) {
            case PaletteItem.OfNode n -> {
                var tile = new StackPane(new FontIcon(item.icon()));
                tile.getStyleClass().add("tile");
                tile.getChildren().getFirst().getStyleClass().add("role-icon");
                var node = new Group(tile);
                node.getStyleClass().addAll("lab-node", n.role().text());
                tile.setPrefSize(48, 48);
                tile.setTranslateX(-24);
                tile.setTranslateY(-24);
                ghost.getChildren().add(node);
            }
            case PaletteItem.OfLink l -> {
                if (l.kind() == LabLink.Kind.CELL) {
                    var edge = new Circle(Geometry.CELL_RADIUS);
                    edge.getStyleClass().add("ghost-cell");
                    ghost.getChildren().add(edge);
                } else {
                    var bar = new Rectangle(-48, -4, 96, 8);
                    bar.getStyleClass().add("ghost-bar");
                    ghost.getChildren().add(bar);
                }
            }
        }
        ghost.setVisible(false);
        board.hints().getChildren().add(ghost);
    }

    private static boolean within(Board board, Pointer p) {
        return p.x() >= 0 && p.y() >= 0 && p.x() <= board.getWidth() && p.y() <= board.getHeight();
    }

    @Override
    public void moved(Pointer p) {
        ghost.setVisible(within(board, p));
        var at = p.free() ? p.at() : p.at().snapped(DragGesture.GRID);
        ghost.setTranslateX(at.x());
        ghost.setTranslateY(at.y());
        boolean attaches = item instanceof PaletteItem.OfNode;
        board.showDropTarget(attaches ? board.geometry().linkAround(p.at(), 26).map(Hit.Link::new) : Optional.empty());
    }

    @Override
    public void done(Pointer p) {
        finish();
        if (within(board, p)) {
            desk.add(item, p.at(), p.free());
        }
    }

    @Override
    public void cancel() {
        finish();
    }

    private void finish() {
        board.showDropTarget(Optional.empty());
        board.hints().getChildren().remove(ghost);
    }
}
