package careof.engine.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The system's {@code ip} program, which sets up interfaces. */
final class IpCommand {
    private static final int PATIENCE = 10;

    private final Namespace namespace;

    IpCommand(Namespace namespace) {
        this.namespace = namespace;
    }

    Namespace namespace() {
        return namespace;
    }

    /** For behind the name of an interface. */
    String where() {
        return namespace.isOwn() ? "" : " in namespace " + namespace.name();
    }

    /**
     * Runs {@code ip} and gives what it says.
     *
     * @throws IOException with its words, where it refuses
     */
    String run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        if (!namespace.isOwn()) {
            command.addAll(List.of("-n", namespace.name()));
        }
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("the program ip cannot be started; install iproute2: " + e.getMessage(), e);
        }
        process.getOutputStream().close();
        process.onExit().orTimeout(PATIENCE, TimeUnit.SECONDS).exceptionally(_ -> process.destroyForcibly());
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
