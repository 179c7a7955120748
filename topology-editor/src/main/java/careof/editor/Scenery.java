package careof.editor;

import careof.editor.geometry.AutoLayout;
import careof.editor.geometry.Geometry;
import careof.editor.geometry.Placement;
import careof.editor.geometry.Point2;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Where everything stands: by the lab, and mobile nodes that are elsewhere at the time shown near where they are. */
final class Scenery {
    /** Where everything stood when the lab was set: what has no place in the file stays there, undone moves come back there. */
    private Placement origin = Placement.EMPTY;
    private Placement base = Placement.EMPTY;
    /** Where a mobile node stands while it is on a link other than the lab's, relative to that link's centre. */
    private final Map<Spot, Point2> parked = new LinkedHashMap<>();
    private final Supplier<Map<String, String>> attachments;

    private record Spot(String node, String link) {}

    /** @param attachments where mobile nodes are at the time shown; empty: where the lab says */
    Scenery(Supplier<Map<String, String>> attachments) {
        this.attachments = attachments;
    }

    /** Begins with another lab. */
    void restart(Lab lab) {
        origin = AutoLayout.place(lab, Placement.EMPTY);
        parked.clear();
    }

    /** Where everything stands by the lab alone, as of the last {@link #of}. */
    Placement base() {
        return base;
    }

    /** Whether a mobile node is elsewhere than in the lab. */
    boolean isAway(LabNode node) {
        String now = attachments.get().get(node.name());
        return node.role() == LabNode.Role.MOBILE_NODE && now != null && !now.equals(node.at().orElse(""));
    }

    /** Remembers where on a link a mobile node stands. */
    void park(String node, String link, Point2 at, Point2 centreOfLink) {
        parked.put(new Spot(node, link), at.minus(centreOfLink));
    }

    /** @param seen what is drawn now: a node that is nowhere stays where it was seen last */
    Placement of(Lab lab, Placement seen) {
        base = AutoLayout.place(lab, origin);
        Placement drawn = base;
        for (LabNode node : lab.nodes()) {
            if (!isAway(node)) {
                continue;
            }
            String now = attachments.get().get(node.name());
            Point2 p;
            if (lab.link(now).isEmpty()) {
                p = seen.nodes().getOrDefault(node.name(), base.nodes().get(node.name()));
            } else {
                Point2 centre = base.links().get(now);
                Placement soFar = drawn;
                p = centre.plus(parked.computeIfAbsent(new Spot(node.name(), now),
                        _ -> Geometry.of(lab, soFar, attachments.get()).landing(now, node.name()).minus(centre)));
            }
            drawn = drawn.with(Map.of(node.name(), p), Map.of());
        }
        return drawn;
    }
}
