package careof.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Lab;
import careof.engine.lab.LabComparison;
import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabProblem;
import careof.engine.metrics.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every comparison holds, and does not if its variants change places. */
class ComparisonsTest {
    private static final Path FOLDER = Path.of("../samples/comparisons");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void holdsAndFlips(Path file) throws Exception {
        Comparison.Result result = Comparison.run(LabFiles.read(file), Progress.NONE);
        List<String> broken = new ArrayList<>();
        result.rows().forEach(row -> row.failed().forEach(verdict -> broken.add(row.variant().name() + ": " + verdict.expected() + ": " + verdict.seen())));
        assertEquals(List.of(), broken);
        assertTrue(result.holds());
        List<Comparison.Row> rows = result.rows();
        for (Comparison.Row row : rows) {
            assertFalse(row.variant().values().isEmpty(), row.variant().name() + " claims nothing");
        }
        // with the values of the next one no variant holds
        for (int i = 0; i < rows.size(); i++) {
            SequencedMap<String, Range> others = rows.get((i + 1) % rows.size()).variant().values();
            Comparison.Row row = rows.get(i);
            assertTrue(row.cells().stream().anyMatch(cell -> others.containsKey(cell.measure().name())
                    && !others.get(cell.measure().name()).equals(row.variant().values().get(cell.measure().name()))
                    && !holds(others.get(cell.measure().name()), cell)), row.variant().name() + " holds with the values of the next one, too");
        }
        // every measure tells at least two variants apart, or is claimed to be the same in all
        for (LabComparison.Measure measure : result.comparison().measures()) {
            assertTrue(rows.stream().anyMatch(row -> row.variant().values().containsKey(measure.name())), measure.name() + " is claimed of none");
        }
    }

    /** Whether what was seen would do for other values. */
    private static boolean holds(Range range, Comparison.Cell cell) {
        if (cell.value().equals("-")) {
            return false;
        }
        if (cell.measure().isTime()) {
            return range.holds(careof.engine.base.VirtualTime.parse(cell.value().replaceFirst(",.*", "")));
        }
        return Stream.of(cell.value().split(" to ")).allMatch(number -> range.holds(Long.parseLong(number)));
    }

    @Test
    void whatIsClaimedIsChecked() throws Exception {
        Lab lab = small();
        Comparison.Result result = Comparison.run(lab, Progress.NONE);
        assertTrue(result.holds(), result.rows().toString());
        assertEquals(List.of("0", "64"), result.rows().stream().map(row -> row.cells().getFirst().value()).toList());
        assertEquals(List.of(true, false), result.rows().stream().map(row -> row.cells().get(1).claimed()).toList());
        LabComparison comparison = lab.comparison().orElseThrow();
        List<LabComparison.Variant> wrong = comparison.variants().stream().map(variant ->
                new LabComparison.Variant(variant.part(), variant.without(), comparison.variants().getLast().values())).toList();
        Comparison.Result swapped = Comparison.run(lab.withComparison(Optional.of(new LabComparison("", comparison.measures(), wrong))), Progress.NONE);
        assertFalse(swapped.holds());
        assertEquals(List.of(false, true), swapped.rows().stream().map(Comparison.Row::holds).toList());
        assertEquals(Verdict.Outcome.FAILS, swapped.rows().getFirst().failed().getFirst().outcome());
        assertEquals(result.rows().getFirst().trace().digest(), swapped.rows().getFirst().trace().digest(), "what is claimed changes no run");
    }

    @Test
    void whatTheLabExpectsHoldsInAll() throws Exception {
        Lab lab = LabJson.read("small.json", SMALL.replace("\"lost\": 0 }", "\"received\": 0 }"));
        Comparison.Result result = Comparison.run(lab, Progress.NONE);
        assertEquals(List.of(false, false), result.rows().stream().map(Comparison.Row::holds).toList());
    }

    @Test
    void progressAndCancelling() throws Exception {
        List<Long> told = new ArrayList<>();
        assertThrows(Progress.Cancelled.class, () -> Comparison.run(small(), (done, total) -> {
            told.add(done);
            assertEquals(40, total);
            return told.size() < 25;
        }));
        assertEquals(25, told.getLast());
    }

    @Test
    void writtenAndReadAgain() throws Exception {
        for (Path file : files()) {
            Lab lab = LabFiles.read(file);
            assertEquals(lab, LabJson.read("x.json", LabJson.write(lab)).withMaterial(lab.material()), file.toString());
        }
        assertEquals(small(), LabJson.read("x.json", LabJson.write(small())));
    }

