package careof.editor.gesture;

import careof.editor.geometry.Geometry;
import careof.editor.geometry.Hit;
import careof.editor.geometry.Point2;
import careof.editor.view.Board;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Drags the selected nodes and links. A mobile node dragged alone may land on another link. */
final class DragGesture implements Gesture {
    static final double GRID = 20;
    /** A mobile node is dropped on a link also so far beside it. */
    private static final double REACH = 44;

    private final Board board;
    private final Desk desk;
    private final Geometry before;
    private final Point2 grabbed;
    private final Point2 anchor;
    private final Map<String, Point2> nodes = new LinkedHashMap<>();
    private final Map<String, Point2> links = new LinkedHashMap<>();
    private final Optional<LabNode> mobile;
    private Optional<String> target = Optional.empty();
    private Point2 shift = Point2.ZERO;

    /** @param on the thing under the pointer; it is selected */
    DragGesture(Board board, Desk desk, Hit on, Point2 grabbed) {
        this.board = board;
        this.desk = desk;
        this.grabbed = grabbed;
        before = board.geometry();
        Geometry g = before;
        desk.selection().nodes().forEach(n -> nodes.put(n, g.node(n)));
        for (String link : desk.selection().links()) {
            links.put(link, g.link(link));
            // What stands in a cell goes with it.
            if (g.shapes().get(link) instanceof Geometry.Shape.Cell) {
                g.wires().stream().filter(w -> w.radio() && w.link().equals(link)).forEach(w -> nodes.put(w.node(), g.node(w.node())));
            }
        }
        nodes.values().removeIf(p -> p == null);
        links.values().removeIf(p -> p == null);
        anchor = on instanceof Hit.Node n ? g.node(n.name()) : on instanceof Hit.Link l ? g.link(l.name()) : grabbed;
        mobile = links.isEmpty() && nodes.size() == 1
                ? desk.lab().node(nodes.keySet().iterator().next()).filter(n -> n.role() == LabNode.Role.MOBILE_NODE) : Optional.empty();
    }

    @Override
    public void moved(Pointer p) {
        Point2 wish = anchor.plus(p.at().minus(grabbed));
        shift = (p.free() ? wish : wish.snapped(GRID)).minus(anchor);
        // Where links are without the dragged node: a bar stretches to what hangs on it.
        target = mobile.flatMap(m -> before.linkNear(p.at(), REACH).filter(l -> !desk.linkOf(m).equals(Optional.of(l))));
        board.showDropTarget(target.map(Hit.Link::new));
        board.preview(shifted(nodes), shifted(links), target.map(l -> Map.of(mobile.orElseThrow().name(), l)).orElse(Map.of()));
    }

    private Map<String, Point2> shifted(Map<String, Point2> points) {
        var moved = new LinkedHashMap<String, Point2>();
        points.forEach((name, p) -> moved.put(name, p.plus(shift)));
        return moved;
    }

    @Override
    public void done(Pointer p) {
        board.showDropTarget(Optional.empty());
        if (target.isPresent()) {
            String name = mobile.orElseThrow().name();
            Point2 dropped = nodes.get(name).plus(shift);
            board.endPreview();
            desk.moveMobile(name, target.get(), dropped);
        } else if (leaves().isPresent()) {
            String name = mobile.orElseThrow().name();
            board.endPreview();
            desk.say(name + " is on " + leaves().get() + " still: no link is where it was dropped");
        } else if (!shift.equals(Point2.ZERO)) {
            int size = nodes.size() + links.size();
            String what = size == 1 ? "Move " + (nodes.isEmpty() ? links : nodes).keySet().iterator().next()
                    : links.size() == 1 ? "Move " + links.keySet().iterator().next() : "Move " + size + " things";
            desk.place(what, shifted(nodes), shifted(links), Optional.empty());
        } else {
            board.endPreview();
        }
    }

    /** The cell of a mobile node that would be drawn outside it. */
    private Optional<String> leaves() {
        return mobile.flatMap(m -> desk.linkOf(m).filter(cell -> {
            double out = before.distanceToCell(cell, nodes.get(m.name()).plus(shift));
            return out > 0 && out < Double.POSITIVE_INFINITY;
        }));
    }

    @Override
    public void cancel() {
        board.showDropTarget(Optional.empty());
        board.endPreview();
    }
}
