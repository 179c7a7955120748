package careof.editor.model;

/** What the user's hand means. */
public enum EditorMode {
    /** At time zero: the lab itself is edited, a mobile node dropped on a link starts there. */
    EDITING,
    /** The engine runs or stands at a later time: a mobile node dropped on a link moves there, now. */
    RUNNING
}
