package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.live.LiveLab;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of the worker alone, without a window. */
abstract class WithWorker {
    static final long SECOND = 1_000_000_000L;

    final List<Notice> notices = new CopyOnWriteArrayList<>();
    volatile SessionState state;
    Worker worker;
    private final long kept;
    private Thread thread;

    WithWorker() {
        this(LiveLab.KEPT);
    }

    /** @param kept octets of a live run's trace that stay in memory */
    WithWorker(long kept) {
        this.kept = kept;
    }

    @BeforeEach
    void start() {
        worker = new Worker(next -> state = next, notices::add, kept);
        thread = new Thread(worker);
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void end() throws Exception {
        worker.close();
        thread.join(5_000);
        assertFalse(thread.isAlive(), "the worker ends when it is closed");
    }

    SessionState after(Command command, Predicate<SessionState> wanted) throws InterruptedException {
        worker.send(command);
        long deadline = System.nanoTime() + 30 * SECOND;
        while (state == null || !wanted.test(state)) {
            assertTrue(System.nanoTime() < deadline, () -> command + " did not lead there; state is " + brief() + ", notices " + notices);
            Thread.sleep(2);
        }
        return state;
    }

    String brief() {
        return state == null ? "none" : "cursor " + state.cursor() + " of " + state.head() + " at " + state.clock() + (state.running() ? " running" : "");
    }
}
