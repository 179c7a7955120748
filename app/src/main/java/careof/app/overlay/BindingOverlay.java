package careof.app.overlay;

import careof.app.theme.Palette;
import careof.editor.Overlay;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.shape.StrokeLineCap;

/** Bindings as dashed arcs from who holds them to the link where they say the mobile node is. */
public final class BindingOverlay implements Overlay {
    private final Supplier<Palette> palette;
    private List<Picture.Arc> arcs = List.of();

    public BindingOverlay(Supplier<Palette> palette) {
        this.palette = palette;
    }

    public void show(List<Picture.Arc> arcs) {
        this.arcs = arcs;
    }

    /** A quadratic curve. */
    private record Curve(Point2 from, Point2 control, Point2 to) {
        Point2 at(double t) {
            double u = 1 - t;
            return from.times(u * u).plus(control.times(2 * u * t)).plus(to.times(t * t));
        }
    }

    private static Optional<Curve> curve(Picture.Arc arc, Geometry geometry) {
        Point2 from = geometry.node(arc.holder());
        Point2 to = geometry.link(arc.link());
        // The arc of a binding that holds goes to the mobile node itself, a stale one to where that is not.
        if (!arc.stale() && geometry.node(arc.mobile()) != null) {
            to = geometry.node(arc.mobile());
        }
        if (from == null || to == null || from.distance(to) < 1) {
            return Optional.empty();
        }
        Point2 step = to.minus(from);
        Point2 unit = step.times(1 / step.length());
        Point2 side = new Point2(-unit.y(), unit.x());
        double bend = Math.min(90, step.length() * 0.22) * (arc.home() ? 1 : -1);
        Point2 start = from.plus(unit.times(Geometry.NODE_RADIUS + 4));
        Point2 end = to.minus(unit.times(arc.stale() ? 10 : Geometry.NODE_RADIUS + 8));
        return Optional.of(new Curve(start, from.towards(to, 0.5).plus(side.times(bend)), end));
    }

    @Override
    public void draw(GraphicsContext g, Geometry geometry, double zoom) {
        Palette p = palette.get();
        for (Picture.Arc arc : arcs) {
            curve(arc, geometry).ifPresent(c -> {
                g.setStroke(p.color(arc.stale() ? "drop" : "fine"));
                g.setFill(p.color(arc.stale() ? "drop" : "fine"));
                g.setLineWidth(1.8 / zoom);
                g.setLineCap(StrokeLineCap.ROUND);
                g.setLineDashes(6 / zoom, 6 / zoom);
                g.setGlobalAlpha(0.85);
                g.beginPath();
                g.moveTo(c.from().x(), c.from().y());
                g.quadraticCurveTo(c.control().x(), c.control().y(), c.to().x(), c.to().y());
                g.stroke();
                g.setLineDashes((double[]) null);
                Point2 back = c.at(0.96).minus(c.to());
                Point2 unit = back.times(1 / Math.max(0.01, back.length()));
                Point2 side = new Point2(-unit.y(), unit.x());
                double size = 8 / zoom;
                Point2 base = c.to().plus(unit.times(size));
                g.fillPolygon(new double[] {c.to().x(), base.x() + side.x() * size / 2, base.x() - side.x() * size / 2},
                        new double[] {c.to().y(), base.y() + side.y() * size / 2, base.y() - side.y() * size / 2}, 3);
                g.setGlobalAlpha(1);
            });
        }
    }

    @Override
    public Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
        for (Picture.Arc arc : arcs) {
            Optional<Curve> curve = curve(arc, geometry);
            for (double t = 0; curve.isPresent() && t <= 1; t += 0.02) {
                if (curve.get().at(t).distance(at) < 6 / zoom) {
                    return Optional.of(arc.holder() + " believes that " + arc.mobile() + " is on " + arc.link()
                            + (arc.home() ? " (home registration)" : "") + (arc.stale() ? "\nIt is not: this binding is stale." : ""));
                }
            }
        }
        return Optional.empty();
    }
}
