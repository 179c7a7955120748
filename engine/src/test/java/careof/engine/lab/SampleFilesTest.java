package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples are exemplary: no warnings, something to watch, something to check, a place for everything. */
class SampleFilesTest {
    static List<Path> samples() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("../samples"))) {
            return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isExemplary(Path file) throws Exception {
        LabJson.Reading reading = LabFiles.readDraft(file);
        assertEquals(List.of(), reading.problems());
        Lab lab = reading.lab();
        assertTrue(lab.about().length() > 80, "says what to watch");
        assertTrue(!lab.expect().isEmpty(), "has expectations");
        lab.nodes().forEach(node -> assertTrue(lab.view().nodes().containsKey(node.name()), node.name()));
        lab.links().forEach(link -> assertTrue(lab.view().links().containsKey(link.name()), link.name()));
    }

    /** What the README shows must work as it stands. */
    @Test
    void theReadmesFirstLabIsRight() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        int start = readme.indexOf("```json\n") + 8;
        LabJson.Reading reading = LabJson.readDraft("README.md", readme.substring(start, readme.indexOf("```", start)));
        assertEquals(List.of(), reading.problems());
    }
}
