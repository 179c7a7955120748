package careof.engine.live;

import careof.engine.base.Octets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Frames on their way to an interface that may make a sender wait: bounded, with a thread of its own, so that the lab does not wait. */
final class Outbox {
    /** Frames that wait. */
    static final int MOST = 1024;
    /** For what waits when it is closed, milliseconds. */
    private static final int PATIENCE = 2_000;
    /** Behind the last one; known by being this very object. */
    private static final Octets END = Octets.of(0);

    private final BlockingQueue<Octets> waiting = new ArrayBlockingQueue<>(MOST);
    private final AtomicInteger lost = new AtomicInteger();
    private final Predicate<Octets> write;
    private Thread writer;

    /** @param write sends one frame, and may wait; whether it was taken */
    Outbox(Predicate<Octets> write) {
        this.write = write;
    }

    /**
     * Begins to send.
     *
     * @param name of the thread, whose faults the listener hears
     */
    void start(String name, Device.Listener listener) {
        writer = listener.reading(name, this::run);
    }

    private void run() {
        try {
            for (Octets frame = waiting.take(); frame != END; frame = waiting.take()) {
                if (!write.test(frame)) {
                    lost.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            // it is closed, and what waits still is not sent
        }
    }

    /** False: too many wait already. */
    boolean offer(Octets frame) {
        return waiting.offer(frame);
    }

    /** How many were not taken after all since the last call. */
    int lost() {
        return lost.getAndSet(0);
    }

    /** Sends what waits, as far as the interface takes it soon. */
    void close() throws InterruptedException {
        if (writer != null) {
            if (waiting.offer(END, PATIENCE, TimeUnit.MILLISECONDS)) {
                writer.join(PATIENCE);
            }
            writer.interrupt();
        }
    }
}
