package careof.engine.interop;

import careof.engine.base.Octets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A raw PF_KEY socket in the guest: octets go in, and what the kernel answers comes out. */
final class KernelKeySocket {
    private static final String SCRIPT = """
            import socket, sys
            s = socket.socket(15, socket.SOCK_RAW, 2)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            for line in open(sys.argv[1]):
                said = []
                try:
                    s.send(bytes.fromhex(line.strip()))
                except OSError as e:
                    said.append('errno %d' % e.errno)
                s.setblocking(False)
                try:
                    while True:
                        said.append(s.recv(65536).hex())
                except BlockingIOError:
                    pass
                s.setblocking(True)
                print('PFKEY', ' '.join(said).replace('errno ', 'errno:'))
            """;

    /**
     * What the kernel said to one message.
     *
     * @param errno   of the write itself; 0: it went well
     * @param answers messages
     */
    record Said(int errno, List<Octets> answers) {}

    private final UmlPeer peer;
    private final Path folder;
    private int exchanges;

    KernelKeySocket(UmlPeer peer) throws IOException {
        this.peer = peer;
        peer.run("for m in af_key ah4 ah6 esp4 esp6 authenc cbc ctr hmac des_generic xcbc sha512_generic drbg jitterentropy_rng seqiv echainiv;"
                + " do /run/modprobe $m || exit 1; done");
        peer.write("/run/pfkey.py", SCRIPT);
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "peers", "run").toAbsolutePath()), "pfkey");
    }

    /** Sends messages through one socket, one after the other. */
    List<Said> exchange(List<Octets> messages) throws IOException {
        Path file = folder.resolve(exchanges++ + ".hex");    // the guest's root is this machine's
        Files.write(file, messages.stream().map(Octets::toHex).toList());
        List<Said> all = new ArrayList<>();
        for (String line : peer.run("python3 /run/pfkey.py " + file).split("\n")) {
            if (!line.startsWith("PFKEY")) {
                continue;
            }
            int errno = 0;
            List<Octets> answers = new ArrayList<>();
            for (String word : line.substring(5).strip().split(" ")) {
                if (word.startsWith("errno:")) {
                    errno = Integer.parseInt(word.substring(6));
                } else if (!word.isEmpty()) {
                    answers.add(Octets.hex(word));
                }
            }
            all.add(new Said(errno, answers));
        }
        if (all.size() != messages.size()) {
            throw new IOException(messages.size() + " messages, " + all.size() + " answers");
        }
        return all;
    }

    Said exchange(Octets message) throws IOException {
        return exchange(List.of(message)).getFirst();
    }
}
