package careof.engine.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A named network namespace of Linux, as {@code ip netns} keeps them, or the one that this program is in.
 *
 * @param name empty: the program's own
 */
public record Namespace(String name) {
    public static final Namespace OWN = new Namespace("");
    private static final Path FOLDER = Path.of("/var/run/netns");

    public boolean isOwn() {
        return name.isEmpty();
    }

    @Override
    public String toString() {
        return isOwn() ? "this namespace" : "namespace " + name;
    }

    /** By which the system knows it; of a named one only. */
    Path file() {
        return FOLDER.resolve(name);
    }

    /** Where an interface is, for a person to read. */
    String where(String device) {
        return isOwn() ? device : device + " in " + this;
    }

    /** Why nothing can be opened in it; empty: it is there. */
    Optional<String> problem() {
        return isOwn() || !name.contains("/") && Files.exists(file()) ? Optional.empty()
                : Optional.of("there is no network namespace \"" + name + "\"; make it with: ip netns add " + name);
    }

    /** Does something in this namespace, on a thread of its own; what is opened there stays there. */
    <T> T call(Callable<T> work) throws IOException {
        if (isOwn()) {
            try {
                return work.call();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
        Optional<String> wrong = problem();
        if (wrong.isPresent()) {
            throw new IOException(wrong.get());
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("careof-namespace").start(() -> {
            try (Arena arena = Arena.ofConfined()) {
                Linux linux = new Linux(arena);
                int fd = linux.open(arena, file().toString(), Linux.O_RDONLY | Linux.O_CLOEXEC);
                if (fd < 0) {
                    throw Linux.failure("namespace " + name, linux.errno());
                }
                int moved = linux.setns(fd);
                int errno = linux.errno();
                linux.close(fd);
                if (moved < 0) {
                    throw errno == Linux.EPERM ? new IOException("going into namespace " + name + " needs root") : Linux.failure("namespace " + name, errno);
                }
                result.complete(work.call());
            } catch (Throwable e) {    // errors, too: somebody waits
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
