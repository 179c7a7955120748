package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The benchmark of live traffic, with real interfaces; how much goes through is nothing for a test, that anything does is. */
@Tag("interop")
class LiveBenchTest {
    @Test
    void allThatIsMeasuredGoesThroughAndNothingIsLeft() throws Exception {
        var out = new StringWriter();
        var err = new StringWriter();
        assertEquals(CareofCommand.HOLDS, CareofCommand.execute(new PrintWriter(out), new PrintWriter(err), "bench", "live", "--seconds", "1", "--json"), err::toString);
        var figures = JsonMapper.shared().readTree(out.toString());
        for (var name : new String[] {"udpPaced", "udpFlood", "tcpMegabits", "pingMedianMillis"}) assertTrue(figures.get(name).doubleValue() > 0, () -> name + " of " + out);
        assertTrue(figures.has("ratios") || err.toString().contains("apt-get install"), err::toString);
        var namespaces = Path.of("/run/netns");
        if (Files.exists(namespaces)) {
            try (var names = Files.list(namespaces)) {
                assertFalse(names.anyMatch(file -> file.getFileName().toString().matches("careof-(m|a|sa|sb)" + ProcessHandle.current().pid())), "a namespace is left");
            }
        }
    }
}
