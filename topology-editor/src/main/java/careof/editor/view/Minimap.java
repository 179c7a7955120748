package careof.editor.view;

import careof.editor.geometry.Box;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.editor.geometry.Viewport;
import careof.editor.model.Selection;
import javafx.animation.AnimationTimer;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Region;

/** The whole lab, small, with a frame around what is seen; click or drag moves the view. */
public final class Minimap extends Region {
    public static final double WIDTH = 168;
    public static final double HEIGHT = 104;
    private static final double MARGIN = 8;

    private final Board board;
    private final Canvas canvas = new Canvas(WIDTH, HEIGHT);
    private Selection selection = Selection.NONE;
    private boolean dirty;
    private boolean room = true;

    private final AnimationTimer pulse = new AnimationTimer() {
        @Override
        public void handle(long now) {
            stop();
            dirty = false;
            setVisible(room && isUseful());
            if (isVisible()) {
                paint();
            }
        }
    };

    public Minimap(Board board) {
        this.board = board;
        getStyleClass().add("minimap");
        setId("minimap");
        setAccessibleText("Overview");
        getChildren().add(canvas);
        canvas.setMouseTransparent(true);
        setPrefSize(WIDTH, HEIGHT);
        board.geometryProperty().subscribe(_ -> repaint());
        board.viewportProperty().subscribe(_ -> repaint());
        board.widthProperty().subscribe(_ -> repaint());
        board.heightProperty().subscribe(_ -> repaint());
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::go);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::go);
        addEventHandler(MouseEvent.ANY, MouseEvent::consume);
    }

    public void setSelection(Selection now) {
        selection = now;
        repaint();
    }

    /** Whether the window has room for it. */
    public void setRoom(boolean has) {
        room = has;
        repaint();
    }

    public boolean hasRoom() {
        return room;
    }

    /** Where everything is seen anyway, it shall at least not cover any of it. */
    private boolean isUseful() {
        Box all = board.geometry().bounds();
        Box seen = board.visible();
        boolean allSeen = seen.contains(new Point2(all.minX(), all.minY())) && seen.contains(new Point2(all.maxX(), all.maxY()));
        Point2 corner = board.viewport().toCanvas(board.getWidth() - WIDTH - 14, board.getHeight() - HEIGHT - 14);
        return !allSeen || !board.geometry().isDrawnIn(new Box(corner.x(), corner.y(), seen.maxX(), seen.maxY()));
    }

    /** Paints at the next frame. */
    public void repaint() {
        if (!dirty) {
            dirty = true;
            pulse.start();
        }
    }

    private Viewport scale() {
        return Viewport.scaled(world(), WIDTH, HEIGHT, MARGIN);
    }

    private Box world() {
        return board.geometry().bounds().grown(40);
    }

    private void go(MouseEvent e) {
        Point2 to = scale().toCanvas(e.getX(), e.getY());
        board.viewportProperty().set(board.viewport().centredOn(to, board.getWidth(), board.getHeight()));
    }

    private void paint() {
        GraphicsContext g = canvas.getGraphicsContext2D();
        g.clearRect(0, 0, WIDTH, HEIGHT);
        Viewport v = scale();
        Geometry geometry = board.geometry();
        g.setLineWidth(1);
        for (var e : geometry.shapes().entrySet()) {
            boolean selected = selection.links().contains(e.getKey());
            switch (e.getValue()) {
                case Geometry.Shape.Bar bar -> {
                    Point2 from = v.toScreen(new Point2(bar.left(), bar.centre().y()));
                    Point2 to = v.toScreen(new Point2(bar.right(), bar.centre().y()));
                    g.setStroke(board.ink(selected ? Ink.ACCENT : Ink.LINK));
                    g.setLineWidth(2);
                    g.strokeLine(from.x(), from.y(), to.x(), to.y());
                }
                case Geometry.Shape.Cell cell -> {
                    Point2 c = v.toScreen(cell.centre());
                    double r = cell.radius() * v.zoom();
                    g.setFill(board.ink(selected ? Ink.ACCENT : Ink.CELL).deriveColor(0, 1, 1, 0.22));
                    g.fillOval(c.x() - r, c.y() - r, 2 * r, 2 * r);
                }
            }
        }
        g.setLineWidth(0.7);
        g.setStroke(board.ink(Ink.LINK).deriveColor(0, 1, 1, 0.6));
        for (Geometry.Wire wire : geometry.wires()) {
            Point2 a = v.toScreen(wire.path().start());
            Point2 b = v.toScreen(wire.path().end());
            g.strokeLine(a.x(), a.y(), b.x(), b.y());
        }
        double dot = Math.clamp(24 * v.zoom(), 0.8, 2.2);
        geometry.placement().nodes().forEach((name, p) -> {
            Point2 s = v.toScreen(p);
            g.setFill(board.ink(selection.nodes().contains(name) ? Ink.ACCENT : board.isMobile(name) ? Ink.MOBILITY : Ink.MUTED));
            g.fillOval(s.x() - dot, s.y() - dot, 2 * dot, 2 * dot);
        });
        Box seen = board.visible();
        Point2 a = v.toScreen(new Point2(seen.minX(), seen.minY()));
        Point2 b = v.toScreen(new Point2(seen.maxX(), seen.maxY()));
        double x = Math.max(1, a.x());
        double y = Math.max(1, a.y());
        g.setFill(board.ink(Ink.ACCENT).deriveColor(0, 1, 1, 0.08));
        g.setStroke(board.ink(Ink.ACCENT));
        g.setLineWidth(1.2);
        double w = Math.min(WIDTH - 1, b.x()) - x;
        double h = Math.min(HEIGHT - 1, b.y()) - y;
        if (w > 0 && h > 0) {
            g.fillRect(x, y, w, h);
            g.strokeRect(x, y, w, h);
        }
    }
}
