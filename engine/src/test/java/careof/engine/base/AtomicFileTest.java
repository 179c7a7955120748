package careof.engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private Path file;
    private Path part;

    @BeforeEach
    void old() throws IOException {
        file = folder.resolve("x.txt");
        part = folder.resolve(".x.txt.part");
        Files.writeString(file, "old");
    }

    private String text() throws IOException {
        return Files.readString(file);
    }

    @Test
    void theNewContentReplacesTheOldAtOnce() throws Exception {
        AtomicFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            assertEquals("old", text());
            assertTrue(Files.exists(part));
        });
        assertEquals(1 << 20, Files.size(file));
        assertFalse(Files.exists(part));
    }

    @Test
    void whateverInterruptsItTheOldContentStays() throws Exception {
        assertEquals("cannot write " + file + ": disk gone", assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(1);
            throw new IOException("disk gone");
        })).getMessage());
        assertThrows(IllegalStateException.class, () -> AtomicFile.write(file, _ -> {
            throw new IllegalStateException();
        }));
        assertThrows(Progress.Cancelled.class, () -> AtomicFile.write(file, _ -> {
            throw new Progress.Cancelled();
        }));
        assertEquals("old", text());
        assertFalse(Files.exists(part));
    }

    @Test
    void aPartLeftByAKilledProcessDoesNotDisturb() throws Exception {
        Files.writeString(part, "half of something much longer than what follows");
        AtomicFile.write(file, out -> out.write('n'));
        assertEquals("n", text());
        assertFalse(Files.exists(part));
    }

    @Test
    void twoWritersDoNotMix() throws Exception {
        AtomicFile.write(file, out -> {
            out.write('1');
            IOException second = assertThrows(IOException.class, () -> AtomicFile.write(file, o -> o.write('2')));
            assertEquals("cannot write " + file + ": it is being written already", second.getMessage());
        });
        assertEquals("1", text());
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        AtomicFile.write(link, out -> out.write('n'));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("n", text());
    }

    @Test
    void permissionsStay() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        AtomicFile.write(file, out -> out.write('n'));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aPipeIsWrittenDirectly() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process make = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertTrue(make.waitFor(10, TimeUnit.SECONDS) && make.exitValue() == 0);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        Thread reader = new Thread(() -> {
            try (var in = Files.newInputStream(pipe)) {
                in.transferTo(read);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        reader.start();
        AtomicFile.write(pipe, out -> out.write("through".getBytes()));
        reader.join(10_000);
        assertEquals("through", read.toString());
    }
}
