package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabErrorsTest {
    private static List<String> errors(String text, String... settings) {
        LabException e = assertThrows(LabException.class,
                () -> LabJson.read("lab.json", text, Arrays.stream(settings).map(Setting::parse).toList()));
        return e.problems().stream().map(LabProblem::toString).toList();
    }

    /** Each change of the example gives exactly this one error. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "seed": 7,                     | "seed": "7",                  | lab.json:5: seed: expected a whole number without quotes, not the text "7"
            "seed": 7,                     | "seed": 7.5,                  | lab.json:5: seed: expected a whole number without quotes, not the number 7.5
            "seed": 7,                     | "sead": 7,                    | lab.json:5: sead: unknown field (did you mean "seed"?); the fields of a lab are careof, name, about, seed, epoch, policy, links, nodes, until, pki, ipsec, traffic, actions, expect, experiment, comparison, view
            "careof": 1,                   | "careof": 2,                  | lab.json:2: careof: this is version 2 of the file form; this program reads version 1
            2026-01-01T00                  | 2026-01-01 00                 | lab.json:6: epoch: expected a time such as "2026-01-01T00:00:00Z", not "2026-01-01 00:00:00Z"
            "off": [],                     | "off": ["S"],                 | lab.json:7: policy.off[0]: expected one of A, B, C1, C2, D, E1, E2, F, ... (21), not "S"
            { "cn": {                      | { "cm": {                     | lab.json:7: policy.nodes.cm: no node "cm"; nodes are ha, ra, rb, rc, cn and mn (did you mean "cn"?)
            "loss": 0.01                   | "loss": 1.01                  | lab.json:10: links[1].loss: a loss is a probability from 0 to 1 (0.05 for 5 %), not 1.01
            "delay": "10ms"                | "delay": "10"                 | lab.json:12: links[3].delay: not a time such as "12.5s" or "30ms": "10"
            "delay": "10ms"                | "delay": 10                   | lab.json:12: links[3].delay: expected a time such as "12.5s" or "30ms", not the number 10
            "delay": "10ms"                | "delya": "10ms"               | lab.json:12: links[3].delya: unknown field (did you mean "delay"?); the fields of a link are name, kind, prefix, prefix4, delay, rate, queue, loss, attach, mtu, advertise, down
            "rate": "1Gbps"                | "rate": "1Gb"                 | lab.json:12: links[3].rate: not a rate such as "64kbps", "100Mbps", "1Gbps" or "unlimited": "1Gb"
            "delay": "10ms"                | "mtu": 1279                   | lab.json:12: links[3].mtu: expected 1280 to 65535, not 1279
            "wired", "prefix": "2001:db8:f | "wierd", "prefix": "2001:db8:f | lab.json:12: links[3].kind: expected one of wired and cell, not "wierd" (did you mean "wired"?)
            2001:db8:f::/64                | 2001:db8:f::/47               | lab.json:12: links[3].prefix: bits are set past the prefix length; meant 2001:db8:e::/47?: "2001:db8:f::/47"
            2001:db8:f::/64                | 2001:db8:e::/63               | lab.json:12: links[3].prefix: addresses are configured by nodes themselves on "backbone", which needs a /64, not a /63 (RFC 4862); or give each of its ports an address
            2001:db8:f::/64                | 2001:db8:9::/64               | lab.json:13: links[4].prefix: 2001:db8:9::/64 overlaps with 2001:db8:9::/64 of link "backbone"; each link needs its own
            "link": "home", "address": "2001:db8:1::1" | "link": "hoem", "address": "2001:db8:1::1" | lab.json:16: nodes[0].ports[0].link: no link "hoem"; links are home, cell-a, cell-b, backbone and cn-link (did you mean "home"?)
            2001:db8:9::9                  | 2001:db8:8::9                 | lab.json:20: nodes[4].ports[0].address: 2001:db8:8::9 is not in 2001:db8:9::/64, the prefix of link "cn-link"
            "address": "2001:db8:1::1" }   | "address": "2001:db8:1::10" } | lab.json:21: nodes[5].home.address: 2001:db8:1::10 is given twice, first as nodes[0].ports[0].address; addresses are unique
            "agent": "ha"                  | "agent": "ra"                 | lab.json:21: nodes[5].home.agent: "ra" is a router, not a home-agent
            "at": "home", "home"           | "at": "hom", "home"           | lab.json:21: nodes[5].at: no link "hom"; links are home, cell-a, cell-b, backbone and cn-link (did you mean "home"?)
            "cn": "optimized"              | "cn": "optimised"             | lab.json:22: nodes[5].modes.cn: expected one of bidirectional, triangular and optimized, not "optimised" (did you mean "optimized"?)
            "cn": "optimized"              | "cx": "optimized"             | lab.json:22: nodes[5].modes.cx: no node "cx"; nodes are ha, ra, rb, rc, cn and mn (did you mean "cn"?)
            "octets": 172                  | "octets": 15                  | lab.json:24: traffic[0].octets: expected 16 to 65000, not 15
            "every": "20ms"                | "every": "20ns"               | lab.json:24: traffic[0].every: expected 0.001ms to 3600s, not 20ns
            "both": true                   | "both": "yes"                 | lab.json:24: traffic[0].both: expected true or false, not the text "yes"
            { "at": "5s",  "move"          | { "move"                      | lab.json:26: actions[0].at: missing; an action needs it, such as "at": "5s"
            "to": "cell-a"                 | "to": "cel-a"                 | lab.json:26: actions[0].move.to: no link "cel-a"; links are home, cell-a, cell-b, backbone and cn-link (did you mean "cell-a"?)
            "node": "mn", "to": "cell-b"   | "node": "ra", "to": "cell-b"  | lab.json:27: actions[1].move.node: "ra" is a router; only mobile nodes move
            "move": { "node": "mn", "to": "cell-b" } | "mvoe": {}          | lab.json:27: actions[1]: an action has exactly one of the fields move, link, mode, ping, policy, sa, ike and attack; this one has none of them
            "cell-b", "loss": 0.05         | "cell-b"                      | lab.json:28: actions[2].link: changes nothing; give loss, delay, rate or down
            "cell-b", "loss": 0.05         | "cell-b", "from": "cn", "loss": 0.05 | lab.json:28: actions[2].link.from: "cn" has no port on "cell-b"
            "reason": "rh0"                | "reason": "RH 0"              | lab.json:34: expect[2].drops.reason: "RH 0" is no reason code; they look like "no-route"
            { "drops": { "reason": "rh0"   | { "events": { "match": " "    | lab.json:34: expect[2].events.match: a blank query asks for every event; give a query such as "reason == no-route"
            { "drops": { "reason": "rh0"   | { "events": { "match": "rh0", "node": "hb" | lab.json:34: expect[2].events.node: no node "hb"; nodes are ha, ra, rb, rc, cn and mn (did you mean "ha"?)
            { "drops": { "reason": "rh0"   | { "events": { "node": "ha"    | lab.json:34: expect[2].events.match: missing; an events expectation needs it, such as "match": "reason == no-route and node == ha"
            "home": "2001:db8:1::10", "c   | "home": "2001:db8:1::11", "c  | lab.json:32: expect[0].binding.home: 2001:db8:1::11 is no mobile node's home address
            "flow": "voice"                | "flow": "vioce"               | lab.json:33: expect[1].flow: no traffic stream "vioce"; streams are voice (did you mean "voice"?)
            "direction": "cn-mn"           | "direction": "cn-ha"          | lab.json:33: expect[1].direction: expected "mn-cn" or "cn-mn", not "cn-ha"
            "atMost": 120                  | "atMost": -1                  | lab.json:33: expect[1].lost: nothing is in this range: atMost is below atLeast or zero
            "mn": [120, 340]               | "mn": [120]                   | lab.json:36: view.nodes.mn: expected two numbers [x, y], not an array
            "mn": [120, 340]               | "mx": [120, 340]              | lab.json:36: view.nodes.mx: no node "mx"; remove it, or rename it (did you mean "mn"?)
            "seed": 7,                     | "seed": 7, "seed": 8,         | lab.json:5: seed: given twice, first in line 5; keep one
            """)
    void oneMistakeOneMessage(String good, String bad, String message) throws Exception {
        String example = LabJsonTest.example();
        assertTrue(example.contains(good), good);
        assertEquals(List.of(message), errors(example.replaceFirst(java.util.regex.Pattern.quote(good), java.util.regex.Matcher.quoteReplacement(bad))));
    }

    @Test
    void allMistakesAreFoundAtOnceInTheOrderOfTheFile() {
        List<String> errors = errors("""
                {
                  "careof": 1,
                  "links": [
                    { "name": "home", "kind": "wired", "prefix": "2001:db8::/6400" },
                    { "name": "a b", "kind": "cell" }
                  ],
                  "nodes": [
                    { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8::1" } ] },
                    { "name": "mn", "role": "mobile-node", "at": "hom" }
                  ],
                  "until": "5"
                }
                """);
        assertEquals(List.of(
                "lab.json:1: name: missing; a lab needs it, such as \"name\": \"My first handover\"",
                "lab.json:4: links[0].prefix: not an IPv6 prefix such as 2001:db8:1::/64: \"2001:db8::/6400\"",
                "lab.json:5: links[1].name: \"a b\" is no name; names have 1 to 63 letters, digits, dots, hyphens or underscores, a letter or digit first",
                "lab.json:9: nodes[1]: a mobile node needs a home: \"home\": { \"link\": ..., \"address\": ..., \"agent\": ... }",
                "lab.json:9: nodes[1].at: no link \"hom\"; links are home and a b (did you mean \"home\"?)",
                "lab.json:11: until: not a time such as \"12.5s\" or \"30ms\": \"5\""), errors);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "{", "[", "{\"careof\": 1,}", "{} {}", "{\"a\": NaN}", "nul", "{\"careof\": 01}"})
    void brokenSyntaxIsOneErrorWithALine(String text) {
        List<String> errors = errors(text);
        assertEquals(1, errors.size());
        assertTrue(errors.getFirst().startsWith("lab.json:1: "), errors.getFirst());
    }

    @Test
    void aCommaTooManyIsGuessed() {
        assertTrue(errors("{\"careof\": 1,}").getFirst().endsWith("is there a comma too many before it?"));
        assertTrue(errors("{\"links\": [1,\n]}").getFirst().matches("lab.json:2: not JSON: .*is there a comma too many before it\\?"));
    }

    @Test
    void deepNestingAndHugeNumbersAreRefused() {
        assertEquals(1, errors("[".repeat(100_000)).size());
        assertEquals(1, errors("{\"careof\": 1e99999999999}").size());
        assertEquals(1, errors("{\"careof\": " + "1".repeat(100_000) + "}").size());
        assertTrue(errors("{\"careof\": 1, \"name\": \"x\", \"seed\": 1e999999999}").getFirst().contains("seed: expected a whole number"));
    }

    @Test
    void anyJsonIsAnsweredWithAMessage() {
        for (String text : List.of("null", "7", "[]", "\"lab\"", "{\"careof\": null, \"links\": {}, \"nodes\": [null], \"view\": 3, \"expect\": [[]]}")) {
            assertTrue(!errors(text).isEmpty());
        }
    }

    @Test
    void settingsThatMissAreExplained() throws Exception {
        String example = LabJsonTest.example();
        assertEquals(List.of("--set /links/7/loss=0.1: links[7]: no such element; use 0 to 4, or \"-\" to append"), errors(example, "/links/7/loss=0.1"));
        assertEquals(List.of("--set /link/0/loss=0.1: link: no such field; there are careof, name, about, seed, epoch, policy, links, nodes, ... (13)"),
                errors(example, "/link/0/loss=0.1"));
        assertEquals(List.of("--set /links/0/loss=lots: links[0].loss: expected a number without quotes, not the text \"lots\""),
                errors(example, "/links/0/loss=lots"));
        assertEquals(List.of("--set /links/0/loss=2: links[0].loss: a loss is a probability from 0 to 1 (0.05 for 5 %), not 2.0"),
                errors(example, "/links/0/loss=2"));
        assertThrows(IllegalArgumentException.class, () -> Setting.parse("links/0/loss=0.1"));
        assertThrows(IllegalArgumentException.class, () -> Setting.parse("/links/0/loss"));
    }

    @Test
    void expectationsNameWhatExists() throws Exception {
        String example = LabJsonTest.example();
        assertTrue(errors(example, "/expect/2={\"messages\":{\"message\":\"HoTi\",\"count\":1}}").getFirst().endsWith("(did you mean \"HoTI\"?)"));
        assertEquals(List.of("--set /expect/2={\"messages\":{\"message\":\"BU\"}}: expect[2].messages.count: missing; a messages expectation needs it, "
                + "such as \"count\": 0, or { \"atMost\": 3 }"), errors(example, "/expect/2={\"messages\":{\"message\":\"BU\"}}"));
        LabJson.Reading late = LabJson.readDraft("lab.json", example.replace("\"to\": \"20s\"", "\"to\": \"21s\""));
        assertTrue(late.runs());
        assertEquals("[lab.json:32: warning: expect[0].to: the run ends before, at 20s, so nobody will know]", late.problems().toString());
    }

    @Test
    void oddLabsRunWithAWarning() throws Exception {
        String example = LabJsonTest.example();
        assertEquals(List.of("lab.json:26: warning: actions[0].move.to: no router is on \"cell-a\", so a mobile node finds no care-of address there"),
                warnings(example.replace("\"ra\", \"role\": \"router\", ", "\"ra\", \"role\": \"host\", ")));
        assertEquals(List.of("lab.json:22: warning: nodes[5].modes.cn: \"cn\" is a host, which knows nothing of mobility; make it a correspondent, or the mode bidirectional"),
                warnings(example.replace("\"correspondent\"", "\"host\"")));
        assertEquals(List.of("lab.json:28: warning: actions[2].at: the run ends before, at 20s"), warnings(example.replace("\"12s\"", "\"22s\"")));
        assertEquals(List.of(), warnings(example));
    }

    private static List<String> warnings(String text) throws LabException {
        LabJson.Reading reading = LabJson.readDraft("lab.json", text);
        assertTrue(reading.runs(), reading.problems().toString());
        return reading.problems().stream().map(LabProblem::toString).toList();
    }

    @Test
    void namesAreSuggestedOnlyWhereNear() {
        assertEquals(" (did you mean \"home\"?)", Words.suggest("hoem", List.of("cell", "home")));
        assertEquals("", Words.suggest("elsewhere", List.of("cell", "home")));
        assertEquals("none", Words.list(List.of()));
        assertEquals("0, 1, 2, 3, 4, 5, 6, 7, ... (9)", Words.list(IntStream.range(0, 9).mapToObj(String::valueOf).toList()));
    }
}
