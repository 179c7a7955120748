package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import careof.engine.base.Progress;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.trace.Detail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample does what it says, and would not say so if the thing were broken. */
class SampleExpectationsTest {
    static List<Path> samples() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("../samples"))) {
            return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static Lab sample(String name) throws Exception {
        return LabFiles.read(Path.of("../samples", name + ".json"));
    }

    /** What does not hold. */
    private static List<Verdict> broken(Lab lab) throws Exception {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        return RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).verdicts().stream()
                .filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void holds(Path file) throws Exception {
        assertEquals(List.of(), broken(LabFiles.read(file)));
    }

    @Test
    void theSharedExampleAndTheReadmesLabHold() throws Exception {
        assertEquals(List.of(), broken(LabFiles.read(Path.of("src/test/resources/careof/engine/lab/example-lab.json"))));
        String readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("```json\n") + 8;
        assertEquals(List.of(), broken(LabJson.read("README.md", readme.substring(start, readme.indexOf("```", start)))));
    }

    /** A sample of one mode must not hold in another. */
    @ParameterizedTest
    @CsvSource({"bidirectional, TRIANGULAR", "bidirectional, OPTIMIZED", "triangular, BIDIRECTIONAL", "triangular, OPTIMIZED",
            "optimized, BIDIRECTIONAL", "optimized, TRIANGULAR", "handover, BIDIRECTIONAL", "handover, TRIANGULAR", "return-home, BIDIRECTIONAL",
            "lossy-handover, BIDIRECTIONAL", "mn-to-mn, BIDIRECTIONAL", "mn-to-mn, TRIANGULAR"})
    void theModeMatters(String name, LabNode.Mode mode) throws Exception {
        Lab lab = sample(name);
        Lab other = lab.withNodes(lab.nodes().stream().map(node -> {
            var modes = new LinkedHashMap<String, LabNode.Mode>();
            node.modes().forEach((peer, _) -> modes.put(peer, mode));
            return node.withModes(modes);
        }).toList());
        assertNotEquals(List.of(), broken(other));
    }

    /** Where nobody moves, where the home agent is an ordinary router, or where nothing passes the backbone, no sample holds. */
    @ParameterizedTest
    @MethodSource("samples")
    void breakagesAreSeen(Path file) throws Exception {
        Lab lab = LabFiles.read(file);
        if (lab.actions().stream().anyMatch(timed -> timed.action() instanceof Action.Move)) {
            assertNotEquals(List.of(), broken(lab.withActions(lab.actions().stream().filter(timed -> !(timed.action() instanceof Action.Move)).toList())));
        }
        assertNotEquals(List.of(), broken(lab.withNodes(lab.nodes().stream().map(node -> node.role() != LabNode.Role.HOME_AGENT ? node
                : node.withRole(LabNode.Role.ROUTER).withOptimisticDad(false)).toList())));
        assertNotEquals(List.of(), broken(lab.withLinks(lab.links().stream().map(link -> !link.name().equals("backbone") ? link
                : link.withLoss(1).withDown(false)).toList())));
    }

    @Test
    void duplicateAddressDetectionThatWaitsIsSeenInTheHandover() throws Exception {
        Lab lab = sample("handover");
        assertNotEquals(List.of(), broken(lab.withNodes(lab.nodes().stream().map(node -> node.role() != LabNode.Role.MOBILE_NODE ? node
                : node.withOptimisticDad(false)).toList())));
    }
}
