package careof.app.session;

import careof.engine.live.LiveLab;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The window's end of the bridge: send commands, watch the state. All methods are for the window's thread. */
public final class Session implements AutoCloseable {
    private final ReadOnlyObjectWrapper<SessionState> state = new ReadOnlyObjectWrapper<>(this, "state");
    /** The newest state that the window has not seen; only one delivery is under way at a time. */
    private final AtomicReference<SessionState> pending = new AtomicReference<>();
    private final Background background = new Background();
    /** Milliseconds that the end of a live run may take when the window closes, with the rest of its recording. */
    private static final long LAST = 4_000;

    private final Worker worker;
    private final Thread thread;
    /** A signal ends the program without closing the window: interfaces and the recording are to end well all the same. */
    private final Thread hook = new Thread(this::endWorker, "careof-stop");
    private Consumer<Notice> onNotice = _ -> { };

    public Session() {
        this(LiveLab.KEPT);
    }

    /** @param kept octets of a live run's trace that stay in memory */
    public Session(long kept) {
        worker = new Worker(this::deliver, notice -> Platform.runLater(() -> onNotice.accept(notice)), kept);
        thread = new Thread(worker, "careof-session");
        thread.setDaemon(true);
        thread.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void deliver(SessionState next) {
        if (pending.getAndSet(next) == null) {
            Platform.runLater(() -> state.set(pending.getAndSet(null)));
        }
    }

    public void send(Command command) {
        worker.send(command);
    }

    /** Null until the first lab is loaded. */
    public ReadOnlyObjectProperty<SessionState> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Null until the first lab is loaded. */
    public SessionState state() {
        return state.get();
    }

    /** How the live run does that goes on; empty: none does. */
    public Optional<SessionState.Live> live() {
        return Optional.ofNullable(state()).flatMap(SessionState::live);
    }

    public void setOnNotice(Consumer<Notice> handler) {
        onNotice = handler;
    }

    public Background background() {
        return background;
    }

    /** Ends the worker, and a live run with it; nothing is delivered from then on that matters. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is at work already.
        }
        endWorker();
        background.close();
    }

    private void endWorker() {
        boolean live = worker.isLive();
        worker.close();
        if (live) {
            try {
                thread.join(LAST);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
