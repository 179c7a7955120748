package careof.editor.geometry;

import java.util.ArrayList;
import java.util.List;

/**
 * A polyline.
 *
 * @param points at least one
 */
public record Path(List<Point2> points) {
    public Path {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a path has at least one point");
        }
        points = List.copyOf(points);
    }

    public static Path of(Point2... points) {
        List<Point2> distinct = new ArrayList<>();
        for (Point2 p : points) {
            if (distinct.isEmpty() || !distinct.getLast().equals(p)) {
                distinct.add(p);
            }
        }
        return new Path(distinct);
    }

    public Point2 start() {
        return points.getFirst();
    }

    public Point2 end() {
        return points.getLast();
    }

    public double length() {
        double length = 0;
        for (int i = 1; i < points.size(); i++) {
            length += points.get(i - 1).distance(points.get(i));
        }
        return length;
    }

    /** The point at a fraction of the path's length; fractions outside 0..1 give the ends. */
    public Point2 positionAt(double fraction) {
        double left = Math.clamp(fraction, 0, 1) * length();
        for (int i = 1; i < points.size(); i++) {
            double piece = points.get(i - 1).distance(points.get(i));
            if (left <= piece && piece > 0) {
                return points.get(i - 1).towards(points.get(i), left / piece);
            }
            left -= piece;
        }
        return end();
    }

    /** Distance from a point to the nearest point of the path. */
    public double distance(Point2 p) {
        double nearest = p.distance(start());
        for (int i = 1; i < points.size(); i++) {
            nearest = Math.min(nearest, p.distanceToSegment(points.get(i - 1), points.get(i)));
        }
        return nearest;
    }
}
