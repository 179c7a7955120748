package careof.editor.model;

/**
 * A short text under a node.
 *
 * @param text for instance "H@ …1::10" or "unprotected"
 */
public record Decoration(Kind kind, String text) {
    /** How it is drawn; the text says it too, so that colour is never alone. */
    public enum Kind {
        /** A badge that belongs to the node: its home address. */
        BADGE,
        /** Plain text: a current care-of address. */
        LABEL,
        /** Says something that is no longer so; marks the node {@code :stale}. */
        STALE,
        /** Something to be aware of: unprotected. */
        WARNING,
        GOOD
    }
}
