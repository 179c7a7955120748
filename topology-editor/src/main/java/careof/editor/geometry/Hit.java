package careof.editor.geometry;

/** What is under a point of the canvas. */
public sealed interface Hit {
    /** A node's glyph or name. */
    record Node(String name) implements Hit {}

    /** The ring around a node, from which wires are drawn. */
    record Handle(String node) implements Hit {}

    /** A segment's bar, a cell's disc, or a link's label. */
    record Link(String name) implements Hit {}

    /** The wire between a node and a link. */
    record Wire(String node, String link) implements Hit {}

    record Nothing() implements Hit {}
}
