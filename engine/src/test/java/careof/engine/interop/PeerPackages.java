package careof.engine.interop;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian packages of a peer, fetched with apt-get and unpacked below {@code target/peers}; nothing is installed. */
final class PeerPackages {

    private PeerPackages() {
    }

    /** The folder of that name with what is in the packages, fetched once, and with files of ours, written each time. */
    static Path unpacked(String name, List<String> packages, List<String> ours) throws IOException {
        var peers = Files.createDirectories(Path.of("target", "peers").toAbsolutePath());
        var home = peers.resolve(name);
        try (var lock = FileChannel.open(peers.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = lock.lock()) {
            if (!Files.isDirectory(home)) {
                var work = Files.createTempDirectory(peers, "fetch");
                var words = new ArrayList<>(List.of("apt-get", "-q", "-o", "Acquire::Retries=3", "download"));
                words.addAll(packages);
                command(work, words.toArray(String[]::new));
                try (var files = Files.list(work)) {
                    for (var file : files.sorted().toList()) {
                        command(work, "dpkg-deb", "-x", file.toString(), work.resolve("root").toString());
                    }
                }
                Files.move(work.resolve("root"), home, StandardCopyOption.ATOMIC_MOVE);
            }
            for (var file : ours) {
                try (var content = PeerPackages.class.getResourceAsStream(file)) {
                    Files.copy(content, home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return home;
    }

    private static void command(Path folder, String... words) throws IOException {
        var output = folder.resolve("output");
        var process = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output.toFile()).start();
        try {
            if (process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0) {
                Files.delete(output);
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        throw new IOException("failed: " + String.join(" ", words) + "\n" + Files.readString(output));
    }
}
