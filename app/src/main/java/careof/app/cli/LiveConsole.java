package careof.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a live run hears on standard input, and what it says on standard error. How it goes stands in one line of a terminal that is written again and again; but not where somebody may be
 * typing into that terminal: there it is said when asked for.
 */
final class LiveConsole {
    private static final String WIPE = "\r\033[K";

    private final PrintWriter err;
    private final boolean typed;
    private final boolean inPlace;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    /**
     * Makes one.
     *
     * @param typed    whether standard input is a terminal
     * @param terminal whether standard error is one
     */
    LiveConsole(PrintWriter err, boolean typed, boolean terminal) {
        this.err = err;
        this.typed = typed;
        this.inPlace = terminal && !typed;
    }

    /**
     * Takes lines as they come, on a thread of its own.
     *
     * @param wake told of each
     */
    void listen(InputStream input, Runnable wake) {
        Thread.ofPlatform().daemon().name("careof-input").start(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    lines.add(line);
                    wake.run();
                }
            } catch (IOException e) {
                // Nobody speaks to us any more; the run goes on.
            }
        });
    }

    /** Says what whoever types cannot know yet. */
    void greet() {
        if (typed) {
            say("careof: live; Enter tells how it goes, \"quit\" or Ctrl-C ends it, and actions are such as " + LiveOrder.EXAMPLE);
        }
    }

    /** The next line that came. */
    Optional<String> line() {
        return Optional.ofNullable(lines.poll());
    }

    /** A line that stays. */
    void say(String text) {
        err.println((inPlace ? WIPE : "") + text);
    }

    /** How it goes, in place of what stood there before. */
    void show(String status) {
        if (inPlace) {
            err.print(WIPE + status);
            err.flush();
        }
    }
}
