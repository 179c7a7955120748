package careof.editor.gesture;

import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.model.Selection;
import careof.editor.view.PaletteItem;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import java.util.Map;
import java.util.Optional;

/** What gestures may ask of the editor. */
public interface Desk {
    Lab lab();

    /** Where a mobile node is at the time shown. */
    Optional<String> linkOf(LabNode mobile);

    Selection selection();

    void select(Selection selection);

    /** Puts things elsewhere: an undoable edit of the drawing. */
    void place(String what, Map<String, Point2> nodes, Map<String, Point2> links, Optional<String> mergeKey);

    /** A mobile node was dropped on a link: it starts there, or while running it goes there now. */
    void moveMobile(String node, String link, Point2 dropped);

    /** A node was wired to a link. */
    void connect(String node, String link);

    /** Two nodes were wired to each other. */
    void join(String a, String b);

    /** A short message at the bottom. */
    void say(String message);

    /** @param at where on the canvas */
    void showMenu(Hit on, Point2 at, double screenX, double screenY);

    void rename(Hit what);

    /** The canvas was pressed: what floats above it goes away. */
    void dismiss();

    /** A palette thing was put at a point. */
    void add(PaletteItem item, Point2 at, boolean free);
}
