package careof.editor.view;

/** Colours of the theme for what is painted on a canvas; each is the looked-up colour {@code -careof-<name>}. */
public enum Ink {
    CANVAS, GRID, NODE, NODE_BORDER, LINK, CELL, ACCENT, MUTED, DATA, MOBILITY, IKE, ND, DROP, FINE
}
