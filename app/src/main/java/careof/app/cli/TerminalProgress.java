package careof.app.cli;

import careof.engine.base.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line on a terminal's standard error that tells how far long work has come; nothing elsewhere, nothing for short work. */
final class TerminalProgress implements AutoCloseable {
    private static final long QUIET = 700_000_000;
    private static final long BETWEEN = 100_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final long quiet;
    private final long began = System.nanoTime();
    private long shown;

    TerminalProgress(PrintWriter err) {
        this(err, isTerminal(), QUIET);
    }

    /** @param quiet nanoseconds in which nothing is shown */
    TerminalProgress(PrintWriter err, boolean terminal, long quiet) {
        this.err = err;
        this.terminal = terminal;
        this.quiet = quiet;
    }

    /** Whether standard error is a terminal. */
    static boolean isTerminal() {
        return isTerminal(2);
    }

    /**
     * Java knows only whether standard input and output both are terminals; where the system tells more, that counts.
     *
     * @param stream 0: standard input, 2: standard error
     */
    static boolean isTerminal(int stream) {
        Path link = Path.of("/proc/self/fd/" + stream);
        try {
            return Files.isSymbolicLink(link) ? Files.readSymbolicLink(link).toString().matches("/dev/(pts/|tty|console).*")
                    : System.console() != null && System.console().isTerminal();
        } catch (IOException e) {
            return false;
        }
    }

    /** A listener for one part of the work. */
    Progress of(String what) {
        return (done, total) -> {
            show(what, done, total);
            return true;
        };
    }

    private void show(String what, long done, long total) {
        long now = System.nanoTime();
        if (!terminal || now - began < quiet || now - shown < BETWEEN && shown != 0) {
            return;
        }
        shown = now;
        err.print("\r\033[Kcareof: " + what + " " + (total <= 0 ? "" : done * 100 / total + " %"));
        err.flush();
    }

    @Override
    public void close() {
        if (shown != 0) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
