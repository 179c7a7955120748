package careof.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's answers before any Java starts: no display, native packages missing. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {

    @TempDir
    Path folder;

    private record Result(int exit, String text) {}

    @Test
    void withoutADisplayItSaysWhatToDo() throws Exception {
        var result = run(Map.of("DISPLAY", "", "WAYLAND_DISPLAY", ""), Path.of("careof"));
        assertEquals(2, result.exit, result.text);
        assertTrue(result.text.contains("no display") && result.text.contains("app/careof run samples/handover.json"), result.text);
    }

    @Test
    void throughALinkFromAnotherFolderToo() throws Exception {
        var link = Files.createSymbolicLink(folder.resolve("co"), Path.of("careof").toAbsolutePath());
        var result = run(Map.of("DISPLAY", ""), link);
        Files.delete(link);
        assertEquals(2, result.exit, result.text);
        assertTrue(result.text.contains("no display"), result.text);
    }

    @Test
    void presentLibrariesNeedNothing() throws Exception {
        for (var name : new String[] {"libgtk-3.so.0", "libXtst.so.6"}) Files.createFile(folder.resolve(name));
        var result = packages("window", Map.of("CAREOF_LIBRARY_FOLDERS", folder.toString(), "PATH", fakeAptGet("exit 1")));
        assertEquals(0, result.exit, result.text);
        assertEquals("", result.text);
    }

    @Test
    void missingLibrariesWithoutPermissionNameTheExactCommand() throws Exception {
        var mark = folder.resolve("new").resolve("missing");
        var result = run(Map.of("CAREOF_LIBRARY_FOLDERS", folder.toString(), "CAREOF_INSTALL", "no", "PATH", fakeAptGet("exit 1")),
                Path.of("src/build/native-packages"), "headless", mark.toString());
        assertEquals(2, result.exit, result.text);
        assertTrue(Files.exists(mark), "Maven looks for this mark");
        assertTrue(result.text.contains("apt-get install -y libpangoft2-1.0-0"), result.text);
    }

    @Test
    void aFailedInstallNamesTheExactCommand() throws Exception {
        var result = packages("window", Map.of("CAREOF_LIBRARY_FOLDERS", folder.toString(), "CAREOF_INSTALL", "yes",
                "PATH", fakeAptGet("exit 1")));
        assertEquals(2, result.exit, result.text);
        assertTrue(result.text.contains("apt-get install -y libgtk-3-0 libxtst6"), result.text);
    }

    @Test
    void itSaysWhatItInstallsAndInstallsOnlyWhatIsMissing() throws Exception {
        Files.createFile(folder.resolve("libgtk-3.so.0"));
        var result = packages("window", Map.of("CAREOF_LIBRARY_FOLDERS", folder.toString(), "CAREOF_INSTALL", "yes",
                "PATH", fakeAptGet("echo \"ran $*\"; touch " + folder.resolve("libXtst.so.6"))));
        assertEquals(0, result.exit, result.text);
        assertTrue(result.text.indexOf("installing libxtst6") >= 0
                && result.text.indexOf("installing libxtst6") < result.text.indexOf("ran "), result.text);
    }

    /** A PATH on which apt-get is only a script of ours, and sudo just runs its command. */
    private String fakeAptGet(String script) throws IOException {
        var bin = Files.createDirectories(folder.resolve("bin"));
        write(bin.resolve("apt-get"), script);
        write(bin.resolve("sudo"), "[ \"$1\" = -n ] && shift; exec \"$@\"");
        return bin + ":" + System.getenv("PATH");
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        if (!file.toFile().setExecutable(true)) throw new IOException("cannot make executable: " + file);
    }

    private Result packages(String kind, Map<String, String> environment) throws Exception {
        return run(environment, Path.of("src/build/native-packages"), kind);
    }

    private Result run(Map<String, String> environment, Path program, String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(program.toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        var output = folder.resolve("output");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        var exit = builder.start().waitFor();
        return new Result(exit, Files.readString(output));
    }
}
