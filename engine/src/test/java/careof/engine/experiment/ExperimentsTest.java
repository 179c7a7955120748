package careof.engine.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabExperiment;
import careof.engine.lab.LabExperiment.Claims;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabProblem;
import careof.engine.lab.LabJson;
import careof.engine.policy.Recommendation;
import careof.engine.state.Switches;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every experiment holds, with every control, and would not if its recommendation were ignored. */
class ExperimentsTest {
    private static final Path FOLDER = Path.of("../samples/experiments");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static List<String> broken(Experiment.Result result) {
        List<String> broken = new ArrayList<>();
        for (Experiment.Outcome outcome : result.outcomes()) {
            outcome.checks().stream().filter(check -> !check.holds()).forEach(check -> broken.add(outcome.name() + ": " + check.expected() + ": "
                    + check.on().map(verdict -> "on " + verdict.seen() + " ").orElse("") + check.off().map(verdict -> "off " + verdict.seen()).orElse("")));
        }
        return broken;
    }

    @Test
    void everyRecommendationHasOne() throws Exception {
        Set<Recommendation> letters = new LinkedHashSet<>();
        for (Path file : files()) {
            LabExperiment experiment = LabFiles.read(file).experiment().orElseThrow();
            assertEquals(experiment.letter() + ".json", file.getFileName().toString());
            letters.add(experiment.letter());
        }
        assertEquals(Set.of(Recommendation.values()), letters);
    }

    /** Both runs show what is claimed; a run in which the switch has the other place does not, and neither does one without any switching. */
    @ParameterizedTest
    @MethodSource("files")
    void holdsAndFlips(Path file) throws Exception {
        Lab lab = LabFiles.read(file);
        Experiment.Result result = Experiment.run(lab, Progress.NONE);
        assertEquals(List.of(), broken(result));
        assertTrue(result.holds());
        LabExperiment experiment = result.experiment();
        assertFalse(experiment.claims().on().isEmpty() || experiment.claims().off().isEmpty(), "each side must claim something");
        Experiment.Result swapped = Experiment.run(lab.withExperiment(Optional.of(swapped(experiment))), Progress.NONE);
        for (int i = 0; i < result.outcomes().size(); i++) {
            Claims claims = i == 0 ? experiment.claims() : experiment.parts().get(i - 1).claims();
            Experiment.Outcome outcome = result.outcomes().get(i);
            if (!claims.on().isEmpty() || !claims.off().isEmpty()) {
                assertFalse(swapped.outcomes().get(i).holds(), outcome.name() + " holds the other way round, too");
                Divergence first = outcome.divergence().orElseThrow(() -> new AssertionError(outcome.name() + ": the runs do not part"));
                assertTrue(first.on() > 0 && first.off() > 0, first.toString());
            }
            assertEquals(Optional.empty(), Divergence.of(outcome.on().trace(), swapped(outcome, swapped, i)), "what is claimed changes no run");
        }
    }

    private static TraceStore swapped(Experiment.Outcome outcome, Experiment.Result swapped, int i) {
        assertNotEquals(outcome.on().trace().digest(), outcome.off().trace().digest());
        return swapped.outcomes().get(i).on().trace();
    }

    private static LabExperiment swapped(LabExperiment experiment) {
        return new LabExperiment(experiment.letter(), experiment.claim(), experiment.at(), swapped(experiment.claims()), experiment.parts().stream()
                .map(part -> new LabExperiment.Part(part.name(), part.policy(), part.nodes(), part.ipsec(), part.traffic(), part.actions(), part.until(),
                        part.expect(), swapped(part.claims()))).toList());
    }

    private static Claims swapped(Claims claims) {
        return new Claims(claims.off(), claims.on(), List.of());
    }

    /** The two runs differ in the switch of one recommendation, at the nodes that are named, and in nothing else. */
    @ParameterizedTest
    @MethodSource("files")
    void onlyTheLetterIsSwitched(Path file) throws Exception {
        Lab lab = LabFiles.read(file);
        LabExperiment experiment = lab.experiment().orElseThrow();
        List<Lab> variants = new ArrayList<>(List.of(lab));
        experiment.parts().forEach(part -> variants.add(part.of(lab)));
        for (Lab variant : variants) {
            Lab on = experiment.switched(variant, true);
            Lab off = experiment.switched(variant, false);
            assertEquals(on.withPolicy(Lab.LabPolicy.ALL_ON), off.withPolicy(Lab.LabPolicy.ALL_ON));
            lab.nodes().forEach(node -> {
                Set<Recommendation> more = new LinkedHashSet<>(off.policyOf(node.name()).off());
                more.removeAll(on.policyOf(node.name()).off());
                assertEquals(experiment.at().isEmpty() || experiment.at().contains(node.name()) ? Set.of(experiment.letter()) : Set.of(), more);
                assertTrue(off.policyOf(node.name()).off().containsAll(on.policyOf(node.name()).off()));
            });
        }
    }

