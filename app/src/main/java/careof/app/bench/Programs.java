package careof.app.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of this machine that a measurement needs. */
final class Programs {
    private static final int PATIENCE = 90;

    private Programs() {}

    /** Whether there is a program of that name to start. */
    static boolean has(String name) {
        return Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin")).anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /**
     * Runs a program to its end and gives what it says.
     *
     * @throws IOException with its words, where it fails
     */
    static String run(String... command) throws IOException {
        return run(Map.of(), command);
    }

    /** @param environment what is to be added */
    static String run(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    /** Starts a program that stays; nobody hears what it says. */
    static Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Makes a network namespace; at the end it goes, and with it what still runs there. */
    static void namespace(String name, Teardown teardown) throws IOException {
        run("ip", "netns", "add", name);
        teardown.add(() -> remove(name));
        run("ip", "-n", name, "link", "set", "lo", "up");
    }

    private static void remove(String namespace) {
        try {
            for (String process : run("ip", "netns", "pids", namespace).split("\\s+")) {    // a measurement that a signal has interrupted
                ProcessHandle.of(process.isEmpty() ? 0 : Long.parseLong(process)).ifPresent(ProcessHandle::destroy);
            }
            run("ip", "netns", "del", namespace);
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /** Ends a program that was started, and waits for its end. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
