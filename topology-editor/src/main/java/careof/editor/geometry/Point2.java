package careof.editor.geometry;

/** A point or a vector in canvas units, y downwards. */
public record Point2(double x, double y) {
    public static final Point2 ZERO = new Point2(0, 0);

    public Point2 plus(Point2 other) {
        return new Point2(x + other.x, y + other.y);
    }

    public Point2 plus(double dx, double dy) {
        return new Point2(x + dx, y + dy);
    }

    public Point2 minus(Point2 other) {
        return new Point2(x - other.x, y - other.y);
    }

    public Point2 times(double factor) {
        return new Point2(x * factor, y * factor);
    }

    public double length() {
        return Math.hypot(x, y);
    }

    public double distance(Point2 other) {
        return Math.hypot(x - other.x, y - other.y);
    }

    /** The point at {@code fraction} of the way to {@code other}; 0 is here, 1 is there. */
    public Point2 towards(Point2 other, double fraction) {
        return new Point2(x + (other.x - x) * fraction, y + (other.y - y) * fraction);
    }

    /** The nearest point of a grid with the given step. */
    public Point2 snapped(double step) {
        return new Point2(Math.round(x / step) * step, Math.round(y / step) * step);
    }

    /** Distance to the segment from {@code a} to {@code b}. */
    public double distanceToSegment(Point2 a, Point2 b) {
        Point2 along = b.minus(a);
        double square = along.x * along.x + along.y * along.y;
        if (square == 0) {
            return distance(a);
        }
        double t = ((x - a.x) * along.x + (y - a.y) * along.y) / square;
        return distance(a.towards(b, Math.clamp(t, 0, 1)));
    }
}
