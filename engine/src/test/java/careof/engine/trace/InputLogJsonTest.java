package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabNode;
import careof.engine.trace.InputLog.Input;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputLogJsonTest {
    private static Lab lab;

    @TempDir
    Path folder;

    @BeforeAll
    static void read() throws Exception {
        lab = LabJson.read("lab", """
                {
                  "careof": 1, "name": "two é\\u2028", "seed": 9007199254740993,
                  "links": [ { "name": "home", "kind": "cell", "prefix": "2001:db8:1::/64" }, { "name": "away", "kind": "cell", "prefix": "2001:db8:2::/64", "loss": 0.1 },
                             { "name": "core", "kind": "wired", "prefix": "2001:db8:3::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home" }, { "link": "core" } ] },
                             { "name": "r", "role": "router", "ports": [ { "link": "away" }, { "link": "core" } ] },
                             { "name": "cn", "role": "correspondent", "ports": [ { "link": "core" } ] },
                             { "name": "mn", "role": "mobile-node", "at": "home", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } } ],
                  "traffic": [ { "name": "talk", "kind": "udp", "from": "mn", "to": "cn", "every": "20ms", "octets": 100 } ],
                  "until": "20s"
                }
                """);
    }

    private static InputLog log() {
        return new InputLog(lab, Detail.FULL, List.of(
                new Input(0, 0, new Action.Ping("mn", "cn")),
                new Input(17, 1_500_000_001L, new Action.Move("mn", Optional.of("away"))),
                new Input(17, 1_500_000_001L, new Action.Link("away", Optional.of("mn"), Optional.empty(), Optional.of(0.25), Optional.of(3_000_000L),
                        Optional.empty(), Optional.of(false))),
                new Input(90, 2_000_000_000L, new Action.SetMode("mn", "cn", LabNode.Mode.OPTIMIZED)),
                new Input(99, 3_000_000_000L, new Action.Move("mn", Optional.empty()))));
    }

    @Test
    void whatIsWrittenReadsBack() throws Exception {
        Path file = folder.resolve("x.log");
        InputLogJson.write(log(), Optional.of(new InputLogJson.End(12, "abc")), file);
        assertEquals(7, Files.readAllLines(file).size());
        assertEquals(new InputLogJson.Reading(log(), InputLogJson.ENGINE, Optional.of(new InputLogJson.End(12, "abc"))), InputLogJson.read(file));
        InputLog summary = new InputLog(lab, Detail.SUMMARY, List.of());
        assertEquals(new InputLogJson.Reading(summary, InputLogJson.ENGINE, Optional.empty()),
                InputLogJson.read("x", InputLogJson.write(summary, Optional.empty())));
    }

    private static void refused(String expected, String text) {
        LabException problem = assertThrows(LabException.class, () -> InputLogJson.read("x.log", text));
        assertEquals(expected, problem.getMessage());
    }

    @Test
    void errorsNameTheLine() {
        String text = InputLogJson.write(log(), Optional.of(new InputLogJson.End(12, "abc")));
        refused("x.log:1: the file is empty; an input log starts with {\"careofLog\":1,...", "");
        refused("x.log:1: no field \"careofLog\": this is no input log but a lab", "{\"careof\": 1}");
        refused("x.log:1: this is version 2 of the form; this program reads version 1", text.replace("{\"careofLog\":1", "{\"careofLog\":2"));
        refused("x.log:1: \"detail\" is \"full\" or \"summary\", not \"most\"", text.replace("\"full\"", "\"most\""));
        refused("x.log:3: expected a whole number from 0 in \"after\", which is missing", text.replaceFirst("\"after\":17", "\"then\":17"));
        refused("x.log:4: expected a whole number from 17 in \"after\", not 16", text.replace("\"after\":17,\"do\":{ \"at\": \"1.500000001s\", \"link\"",
                "\"after\":16,\"do\":{ \"at\": \"1.500000001s\", \"link\""));
        refused("x.log:5: \"at\" is before the input in the line before", text.replace("\"at\": \"2s\"", "\"at\": \"1s\""));
        refused("x.log:8: the log ended in the line before", text + "{\"after\":100,\"do\":{}}\n");
        refused("x.log:2: unknown field \"more\"; known here: after, do", text.replace("{\"after\":0,", "{\"after\":0,\"more\":1,"));
        String truncated = assertThrows(LabException.class, () -> InputLogJson.read("x.log", text.substring(0, text.indexOf("\"2s\"")))).getMessage();
        assertTrue(truncated.startsWith("x.log:5: not JSON: "), truncated);
        String action = assertThrows(LabException.class, () -> InputLogJson.read("x.log", text.replace("\"move\": {", "\"jump\": {"))).getMessage();
        assertTrue(action.startsWith("x.log:3: do"), action);
        String node = assertThrows(LabException.class, () -> InputLogJson.read("x.log", text.replace("\"to\": \"away\"", "\"to\": \"nowhere\""))).getMessage();
        assertTrue(node.startsWith("x.log:3: do.move.to: ") && node.contains("nowhere"), node);
        String inLab = assertThrows(LabException.class, () -> InputLogJson.read("x.log", text.replace("\"seed\": 9", "\"sead\": 9"))).getMessage();
        assertTrue(inLab.startsWith("x.log:1: lab.sead: "), inLab);
    }

    @Test
    void otherFilesAreRefusedNotRead() throws Exception {
        Path file = folder.resolve("x.log");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertEquals("x.log: not UTF-8 text; this is no input log", assertThrows(LabException.class, () -> InputLogJson.read(file)).getMessage());
    }

    @Test
    void theVersionIsTheBuilds() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"), StandardCharsets.UTF_8);
        assertTrue(pom.contains("<artifactId>careof</artifactId><version>" + InputLogJson.ENGINE + "</version>"), pom);
    }
}
