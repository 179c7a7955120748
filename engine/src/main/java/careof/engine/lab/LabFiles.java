package careof.engine.lab;

import careof.engine.base.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lab files on disk. */
public final class LabFiles {
    /** Octets; a lab of a thousand nodes is a tenth of this. */
    private static final long LARGEST = 16 << 20;

    private LabFiles() {}

    /** Reads a lab that can run. */
    public static Lab read(Path file) throws IOException, LabException {
        return read(file, List.of());
    }

    /** Reads a lab that can run, after some of its values have been set. */
    public static Lab read(Path file, List<Setting> settings) throws IOException, LabException {
        return LabJson.read(name(file), text(file), settings, folder(file));
    }

    /** Reads a lab that need not be able to run yet. */
    public static LabJson.Reading readDraft(Path file) throws IOException, LabException {
        return LabJson.readDraft(name(file), text(file), folder(file));
    }

    private static Path folder(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String text(Path file) throws IOException, LabException {
        if (Files.size(file) > LARGEST) {
            throw bad(file, "larger than " + (LARGEST >> 20) + " MiB; this is no lab");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
        } catch (CharacterCodingException e) {
            throw bad(file, "not UTF-8 text; this is no lab, or it was saved in another encoding");
        }
    }

    private static LabException bad(Path file, String message) {
        return new LabException(List.of(new LabProblem(LabProblem.Severity.ERROR, name(file), 0, 0, "", message)));
    }

    /** Saves a lab: afterwards the file holds the whole of it, or is as it was before. */
    public static void save(Path file, Lab lab) throws IOException {
        AtomicFile.write(file, out -> out.write(LabJson.write(lab).getBytes(StandardCharsets.UTF_8)));
    }
}
