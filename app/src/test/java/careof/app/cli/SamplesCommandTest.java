package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SamplesCommandTest {
    @TempDir
    Path folder;

    @Test
    void listsThem() throws Exception {
        Cli cli = Cli.run("samples");
        assertEquals(0, cli.status());
        assertTrue(cli.out().contains("handover               Handover under a voice stream"), cli.out());
        try (var files = Files.newDirectoryStream(Path.of("../samples"), "*.json")) {
            files.forEach(file -> assertTrue(cli.out().contains(file.getFileName().toString().replace(".json", " ")), file.toString()));
        }
        assertTrue(JsonMapper.shared().readTree(Cli.run("samples", "--json").out()).at("/samples").size() >= 8);
    }

    @Test
    void copiesOne() throws Exception {
        Path file = folder.resolve("mine.json");
        assertEquals(new Cli(0, file + "\n", ""), Cli.run("samples", "copy", "handover", file));
        assertEquals(Files.readString(Path.of("../samples/handover.json")), Files.readString(file));
        assertEquals(2, Cli.run("samples", "copy", "handover", file).status());
        assertEquals(0, Cli.run("samples", "copy", "--force", "triangular", file).status());
        assertEquals(0, Cli.run("samples", "copy", "triangular", folder).status());
        assertTrue(Files.exists(folder.resolve("triangular.json")));
        Cli told = Cli.run("samples", "copy", "--json", "optimized", folder);
        assertEquals(folder.resolve("optimized.json").toString(), JsonMapper.shared().readTree(told.out()).at("/written").stringValue());
        assertTrue(Cli.run("samples", "copy", "handova").err().startsWith("careof: no sample \"handova\"; there are bidirectional, "));
    }
}
