package careof.editor.geometry;

/**
 * What part of the canvas is seen: {@code screen = canvas * zoom + pan}.
 *
 * @param zoom pixels per canvas unit, {@link #MIN_ZOOM}..{@link #MAX_ZOOM} for the user
 */
public record Viewport(double panX, double panY, double zoom) {
    public static final double MIN_ZOOM = 0.1;
    public static final double MAX_ZOOM = 4;
    public static final Viewport IDENTITY = new Viewport(0, 0, 1);

    public Point2 toCanvas(double screenX, double screenY) {
        return new Point2((screenX - panX) / zoom, (screenY - panY) / zoom);
    }

    public Point2 toScreen(Point2 canvas) {
        return new Point2(canvas.x() * zoom + panX, canvas.y() * zoom + panY);
    }

    public Viewport panned(double dx, double dy) {
        return new Viewport(panX + dx, panY + dy, zoom);
    }

    /** Zoomed so that the canvas point under the given screen point stays there. */
    public Viewport zoomedAt(double screenX, double screenY, double newZoom) {
        Point2 fixed = toCanvas(screenX, screenY);
        double z = Math.clamp(newZoom, MIN_ZOOM, MAX_ZOOM);
        return new Viewport(screenX - fixed.x() * z, screenY - fixed.y() * z, z);
    }

    /** Same zoom, with the canvas point in the middle of a window of the given size. */
    public Viewport centredOn(Point2 canvas, double width, double height) {
        return new Viewport(width / 2 - canvas.x() * zoom, height / 2 - canvas.y() * zoom, zoom);
    }

    /** All of the box within a window, with a margin in pixels, never larger than {@code maxZoom}. */
    public static Viewport fitting(Box box, double width, double height, double margin, double maxZoom) {
        double z = Math.min((width - 2 * margin) / Math.max(1, box.width()), (height - 2 * margin) / Math.max(1, box.height()));
        return new Viewport(0, 0, Math.clamp(z, MIN_ZOOM, maxZoom)).centredOn(box.centre(), width, height);
    }

    /** All of the box in a small window, however small that makes it. */
    public static Viewport scaled(Box box, double width, double height, double margin) {
        double z = Math.min((width - 2 * margin) / Math.max(1, box.width()), (height - 2 * margin) / Math.max(1, box.height()));
        return new Viewport(0, 0, z).centredOn(box.centre(), width, height);
    }

    /** The part of the canvas that a window of the given size shows. */
    public Box visible(double width, double height) {
        return Box.of(toCanvas(0, 0), toCanvas(width, height));
    }
}
