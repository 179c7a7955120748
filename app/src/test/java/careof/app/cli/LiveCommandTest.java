package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code careof live} with a socket as its port, and what it says of ports that cannot be. */
class LiveCommandTest {
    private static final String LAB = "../samples/live.json";

    private final StringWriter err = new StringWriter();

    private final InputStream before = System.in;

    /** The command listens to standard input, by which Maven leads this process. */
    @BeforeEach
    void silence() {
        System.setIn(InputStream.nullInputStream());
    }

    @AfterEach
    void listenAgain() {
        System.setIn(before);
    }

    private int live(String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "live";
        words[1] = LAB;
        System.arraycopy(options, 0, words, 2, options.length);
        return CareofCommand.execute(new PrintWriter(new StringWriter()), new PrintWriter(err), words);
    }

    @Test
    void framesLeaveByASocketUntilTheEnd() throws Exception {
        int local;
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            local = probe.getLocalPort();
        }
        try (var other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            other.setSoTimeout(20_000);
            assertEquals(CareofCommand.HOLDS, live("--socket", "home=127.0.0.1:" + local + "-127.0.0.1:" + other.getLocalPort() + ",1/0x22", "--until", "3s"), err::toString);
            DatagramPacket first = new DatagramPacket(new byte[2000], 2000);
            other.receive(first);
            assertEquals(3, first.getData()[1], "version 3, data");
            assertEquals(0x22, first.getData()[7], "the other end's session");
            assertTrue(err.toString().contains("3.0 s"), err.toString());
            assertTrue(err.toString().matches("(?s).*UDP to 127.0.0.1 port " + other.getLocalPort() + ": 0 in, [1-9][0-9]* out.*"), err.toString());
        }
    }

    @Test
    void aQueryEndsIt() throws Exception {
        assertEquals(CareofCommand.HOLDS, onASocket("--until", "protocol == BA"), err::toString);
        assertTrue(err.toString().matches("(?s)careof: an event at [0-9.]+ s matches protocol == BA\\R.*"), err.toString());
    }

    @Test
    void everyLineIsAnswered() throws Exception {
        System.setIn(new ByteArrayInputStream("""
                {"move": {"node": "mn", "to": "cell-b"}}
                {"at": "1s", "move": {"node": "mn", "to": "cell-a"}}
                {"move": {"node": "mn", "to": "cell-a"}, "at": "1s"}
                {"move": {"node": "mn", "to": "nowhere"}}
                {"mvoe": {}}
                help
                {"move": }
                pause
                resume
                status

                quit
                """.getBytes(StandardCharsets.UTF_8)));
        assertEquals(CareofCommand.HOLDS, onASocket(), err::toString);
        String said = err.toString();
        assertTrue(said.matches("(?s)0\\.[0-9] s: mn moves to cell-b\\R(careof: no \"at\" here: what is typed happens at once\\R){2}careof: no link \"nowhere\"\\R.*"), said);
        assertTrue(said.contains("careof: \"help\" is no order; there are status, pause, resume, quit, and actions such as {\"move\": {\"node\": \"mn\", \"to\": \"cell-b\"}}"), said);
        assertTrue(said.contains("careof: this is no action such as "), said);
        assertTrue(said.matches("(?s).* s: paused\\R0\\.[0-9] s: goes on\\R(0\\.[0-9] s, behind by [0-9.]+ ms, [0-9.]+ ms at worst; [^\\n]*in, [^\\n]*out\\R){2}0\\.[0-9] s: ends\\R.*"), said);
        assertFalse(said.contains("Unrecognized token"), said);
    }

    /** Live with a port that nobody is at. */
    private int onASocket(String... options) throws Exception {
        int port;
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "--socket";
        all[options.length + 1] = "home=127.0.0.1:" + port + "-127.0.0.1:" + port;
        return live(all);
    }

    @Test
    void aNodeThatIsOutsideHasNoHostHere() {
        assertEquals(CareofCommand.BAD_INPUT, live("--outside", "mn", "--tun", "mn=tun0"));
        assertEquals("careof: --tun mn=tun0: \"mn\" does not run here, since --outside or the lab leaves it to a machine outside\n", err.toString());
    }

    @Test
    void twoHostsInOneNamespaceWouldTalkPastTheLab() {
        assertEquals(CareofCommand.BAD_INPUT, live("--tun", "mn=tun0", "--tun", "cn=tun1"));
        assertTrue(err.toString().contains("put tun1 into another one"), err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        " | | nothing of this machine is to be a port of the lab",
        "--tun | mn | --tun mn: expected something like mn=tun0",
        "--tun | zz=tun0 | no node \"zz\"",
        "--tun | mn=a-name-that-is-too-long | is no name of an interface",
        "--tap | nolink=tap0 | no link \"nolink\"",
        "--tap | home=tap0,2001:db8::1/200 | a prefix length is 0 to 128",
        "--socket | home=1-foo | --socket home=1-foo: the other machine's address or name and its UDP port are wanted, such as 192.0.2.7:4001",
        "--socket | home=70000-127.0.0.1:1 | a UDP port is 1 to 65535",
        "--socket | home=4001-127.0.0.1:4002,0/1 | a session is 1 to 4294967295",
        "--bridge | nolink=eth0 | no link \"nolink\"",
        "--outside | zz | --outside: no node \"zz\""})
    void whatCannotBeIsSaid(String option, String value, String words) {
        assertEquals(CareofCommand.BAD_INPUT, option == null ? live() : live(option, value), err::toString);
        assertTrue(err.toString().contains(words), err.toString());
    }

    /** The disk may have room for everything but what is written when the run is over. */
    @Test
    void aRecordingThatLacksItsEndIsTold(@TempDir Path folder) throws Exception {
        assumeTrue(new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=16k", "none", folder.toString()).start().waitFor() == 0, "only root makes a disk that is full");
        try {
            String port = "home=127.0.0.1:" + freePort() + "-127.0.0.1:9";
            assertEquals(0, live("--socket", port, "--record", folder.resolve("run").toString(), "--until", "0.001s", "--detail", "full"));
            assertEquals(1, err.toString().lines().filter(line -> line.startsWith("careof: recording stopped: No space left on device")).count(), err::toString);
        } finally {
            new ProcessBuilder("umount", folder.toString()).start().waitFor();
        }
    }

    private static int freePort() throws Exception {
        try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