    @Test
    void nodesMayBeNamed() throws Exception {
        Lab lab = LabFiles.read(FOLDER.resolve("C2.json"));
        LabExperiment experiment = lab.experiment().orElseThrow();
        // C2 is the receiver's: at the home agent it is enough, at the mobile node it does nothing for this direction
        assertTrue(Experiment.run(lab.withExperiment(Optional.of(at(experiment, "ha"))), Progress.NONE).holds());
        Experiment.Result elsewhere = Experiment.run(lab.withExperiment(Optional.of(at(experiment, "mn"))), Progress.NONE);
        assertFalse(elsewhere.holds());
        assertTrue(elsewhere.outcomes().getFirst().on().trace().size() > 1);
    }

    private static LabExperiment at(LabExperiment experiment, String node) {
        return new LabExperiment(experiment.letter(), experiment.claim(), List.of(node), experiment.claims(), List.of());
    }

    @Test
    void whatMustBeTheSameIsCompared() throws Exception {
        Lab lab = LabFiles.read(FOLDER.resolve("C2.json"));
        LabExperiment experiment = lab.experiment().orElseThrow();
        Expectation packets = new Expectation.Packets("data", "mn-cn", "cn-link", new Expectation.Span(0, 4_900_000_000L));
        Expectation all = new Expectation.Packets("data", "mn-cn", "cn-link", Expectation.Span.whole(lab.until()));
        Experiment.Result result = Experiment.run(lab.withExperiment(Optional.of(new LabExperiment(experiment.letter(), "", List.of(),
                new Claims(List.of(), List.of(), List.of(packets, all)), List.of()))), Progress.NONE);
        List<Experiment.Check> same = result.outcomes().getFirst().checks().stream().filter(Experiment.Check::same).toList();
        assertTrue(same.get(0).holds(), same.get(0).toString());
        assertFalse(same.get(1).holds(), "packets after the movement come through in one run only");
    }

    @Test
    void theRunsPartWhereTheRecommendationRules() throws Exception {
        Experiment.Outcome outcome = Experiment.run(LabFiles.read(FOLDER.resolve("C2.json")), Progress.NONE).outcomes().getFirst();
        Divergence first = outcome.divergence().orElseThrow();
        TraceEvent off = outcome.off().trace().get(first.off());
        assertTrue(off instanceof TraceEvent.Dropped dropped && dropped.reason().code().equals("outer-source-pinned"), off.toString());
        // all before is the same but for the policy
        for (long event = 1; event < first.off(); event++) {
            TraceEvent a = outcome.on().trace().get(event);
            TraceEvent b = outcome.off().trace().get(event);
            assertTrue(a.equals(b) || a instanceof TraceEvent.Changed changed && changed.row() instanceof Switches, a + " " + b);
        }
        assertEquals(Optional.empty(), Divergence.of(outcome.on().trace(), outcome.on().trace()));
    }

    @Test
    void cancelled() throws Exception {
        Lab lab = LabFiles.read(FOLDER.resolve("B.json"));
        List<Long> told = new ArrayList<>();
        org.junit.jupiter.api.Assertions.assertThrows(Progress.Cancelled.class, () -> Experiment.run(lab, (done, total) -> {
            told.add(done);
            assertTrue(done <= total);
            return told.size() < 5;
        }));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), told);
    }

    @Test
    void mistakesAreFound() throws Exception {
        String text = Files.readString(FOLDER.resolve("B.json"));
        assertEquals(List.of(), problems(text));
        assertEquals(List.of("experiment.letter: the policy says that B is off, but the experiment is to switch it; leave it out there"),
                problems(text.replace("\"seed\": 12,", "\"seed\": 12, \"policy\": { \"off\": [\"B\"] },")));
        assertEquals(List.of("experiment.at[0]: no node \"mx\"; nodes are ha, ra, rb, rc, cn, mn and mm (did you mean \"mn\"?)"),
                problems(text.replace("\"letter\": \"B\",", "\"letter\": \"B\", \"at\": [\"mx\"],")));
        assertEquals(List.of("experiment.parts[1].on[0].overhead.link: no link \"cell-c\"; links are home, cell-a, cell-b, backbone and cn-link (did you mean \"cell-a\"?)"),
                problems(text.replaceFirst("(?s)(\"direction\": \"mn-mm\", \"link\": )\"cell-a\"", "$1\"cell-c\"")));
    }

    private static List<String> problems(String text) throws Exception {
        return LabJson.readDraft("B.json", text).problems().stream().filter(LabProblem::isError).map(problem -> problem.field() + ": " + problem.message()).toList();
    }
}
