package careof.app.session;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javafx.application.Platform;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;

/** Files, exports, searches: work that only reads what is immutable or only grows, and must not stop the window. */
public final class Background {
    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "careof-background");
        thread.setDaemon(true);
        return thread;
    });

    /** Work that ends with a result or an exception. */
    public interface Work<T> {
        T run(Job job) throws Exception;
    }

    /** Work under way; made and watched by the window's thread, asked by the worker's. */
    public static final class Job {
        private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper(this, "progress", -1);
        private volatile boolean cancelled;
        private volatile double latest = -1;
        private volatile boolean told = true;
        private Runnable onEnd = () -> { };
        private boolean ended;

        /** Ends it soon; its result is not delivered. */
        public void cancel() {
            cancelled = true;
            end();
        }

        /** @param handler called once, when it has a result, has failed or was cancelled; at once where it has ended before */
        public void setOnEnd(Runnable handler) {
            onEnd = handler;
            if (ended) {
                handler.run();
            }
        }

        private void end() {
            if (!ended) {
                ended = true;
                onEnd.run();
            }
        }

        public boolean isCancelled() {
            return cancelled;
        }

        /** Called by the work: how far it has come, 0..1. */
        public void progress(double fraction) {
            latest = fraction;
            if (told) {
                told = false;
                Platform.runLater(() -> {
                    told = true;
                    progress.set(latest);
                });
            }
        }

        /** 0..1, negative while unknown. */
        public ReadOnlyDoubleProperty progressProperty() {
            return progress.getReadOnlyProperty();
        }
    }

    /**
     * Starts work; {@code done} or {@code failed} is called on the window's thread, neither when it was
     * cancelled or the session is closed.
     */
    public <T> Job run(Work<T> work, Consumer<T> done, Consumer<Exception> failed) {
        Job job = new Job();
        if (threads.isShutdown()) {
            job.cancel();
            return job;
        }
        Future<?> unused = threads.submit(() -> {
            try {
                T result = work.run(job);
                deliver(job, () -> done.accept(result));
            } catch (Exception e) {
                deliver(job, () -> failed.accept(e));
            } catch (OutOfMemoryError e) {
                deliver(job, () -> failed.accept(new IOException("There is not enough memory for it.", e)));
            }
        });
        return job;
    }

    private static void deliver(Job job, Runnable outcome) {
        Platform.runLater(() -> {
            if (!job.cancelled) {
                job.end();
                outcome.run();
            }
        });
    }

    /** Stops taking work; what runs is let go with the process. */
    public void close() {
        threads.shutdownNow();
    }
}
