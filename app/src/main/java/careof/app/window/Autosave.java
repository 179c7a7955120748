package careof.app.window;

import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Copies of unsaved labs, one per process, so that a crash loses at most the last seconds. Used by background threads only. */
final class Autosave {
    private static final String ENDING = ".json";

    private final Path folder;
    private final Path own;

    Autosave(Path folder) {
        this.folder = folder;
        this.own = folder.resolve(ProcessHandle.current().pid() + ENDING);
    }

    void keep(Lab lab) throws IOException {
        Files.createDirectories(folder);
        LabFiles.save(own, lab);
    }

    void forget() throws IOException {
        Files.deleteIfExists(own);
    }

    /** A copy that a process left which is gone. */
    Optional<Path> leftBehind() throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> dead = files.filter(f -> f.getFileName().toString().endsWith(ENDING) && !f.equals(own) && !isAlive(f)).sorted().toList();
            return dead.stream().findFirst();
        }
    }

    private static boolean isAlive(Path file) {
        String name = file.getFileName().toString();
        try {
            return ProcessHandle.of(Long.parseLong(name.substring(0, name.length() - ENDING.length()))).isPresent();
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
