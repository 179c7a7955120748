package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which Careof has a device open, by what Linux tells of its processes. */
@EnabledOnOs(OS.LINUX)
class HoldersTest {
    private static final String TUN0 = "pos:\t0\nflags:\t02104002\nmnt_id:\t25\nino:\t71\niff:\ttun0\n";

    @TempDir
    private Path proc;

    @BeforeEach
    void ourselves() throws IOException {
        Files.createFile(Files.createDirectories(proc.resolve("self/ns")).resolve("net"));
    }

    private void process(int number, String command, String open, boolean here) throws IOException {
        Path process = Files.createDirectories(proc.resolve(Integer.toString(number)));
        Files.writeString(process.resolve("cmdline"), command);
        Files.writeString(Files.createDirectory(process.resolve("fdinfo")).resolve("3"), open);
        Path net = Files.createDirectory(process.resolve("ns")).resolve("net");
        if (here) {
            Files.createLink(net, proc.resolve("self/ns/net"));
        } else {
            Files.createFile(net);
        }
    }

    private Optional<Long> holder(String device) throws IOException {
        return new Holders(proc).of(device, Namespace.OWN);
    }

    @Test
    void aCareofInTheSameNamespace() throws Exception {
        process(4, "java\0-jar\0/opt/careof/careof.jar\0live\0", TUN0, false);
        process(5, "openvpn\0--dev\0tun0\0", TUN0, true);
        process(6, "java\0-jar\0/opt/careof/careof.jar\0run\0", "pos:\t0\nflags:\t02\n", true);
        Files.writeString(Files.createDirectories(proc.resolve("9")).resolve("cmdline"), "careof, whose files nobody may see");
        Files.createDirectory(proc.resolve("10"));
        process(11, "java\0-jar\0/opt/careof/careof.jar\0live\0", TUN0, false);
        Files.delete(proc.resolve("11/ns/net"));    // it ends while it is looked at
        assertEquals(Optional.empty(), holder("tun0"));
        process(7, "java\0-jar\0/opt/careof/careof.jar\0live\0", TUN0, true);
        assertEquals(Optional.of(7L), holder("tun0"));
        assertEquals(Optional.empty(), holder("tun"), "another name");
        assertEquals(Optional.empty(), holder("un0"));
    }
}
