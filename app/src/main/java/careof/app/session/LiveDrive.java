package careof.app.session;

import careof.engine.base.Sizes;
import careof.engine.lab.Lab;
import careof.engine.live.Leftovers;
import careof.engine.live.LiveLab;
import careof.engine.live.LiveRecording;
import careof.engine.live.LiveRun;
import careof.engine.live.PortRequest;
import careof.engine.live.SystemSecret;
import careof.engine.run.Simulation;
import careof.engine.trace.RecordingSecrets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A run that meets the real world, as the worker's thread drives it; any thread may {@link #wake} it. */
final class LiveDrive implements AutoCloseable {
    private final LiveRun live;
    private final Optional<Command.Record> record;
    /** Where there is a {@link #record}. */
    private final Optional<LiveRecording> recording;
    private final Consumer<Notice> notify;
    private final List<LiveRun.Gone> gone = new ArrayList<>();
    private boolean stopped;

    private LiveDrive(LiveRun live, Optional<Command.Record> record, Optional<LiveRecording> recording, Consumer<Notice> notify) {
        this.live = live;
        this.record = record;
        this.recording = recording;
        this.notify = notify;
    }

    /**
     * Begins to record, where that is wanted, and opens all ports; time does not pass yet.
     *
     * @param kept octets of the trace that stay in memory
     * @throws IOException where one of them cannot be opened, for a person to read; then none is, and nothing is left of the recording
     */
    static LiveDrive open(Lab lab, Command.GoLive order, long kept, Consumer<Notice> notify) throws IOException {
        RecordingSecrets secrets = new RecordingSecrets(SystemSecret.make(), LiveLab.of(lab));
        Simulation run = Simulation.live(secrets.lab(), order.detail(), secrets.secret(), kept);
        LiveRecording recording = null;
        if (order.record().isPresent()) {
            recording = new LiveRecording(order.record().get().file(), run, secrets, order.record().get().secrets());
        }
        LiveRun made = new LiveRun(run);
        boolean open = false;
        try {
            PortRequest.open(order.ports(), made);
            open = true;
        } finally {
            if (!open && recording != null) {
                recording.discard();
            }
            leftovers(order, notify);    // those on the interfaces that are open now are taken back already
        }
        return new LiveDrive(made, order.record(), Optional.ofNullable(recording), notify);
    }

    private static void leftovers(Command.GoLive order, Consumer<Notice> notify) {
        try {
            Leftovers left = Leftovers.find(order.ports());
            if (!left.texts().isEmpty()) {
                notify.accept(new Notice(Notice.Level.WARNING, "Left by runs that were killed", String.join("\n", left.texts()), Optional.of(new Notice.Offer.TakeBack(left))));
            }
        } catch (IOException e) {
            // Nobody can look, and perhaps nobody needs to: ports that do will say so.
        }
    }

    Simulation run() {
        return live.run();
    }

    /** Does what is due and what has come, up to a moment by the clock on the wall, nanoseconds; says which ports have gone. */
    void turn(long deadline) {
        live.turn(deadline);
        for (LiveRun.Gone port : live.gone()) {
            gone.add(port);
            notify.accept(new Notice(Notice.Level.WARNING, port.port() + " is closed", port.why()));
        }
        recording.ifPresent(to -> {
            to.at(live.run().now());
            tellIfStopped(to.state());
        });
    }

    private void tellIfStopped(LiveRecording.State state) {
        if (!stopped && !state.stopped().isEmpty()) {
            stopped = true;
            notify.accept(new Notice(Notice.Level.ERROR, "Recording stopped: " + state.stopped(),
                    "The run goes on. What was recorded until then is in " + record.orElseThrow().file() + ", " + Sizes.mebibytes(state.octets()) + "."));
        }
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
        return new SessionState.Live(live.ports(), List.copyOf(gone), live.isPaused(), live.lag(), live.worstLag(), live.jumps(),
                recording.map(LiveRecording::state).map(state -> new SessionState.RecordingState(record.orElseThrow(), state.octets(), state.stopped())));
    }

    /** Closes all ports, and the recording, which may take some seconds where the disk is slow; says what became of it. */
    @Override
    public void close() {
        try {
            live.close();
        } finally {
            recording.ifPresent(this::end);
        }
    }

    private void end(LiveRecording to) {
        to.at(live.run().now());
        to.close();
        tellIfStopped(to.state());
        if (!stopped) {
            Command.Record what = record.orElseThrow();
            notify.accept(new Notice(Notice.Level.SUCCESS, "Recorded " + what.file().getFileName(), Sizes.mebibytes(to.state().octets())
                    + (what.secrets() ? ", with its secrets beside in " + RecordingSecrets.beside(what.file()).getFileName() : "") + ".", Optional.of(new Notice.Offer.Open(what.file()))));
        }
    }
}
