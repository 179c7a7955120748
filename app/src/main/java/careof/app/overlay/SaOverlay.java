package careof.app.overlay;

import careof.app.overlay.SaLine.Way;
import careof.app.theme.Palette;
import careof.editor.Overlay;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import careof.engine.lab.Expectation.Half;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.shape.StrokeLineCap;

/**
 * SA pairs: two thin parallel lines, one for each direction. A good half is a green line; a stale one dashes to the link where it still
 * leads; of a missing or expired one only dots are left, with a cross.
 */
public final class SaOverlay implements Overlay {
    /** Between the two halves, and between pairs of the same nodes, pixels. */
    private static final double GAP = 5;

    private final Supplier<Palette> palette;
    private List<SaLine> lines = List.of();

    public SaOverlay(Supplier<Palette> palette) {
        this.palette = palette;
    }

    public void show(List<SaLine> lines) {
        this.lines = lines;
    }

    private record Segment(Way way, Point2 from, Point2 to) {}

    /** Both halves of a pair where they are drawn; none when a node is not on the canvas. */
    private static List<Segment> segments(SaLine line, Geometry geometry, double zoom) {
        Point2 a = geometry.node(line.first());
        Point2 b = geometry.node(line.second());
        if (a == null || b == null || a.distance(b) < 2 * Geometry.NODE_RADIUS) {
            return List.of();
        }
        double shift = (line.place() * 3 * GAP) / zoom;
        return List.of(segment(line.forth(), a, b, geometry, shift + GAP / 2 / zoom, 1), segment(line.back(), b, a, geometry, shift - GAP / 2 / zoom, -1));
    }

    /** @param sign 1: shifted to the right of its way; -1: to the left, so that both are shifted to the same side of the pair's line */
    private static Segment segment(Way way, Point2 from, Point2 to, Geometry geometry, double shift, int sign) {
        Point2 unit = to.minus(from).times(1 / from.distance(to));
        Point2 side = new Point2(-unit.y(), unit.x()).times(shift * sign);
        Point2 start = from.plus(unit.times(Geometry.NODE_RADIUS + 3)).plus(side);
        Point2 end = to.minus(unit.times(Geometry.NODE_RADIUS + 3)).plus(side);
        Point2 astray = way.state() == Half.STALE ? way.link().map(geometry::link).orElse(null) : null;
        return new Segment(way, start, astray != null ? astray.plus(side) : end);
    }

    @Override
    public void draw(GraphicsContext g, Geometry geometry, double zoom) {
        Palette p = palette.get();
        g.setLineCap(StrokeLineCap.BUTT);
        for (SaLine line : lines) {
            for (Segment s : segments(line, geometry, zoom)) {
                draw(g, p, s, zoom);
            }
        }
        g.setLineDashes((double[]) null);
    }

    private static void draw(GraphicsContext g, Palette p, Segment s, double zoom) {
        g.setStroke(p.color(switch (s.way.state()) {
            case GOOD -> "fine";
            case STALE, EXPIRED -> "drop";
            case MISSING -> "faint";
        }));
        g.setLineWidth((s.way.state() == Half.GOOD ? 1.4 : 1.8) / zoom);
        switch (s.way.state()) {
            case GOOD -> g.setLineDashes((double[]) null);
            case STALE -> g.setLineDashes(10 / zoom, 3 / zoom);
            case MISSING, EXPIRED -> g.setLineDashes(1.8 / zoom, 5 / zoom);
        }
        g.strokeLine(s.from.x(), s.from.y(), s.to.x(), s.to.y());
        g.setLineDashes((double[]) null);
        Point2 unit = s.to.minus(s.from).times(1 / Math.max(0.01, s.from.distance(s.to)));
        double size = 6 / zoom;
        if (s.way.state() == Half.GOOD || s.way.state() == Half.STALE) {
            Point2 side = new Point2(-unit.y(), unit.x()).times(size * 0.45);
            Point2 base = s.to.minus(unit.times(size));
            g.strokeLine(s.to.x(), s.to.y(), base.x() + side.x(), base.y() + side.y());
            g.strokeLine(s.to.x(), s.to.y(), base.x() - side.x(), base.y() - side.y());
        } else {
            Point2 m = s.from.towards(s.to, 0.5);
            double r = size * 0.55;
            g.strokeLine(m.x() - r, m.y() - r, m.x() + r, m.y() + r);
            g.strokeLine(m.x() - r, m.y() + r, m.x() + r, m.y() - r);
        }
    }

    @Override
    public Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
        Optional<String> nearest = Optional.empty();
        double least = 4.5 / zoom;
        for (SaLine line : lines) {
            for (Segment s : segments(line, geometry, zoom)) {
                double distance = at.distanceToSegment(s.from, s.to);
                if (distance < least) {
                    least = distance;
                    nearest = Optional.of(s.way.words());
                }
            }
        }
        return nearest;
    }
}
