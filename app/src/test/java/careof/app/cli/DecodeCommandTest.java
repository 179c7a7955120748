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
}
