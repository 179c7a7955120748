package careof.engine.live;

import careof.engine.base.Octets;
import java.io.IOException;
import java.util.List;

/** Something of the real world that sends and receives packets or frames. */
public interface Device extends AutoCloseable {
    /** Hears of what comes in, on a thread of the device. */
    interface Listener {
        /** Whole octets of one packet or frame, as they came. */
        void arrived(Octets octets);

        /**
         * The same for several, in their order.
         *
         * @return false: there was no room for some. To read on at once would take the processor from who makes room.
         */
        default boolean arrived(List<Octets> several) {
            several.forEach(this::arrived);
            return true;
        }

        /**
         * Starts a thread that reads a device until its end; a fault of it is told, too, so that no port stands open and deaf.
         *
         * @param name of the thread
         */
        default Thread reading(String name, Runnable read) {
            return Thread.ofPlatform().daemon().name(name).start(() -> {
                try {
                    read.run();
                } catch (RuntimeException | Error e) {
                    failed("reading fails: " + e);
                }
            });
        }

        /**
         * Nothing comes any more, and nothing can be sent.
         *
         * @param why for a person to read
         */
        void failed(String why);
    }

    /** Begins to receive; once. */
    void start(Listener listener) throws IOException;

    /**
     * Sends one packet or frame; never waits, but may hold it back until {@link #flush}.
     *
     * @return false: it could not be taken
     */
    boolean send(Octets octets);

    /**
     * Sends what was held back.
     *
     * @return packets that could not be taken after all since the last call
     */
    default int flush() {
        return 0;
    }

    /** What and where it is, for a person to read, for instance {@code tun0 in namespace blue}. */
    String where();

    /** Ends it and undoes what it set up; what is there already, another call changes nothing. */
    @Override
    void close();
}
