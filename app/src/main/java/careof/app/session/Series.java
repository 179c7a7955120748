package careof.app.session;

/** A list of ascending event ids that may grow while it is read, and whose beginning may go; the others keep their places. */
public interface Series {
    /** The place after the last one. */
    int size();

    /** The place of the first one that is kept; {@link #size()}: none is. */
    default int first() {
        return 0;
    }

    /** Of a place whose event is gone: 0. */
    long get(int index);

    /** The place after the last one that is at most {@code id}; of those that are kept, as many as that less {@link #first()}. */
    int upTo(long id);

    /** Whether it is among them. */
    default boolean has(long id) {
        int before = upTo(id) - 1;
        return before >= first() && get(before) == id;
    }
}
