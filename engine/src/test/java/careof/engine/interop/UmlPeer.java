package careof.engine.interop;

import careof.engine.base.MacAddress;
import careof.engine.live.Device;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Linux kernel with Mobile IPv6 as a peer: Debian's user-mode-linux, an ordinary process without privileges, whose one
 * interface {@code vec0} is a {@link SocketLink}. Its packages are fetched with apt-get and unpacked below
 * {@code target/peers}, never installed. The guest takes shell lines through its console.
 */
final class UmlPeer implements AutoCloseable {

    private static final Duration BOOT = Duration.ofSeconds(60);
    private static final Duration COMMAND = Duration.ofSeconds(20);
    private static final String END = "@@end";
    /** An environment variable for all programs of the guest: see uml-run.py on what is lost when it switches between them. */
    private static final String NO_VECTORS = "GLIBC_TUNABLES=glibc.cpu.hwcaps=-XSAVE,-XSAVEC,-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,"
            + "-AVX512CD,-FMA,-RTM";
    /** Octets of a file for one console line, which the guest's terminal bounds to 4096; a multiple of 4 for base64. */
    private static final int PIECE = 2000;

    private final SocketLink link = new SocketLink();
    private Device device;
    private final Process process;
    private final BufferedWriter console;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> log = new ArrayList<>();

    /** Boots the kernel; it has no address but its link-local one until told. */
    UmlPeer() throws IOException {
        var peer = unpacked();
        var init = peer.resolve("uml-init.sh");
        var id = "careof-" + ProcessHandle.current().pid() + "-" + link.ourPort();
        var state = Files.createDirectories(peer.resolveSibling("run"));
        var memory = Path.of("/dev/shm");
        var builder = new ProcessBuilder("python3", peer.resolve("uml-run.py").toString(), peer.resolve("usr/bin/linux.uml").toString(),
                "mem=192M", "uml_dir=" + state + "/", "umid=" + id, "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "init=" + init, "careof.peer=" + peer,
                NO_VECTORS, "con=null", "con0=fd:0,fd:1", "quiet", "loglevel=1",
                "vec0:transport=l2tpv3,udp=1,src=127.0.0.1,dst=127.0.0.1,srcport=" + link.peerPort() + ",dstport=" + link.ourPort()
                        + ",rx_session=" + SocketLink.PEER_SESSION + ",tx_session=" + SocketLink.OUR_SESSION)
                .redirectErrorStream(true);
        builder.environment().put("TMPDIR", Files.isWritable(memory) ? memory.toString() : state.toString());
        process = builder.start();
        console = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(this::readLines);
        try {
            until("@@ready", BOOT);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    SocketLink link() {
        return link;
    }

    /** Our end of the link for a live run; the ends before it, {@link #link} too, are closed. */
    Device device() throws IOException {
        link.close();
        if (device != null) device.close();
        var loopback = InetAddress.getByName("127.0.0.1");
        device = new careof.engine.live.SocketLink(new InetSocketAddress(loopback, link.ourPort()), new InetSocketAddress(loopback, link.peerPort()),
                SocketLink.OUR_SESSION, SocketLink.PEER_SESSION);
        return device;
    }

    /** What the kernel calls itself. */
    String release() throws IOException {
        return run("uname -r").strip();
    }

    MacAddress macAddress() throws IOException {
        return MacAddress.parse(run("cat /sys/class/net/vec0/address").strip());
    }

    /** Runs a shell line in the guest and gives its output; a status other than 0 is an exception. */
    String run(String line) throws IOException {
        start(line);
        return finish(COMMAND);
    }

    /** Writes a file in the guest; only below /run, the rest is the host's, read only. */
    void write(String path, String text) throws IOException {
        var coded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        run("> " + path);
        for (var at = 0; at < coded.length(); at += PIECE) {
            run("echo " + coded.substring(at, Math.min(at + PIECE, coded.length())) + " | base64 -d >> " + path);
        }
    }

    /** Sends a shell line to the guest without waiting for its end: {@link #finish} must follow. */
    void start(String line) throws IOException {
        console.write(line.replace('\n', ' '));
        console.newLine();
        console.flush();
    }

    /** Waits for the end of the line that was started, and gives its output. */
    String finish(Duration patience) throws IOException {
        var before = log.size();
        var status = until("@@status", patience);
        var output = String.join("\n", log.subList(before, log.size() - 1));
        if (!status.equals("0")) throw new IOException("status " + status + " in the guest: " + output);
        return output;
    }

    private String until(String mark, Duration patience) throws IOException {
        var deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                var line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) throw new IOException("the guest says nothing; so far:\n" + String.join("\n", log));
                var at = line.indexOf(mark);
                log.add(at > 0 ? line.substring(0, at) : line);
                if (at > 0) log.add(mark);
                if (at >= 0) return line.substring(at + mark.length()).strip();
                if (line.equals(END)) throw new IOException("the guest ended:\n" + String.join("\n", log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the guest", e);
        }
    }

    private void readLines() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) lines.add(line);
        } catch (IOException _) {
            // the guest was stopped
        }
        lines.add(END);
    }

    /** Ends the guest as a crash would, without a last word. */
    void kill() throws InterruptedException {
        var all = process.descendants().toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }

    /** Powers the guest off, and ends its processes if it does not obey. */
    @Override
    public void close() {
        var all = process.descendants().toList();
        try {
            start("echo o > /proc/sysrq-trigger");
            console.close();    // the end of its input powers the guest off as well
        } catch (IOException _) {
            // it ended already
        }
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        link.close();
        if (device != null) device.close();
    }

    /** The folder with the unpacked kernel, its modules, busybox and our init script. */
    private static Path unpacked() throws IOException {
        var home = PeerPackages.unpacked("uml", List.of("user-mode-linux", "busybox-static"), List.of("uml-init.sh", "uml-run.py"));
        if (!home.resolve("uml-init.sh").toFile().setExecutable(true)) throw new IOException("cannot make the script executable");
        return home;
    }
}
