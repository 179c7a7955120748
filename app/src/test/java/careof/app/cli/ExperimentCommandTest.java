package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.capture.CaptureReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExperimentCommandTest {
    @TempDir
    Path folder;

    @Test
    void tellsWhatBothSidesShow() throws Exception {
        Cli cli = Cli.run("experiment", "c2");
        assertEquals(0, cli.status(), cli.out() + cli.err());
        assertTrue(cli.out().startsWith("C2 HOLDS: The outer source in tunnel mode is never checked (draft section 2.4)\n"), cli.out());
        assertTrue(cli.out().contains("off in both runs: F; seed 14"), cli.out());
        assertTrue(Pattern.compile("data mn-cn delivered +on +397 of 400\n +off +1\\d\\d of 400\n").matcher(cli.out()).find(), cli.out());
        assertTrue(Pattern.compile("data mn-cn overhead +both 0 to 84 on backbone, 84 on cell-a").matcher(cli.out()).find(), cli.out());
        assertTrue(Pattern.compile("dropped +on .*\n +off .*outer-source-pinned").matcher(cli.out()).find(), cli.out());
        assertTrue(Pattern.compile("first difference +on +event \\d+ at .*\n +off +event \\d+ at .*dropped: the outer source").matcher(cli.out()).find(), cli.out());
        assertTrue(cli.out().contains("    holds  off: drops for outer-source-pinned at ha: at least"), cli.out());
    }

    @Test
    void severalAsJson() throws Exception {
        Cli cli = Cli.run("experiment", "--json", "--seed", "99", "C1", "E1");
        assertEquals(0, cli.status(), cli.out());
        JsonNode root = JsonMapper.shared().readTree(cli.out());
        assertTrue(root.at("/holds").booleanValue());
        assertEquals(List.of("C1", "E1"), root.at("/experiments").valueStream().map(one -> one.at("/letter").stringValue()).toList());
        assertEquals(99, root.at("/experiments/0/seed").intValue());
        JsonNode part = root.at("/experiments/1/parts/0");
        assertEquals(8, part.at("/on/signalling/messages").intValue());
        assertEquals(2, part.at("/off/signalling/byMessage/CoTI").intValue());
        assertTrue(part.at("/off/firstDifference").longValue() > 0);
        assertNotEquals(part.at("/on/digest").stringValue(), part.at("/off/digest").stringValue());
        assertTrue(part.at("/checks").valueStream().allMatch(check -> check.at("/holds").booleanValue()));
    }

    @Test
    void whatDoesNotHoldIsSaid() throws Exception {
        Path file = folder.resolve("mine.json");
        assertEquals(0, Cli.run("samples", "copy", "experiments/C2", file).status());
        Files.writeString(file, Files.readString(file).replace("\"reason\": \"outer-source-pinned\", \"node\": \"ha\", \"count\": 0", "\"reason\": \"outer-source-pinned\", \"node\": \"ha\", \"count\": 3"));
        Cli cli = Cli.run("experiment", file);
        assertEquals(1, cli.status(), cli.out());
        assertTrue(cli.out().startsWith("C2 FAILS: "), cli.out());
        assertTrue(cli.out().contains("FAILS  on: drops for outer-source-pinned at ha: 3 (0)"), cli.out());
        assertFalse(JsonMapper.shared().readTree(Cli.run("experiment", "--json", file).out()).at("/holds").booleanValue());
    }

    @Test
    void whatIsNoExperimentIsSaid() {
        Cli unknown = Cli.run("experiment", "A", "Z");
        assertEquals(2, unknown.status());
        assertTrue(unknown.err().startsWith("careof: no recommendation \"Z\", no table and no such file; recommendations are A B C1 "), unknown.err());
        assertEquals(unknown.err(), Cli.run("experiment", "all", "Z").err());
        assertEquals("careof: ../samples/handover.json has no experiment and no comparison; careof run runs it\n",
                Cli.run("experiment", "../samples/handover.json").err());
        assertEquals("careof: no file C2.json; the sample of that name is written by: careof samples copy experiments/C2\n", Cli.run("experiment", "C2.json").err());
        Cli seed = Cli.run("experiment", "--seed", "x");
        assertEquals(2, seed.status());
        assertTrue(seed.err().startsWith("careof: Invalid value for option '--seed': expected a whole number, not \"x\"\n"), seed.err());
    }

    @Test
    void listsAll() throws Exception {
        Cli cli = Cli.run("experiment", "--list");
        assertEquals(0, cli.status());
        assertEquals(21, cli.out().lines().takeWhile(line -> !line.isEmpty()).count());
        assertTrue(cli.out().contains("\ncorrespondents  What a movement costs with 1, 5 and 20 correspondents\n"), cli.out());
        assertTrue(cli.out().contains("C2  2.4  The outer source in tunnel mode is never checked\n"), cli.out());
        assertTrue(cli.out().contains("R   3.4  Phase one is found by its cookies when the address is new\n"), cli.out());
        JsonNode list = JsonMapper.shared().readTree(Cli.run("experiment", "--list", "--json").out());
        assertTrue(list.at("/tables").valueStream().anyMatch(one -> one.at("/name").stringValue().equals("correspondents")), list.toString());
        JsonNode all = list.at("/recommendations");
        assertEquals(21, all.valueStream().filter(one -> one.at("/experiment").booleanValue()).count());
    }

    @Test
    void capturesOfBothSides() throws Exception {
        Path captures = folder.resolve("captures");
        assertEquals(0, Cli.run("experiment", "C1", "--pcapng", captures).status());
        List<Long> sizes = new ArrayList<>();
        for (String name : List.of("C1-on", "C1-off", "C1-1-on", "C1-1-off", "C1-2-on", "C1-2-off")) {
            try (CaptureReader reader = CaptureReader.open(captures.resolve(name + ".pcapng"))) {
                long packets = 0;
                while (reader.next().isPresent()) {
                    packets++;
                }
                sizes.add(packets);
            }
        }
        assertTrue(sizes.stream().allMatch(size -> size > 100), sizes.toString());
        assertNotEquals(sizes.get(0), sizes.get(1));
    }

    /** The report is one page of well-formed markup that fetches nothing. */
    @Test
    void theReportStandsAlone() throws Exception {
        Path file = folder.resolve("report.html");
        assertEquals(0, Cli.run("experiment", "C2", "E2", "--html", file).status());
        String page = Files.readString(file);
        String body = page.replaceFirst("<!DOCTYPE html>", "").replaceFirst("(?s)<style>.*?</style>", "");
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
        assertEquals(2, document.getElementsByTagName("section").getLength());
        NodeList ladders = document.getElementsByTagName("svg");
        // the lab and its parts, each with two runs
        assertEquals(2 * (5 + 3), ladders.getLength());
        NodeList all = document.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            assertFalse(List.of("script", "link", "img", "iframe", "object").contains(element.getTagName()), element.getTagName());
            assertTrue(element.getAttribute("href").isEmpty() || element.getAttribute("href").startsWith("#"), element.getAttribute("href"));
        }
        assertFalse(page.contains("http:") || page.contains("https:") || page.contains("url(") || page.contains("@import"), "no other file");
        assertTrue(page.contains("prefers-color-scheme: dark"));
        for (String name : List.of("panel", "text", "mobility", "drop")) {
            Matcher colours = Pattern.compile("--" + name + ": #").matcher(page);
            assertEquals(2, colours.results().count(), name + " in light and dark");
        }
        assertTrue(page.contains("BU</text>") && page.contains("class=\"cross\""), "messages and drops are drawn");
        assertTrue(((Element) ladders.item(1)).getElementsByTagName("rect").getLength() > 0);
    }

    @Test
    void anExperimentIsALabToRun() {
        Cli cli = Cli.run("run", "../samples/experiments/C2.json", "--json");
        assertEquals(0, cli.status(), cli.out() + cli.err());
        assertTrue(Cli.run("samples").out().contains("experiments/C2 "), "listed among the samples");
        Cli copied = Cli.run("samples", "copy", "experiments/A", folder);
        assertEquals(folder.resolve("A.json") + "\n", copied.out());
    }

    /** A small lab, since this is about the table. */
    private Path comparison() throws Exception {
        Path file = folder.resolve("small.json");
        Files.writeString(file, """
                { "careof": 1, "name": "Small", "links": [ { "name": "lan", "kind": "wired", "prefix": "2001:db8:1::/64" } ],
                  "nodes": [ { "name": "a", "role": "host", "ports": [ { "link": "lan", "address": "2001:db8:1::a" } ] },
                             { "name": "b", "role": "host", "ports": [ { "link": "lan", "address": "2001:db8:1::b" } ] } ],
                  "ipsec": [ { "name": "tunnel", "between": ["a", "b"], "traffic": "payload",
                    "transforms": [ { "protocol": "esp", "mode": "tunnel", "encryption": "null", "authentication": "hmac-sha1-96" } ] } ],
                  "traffic": [ { "name": "data", "kind": "udp", "from": "a", "to": "b", "every": "500ms", "start": "1s" } ], "until": "3s",
                  "expect": [ { "flow": "data", "lost": 0 } ],
                  "comparison": { "claim": "A tunnel costs a header.",
                    "measures": [ { "name": "overhead", "overhead": { "flow": "data", "direction": "a-b", "link": "lan", "octets": "?" } },
                                  { "name": "packets", "flow": "data", "received": "?" } ],
                    "variants": [ { "name": "plain", "without": ["tunnel"], "values": { "overhead": 0 } },
                                  { "name": "ESP & all", "values": { "overhead": 64, "packets": 4 } } ] } }
                """);
        return file;
    }

    @Test
    void aTableOfVariants() throws Exception {
        Cli cli = Cli.run("experiment", comparison());
        assertEquals(0, cli.status(), cli.out() + cli.err());
        assertEquals("""
                small HOLDS: Small
                  A tunnel costs a header.
                  3 cells are checked, and 2 expectations beside; seed 1

                             overhead  packets
                  plain             0        4
                  ESP & all        64        4

                """, cli.out());
        JsonNode root = JsonMapper.shared().readTree(Cli.run("experiment", "--json", "--seed", "9", comparison()).out());
        assertTrue(root.at("/holds").booleanValue());
        assertEquals(9, root.at("/comparisons/0/seed").intValue());
        assertEquals("64", root.at("/comparisons/0/variants/1/cells/0/value").stringValue());
        assertFalse(root.at("/comparisons/0/variants/0/cells/1/claimed").booleanValue());
        assertNotEquals(root.at("/comparisons/0/variants/0/digest").stringValue(), root.at("/comparisons/0/variants/1/digest").stringValue());
    }

    @Test
    void aTableThatDoesNotHoldOnPaperAndOnScreen() throws Exception {
        Path file = comparison();
        Files.writeString(file, Files.readString(file).replace("\"packets\": 4", "\"packets\": 5"));
        Path html = folder.resolve("table.html");
        Path captures = folder.resolve("tables");
        Cli cli = Cli.run("experiment", file, "--html", html, "--pcapng", captures);
        assertEquals(1, cli.status());
        assertTrue(cli.out().startsWith("small FAILS: "), cli.out());
        assertTrue(cli.out().contains("  ESP & all        64      4 ✗\n  FAILS  ESP & all: data: received 5 (received 4)\n"), cli.out());
        String page = Files.readString(html);
        String body = page.replaceFirst("<!DOCTYPE html>", "").replaceFirst("(?s)<style>.*?</style>", "");
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(body)));
        assertEquals(9, document.getElementsByTagName("th").getLength() + document.getElementsByTagName("td").getLength());
        assertTrue(page.contains("<td class=\"number drop\">4 ✗</td>"), page);
        for (String name : List.of("small-1", "small-2")) {
            try (CaptureReader reader = CaptureReader.open(captures.resolve(name + ".pcapng"))) {
                assertTrue(reader.next().isPresent());
            }
        }
    }
}
