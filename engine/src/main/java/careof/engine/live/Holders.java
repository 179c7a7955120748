package careof.engine.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which Careof has a device open, as far as this user may look into others' processes: without root it cannot mark a device as its own. So of two users without root, neither
 * knows of the other.
 *
 * @param proc where Linux tells of its processes
 */
record Holders(Path proc) {
    static final Holders OF_LINUX = new Holders(Path.of("/proc"));

    /** The process number of a Careof in a namespace that has a device of this name open; empty: none is known. */
    Optional<Long> of(String device, Namespace namespace) throws IOException {
        Object here = id(namespace.isOwn() ? proc.resolve("self/ns/net") : namespace.file());
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, device, here)) {
                    return Optional.of(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return Optional.empty();
    }

    /** Tells namespaces from each other. */
    private static Object id(Path namespace) throws IOException {
        return Files.getAttribute(namespace, "unix:ino");
    }

    private static boolean holds(Path process, String device, Object namespace) {
        try {
            return isCareof(process) && has(process, device) && id(process.resolve("ns/net")).equals(namespace);
        } catch (IOException | DirectoryIteratorException e) {
            return false;    // it is another user's, or has ended, or closes just now what it had open
        }
    }

    private static boolean isCareof(Path process) throws IOException {
        return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).contains("careof");
    }

    private static boolean has(Path process, String device) throws IOException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fdinfo"))) {
            for (Path one : open) {
                if (Files.readString(one, StandardCharsets.ISO_8859_1).contains("\niff:\t" + device + "\n")) {
                    return true;
                }
            }
        }
        return false;
    }
}
