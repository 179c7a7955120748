package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.policy.Recommendation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabJsonTest {
    static String example() throws IOException {
        try (var in = LabJsonTest.class.getResourceAsStream("example-lab.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsTheExample() throws Exception {
        Lab lab = LabJson.read("example-lab.json", example());
        assertEquals(List.of(), LabCheck.problems(lab));
        assertEquals("Handover under a voice stream", lab.name());
        assertEquals(7, lab.seed());
        assertEquals(List.of(Recommendation.A), lab.policy().nodes().get("cn"));
        assertEquals(new LabLink("cell-a", LabLink.Kind.CELL, Optional.of(Prefix.parse("2001:db8:2::/64")), Optional.empty(), 2_000_000, 0, 100, 0.01,
                30_000_000, 1500, 1_000_000_000, false), lab.links().get(1));
        assertEquals(1_000_000_000, lab.link("backbone").orElseThrow().rate());
        LabNode mn = lab.node("mn").orElseThrow();
        assertEquals(new LabNode.Home("home", Ip6Address.parse("2001:db8:1::10"), Optional.of("ha")), mn.home().orElseThrow());
        assertEquals(LabNode.Mode.OPTIMIZED, mn.modes().get("cn"));
        assertEquals(new LabTraffic("voice", LabTraffic.Kind.UDP, "mn", "cn", true, 20_000_000, 172, 2_000_000_000, 18_000_000_000L),
                lab.traffic().getFirst());
        assertEquals(new TimedAction(12_000_000_000L, new Action.Link("cell-b", Optional.empty(), Optional.empty(), Optional.of(0.05),
                Optional.empty(), Optional.empty(), Optional.empty())), lab.actions().get(2));
        assertEquals(new Expectation.Flow("voice", Optional.of("cn-mn"),
                Optional.of(new Expectation.Range(Optional.empty(), Optional.of(120L))), Optional.empty(), Optional.empty(), Optional.empty(),
                Expectation.Span.whole(lab.until())), lab.expect().get(1));
        assertEquals(new Lab.View.Point(120, 340), lab.view().nodes().get("mn"));
    }

    @Test
    void writesAnElementALine() throws Exception {
        Lab lab = LabJson.read("example-lab.json", example());
        String text = LabJson.write(lab);
        assertEquals(lab, LabJson.read("written", text));
        assertTrue(text.contains("""
                  "links": [
                    { "name": "home",     "kind": "wired", "prefix": "2001:db8:1::/64" },
                    { "name": "cell-a",   "kind": "cell",  "prefix": "2001:db8:2::/64", "delay": "2ms", "loss": 0.01 },
                """), text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRoundTripLosesNothing(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            Lab lab = new LabGenerator(random).lab();
            assertEquals(List.of(), LabCheck.problems(lab).stream().filter(LabProblem::isError).toList(), () -> "seed " + seed + ": " + lab);
            String text = LabJson.write(lab);
            Lab back = LabJson.read("generated", text);
            assertEquals(lab, back, () -> "seed " + seed + ":\n" + text);
            assertEquals(text, LabJson.write(back), () -> "seed " + seed + ": order changed");
        }
    }

    /** Any change of any character either reads as some lab or is refused with a place: never another exception. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void damagedTextsAreRefusedInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        String example = example();
        String letters = "{}[]\":,0123456789.eE-+truefalsn \nab\u0000\ud800\\/";
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            StringBuilder text = new StringBuilder(example);
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, letters.charAt(random.nextInt(letters.length())));
                    default -> text.setLength(random.nextInt(20) == 0 ? at + 1 : text.length());
                }
            }
            try {
                LabJson.read("damaged.json", text.toString());
            } catch (LabException e) {
                refused++;
                assertTrue(!e.problems().isEmpty() && e.problems().stream().allMatch(p -> p.line() > 0), () -> "seed " + seed + ": " + e.getMessage());
            }
        }
        assertTrue(refused > 500, "refused only " + refused);
    }

    @Test
    void aHalfDrawnLabIsSavedAndOpenedAgain() throws Exception {
        Lab lab = Lab.empty("draft").withNodes(List.of(LabNode.of("mn", LabNode.Role.MOBILE_NODE), LabNode.of("mn", LabNode.Role.HOST)))
                .withTraffic(List.of(new LabTraffic("x", LabTraffic.Kind.UDP, "gone", "", true, 0, 0, 5, 3)));
        LabJson.Reading reading = LabJson.readDraft("draft.json", LabJson.write(lab));
        assertEquals(lab, reading.lab());
        assertTrue(!reading.runs());
        List<String> seen = new ArrayList<>();
        reading.problems().forEach(problem -> seen.add(problem.pointer()));
        assertTrue(seen.containsAll(List.of("/nodes/1/name", "/nodes/0", "/traffic/0/from", "/traffic/0/every", "/traffic/0/stop")), seen.toString());
    }

    @Test
    void settingsAreAppliedBeforeReading() throws Exception {
        Lab lab = LabJson.read("example-lab.json", example(), List.of(Setting.parse("/links/0/loss=0.1"), Setting.parse("/until=25s"),
                Setting.parse("/policy/off=[\"F\",\"C2\"]"), Setting.parse("/actions/-={\"at\":\"21s\",\"ping\":{\"from\":\"cn\",\"to\":\"mn\"}}")));
        assertEquals(0.1, lab.links().getFirst().loss());
        assertEquals(25_000_000_000L, lab.until());
        assertEquals(List.of(Recommendation.F, Recommendation.C2), lab.policy().off());
        assertEquals(new TimedAction(21_000_000_000L, new Action.Ping("cn", "mn")), lab.actions().getLast());
    }

    @Test
    void ratesReadBack() {
        for (long rate : new long[] {0, 1, 999, 1000, 64_000, 1_500_000, 1_234_567, 100_000_000, 1_000_000_000, 2_500_000_001L}) {
            assertEquals(rate, Rate.parse(Rate.format(rate)));
        }
        assertEquals("1.5Mbps", Rate.format(1_500_000));
        assertEquals("64kbps", Rate.format(64_000));
    }
}
