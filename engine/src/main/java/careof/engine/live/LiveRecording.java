package careof.engine.live;

import careof.engine.base.AtomicFile;
import careof.engine.run.Simulation;
import careof.engine.trace.InputLog;
import careof.engine.trace.InputLog.Input;
import careof.engine.trace.RecordingSecrets;
import careof.engine.trace.RecordingWriter;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Records a live run into a file, on a thread of its own that writes some times a second: the run never waits for a disk. Where writing fails, or the disk does not keep up, the
 * recording ends and the run goes on; what was written stays.
 */
public final class LiveRecording implements AutoCloseable {
    /** Milliseconds between two writes. */
    private static final long BETWEEN = 200;
    /** Milliseconds that a disk has for the rest when the run is over. */
    private static final long LAST = 3_000;
    /** Octets of inputs that may wait. */
    private static final long MOST_WAITING = 128 << 20;
    /** Octets of inputs for which the thread does not wait longer. */
    private static final long HASTE = 4 << 20;
    /** What an input takes beside its octets, roughly. */
    private static final long INPUT = 120;

    private final List<Path> files;
    private final RecordingWriter writer;
    private final TraceStore trace;
    private final Thread thread = new Thread(this::write, "careof-recording");
    private final Object lock = new Object();
    private List<Input> waiting = new ArrayList<>();
    private long octets;
    private boolean over;
    private volatile long now;
    private volatile long written;
    /** Empty: it records. */
    private volatile String stopped = "";

    /**
     * How a recording does.
     *
     * @param octets  written
     * @param stopped why it ended before the run; empty: it did not
     */
    public record State(long octets, String stopped) {}

    /**
     * Begins to record; from then on the run's inputs are heard here.
     *
     * @param file    must not be there yet
     * @param run     at its very beginning
     * @param secrets of it
     * @param keep    whether its secrets are written, too, into a file beside, which must not be there yet either
     * @throws IOException for a person to read
     */
    public LiveRecording(Path file, Simulation run, RecordingSecrets secrets, boolean keep) throws IOException {
        this(writer(file, run, secrets, keep), run, keep ? List.of(file, RecordingSecrets.beside(file)) : List.of(file));
    }

    /** @param files that are written */
    LiveRecording(RecordingWriter writer, Simulation run, List<Path> files) {
        this.files = files;
        this.writer = writer;
        this.trace = run.trace();
        written = writer.octets();
        run.onInput(this::take);
        thread.setDaemon(true);
        thread.start();
    }

    private static RecordingWriter writer(Path file, Simulation run, RecordingSecrets secrets, boolean keep) throws IOException {
        Path beside = RecordingSecrets.beside(file);
        if (Files.exists(file) || Files.exists(beside)) {
            throw new IOException((Files.exists(file) ? file : beside) + " exists already; a recording never overwrites anything");
        }
        try {
            if (keep) {
                secrets.write(beside);
            }
            return RecordingWriter.create(file, secrets, run.trace());
        } catch (IOException e) {
            if (keep && !(e instanceof FileAlreadyExistsException)) {
                Files.deleteIfExists(beside);
            }
            throw new IOException("cannot record to " + file + ": " + AtomicFile.why(e), e);
        }
    }

    private void take(Input input) {
        long size = INPUT + (input.event() instanceof InputLog.Arrive arrive ? arrive.octets().length() : 0);
        synchronized (lock) {
            if (!stopped.isEmpty()) {
                return;
            }
            if (octets + size > MOST_WAITING) {
                stop("the disk does not keep up");
                return;
            }
            waiting.add(input);
            boolean hasten = octets < HASTE && octets + size >= HASTE;
            octets += size;
            if (hasten) {
                lock.notifyAll();
            }
        }
    }

    private void stop(String why) {
        synchronized (lock) {
            if (stopped.isEmpty()) {
                stopped = why;
            }
            waiting = new ArrayList<>();
            octets = 0;
            lock.notifyAll();
        }
    }

    /** Tells how far the run has come; cheap. */
    public void at(long time) {
        now = time;
    }

    public State state() {
        return new State(written, stopped);
    }

    private void write() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = writePart();
            }
        } catch (IOException e) {
            stop(AtomicFile.why(e));
        } catch (InterruptedException e) {
            stop("the disk takes too long");
        } catch (RuntimeException | OutOfMemoryError e) {
            stop(e.toString());
        }
        if (!stopped.isEmpty()) {
            writer.stop(stopped);
        }
        try {
            writer.close();
        } catch (IOException e) {
            stop(AtomicFile.why(e));
        }
    }

    /** Whether more is to come. */
    private boolean writePart() throws IOException, InterruptedException {
        boolean last;
        List<Input> inputs;
        long time;
        long events;
        synchronized (lock) {
            if (!over && octets < HASTE && stopped.isEmpty()) {
                lock.wait(BETWEEN);
            }
            if (!stopped.isEmpty()) {
                return false;
            }
            last = over;
            // In this order: whatever led to the events is among the inputs.
            time = now;
            events = trace.size();
            inputs = waiting;
            waiting = new ArrayList<>();
            octets = 0;
        }
        writer.write(inputs, events, time);
        if (last) {
            writer.end(time);
        }
        written = writer.octets();
        return !last;
    }

    /** The run came to nothing: its files go. */
    public void discard() throws IOException {
        close();
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    /** The run is over: the rest is written, and the end; on the run's own thread. A disk that takes longer than some seconds is not waited for. */
    @Override
    public void close() {
        synchronized (lock) {
            over = true;
            lock.notifyAll();
        }
        try {
            thread.join(LAST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            stop("the disk takes too long");
            thread.interrupt();
        }
    }
}
