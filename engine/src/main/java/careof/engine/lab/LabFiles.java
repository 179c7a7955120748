package careof.engine.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
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
        return LabJson.read(name(file), text(file), settings);
    }

    /** Reads a lab that need not be able to run yet. */
    public static LabJson.Reading readDraft(Path file) throws IOException, LabException {
        return LabJson.readDraft(name(file), text(file));
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

    /**
     * Saves a lab: either the whole of it is in the file afterwards, or the file is as it was before.
     * It is written beside, forced to disk and moved over the old file, whose permissions it keeps.
     */
    public static void save(Path file, Lab lab) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        ByteBuffer octets = ByteBuffer.wrap(LabJson.write(lab).getBytes(StandardCharsets.UTF_8));
        Path beside = write(target, octets);
        try {
            copyPermissions(target, beside);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static Path write(Path target, ByteBuffer octets) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path beside = target.resolveSibling("." + target.getFileName() + "." + attempt + ".tmp");
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                try {
                    while (octets.hasRemaining()) {
                        channel.write(octets);
                    }
                    channel.force(true);
                } catch (IOException e) {
                    Files.deleteIfExists(beside);
                    throw e;
                }
                return beside;
            } catch (FileAlreadyExistsException e) {
                // left by an interrupted save, or in use by another one
                if (attempt == 100) {
                    throw e;
                }
            }
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            view.setPermissions(Files.getPosixFilePermissions(from));
        }
    }
}
