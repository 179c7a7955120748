package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Live runs, recorded on the command line, and replayed with their secrets and without. */
class RecordingReplayTest {
    private static final Path LAB = Path.of("../samples/protected-registration-esp.json");

    /** Types of records. */
    private static final int INPUTS = 3;
    private static final int EVENTS = 4;
    private static final int MARK = 5;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void record() throws Exception {
        file = folder.resolve("run");
        Cli live = live("--record", file, "--secrets");
        assertEquals(0, live.status(), live.err());
        assertTrue(live.err().contains("; recorded 0."), live.err());
    }

    private static Cli live(Object... more) throws Exception {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Object[] args = Arrays.copyOf(new Object[] {"live", LAB, "--socket", "home=127.0.0.1:" + port + "-127.0.0.1:" + port, "--until", "2s", "--detail", "full"}, 8 + more.length);
        System.arraycopy(more, 0, args, 8, more.length);
        InputStream in = System.in;
        System.setIn(InputStream.nullInputStream());    // standard input is how this test's own process is told what to do
        try {
            return Cli.run(args);
        } finally {
            System.setIn(in);
        }
    }

    private Path secrets() {
        return folder.resolve("run.secret");
    }

    @Test
    void withItsSecretsItIsMadeAgain() throws Exception {
        Cli again = Cli.run("replay", file, "--json");
        assertTrue(again.err().contains("recorded events the same, digest the same"), again.err());
        JsonNode json = JsonMapper.shared().readTree(again.out());
        assertTrue(json.get("same").booleanValue());
        Files.move(secrets(), folder.resolve("elsewhere"));
        Cli elsewhere = Cli.run("replay", file, "--secrets", folder.resolve("elsewhere"), "--wireshark-profile", folder.resolve("keys"));
        assertTrue(elsewhere.out().contains(json.get("digest").stringValue().substring(0, 16)), elsewhere.out());
        assertTrue(Files.readString(folder.resolve("keys/esp_sa")).contains("0x"));
    }

    @Test
    void withoutThemItIsLookedAt() throws Exception {
        Path trace = folder.resolve("trace");
        Path capture = folder.resolve("capture");
        Cli.run("replay", file, "--trace", trace);
        String whole = Files.readString(trace);
        Files.delete(secrets());
        Cli masked = Cli.run("replay", file, "--trace", trace, "--pcapng", capture);
        assertTrue(masked.err().contains("cannot be made again or forked"), masked.err());
        assertTrue(masked.out().contains(": seed unknown, "), masked.out());
        assertTrue(JsonMapper.shared().readTree(Cli.run("replay", file, "--json").out()).get("seed").isNull());
        String text = Files.readString(trace);
        assertEquals(whole.lines().count(), text.lines().count());
        assertTrue(JsonMapper.shared().readTree(whole.lines().findFirst().orElseThrow()).get("seed").isIntegralNumber());
        assertTrue(JsonMapper.shared().readTree(text.lines().findFirst().orElseThrow()).get("seed").isNull(), "unknown in the trace, too");
        assertTrue(text.contains("6d61736b6564"), "masked keys");
        assertFalse(whole.contains("6d61736b6564"));
        assertTrue(Files.size(capture) > 1_000);
        Cli keys = Cli.run("replay", file, "--wireshark-profile", folder.resolve("keys"));
        assertEquals(2, keys.status());
        assertTrue(keys.err().contains("keys are not in this recording"), keys.err());
        assertTrue(Cli.run("replay", file, "--log", folder.resolve("log")).err().contains("--log"));
        assertTrue(Cli.run("replay", file, "--secrets", folder.resolve("nowhere")).err().contains("no file"));
    }

