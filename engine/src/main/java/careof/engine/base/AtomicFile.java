package careof.engine.base;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * Writes a file whole or not at all: into a hidden file beside it, then to disk, then over the old one in one move. Whatever
 * interrupts it (an exception, a full disk, the end of the process), the target is what it was, or complete. Its permissions stay.
 */
public final class AtomicFile {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private AtomicFile() {}

    /** What goes into the file. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it to a buffered stream, which it need not close. */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code target}. A target that is no regular file (a pipe, a terminal) is written to directly.
     *
     * @throws IOException whose message says for a person what failed on which file; {@link Progress.Cancelled} passes as it is
     */
    public static void write(Path target, Content content) throws IOException {
        write(target, false, content);
    }

    /** As {@link #write}, and from its first octet on nobody but its owner may read or write the file, whatever its permissions were. */
    public static void writeSecret(Path target, Content content) throws IOException {
        write(target, true, content);
    }

    private static void write(Path target, boolean secret, Content content) throws IOException {
        if (Files.isDirectory(target)) {
            throw new IOException("cannot write " + target + ": it is a folder");
        }
        try {
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target, StandardOpenOption.WRITE), 1 << 16)) {
                    content.write(out);
                }
            } else {
                replace(Files.exists(target) ? target.toRealPath() : target.toAbsolutePath(), secret, content);
            }
        } catch (Progress.Cancelled e) {
            throw e;
        } catch (IOException e) {
            throw new IOException("cannot write " + target + ": " + why(e), e);
        }
    }

    private static void replace(Path target, boolean secret, Content content) throws IOException {
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE); FileLock lock = lock(channel)) {
            if (lock == null || !Files.exists(part)) {    // another writer has it, or finished just now
                throw new IOException("it is being written already");
            }
            try {
                channel.truncate(0);
                if (secret) {
                    permissions(part, OWNER);
                }
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.write(out);
                out.flush();
                channel.force(true);
                if (!secret && Files.exists(target)) {
                    PosixFileAttributeView old = Files.getFileAttributeView(target, PosixFileAttributeView.class);
                    if (old != null) {
                        permissions(part, old.readAttributes().permissions());
                    }
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException | RuntimeException | Error e) {
                Files.deleteIfExists(part);
                throw e;
            }
        }
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Some file systems do not sync folders; the file itself is complete either way.
        }
    }

    private static void permissions(Path file, Set<PosixFilePermission> permissions) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {    // not every file system has them
            view.setPermissions(permissions);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Why a file cannot be written, in words that follow what could not be; the exceptions of the platform often carry only its name. */
    public static String why(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException exists -> exists.getFile() + " exists already";
            case NoSuchFileException _ -> "its folder does not exist";
            case AccessDeniedException _ -> "not allowed";
            case FileSystemException f when f.getReason() != null -> f.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
