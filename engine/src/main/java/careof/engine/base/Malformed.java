package careof.engine.base;

/**
 * Octets that are not what their place asks for. Checked, so that each reader of outside octets decides what follows
 * (a drop with a reason, an error node in the field tree), and without a stack trace, since hostile input makes many.
 */
public final class Malformed extends Exception {
    private final int at;

    /**
     * @param what what is wrong, in words for a person, for instance "option runs 4 octets past its header"
     * @param at   octets from the start of what was being read
     */
    public Malformed(String what, int at) {
        super(what, null, false, false);
        this.at = at;
    }

    /** Octets from the start of what was being read. */
    public int at() {
        return at;
    }
}
