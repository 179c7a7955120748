package careof.app.overlay;

import careof.app.theme.Palette;
import careof.editor.Overlay;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.canvas.GraphicsContext;

/** A cross where a packet has just ended; its tip says why. */
public final class DropOverlay implements Overlay {
    private final Supplier<Palette> palette;
    private List<Drop> drops = List.of();

    public DropOverlay(Supplier<Palette> palette) {
        this.palette = palette;
    }

    public void show(List<Drop> drops) {
        this.drops = drops;
    }

    @Override
    public boolean aboveNodes() {
        return true;
    }

    @Override
    public void draw(GraphicsContext g, Geometry geometry, double zoom) {
        double radius = 6.5 / Math.max(zoom, 0.6);
        for (Drop d : drops) {
            place(d, geometry).ifPresent(at -> cross(g, palette.get(), at, radius));
        }
    }

    @Override
    public Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
        return drops.stream().filter(d -> place(d, geometry).filter(c -> c.distance(at) <= 9 / zoom).isPresent()).map(Drop::words).findFirst();
    }

    private static Optional<Point2> place(Drop d, Geometry geometry) {
        if (d.link().isEmpty()) {
            return Optional.ofNullable(geometry.node(d.node())).map(n -> n.plus(Geometry.NODE_RADIUS - 2, -Geometry.NODE_RADIUS + 2));
        }
        String sender = d.from().isEmpty() ? d.node() : d.from();
        return geometry.findPortPath(sender, d.link()).map(path -> path.positionAt(0.72))
                .or(() -> Optional.ofNullable(geometry.link(d.link())));
    }

    private static void cross(GraphicsContext g, Palette p, Point2 at, double r) {
        g.setFill(p.color("drop"));
        g.fillOval(at.x() - r - 1.5, at.y() - r - 1.5, 2 * r + 3, 2 * r + 3);
        g.setStroke(p.color("panel"));
        g.setLineWidth(r / 3);
        double a = r * 0.5;
        g.strokeLine(at.x() - a, at.y() - a, at.x() + a, at.y() + a);
        g.strokeLine(at.x() - a, at.y() + a, at.x() + a, at.y() - a);
    }
}
