package careof.app.session;

import careof.engine.lab.Lab;
import careof.engine.live.LiveLab;
import careof.engine.live.LiveRun;
import careof.engine.live.PortRequest;
import careof.engine.live.SystemSecret;
import careof.engine.run.Simulation;
import java.io.IOException;
import java.util.function.Consumer;

/** A run that meets the real world, as the worker's thread drives it; any thread may {@link #wake} it. */
final class LiveDrive implements AutoCloseable {
    private final LiveRun live;
    private final Consumer<Notice> notify;

    private LiveDrive(LiveRun live, Consumer<Notice> notify) {
        this.live = live;
        this.notify = notify;
    }

    /**
     * Opens all ports; time does not pass yet.
     *
     * @param kept octets of the trace that stay in memory
     * @throws IOException where one of them cannot be opened, for a person to read; then none is
     */
    static LiveDrive open(Lab lab, Command.GoLive order, long kept, Consumer<Notice> notify) throws IOException {
        LiveRun made = new LiveRun(Simulation.live(LiveLab.of(lab), order.detail(), SystemSecret.make(), kept));
        PortRequest.open(order.ports(), made);
        return new LiveDrive(made, notify);
    }

    Simulation run() {
        return live.run();
    }

    /** Does what is due and what has come, up to a moment by the clock on the wall, nanoseconds; says which ports have gone. */
    void turn(long deadline) {
        live.turn(deadline);
        live.gone().forEach(gone -> notify.accept(new Notice(Notice.Level.WARNING, gone.port() + " is closed", gone.why())));
    }

    /** Waits until something is due, or somebody calls {@link #wake}, but no longer than some nanoseconds. */
    void await(long most) throws InterruptedException {
        live.await(most);
    }

    void wake() {
        live.wake();
    }

    void resume() {
        live.resume();
    }

    void pause() {
        live.pause();
    }

    boolean isPaused() {
        return live.isPaused();
    }

    SessionState.Live state() {
        return new SessionState.Live(live.ports(), live.isPaused(), live.lag(), live.worstLag(), live.jumps());
    }

    /** Closes all ports. */
    @Override
    public void close() {
        live.close();
    }
}
