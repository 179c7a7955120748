package careof.app.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs as a user would: ours in a Java machine of its own, and those of others. */
final class CommandLine {

    /** How a program ended: its exit status and what it wrote to standard output and standard error. */
    record Result(int exit, String output, String error) {}

    private CommandLine() {}

    /** Runs the command line of Careof with the classes under test. */
    static Result careof(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), "careof.app.Main"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        var output = Files.createTempFile("careof", ".out");
        var error = Files.createTempFile("careof", ".err");
        try {
            var process = new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile()).redirectError(error.toFile()).start();
            if (!process.waitFor(3, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException("no end within three minutes: " + String.join(" ", command));
            }
            return new Result(process.exitValue(), Files.readString(output), Files.readString(error));
        } finally {
            Files.delete(output);
            Files.delete(error);
        }
    }

    /** The lab files that come with Careof. */
    static List<Path> samples() throws IOException {
        try (var files = Files.list(Path.of("../samples"))) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }
}
