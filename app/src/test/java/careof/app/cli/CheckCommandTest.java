package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
    private static final Path HANDOVER = Path.of("../samples/handover.json");

    @TempDir
    Path folder;

    @Test
    void aRightLabExitsZero() {
        Cli cli = Cli.run("check", HANDOVER);
        assertEquals(0, cli.status());
        assertTrue(cli.out().startsWith("../samples/handover.json: right; \"Handover under a voice stream\": 5 links, 6 nodes, 1 stream, 2 actions, "), cli.out());
        assertEquals("", cli.err());
    }

    @Test
    void aWrongLabExitsTwoAndIsNotTouched() throws Exception {
        Path file = folder.resolve("wrong.json");
        String text = Files.readString(HANDOVER).replace("\"at\": \"home\"", "\"at\": \"hoem\"");
        Files.writeString(file, text);
        Cli cli = Cli.run("check", file);
        assertEquals(2, cli.status());
        assertTrue(cli.out().contains("wrong.json:19: nodes[5].at: no link \"hoem\""), cli.out());
        assertEquals(text, Files.readString(file));
        JsonNode json = JsonMapper.shared().readTree(Cli.run("check", "--json", file).out());
        assertEquals(19, json.at("/files/0/problems/0/line").asInt());
        assertEquals("/nodes/5/at", json.at("/files/0/problems/0/pointer").asString());
    }

    @Test
    void aMissingFileIsSaidSo() {
        assertEquals(new Cli(2, "", "careof: no file nowhere.json\n"), Cli.run("check", "nowhere.json"));
        assertEquals(new Cli(2, "", "careof: no file handover.json; the sample of that name is written by: careof samples copy handover\n"),
                Cli.run("check", "handover.json"));
        assertEquals(2, Cli.run("check", folder).status());
    }

    @Test
    void usageExitsTwo() {
        assertEquals(2, Cli.run().status());
        assertEquals(2, Cli.run("check").status());
        assertEquals(2, Cli.run("fly").status());
        Cli file = Cli.run(HANDOVER);
        assertEquals(2, file.status());
        assertTrue(file.err().contains("careof open " + HANDOVER), file.err());
        assertEquals(2, Cli.run("check", "--fly", HANDOVER).status());
        assertEquals("careof: Missing required parameter for option '--tun' (NODE=NAME[@NETNS])\ncareof live --help tells the options\n", Cli.run("live", HANDOVER, "--tun").err());
        assertEquals("careof: Unknown option: '--seeed'\nPossible solutions: --seed, --set\ncareof run --help tells the options\n", Cli.run("run", HANDOVER, "--seeed").err());
        assertEquals("careof: Which command?\ncareof --help tells the commands\n", Cli.run().err());
        assertEquals(0, Cli.run("--help").status());
        assertEquals(0, Cli.run("check", "--help").status());
        assertEquals(Cli.run("run", "--help").out(), Cli.run("help", "run").out());
    }
}