    @Test
    void mistakesAreFound() throws Exception {
        assertEquals(List.of(), problems(SMALL));
        assertEquals(List.of("20 comparison.measures[0]: a measure has exactly one \"?\", in place of the number or time that is measured; this one has 0"),
                problems(SMALL.replace("\"octets\": \"?\"", "\"octets\": 40")));
        assertEquals(List.of("20 comparison.measures[0].overhead.octets: expected a whole number without quotes, not the text \"??\""),
                problems(SMALL.replace("\"octets\": \"?\"", "\"octets\": \"??\"")));
        assertEquals(List.of("15 expect[0].lost: expected a whole number without quotes, not the text \"?\""), problems(SMALL.replace("\"lost\": 0", "\"lost\": \"?\"")));
        assertEquals(List.of("24 comparison.variants[0].values.overhaed: no measure \"overhaed\"; measures are overhead and signalling (did you mean \"overhead\"?)"),
                problems(SMALL.replace("\"overhead\": 0", "\"overhaed\": 0")));
        assertEquals(List.of("23 comparison.variants[0].without[0]: no node, protection or traffic stream \"tunel\" (did you mean \"tunnel\"?)"),
                problems(SMALL.replace("[\"tunnel\"]", "[\"tunel\"]")));
        assertEquals(List.of("22 comparison.variants[0]: measure overhead.overhead.flow: no traffic stream \"data\"; streams are none"),
                problems(SMALL.replace("[\"tunnel\"]", "[\"tunnel\", \"data\"]").replace("    { \"flow\": \"data\", \"lost\": 0 }\n", "")));
        assertEquals(List.of("21 comparison.measures[1].name: another measure is called \"overhead\", too"),
                problems(SMALL.replace("\"name\": \"signalling\"", "\"name\": \"overhead\"").replace(", \"signalling\": 0", "")));
        assertEquals(List.of("25 comparison.variants[1].name: another variant is called \"plain\", too"), problems(SMALL.replace("\"in a tunnel\"", "\"plain\"")));
        assertEquals(List.of("25 comparison.variants[1].values.overhead: nothing is in this range: atMost is below atLeast or zero"),
                problems(SMALL.replace("\"overhead\": 64", "\"overhead\": { \"atLeast\": 9, \"atMost\": 3 }")));
        String one = SMALL.replaceFirst("(?s),\\s*\\{ \"name\": \"in a tunnel\".*?\\} \\}", "");
        assertEquals(List.of("22 comparison.variants: nothing is compared; give at least two variants"), problems(one));
        assertEquals(List.of("17 comparison: missing; a comparison needs it, such as \"claim\": \"what the table shows\""),
                problems(SMALL.replace("\"claim\": \"A tunnel costs a header.\",", "")).stream().map(s -> s.replace(".claim", "")).toList());
    }

    private static List<String> problems(String text) {
        try {
            return LabJson.readDraft("small.json", text).problems().stream().filter(LabProblem::isError)
                    .map(problem -> problem.line() + " " + problem.field() + ": " + problem.message()).toList();
        } catch (LabException e) {
            return e.problems().stream().map(problem -> problem.line() + " " + problem.field() + ": " + problem.message()).toList();
        }
    }

    private static Lab small() throws Exception {
        return LabJson.read("small.json", SMALL);
    }

    private static final String SMALL = """
            {
              "careof": 1,
              "name": "Small",
              "links": [
                { "name": "lan", "kind": "wired", "prefix": "2001:db8:1::/64" }
              ],
              "nodes": [
                { "name": "a", "role": "host", "ports": [ { "link": "lan", "address": "2001:db8:1::a" } ] },
                { "name": "b", "role": "host", "ports": [ { "link": "lan", "address": "2001:db8:1::b" } ] }
              ],
              "ipsec": [ { "name": "tunnel", "between": ["a", "b"], "traffic": "payload", "transforms": [ { "protocol": "esp", "mode": "tunnel", "encryption": "null", "authentication": "hmac-sha1-96" } ] } ],
              "traffic": [ { "name": "data", "kind": "udp", "from": "a", "to": "b", "every": "500ms", "start": "1s" } ],
              "until": "3s",
              "expect": [
                { "flow": "data", "lost": 0 }
              ],
              "comparison": {
                "claim": "A tunnel costs a header.",
                "measures": [
                  { "name": "overhead", "overhead": { "flow": "data", "direction": "a-b", "link": "lan", "octets": "?" } },
                  { "name": "signalling", "signalling": { "messages": "?" } } ],
                "variants": [
                  { "name": "plain", "without": ["tunnel"],
                    "values": { "overhead": 0, "signalling": 0 } },
                  { "name": "in a tunnel", "values": { "overhead": 64 } }
                ]
              }
            }
            """;
}
