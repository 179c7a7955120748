package careof.engine.live;

import careof.engine.base.Octets;
import java.io.IOException;
import java.util.List;

/** Something of the real world that sends and receives packets or frames. */
public interface Device extends AutoCloseable {
    /** Hears of what comes in, on a thread of the device. */
    interface Listener {
        /**
         * Whole octets of packets or frames as they came, in their order. Where there is no room for some, this rests for a moment: to read on at once would
         * take the processor from who makes room, and what a host's or a socket's own queue cannot hold is dropped there at little cost.
         */
        void arrived(List<Octets> several);

        /** The same for one. */
        default void arrived(Octets octets) {
            arrived(List.of(octets));
        }

        /** So many came that were lost before the device could hear them. */
        void missed(long count);

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
