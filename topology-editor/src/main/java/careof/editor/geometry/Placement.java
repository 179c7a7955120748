package careof.editor.geometry;

import careof.engine.lab.Lab;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Where everything stands: a centre for each node and each link, in lab order. Immutable.
 */
public record Placement(SequencedMap<String, Point2> nodes, SequencedMap<String, Point2> links) {
    public static final Placement EMPTY = new Placement(new LinkedHashMap<>(), new LinkedHashMap<>());

    public Placement {
        nodes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(nodes));
        links = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(links));
    }

    /** With some things elsewhere; names that are new are added at the end. */
    public Placement with(Map<String, Point2> movedNodes, Map<String, Point2> movedLinks) {
        var n = new LinkedHashMap<>(nodes);
        n.putAll(movedNodes);
        var l = new LinkedHashMap<>(links);
        l.putAll(movedLinks);
        return new Placement(n, l);
    }

    /** As the lab file holds it. */
    public Lab.View toView() {
        var n = new LinkedHashMap<String, Lab.View.Point>();
        nodes.forEach((name, p) -> n.put(name, new Lab.View.Point(p.x(), p.y())));
        var l = new LinkedHashMap<String, Lab.View.Point>();
        links.forEach((name, p) -> l.put(name, new Lab.View.Point(p.x(), p.y())));
        return new Lab.View(n, l);
    }
}
