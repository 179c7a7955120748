package careof.editor.geometry;

/** An upright rectangle in canvas units. */
public record Box(double minX, double minY, double maxX, double maxY) {
    /** The box with these two corners, in any order. */
    public static Box of(Point2 a, Point2 b) {
        return new Box(Math.min(a.x(), b.x()), Math.min(a.y(), b.y()), Math.max(a.x(), b.x()), Math.max(a.y(), b.y()));
    }

    public static Box around(Point2 centre, double halfWidth, double halfHeight) {
        return new Box(centre.x() - halfWidth, centre.y() - halfHeight, centre.x() + halfWidth, centre.y() + halfHeight);
    }

    public double width() {
        return maxX - minX;
    }

    public double height() {
        return maxY - minY;
    }

    public Point2 centre() {
        return new Point2((minX + maxX) / 2, (minY + maxY) / 2);
    }

    public boolean contains(Point2 p) {
        return p.x() >= minX && p.x() <= maxX && p.y() >= minY && p.y() <= maxY;
    }

    public boolean intersects(Box other) {
        return minX <= other.maxX && other.minX <= maxX && minY <= other.maxY && other.minY <= maxY;
    }

    public Box union(Box other) {
        return new Box(Math.min(minX, other.minX), Math.min(minY, other.minY), Math.max(maxX, other.maxX), Math.max(maxY, other.maxY));
    }

    public Box grown(double by) {
        return new Box(minX - by, minY - by, maxX + by, maxY + by);
    }
}
