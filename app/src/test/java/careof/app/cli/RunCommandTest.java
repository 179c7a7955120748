package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RunCommandTest {
    /** Two nodes on a wire, half of whose frames are lost from 3 s on. */
    private static final String LAB = """
            { "careof": 1, "name": "wire", "links": [ { "name": "l", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
              "nodes": [ { "name": "a", "role": "host", "ports": [ { "link": "l" } ] }, { "name": "b", "role": "host", "ports": [ { "link": "l" } ] } ],
              "traffic": [ { "name": "f", "kind": "udp", "from": "a", "to": "b", "every": "10ms", "start": "2s", "stop": "4s" } ],
              "actions": [ { "at": "3s", "link": { "name": "l", "loss": 0.5 } } ],
              "until": "5s",
              "expect": [ { "flow": "f", "lost": { "atLeast": 20, "atMost": 80 } }, { "drops": { "reason": "hop-limit", "count": 0 } } ] }
            """;

    @TempDir
    Path folder;

    private Path lab() throws Exception {
        return Files.writeString(folder.resolve("wire.json"), LAB);
    }

    @Test
    void exitsZeroOnlyIfAllHolds() throws Exception {
        Cli good = Cli.run("run", lab());
        assertEquals(0, good.status(), good.out() + good.err());
        assertTrue(good.out().contains("holds  f: lost at least 20 and at most 80"), good.out());
        Cli bad = Cli.run("run", lab(), "--set", "/actions/0/link/loss=1");
        assertEquals(1, bad.status());
        assertTrue(bad.out().contains("FAILS  f: lost at least 20 and at most 80 (lost 100)"), bad.out());
        Cli soon = Cli.run("run", lab(), "--until", "1s");
        assertEquals(1, soon.status(), "nothing was sent, so the losses were not seen");
    }

    @Test
    void theSameSeedGivesTheSameRunAndAnotherSeedAnother() throws Exception {
        String first = digest();
        assertEquals(first, digest());
        assertNotEquals(first, digest("--seed", "8"));
    }

    private String digest(String... more) throws Exception {
        Object[] args = new Object[3 + more.length];
        args[0] = "run";
        args[1] = lab();
        args[2] = "--json";
        System.arraycopy(more, 0, args, 3, more.length);
        JsonNode json = JsonMapper.shared().readTree(Cli.run(args).out());
        assertEquals(200, json.at("/flows/0/sent").asInt());
        return json.get("digest").asString();
    }

    @Test
    void aReplayComesOutTheSame() throws Exception {
        Path log = folder.resolve("wire.log");
        Cli run = Cli.run("run", lab(), "--json", "--seed", "5", "--log", log);
        Cli replay = Cli.run("replay", log, "--json");
        assertEquals(0, replay.status(), replay.err());
        ObjectNode told = (ObjectNode) JsonMapper.shared().readTree(replay.out());
        assertTrue(told.get("same").booleanValue());
        told.remove("same");
        ObjectNode ran = (ObjectNode) JsonMapper.shared().readTree(run.out());
        assertEquals(ran.put("file", ""), told.put("file", ""));
        Files.writeString(log, Files.readString(log).replaceFirst("\"digest\":\"....", "\"digest\":\"0000"));
        Cli other = Cli.run("replay", log);
        assertEquals(1, other.status());
        assertTrue(other.err().startsWith("careof: the run came out differently: "), other.err());
        assertFalse(JsonMapper.shared().readTree(Cli.run("replay", log, "--json").out()).get("same").booleanValue());
    }

    @Test
    void aPartialRunCanBeReplayedToo() throws Exception {
        Path log = folder.resolve("part.log");
        Cli.run("run", "../samples/handover.json", "--until", "3s", "--log", log);
        Cli replay = Cli.run("replay", log);
        assertEquals(1, replay.status());
        assertEquals("", replay.err());
        assertTrue(replay.out().contains("\n  open   "), replay.out());
    }

    @Test
    void stopsAtTheFirstEventThatAQueryMatches() throws Exception {
        Path trace = folder.resolve("until.jsonl");
        Cli.run("run", lab(), "--until", "protocol == UDP and kind == sent", "--trace", trace);
        String last = Files.readAllLines(trace).getLast();
        assertTrue(last.contains("\"t\":\"2.002s\""), "right after address resolution, not: " + last);
        Cli wrong = Cli.run("run", lab(), "--until", "protocol ==");
        assertEquals(2, wrong.status());
        assertTrue(wrong.err().contains("\nprotocol ==\n"), wrong.err());
    }

    @Test
    void writesCaptureAndTrace() throws Exception {
        Path pcapng = folder.resolve("wire.pcapng");
        Path trace = folder.resolve("wire.jsonl");
        assertEquals(0, Cli.run("run", lab(), "--pcapng", pcapng, "--trace", trace).status());
        JsonNode result = JsonMapper.shared().readTree(Cli.run("run", lab(), "--json").out());
        try (var lines = Files.lines(trace)) {
            assertEquals(result.get("events").asLong(), lines.count());
        }
        Cli all = Cli.run("decode", pcapng, "--summary");
        assertEquals(0, all.status(), all.err());
        assertEquals(200, all.out().lines().filter(line -> line.contains("  UDP  ")).count());
        assertEquals(0, Cli.run("run", lab(), "--pcapng", pcapng, "--only", "node:b").status());
        String onlyB = Cli.run("decode", pcapng, "--summary").out();
        assertTrue(onlyB.lines().filter(line -> line.contains("  UDP  ")).allMatch(line -> line.contains("  b/p1  ")), onlyB);
    }

    @Test
    void badInputExitsTwoAndWritesNothing() throws Exception {
        Path pcapng = folder.resolve("no.pcapng");
        assertEquals("--set /links/0/loss=2: links[0].loss: a loss is a probability from 0 to 1 (0.05 for 5 %), not 2.0\n",
                Cli.run("run", lab(), "--set", "/links/0/loss=2", "--pcapng", pcapng).err());
        JsonNode json = JsonMapper.shared().readTree(Cli.run("run", lab(), "--set", "/links/0/loss=2", "--json").out());
        assertEquals("/links/0/loss", json.at("/problems/0/pointer").asString());
        assertEquals("careof: --only: no node \"c\"\n", Cli.run("run", lab(), "--pcapng", pcapng, "--only", "node:c").err());
        assertEquals(2, Cli.run("run", lab(), "--only", "node:a").status());
        assertEquals(2, Cli.run("run", lab(), "--until", "12x").status());
        assertEquals(2, Cli.run("run", lab(), "--seed", "x").status());
        assertEquals(2, Cli.run("run", lab(), "--set", "links").status());
        assertEquals(2, Cli.run("run", lab(), "--pcapng", folder.resolve("missing/x.pcapng")).status());
        assertEquals(2, Cli.run("replay", lab()).status());
        assertTrue(Files.notExists(pcapng));
    }

    @Test
    void policyIsChangedForAllAndForOne() throws Exception {
        Path log = folder.resolve("policy.log");
        assertEquals(0, Cli.run("run", lab(), "--policy", "-F,-C2", "--policy", "a:+F,-A", "--log", log).status());
        assertTrue(Files.readString(log).contains("\"policy\": { \"off\": [\"F\", \"C2\"], \"nodes\": { \"a\": { \"off\": [\"C2\", \"A\"] } } }"), Files.readString(log));
        assertEquals(2, Cli.run("run", lab(), "--policy", "F").status());
        Cli wrong = Cli.run("run", lab(), "--policy", "-S");
        assertEquals(2, wrong.status());
        assertTrue(wrong.err().startsWith("careof: Invalid value for option '--policy' (CHANGES): \"-S\" is no change; expected + or - and one of A B C1 "), wrong.err());
        assertEquals(0, Cli.run("run", lab(), "--policy", "-f,+c2").status());
        assertEquals(2, Cli.run("run", lab(), "--policy", "c:-A").status());
    }

    /** The lab of an experiment, with its recommendation off by hand, is one of the experiment's sides: nothing is odd about it, and its log plays again. */
    @Test
    void oneSideOfAnExperimentRuns() {
        Path log = folder.resolve("side.log");
        Cli run = Cli.run("run", "../samples/experiments/G.json", "--policy", "-G", "--log", log);
        assertEquals("", run.err());
        assertEquals(0, run.status(), run.out());
        assertEquals(0, Cli.run("replay", log).status());
    }

    @Test
    void whatLooksOddIsSaidBeforeTheRun() {
        String handover = "../samples/handover.json";
        Cli odd = Cli.run("run", handover, "--set", "/actions/0/at=30s");
        assertTrue(odd.err().contains("warning: actions[0].at: the run ends before"), odd.err());
        assertEquals("", Cli.run("run", handover, "--until", "1s", "--json").err());
    }

    /** Registrations under ESP: only whoever knows the key sees that there is a binding update. */
    @Test
    void untilSeesWhatIsEncrypted() throws Exception {
        String protection = """
                "ipsec": [ { "name": "bu-ba", "between": ["mn", "ha"], "traffic": "registration",
                    "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] } ],
                "traffic": [""";
        String lab = Files.readString(Path.of("../samples/bidirectional.json")).replace("\"traffic\": [", protection);
        Cli run = Cli.run("run", Files.writeString(folder.resolve("protected.json"), lab), "--until", "protocol == esp and protocol == BU", "--json");
        String time = JsonMapper.shared().readTree(run.out()).get("until").asString();
        assertTrue(time.startsWith("4.") || time.startsWith("5."), run.out() + run.err());
    }

    @Test
    void whatIsNothingThatCanBeReplayedIsToldSo() throws Exception {
        Path garbage = folder.resolve("garbage.careof");
        for (byte[] octets : List.of(new byte[] {(byte) 0x89, 'C', 'A', 'R', 'x', (byte) 0xff}, "some words".getBytes(StandardCharsets.UTF_8), new byte[0])) {
            Files.write(garbage, octets);
            Cli replay = Cli.run("replay", garbage);
            assertEquals(2, replay.status());
            assertEquals("careof: " + garbage + " is neither an input log, as careof run --log writes it, nor a recording, as careof live --record writes it", replay.err().strip());
        }
        assertTrue(Cli.run("replay", lab()).err().contains(" is a lab; to run it: careof run "));
        assertTrue(Cli.run("replay", Files.writeString(garbage, "{\"careofLog\": 99}")).err().contains("this is version 99 of the form"));
    }
}
