package careof.engine.ipsec;

/** A PF_KEY request that is answered by an error; nothing has been changed. Without a stack trace. */
final class Refused extends Exception {
    private final int errno;

    /**
     * @param errno see {@link careof.engine.wire.pfkey.PfKeyError}
     * @param why   in words, for tests and debugging: PF_KEY has no place for it
     */
    Refused(int errno, String why) {
        super(why, null, false, false);
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
