package careof.editor;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Point2;
import java.util.Optional;
import javafx.scene.canvas.GraphicsContext;

/** Something that the application draws over the lab: packets, bindings, SA pairs. */
public interface Overlay {
    /**
     * Draws; called only when something changed or {@link TopologyEditor#requestOverlay} was called, at most once a frame.
     *
     * @param g        clear, and transformed so that canvas units are its units
     * @param geometry where things are now, dragged things included
     * @param zoom     pixels per canvas unit: divide by it for widths that stay the same on screen
     */
    void draw(GraphicsContext g, Geometry geometry, double zoom);

    /** Whether it covers nodes; otherwise it lies above wires and cells and below nodes. */
    default boolean aboveNodes() {
        return false;
    }

    /**
     * What the user's pointer is on, as a tip to show.
     *
     * @param at canvas units
     */
    default Optional<String> tipAt(Point2 at, Geometry geometry, double zoom) {
        return Optional.empty();
    }

    /** The user clicked at a point where {@link #tipAt} has a tip; true if that was meant for the overlay and shall do nothing else. */
    default boolean clickedAt(Point2 at, Geometry geometry, double zoom) {
        return false;
    }
}
