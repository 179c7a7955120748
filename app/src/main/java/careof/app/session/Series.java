package careof.app.session;

/** A list of ascending event ids that may grow while it is read. */
public interface Series {
    int size();

    long get(int index);

    /** How many are at most {@code id}. */
    int upTo(long id);

    /** Whether it is among them. */
    default boolean has(long id) {
        int before = upTo(id) - 1;
        return before >= 0 && get(before) == id;
    }
}
