package careof.editor.gesture;

/** A drag under way. */
public interface Gesture {
    void moved(Pointer p);

    /** The button was released. */
    void done(Pointer p);

    /** Taken back (Escape): as if it had never begun. */
    void cancel();
}
