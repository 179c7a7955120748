package careof.engine.run;

import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The lab files beside the module, which all laws of the engine must hold for. */
final class Samples {
    private Samples() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("../samples"))) {
            return all.filter(path -> path.toString().endsWith(".json")).sorted().toList();
        }
    }

    static Lab lab(Path file) throws Exception {
        return LabFiles.read(file);
    }
}
