package careof.engine.interop;

import careof.engine.base.Octets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A wire between two programs: carries the frames of each {@link SocketLink} to the other, and keeps them. */
final class SocketRelay implements AutoCloseable {

    private final List<Octets> frames = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    SocketRelay(SocketLink a, SocketLink b) {
        threads.add(Thread.ofVirtual().start(() -> carry(a, b)));
        threads.add(Thread.ofVirtual().start(() -> carry(b, a)));
    }

    /** All frames so far, in the order in which they came. */
    List<Octets> frames() {
        synchronized (frames) {
            return List.copyOf(frames);
        }
    }

    private void carry(SocketLink from, SocketLink to) {
        try {
            while (!closed) {
                var frame = from.receive(Duration.ofMillis(100));
                if (frame.isEmpty()) continue;
                synchronized (frames) {
                    frames.add(frame.get());
                }
                to.send(frame.get());
            }
        } catch (IOException _) {
            // one end was closed
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (var thread : threads) thread.join(Duration.ofSeconds(2));
    }
}
