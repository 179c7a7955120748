package careof.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code careof live} as a process of its own, between two network namespaces, and what may happen to such a process. Needs root. */
@Tag("interop")
@Timeout(180)
class LiveProcessTest {
    private static final String LAB = "../samples/live.json";
    private static final String HOME = "2001:db8:1::10";
    private static final String CN = "2001:db8:9::9";
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path folder;

    private final String mobile = "careof-app-" + ProcessHandle.current().pid() + "-m";
    private final String fixed = "careof-app-" + ProcessHandle.current().pid() + "-f";
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void make() throws Exception {
        for (var namespace : List.of(mobile, fixed)) {
            does("ip", "netns", "add", namespace);
            does("ip", "-n", namespace, "link", "set", "lo", "up");
        }
    }

    @AfterEach
    void end() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        for (var namespace : List.of(mobile, fixed)) CommandLine.run(List.of("ip", "netns", "del", namespace));
    }

    /** A run on the way. */
    private final class Live {
        private final Process process;
        private final Path errors;
        private final Writer words;

        /** @param before words of the command line before those of the Java machine */
        Live(List<String> before, String... options) throws Exception {
            errors = Files.createTempFile(folder, "live", ".err");
            var command = new ArrayList<>(before);
            command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    "careof.app.Main", "live", LAB));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command).redirectOutput(errors.toFile()).redirectError(errors.toFile()).start();
            started.add(process);
            words = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        }

        String said() {
            try {
                return Files.readString(errors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void says(String what) throws Exception {
            until(() -> said().contains(what), () -> "nothing like \"" + what + "\" in: " + said());
        }

        /** It can be pinged through. */
        void serves() throws Exception {
            until(() -> pings(1), this::said);
        }

        void signal(String signal) throws Exception {
            does("kill", "-" + signal, Long.toString(process.pid()));
        }

        void ends() throws Exception {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition, java.util.function.Supplier<String> why) throws Exception {
        for (var end = System.nanoTime() + PATIENCE; !condition.holds(); Thread.sleep(100)) {
            assertTrue(System.nanoTime() < end, why);
        }
    }

    private boolean pings(int count) throws Exception {
        return CommandLine.run(List.of("ip", "netns", "exec", mobile, "ping", "-6", "-c", Integer.toString(count), "-W", "2", CN)).output().contains(" 0% packet loss");
    }

    private static String does(String... command) throws Exception {
        var result = CommandLine.run(List.of(command));
        assertEquals(0, result.exit(), () -> String.join(" ", command) + ": " + result.error());
        return result.output();
    }

    private String[] both(String... more) {
        var all = new ArrayList<>(List.of("--tun", "mn=tun0@" + mobile, "--tun", "cn=tun1@" + fixed));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** A process that stands still for a while, as with a machine that sleeps: no timer has missed anything, TCP of the hosts goes on, and it is told. A signal ends it cleanly. */
    @Test
    void aStoppedProcessGoesOnWhereItWas() throws Exception {
        var recording = folder.resolve("recording").toString();
        var live = new Live(List.of(), both("--record", recording, "--secrets"));
        live.serves();
        var server = new ProcessBuilder("ip", "netns", "exec", fixed, "iperf3", "-s", "-1").redirectErrorStream(true).redirectOutput(folder.resolve("server").toFile()).start();
        started.add(server);
        until(() -> does("ip", "netns", "exec", fixed, "ss", "-Htln").contains(":5201"), () -> "no server");
        var client = new ProcessBuilder("ip", "netns", "exec", mobile, "iperf3", "-6", "-c", CN, "-t", "14", "-b", "2M").redirectErrorStream(true).redirectOutput(folder.resolve("client").toFile()).start();
        started.add(client);
        Thread.sleep(2_000);
        live.signal("STOP");
        Thread.sleep(7_000);
        live.signal("CONT");
        live.says("the clock jumped: this machine slept");
        live.words.write("{\"move\": {\"node\": \"mn\", \"to\": \"cell-b\"}}\n");
        live.words.flush();
        assertTrue(client.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, client.exitValue(), () -> live.said());
        assertTrue(Files.readString(folder.resolve("client")).contains("receiver"));

        var second = new Live(List.of(), "--tun", "mn=tun0@" + mobile, "--record", folder.resolve("second").toString());
        second.ends();
        assertEquals(2, second.process.exitValue());
        assertTrue(second.said().contains("tun0 is in use by another program, perhaps another Careof"), second::said);
        assertFalse(Files.exists(folder.resolve("second")), "what did not begin leaves no recording");
        var beside = new Live(List.of(), "--tun", "mn=tun7@" + mobile);
        beside.ends();
        assertEquals(2, beside.process.exitValue());
        assertTrue(beside.said().contains("the TUN interface tun0 in namespace " + mobile + " of the Careof with process number " + live.process.pid() + " is there"), beside::said);
        assertTrue(pings(3), "the first one is not disturbed");

        live.signal("TERM");
        live.ends();
        live.says(", the clock jumped once; tun0 in namespace " + mobile);
        assertFalse(does("ip", "-n", mobile, "link", "show").contains("tun0"));
        var replay = CommandLine.careof("replay", recording);
        assertTrue(replay.error().contains("recorded events the same, digest the same"), replay.error());
    }

    /** A full disk ends the recording only; a killed process leaves what a recording had, and on a device that outlives it what the next run finds. */
    @Test
    void aFullDiskAndAKilledProcess() throws Exception {
        var small = Files.createDirectory(folder.resolve("small"));
        var live = new Live(List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=300k none " + small + " && exec \"$@\"", "sh"), both("--record", small.resolve("recording").toString()));
        live.serves();
        until(() -> {
            CommandLine.run(List.of("ip", "netns", "exec", mobile, "ping", "-6", "-c", "50", "-i", "0.01", "-s", "1000", CN));
            return live.said().contains("recording stopped: ");
        }, live::said);
        assertTrue(live.said().contains("the run goes on"), live::said);
        live.serves();
        var copy = Files.copy(Path.of("/proc/" + live.process.pid() + "/root" + small.resolve("recording")), folder.resolve("copy"));
        var replay = CommandLine.careof("replay", copy.toString());
        assertTrue(replay.output().contains(" events"), replay.error());
        live.signal("KILL");
        live.ends();

        does("ip", "-n", mobile, "tuntap", "add", "dev", "keep0", "mode", "tun");
        var inside = List.of("ip", "netns", "exec", mobile);
        var killed = new Live(inside, "--tun", "mn=keep0", "--record", folder.resolve("killed").toString());
        killed.serves();
        killed.signal("KILL");
        killed.ends();
        assertTrue(does("ip", "-n", mobile, "-6", "address", "show", "dev", "keep0").contains(HOME));
        var found = new Live(inside, "--socket", "home=127.0.0.1:4001-127.0.0.1:4002", "--until", "1s");
        found.ends();
        assertTrue(found.said().contains("keep0: set up by process " + killed.process.pid() + ", which is gone"), found::said);
        var tidy = new Live(inside, "--socket", "home=127.0.0.1:4001-127.0.0.1:4002", "--until", "1s", "--tidy");
        tidy.ends();
        assertTrue(tidy.said().contains("(removed)"), tidy::said);
        assertFalse(does("ip", "-n", mobile, "-6", "address", "show", "dev", "keep0").contains(HOME));
        replay = CommandLine.careof("replay", folder.resolve("killed").toString());
        assertTrue(replay.error().contains("it has no end: what recorded it was killed"), replay.error());
    }

    /** Who may do nothing to networks runs a lab on a device that is his own, and is told both ways where he cannot. */
    @Test
    void withoutRights() throws Exception {
        var nobody = List.of("ip", "netns", "exec", mobile, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search");
        does("ip", "-n", mobile, "tuntap", "add", "dev", "mine", "mode", "tun", "user", "65534");
        does("ip", "-n", mobile, "tuntap", "add", "dev", "theirs", "mode", "tun", "user", "1");
        refused(nobody, "mn=none", "Either run as root, or let root make it once for you: ip tuntap add dev none mode tun user ");
        refused(nobody, "mn=theirs", "theirs is not yours. Either run as root, or let root make one for you, by another name");
        refused(nobody, "mn=mine", "mine is yours, but not set up, which only root may do. Run Careof as root, or let root do once:\n  ip link set dev mine mtu 1400 up\n  ip address add " + HOME + "/128 dev mine nodad\n");
        var commands = new ArrayList<>(List.of("link set dev mine mtu 1400 up", "address add " + HOME + "/128 dev mine nodad"));
        for (var prefix : List.of("1", "2", "3", "f", "9")) commands.add("-6 route add 2001:db8:" + prefix + "::/64 dev mine");
        for (var command : commands) {
            refused(nobody, "mn=mine", "let root do once:\n  ip " + command);    // each is asked for until it is done
            does(("ip -n " + mobile + " " + command).split(" "));
        }
        does("ip", "-n", mobile, "link", "set", "dev", "mine", "mtu", "1500");
        refused(nobody, "mn=mine", "let root do once:\n  ip link set dev mine mtu 1400 up");
        does("ip", "-n", mobile, "link", "set", "dev", "mine", "mtu", "1300");    // who sends less than he may disturbs nobody
        var live = new Live(nobody, "--tun", "mn=mine");
        live.serves();
        live.signal("TERM");
        live.ends();
        assertTrue(does("ip", "-n", mobile, "-6", "address", "show", "dev", "mine").contains(HOME), "what root did stays");
    }

    private void refused(List<String> before, String tun, String words) throws Exception {
        var live = new Live(before, "--tun", tun);
        live.ends();
        assertEquals(2, live.process.exitValue(), live::said);
        assertTrue(live.said().contains(words), live::said);
    }
}