    @Test
    void whatTheLabExpectsOfItsOwnActionsIsNotJudged() throws Exception {
        Cli simulated = Cli.run("run", LAB, "--until", "2s");
        assertEquals(1, simulated.status(), "after two seconds it does not hold yet");
        Cli again = Cli.run("replay", file);
        assertEquals(0, again.status(), again.err());
        assertFalse(again.out().contains("Expectations"), again.out());
        assertTrue(again.err().contains("expectations are not judged"), again.err());
        assertTrue(Cli.run("replay", "--help").out().replaceAll("\\s+", " ").contains("not judged of a recording"));
        Files.delete(secrets());
        Cli looked = Cli.run("replay", file, "--json");
        assertEquals(0, looked.status(), looked.err());
        assertEquals(0, JsonMapper.shared().readTree(looked.out()).get("expectations").size());
        assertTrue(JsonMapper.shared().readTree(looked.out()).get("holds").isNull(), looked.out());
    }

    @Test
    void secretsThatAreDamagedAreNamedAndTheRunIsThereWithoutThem() throws Exception {
        byte[] right = Files.readAllBytes(secrets());
        Files.writeString(secrets(), "something else");
        Cli looked = Cli.run("replay", file);
        assertEquals(0, looked.status(), looked.err());
        assertTrue(looked.err().contains("careof: " + secrets() + ": these are no secrets of a recording; without them, the run can be looked at"), looked.err());
        assertTrue(looked.out().contains(" events"), looked.out());
        Cli named = Cli.run("replay", file, "--secrets", secrets());
        assertEquals(2, named.status(), "who names them wants them");
        assertEquals("careof: " + secrets() + ": these are no secrets of a recording", named.err().strip());
        right[right.length - 1] ^= 1;
        Files.write(secrets(), right);
        assertTrue(Cli.run("replay", file).err().contains("the secrets in run.secret are damaged; without them"));
    }

    @Test
    void aFileThatIsCutOffTellsWhere() throws Exception {
        byte[] octets = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(octets, octets.length - 60));
        Cli cut = Cli.run("replay", file);
        assertTrue(cut.err().contains("a record is cut off; what follows was not read; its events are here up to"), cut.err());
        assertTrue(cut.err().contains("made again"), cut.err());
        Files.write(file, Arrays.copyOf(octets, 100));
        Cli nothing = Cli.run("replay", file);
        assertEquals(2, nothing.status());
        assertTrue(nothing.err().contains("nothing of it can be read"), nothing.err());
    }

    @Test
    void whereMoreIsMadeAgainThanIsThereToCompareTheReportSaysOfWhatItIs() throws Exception {
        ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(file)).position(8);
        int cut = 0;
        int inputs = 0;
        while (records.hasRemaining()) {
            int at = records.position();
            int type = records.get(at + 4);
            records.position(at + 9 + records.getInt(at));
            inputs = type == INPUTS ? records.position() : type == MARK ? 0 : inputs;
            cut = type == EVENTS && inputs > 0 ? inputs : cut;
        }
        Files.write(file, Arrays.copyOf(records.array(), cut));
        Cli again = Cli.run("replay", file);
        assertEquals(0, again.status(), again.err());
        Matcher said = Pattern.compile("made again, ([0-9]+) recorded events the same; .* of all that follows from it: ([0-9]+) events more, up to ([0-9.a-z]+)").matcher(again.err());
        assertTrue(said.find(), again.err());
        assertTrue(again.out().contains(", " + said.group(3) + ", " + (Long.parseLong(said.group(1)) + Long.parseLong(said.group(2))) + " events, "), again.out() + again.err());
        Files.delete(secrets());
        Cli looked = Cli.run("replay", file);
        Matcher time = Pattern.compile("the run is here up to (.*)").matcher(looked.err());
        assertTrue(time.find(), looked.err());
        assertTrue(looked.out().contains(", " + time.group(1) + ", " + said.group(1) + " events"), looked.out());
    }

    @Test
    void whatIsThereStays() throws Exception {
        byte[] before = Files.readAllBytes(file);
        Cli second = live("--record", file);
        assertEquals(2, second.status());
        assertTrue(second.err().contains("exists already"), second.err());
        assertEquals(2, live("--secrets").status());
        assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
        Cli none = Cli.run("live", LAB, "--socket", "nowhere=127.0.0.1:1-127.0.0.1:2", "--record", folder.resolve("none"));
        assertEquals(2, none.status());
        assertFalse(Files.exists(folder.resolve("none")), "a run that did not begin leaves no recording");
    }
}
