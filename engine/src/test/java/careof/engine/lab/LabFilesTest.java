package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabFilesTest {
    @TempDir
    Path folder;

    private List<String> files() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void savesAndReads() throws Exception {
        Path file = folder.resolve("lab.json");
        Lab lab = LabJson.read("example", LabJsonTest.example());
        LabFiles.save(file, lab);
        assertEquals(lab, LabFiles.read(file));
        LabFiles.save(file, lab.withName("other"));
        assertEquals("other", LabFiles.read(file).name());
        assertEquals(List.of("lab.json"), files());
    }

    @Test
    void aFailedSaveLeavesTheOldFile() throws Exception {
        // what cannot be moved over: a folder with something in it
        Path target = Files.createDirectory(folder.resolve("lab.json"));
        Files.writeString(target.resolve("inside"), "kept");
        assertThrows(IOException.class, () -> LabFiles.save(target, Lab.empty("x")));
        assertEquals("kept", Files.readString(target.resolve("inside")));
        assertEquals(List.of("lab.json"), files());
        assertThrows(IOException.class, () -> LabFiles.save(folder.resolve("missing/lab.json"), Lab.empty("x")));
    }

    @Test
    void savingThroughASymbolicLinkKeepsTheLink() throws Exception {
        Path real = folder.resolve("real.json");
        LabFiles.save(real, Lab.empty("first"));
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), real);
        LabFiles.save(link, Lab.empty("second"));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("second", LabFiles.read(real).name());
    }

    @Test
    void aLeftoverOfAnInterruptedSaveIsNoObstacle() throws Exception {
        Files.writeString(folder.resolve(".lab.json.part"), "half of a much longer text that must not shine through".repeat(20));
        LabFiles.save(folder.resolve("lab.json"), Lab.empty("x"));
        assertEquals("x", LabFiles.read(folder.resolve("lab.json")).name());
        assertEquals(List.of("lab.json"), files());
    }

    @Test
    void filesThatAreNoTextAreRefused() throws Exception {
        Path file = folder.resolve("lab.json");
        Files.write(file, new byte[] {(byte) 0xd4, (byte) 0xc3, (byte) 0xb2, (byte) 0xa1});
        LabException e = assertThrows(LabException.class, () -> LabFiles.read(file));
        assertTrue(e.getMessage().startsWith("lab.json: not UTF-8"), e.getMessage());
    }
}
