package careof.engine.base;

import java.io.IOException;

/** Hears how far long work has come, and may stop it. Called often: it must return at once. */
@FunctionalInterface
public interface Progress {
    /** Listens to nothing, stops nothing. */
    Progress NONE = (_, _) -> true;

    /**
     * @param done  units of work done so far
     * @param total of all
     * @return false: stop
     */
    boolean at(long done, long total);

    /** Tells the listener; throws {@link Cancelled} when it says stop. */
    default void report(long done, long total) throws Cancelled {
        if (!at(done, total)) {
            throw new Cancelled();
        }
    }

    /** The listener said stop: an {@link IOException}, since files are what it leaves unwritten. */
    final class Cancelled extends IOException {
        public Cancelled() {
            super("cancelled");
        }
    }
}
