package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** On a pcap file that is not ours: one whole echo request and one packet that says it is longer than it is, both as raw IP. */
class DecodeCommandTest {
    private static final String FILE_HEADER = "d4c3b2a1020004000000000000000000ffff000065000000";
    private static final String RECORD = "00000000010000003000000030000000";
    private static final String ECHO = "6000000000083a4020010db800010000000000000000000120010db8000200000000000000000002" + "8000244200010002";
    private static final String LONG = "6000000000ff3a4020010db800010000000000000000000120010db8000200000000000000000002" + "8000244200010002";

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("other.pcap");
        Files.write(file, HexFormat.of().parseHex(FILE_HEADER + RECORD + ECHO + RECORD + LONG));
    }

    @Test
    void printsATreeForEachPacket() {
        Cli cli = Cli.run("decode", file);
        assertEquals(0, cli.status(), cli.err());
        assertTrue(cli.out().contains("\n  Internet Protocol Version 6: 2001:db8:1::1 → 2001:db8:2::2\n    Version: 6\n"), cli.out());
        assertTrue(cli.out().contains("\n2  1970-01-01T00:00:00.000001Z  "), cli.out());
        assertTrue(cli.out().contains("  ! "), "the second packet has an error node: " + cli.out());
        assertEquals(2, Cli.run("decode", file, "--summary").out().lines().count());
    }

    @Test
    void printsJsonLines() {
        String[] lines = Cli.run("decode", file, "--json").out().split("\n");
        assertEquals(2, lines.length);
        JsonNode first = JsonMapper.shared().readTree(lines[0]);
        assertEquals("ping 2", first.get("message").asString());
        assertEquals("ipv6", first.at("/fields/0/field").asString());
        assertEquals(1, Cli.run("decode", file, "--json", "--packets", "2").out().lines().count());
    }

    @Test
    void whatIsNoCaptureIsRefused() throws Exception {
        Cli text = Cli.run("decode", Path.of("../samples/handover.json"));
        assertEquals(2, text.status());
        assertTrue(text.err().contains("no pcap or pcapng file"), text.err());
        assertEquals(2, Cli.run("decode", "nowhere.pcap").status());
        assertEquals(2, Cli.run("decode", file, "--packets", "0").status());
    }

    /** What a run's profile says opens all of its capture; with a key that is not right every ICV is bad. */
    @Test
    void keysOpenWhatTheyFit() throws Exception {
        for (String[] one : new String[][] {{"protected-registration-esp", "esp", "esp.icv_good"}, {"protected-registration-ah", "ah", "ah.icv.status"}}) {
            Path capture = folder.resolve(one[0] + ".pcapng");
            Path profile = folder.resolve(one[0]);
            Cli run = Cli.run("run", Path.of("../samples", one[0] + ".json"), "--until", "8s", "--pcapng", capture, "--wireshark-profile", profile);
            assertTrue(run.status() < 2, run.err());
            String plain = Cli.run("decode", capture, "--json").out();
            Path table = profile.resolve(one[1] + "_sa");
            String opened = Cli.run("decode", capture, "--json", "--" + one[1] + "-sa", table).out();
            String verdict = "\"field\":\"" + one[2] + "\",\"value\":\"" + (one[1].equals("ah") ? "good" : "1 (good)");
            assertTrue(plain.contains("\"field\":\"" + one[1] + "\"") && !plain.contains(verdict), "closed without keys");
            assertEquals(opened.split("\"field\":\"" + one[1] + "\"", -1).length, opened.split(java.util.regex.Pattern.quote(verdict), -1).length, one[0]);
            String keys = Files.readString(table);
            char digit = keys.charAt(keys.lastIndexOf("0x") + 2);
            Files.writeString(table, keys.replaceAll("0x[0-9a-f](?=[0-9a-f]{30,}\"\n)", "0x" + (digit == '0' ? '1' : '0')));
            String wrong = Cli.run("decode", capture, "--json", "--" + one[1] + "-sa", table).out();
            assertTrue(wrong.contains(one[1].equals("ah") ? "\"value\":\"bad\"" : "esp.icv_bad"), "wrong keys of " + one[0]);
        }
    }

    @Test
    void aTableOfKeysThatIsNotRightNamesItsLine() throws Exception {
        String good = "\"IPv6\",\"*\",\"2001:db8::1\",\"0x00001001\",\"AES-CBC [RFC3602]\",\"0x" + "11".repeat(16) + "\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x"
                + "22".repeat(20) + "\"";
        String[][] cases = {
            {good.replace("\"*\",", ""), "expected 8 fields"}, {good + "x", "expected 8 fields"}, {good.replace("IPv6", "IPv5"), "IPv5"},
            {good.replace("2001:db8::1", "192.0.2.1"), "expected an IPv6 address"}, {good.replace("0x00001001", "4097x"), "expected an SPI"},
            {good.replace("AES-CBC", "ROT13"), "unknown encryption \"ROT13"}, {good.replace("11\"", "1\""), "two digits an octet"},
            {good.replace("1111\"", "11\""), "takes a key of [16, 24, 32] octets, not 15"}, {good.replace("SHA-1", "SHA-9"), "unknown authentication"},
            {good.replace("2222\"", "22\""), "takes a key of 19 octets"}};
        Path table = folder.resolve("esp_sa");
        Files.writeString(table, "# comment\n\n" + good + "\n");
        assertEquals(0, Cli.run("decode", file, "--esp-sa", table).status());
        for (String[] one : cases) {
            Files.writeString(table, good + "\n" + one[0] + "\n");
            Cli cli = Cli.run("decode", file, "--esp-sa", table);
            assertEquals(2, cli.status(), one[0]);
            assertTrue(cli.err().contains("esp_sa: line 2: ") && cli.err().contains(one[1]), cli.err());
        }
        assertEquals(2, Cli.run("decode", file, "--esp-sa", folder.resolve("nowhere")).status());
        assertTrue(Cli.run("decode", file, "--ah-sa", Files.writeString(table, good)).err().contains("AH encrypts nothing"));
    }

    /** The table that a run writes opens its IKE, from the messages before also where only one packet is asked for. */
    @Test
    void keysOfPhaseOnesOpenIke() throws Exception {
        String keyed = Files.readString(Path.of("../samples/protected-registration-esp.json"))
                .replace("\"traffic\": \"registration\"", "\"traffic\": \"registration\", \"keying\": \"ike\"");
        Path lab = Files.writeString(folder.resolve("ike.json"), keyed);
        Path capture = folder.resolve("ike.pcapng");
        Cli run = Cli.run("run", lab, "--until", "8s", "--pcapng", capture, "--wireshark-profile", folder);
        assertTrue(run.status() < 2, run.err());
        Path table = folder.resolve("ikev1_decryption_table");
        String closed = Cli.run("decode", capture, "--summary").out();
        String opened = Cli.run("decode", capture, "--summary", "--ikev1-keys", table).out();
        assertTrue(closed.contains("main mode (MM), encrypted") && closed.contains("quick mode (QM), encrypted"), closed);
        assertTrue(opened.contains("  ISAKMP  ") && !opened.contains("encrypted"), opened);
        for (String name : new String[] {"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3"}) {
            assertTrue(opened.contains(" (" + name + "): "), name);
        }
        String last = opened.lines().filter(line -> line.contains("(QM3)")).reduce((_, line) -> line).orElseThrow();
        assertEquals(last, Cli.run("decode", capture, "--summary", "--packets", last.substring(0, last.indexOf(' ')), "--ikev1-keys", table).out().strip());
        Files.writeString(table, "# nothing\n0102030405060708;00112233445566778899aabbccddeeff\n");
        Cli bad = Cli.run("decode", capture, "--ikev1-keys", table);
        assertEquals(2, bad.status());
        assertTrue(bad.err().contains("ikev1_decryption_table: line 2: expected an initiator cookie"), bad.err());
    }
}
