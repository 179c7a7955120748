package careof.engine.live;

import careof.engine.base.Malformed;
import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.run.Remade;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import careof.engine.trace.Recording;
import careof.engine.trace.RecordingSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A live run on a thread of its own, as the command line and the window drive one. */
public final class LiveThread implements AutoCloseable {
    private static final long TURN = 20 * VirtualTime.MILLISECOND;
    /** When duplicate address detection (at most a second of delay, RFC 4862 section 5.4.2, and one of waiting) and router discovery of a lab's start are over. */
    private static final long SETTLED = 3 * VirtualTime.SECOND;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LiveRun live;
    private final Optional<LiveRecording> recording;
    private final BlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    public LiveThread(Lab lab, Detail detail) throws IOException {
        this(lab, detail, Optional.empty());
    }

    /** @param record where it is recorded, with its secrets */
    public LiveThread(Lab lab, Detail detail, Optional<Path> record) throws IOException {
        var secrets = new RecordingSecrets(SystemSecret.make(), lab.withUntil(3_600 * VirtualTime.SECOND));
        var run = Simulation.live(secrets.lab(), detail, secrets.secret());
        recording = record.isEmpty() ? Optional.empty() : Optional.of(new LiveRecording(record.get(), run, secrets, true));
        live = new LiveRun(run);
        live.resume();
        thread = Thread.ofPlatform().daemon().name("live lab").start(this::drive);
    }

    private void drive() {
        try {
            while (!closed) {
                for (var order = orders.poll(); order != null; order = orders.poll()) order.run();
                live.turn(System.nanoTime() + TURN);
                recording.ifPresent(r -> r.at(live.run().now()));
                live.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks something on the thread that drives the run. */
    public <T> T ask(Function<LiveRun, T> question) throws IOException {
        var answer = new CompletableFuture<T>();
        orders.add(() -> {
            try {
                answer.complete(question.apply(live));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        live.wake();
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    public void open(OutsidePort port, Device device) throws IOException {
        ask(run -> {
            try {
                run.open(port, device);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return null;
        });
    }

    public void apply(Action action) throws IOException {
        ask(run -> {
            run.run().apply(action);
            return null;
        });
    }

    /** Waits until something holds; false: it does not in a minute. */
    public boolean until(Function<LiveRun, Boolean> condition) throws IOException, InterruptedException {
        for (var end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; Thread.sleep(50)) {
            if (ask(condition)) return true;
        }
        return false;
    }

    /** Waits until the lab's nodes have their addresses and routes; before, they drop what hosts send, and a quick host is there first. */
    public void settled() throws IOException, InterruptedException {
        if (!until(run -> run.run().now() > SETTLED)) throw new IOException("the lab's time stands");
    }

    @Override
    public void close() throws IOException {
        closed = true;
        live.wake();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        live.close();
        recording.ifPresent(r -> {
            r.at(live.run().now());
            r.close();
        });
    }

    /** Makes a run again from its recording, which ended well, and its secrets; 0: all came out the same and so did the digest, or else the first event that did not. */
    public static long made(Path file) throws IOException, Malformed {
        return again(file).difference();
    }

    /** Makes a run again from its recording, which ended well, and its secrets. */
    public static Remade again(Path file) throws IOException, Malformed {
        var recording = Recording.read(file, Progress.NONE);
        if (recording.end().isEmpty()) throw new IOException("the recording has no end: " + recording.missing());
        return Remade.of(recording, recording.secrets(RecordingSecrets.beside(file)), Progress.NONE);
    }
}
