package careof.editor.view;

/** Colours of the theme for what is painted on a canvas; each is the looked-up colour {@code -careof-<name>}. */
public enum Ink {
    GRID, LINK, CELL, ACCENT, MUTED, MOBILITY
}
