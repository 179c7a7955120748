package careof.engine.interop;

import careof.engine.live.Namespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A network namespace of our own, which goes with all that is in it. Needs root. */
public final class NetworkNamespace implements AutoCloseable {
    private static int made;

    private final String name;

    public NetworkNamespace() throws IOException {
        this.name = "careof-" + ProcessHandle.current().pid() + "-" + ++made;
        run(List.of("ip", "netns", "add", name));
        run("ip", "link", "set", "lo", "up");
    }

    public Namespace namespace() {
        return new Namespace(name);
    }

    public String name() {
        return name;
    }

    /** A program in here, under way. */
    Process start(String... command) throws IOException {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return new ProcessBuilder(whole).redirectErrorStream(true).start();
    }

    /** What a program in here says; an {@link IOException} with that when it fails. */
    public String run(String... command) throws IOException {
        var whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(command));
        return run(whole);
    }

    private static String run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) throw new IOException(String.join(" ", command) + ":\n" + said);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return said;
    }

    @Override
    public void close() throws IOException {
        run(List.of("ip", "netns", "del", name));
    }
}
