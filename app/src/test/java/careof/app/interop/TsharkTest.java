package careof.app.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.LabException;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabProtection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** tshark reads the captures of all samples and finds nothing to object to, and in the handover every message of it. */
@Tag("interop")
@Timeout(300)
class TsharkTest {

    /** What a dissector finds wrong with octets: a packet that is malformed, or a checksum that is not right. */
    private static final String FAULTS = "_ws.malformed || _ws.expert.group == \"Malformed\" || _ws.expert.group == \"Checksum\""
            + " || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0"
            + " || icmpv6.checksum.status == 0";

    /** A sample whose SAs are keyed by hand. */
    private static final String BY_HAND = "protected-registration-esp.json";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("samples")
    void nothingIsMalformed(Path lab) throws Exception {
        var capture = capture(lab);
        assertEquals(List.of(), tshark(capture, FAULTS, "frame.number", "_ws.col.Info", "_ws.expert.message"));
        assertFalse(tshark(capture, "ipv6", "frame.number").isEmpty(), "the capture holds packets");
    }

    static Stream<Path> samples() {
        try {
            return CommandLine.samples().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> samplesAndExperiments() throws IOException {
        try (var experiments = Files.list(Path.of("../samples/experiments"))) {
            return Stream.concat(samples(), experiments.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream());
        }
    }

    /** Padding of RFC 4303 section 2.7 and packets of section 2.6 that carry nothing are to tshark what they are to us. */
    @Test
    void theProfileDecryptsWhatHidesHowMuchItCarries() throws Exception {
        var lab = folder.resolve("hiding.json");
        var text = Files.readString(Path.of("../samples/combined-tunnel-ha.json"));
        Files.writeString(lab, text.replace("\"traffic\": \"payload\",", "\"traffic\": \"payload\", \"padding\": 1280, \"dummies\": \"100ms\","));
        var capture = folder.resolve("capture.pcapng");
        var result = CommandLine.careof("run", lab.toString(), "--pcapng", capture.toString(), "--wireshark-profile", folder.resolve("profiles/careof").toString());
        assertEquals(0, result.exit(), result.output() + result.error());
        assertEquals(List.of(), withProfile(capture, "esp && !(esp.icv_good == 1)"));
        assertTrue(withProfile(capture, "esp.icv_good == 1 && udp && frame.len > 1300").size() > 1000, "padded data");
        // tshark shows them as data up to the ESP trailer, whose last octet is the next header: 59, nothing
        assertTrue(withProfile(capture, "esp.icv_good == 1 && data.len == 1296 && data.data[1295] == 3b").size() > 300, "packets that carry nothing");
    }

    @Test
    void theHandoverIsAllThere() throws Exception {
        var capture = capture(Path.of("../samples/handover.json"));
        var agent = "2001:db8:1::1";
        var correspondent = "2001:db8:9::9";
        var home = "2001:db8:1::10";
        found(capture, "mip6.mhtype == 5 && mip6.bu.h_flag == 1 && ipv6.dst == " + agent, "binding update to the home agent");
        found(capture, "mip6.mhtype == 6 && ipv6.src == " + agent, "binding acknowledgement of the home agent");
        found(capture, "mip6.mhtype == 1 && ipv6.dst == " + correspondent, "home test init");
        found(capture, "mip6.mhtype == 2 && ipv6.dst == " + correspondent, "care-of test init");
        found(capture, "mip6.mhtype == 3 && ipv6.src == " + correspondent, "home test");
        found(capture, "mip6.mhtype == 4 && ipv6.src == " + correspondent, "care-of test");
        found(capture, "mip6.mhtype == 5 && mip6.bu.h_flag == 0 && mip6.bad.auth && ipv6.dst == " + correspondent,
                "authorized binding update to the correspondent");
        found(capture, "udp && ipv6.opt.mipv6.home_address == " + home, "data with the home address option");
        found(capture, "udp && ipv6.routing.type == 2 && ipv6.routing.mipv6.home_address == " + home, "data with routing header type 2");
        found(capture, "icmpv6.type == 134", "router advertisement");
        assertEquals(List.of(), tshark(capture, "ipv6.routing.type == 0", "frame.number"));
    }

    /** The comments of our captures tell the event behind each frame. */
    @Test
    void framesCarryTheirEventAsComment() throws Exception {
        var capture = capture(Path.of("../samples/handover.json"));
        assertEquals(tshark(capture, "frame", "frame.number").size(), tshark(capture, "frame.comment", "frame.number").size());
        assertTrue(tshark(capture, "frame", "frame.interface_name").stream().distinct().count() > 5, "an interface for each port");
    }

    /** With our profile tshark reads the registration under ESP, and finds every ICV good. */
    @Test
    void theProfileDecryptsARun() throws Exception {
        var protection = """
                "ipsec": [
                    { "name": "bu-ba", "between": ["mn", "ha"], "traffic": "registration", "transforms": [
                      { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] },
                    { "name": "data", "between": ["mn", "ha"], "traffic": "payload", "transforms": [
                      { "protocol": "esp", "mode": "tunnel", "encryption": "aes-gcm" } ] } ],
                "traffic": [""";
        var lab = Files.writeString(folder.resolve("protected.json"),
                Files.readString(Path.of("../samples/bidirectional.json")).replace("\"traffic\": [", protection));
        var capture = folder.resolve("protected.pcapng");
        var result = CommandLine.careof("run", lab.toString(), "--pcapng", capture.toString(), "--wireshark-profile", folder.resolve("profiles/careof").toString());
        assertTrue(result.exit() < 2, result.output() + result.error());
        var command = new ArrayList<>(List.of("env", "WIRESHARK_CONFIG_DIR=" + folder, "tshark", "-n", "-C", "careof", "-r", capture.toString(),
                "-Y", "esp", "-T", "fields", "-e", "esp.icv_good", "-e", "mip6.mhtype", "-e", "udp.dstport"));
        var told = CommandLine.run(command);
        assertEquals(0, told.exit(), told.error());
        var lines = told.output().lines().toList();
        assertEquals(List.of(), lines.stream().filter(line -> !line.startsWith("1\t") && !line.startsWith("True\t")).toList());
        assertTrue(lines.stream().anyMatch(line -> line.split("\t", -1)[1].equals("5")), "binding updates");
        assertTrue(lines.stream().anyMatch(line -> line.split("\t", -1)[1].equals("6")), "binding acknowledgements");
        assertTrue(lines.stream().filter(line -> !line.split("\t", -1)[2].isEmpty()).count() > 100, "data");
    }

    /** With its profile tshark opens every ESP packet of every sample, and its ICV is good, but for what an attacker made up. */
    @ParameterizedTest
    @MethodSource("samplesAndExperiments")
    void theProfileDecryptsEverySample(Path lab) throws Exception {
        var capture = folder.resolve("capture.pcapng");
        var result = CommandLine.careof("run", lab.toString(), "--pcapng", capture.toString(), "--wireshark-profile", folder.resolve("profiles/careof").toString());
        assertTrue(result.exit() < 2, result.output() + result.error());    // an experiment's file alone is one of its two runs
        var good = withProfile(capture, "esp.icv_good == 1");
        var others = withProfile(capture, "esp && !(esp.icv_good == 1)");
        var text = Files.readString(lab);
        if (text.contains("\"role\": \"attacker\"") || text.contains("\"attack\"")) {
            assertTrue(good.size() > others.size(), others::toString);
        } else {
            assertEquals(List.of(), others);
            // what IKE refuses protects nothing
            assertTrue(text.contains("\"protocol\": \"esp\"") || good.isEmpty(), "good: " + good.size());
            assertTrue(!good.isEmpty() || !text.contains("\"protocol\": \"esp\"") || text.contains("\"keying\": \"ike\""), "nothing is decrypted");
        }
    }

    /** The same with IKE, and in a sample keyed by hand that here is keyed by IKE: what is decrypted begins with a hash or an identity. */
    @ParameterizedTest
    @MethodSource("labsForIke")
    void theProfileDecryptsEveryMessageOfIke(Path sample) throws Exception {
        var lab = sample;
        if (sample.endsWith(BY_HAND)) {
            var keyed = Files.readString(sample).replace("\"traffic\": \"registration\"", "\"traffic\": \"registration\", \"keying\": \"ike\"");
            lab = Files.writeString(folder.resolve("ike.json"), keyed);
        }
        var sorted = folder.resolve("ike.pcapng");
        var profile = folder.resolve("profiles/careof");
        var log = folder.resolve("trace.jsonl");
        var result = CommandLine.careof("run", lab.toString(), "--ike", sorted.toString(), "--trace", log.toString(), "--wireshark-profile", profile.toString());
        assertTrue(result.exit() < 2, result.output() + result.error());
        long sent = Files.readAllLines(log).stream().filter(line -> line.contains("\"channel\":\"ike\",\"to\":\"peer\""))
                .map(line -> line.substring(line.indexOf("\"octets\":"))).distinct().count();
        assertTrue(sent > 2, () -> sent + " encrypted messages");
        assertEquals(sent, withProfile(sorted, "isakmp.flag_e == 1").size());
        assertEquals(List.of(), withProfile(sorted, "isakmp.flag_e == 1 && !(isakmp.typepayload == 8 || isakmp.typepayload == 5)"));
        assertEquals(List.of(), withProfile(sorted, "isakmp.flag_e == 1 && _ws.malformed"));
    }

    static Stream<Path> labsForIke() throws IOException {
        return samplesAndExperiments().filter(lab -> {
            try {
                // the parts of an experiment's file may use IKE where the lab itself does not
                return lab.endsWith(BY_HAND) || LabFiles.read(lab).ipsec().stream().anyMatch(LabProtection::isKeyedByIke);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (LabException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private List<String> withProfile(Path capture, String filter) throws Exception {
        var told = CommandLine.run(List.of("env", "WIRESHARK_CONFIG_DIR=" + folder, "tshark", "-n", "-C", "careof", "-r", capture.toString(), "-Y", filter,
                "-T", "fields", "-e", "frame.number", "-e", "frame.interface_name", "-e", "esp.spi", "-e", "esp.sequence", "-e", "_ws.col.Info"));
        assertEquals(0, told.exit(), told.error());
        return told.output().lines().toList();
    }

    /** The filter must bite: one frame with a wrong UDP checksum, one with a truncated Mobility Header. */
    @Test
    void theFilterFindsFaults() throws Exception {
        var address = "20010db8000000000000000000000001";
        var ethernet = "020000000001" + "020000000002" + "86dd";
        var badChecksum = ethernet + "60000000" + "000c" + "11" + "40" + address + address + "0009" + "0009" + "000c" + "1234" + "01020304";
        var truncated = ethernet + "60000000" + "0008" + "87" + "40" + address + address + "3b03050012340001";
        var file = folder.resolve("faults.pcap");
        var frames = List.of(badChecksum, truncated);
        var buffer = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65535).putInt(1);
        for (var frame : frames) {
            var octets = HexFormat.of().parseHex(frame);
            buffer.putInt(0).putInt(0).putInt(octets.length).putInt(octets.length).put(octets);
        }
        Files.write(file, Arrays.copyOf(buffer.array(), buffer.position()));
        assertEquals(List.of("1", "2"), tshark(file, FAULTS, "frame.number"));
    }

    private Path capture(Path lab) throws Exception {
        var capture = folder.resolve(lab.getFileName() + ".pcapng");
        var result = CommandLine.careof("run", lab.toString(), "--pcapng", capture.toString());
        assertEquals(0, result.exit(), result.output() + result.error());
        return capture;
    }

    private static void found(Path capture, String filter, String what) throws Exception {
        assertFalse(tshark(capture, filter, "frame.number").isEmpty(), "no " + what + " (" + filter + ")");
    }

    /** The named fields of the frames that match, a line each. */
    private static List<String> tshark(Path capture, String filter, String... fields) throws Exception {
        var command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString(),
                "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
                "-Y", filter, "-T", "fields"));
        for (var field : fields) command.addAll(List.of("-e", field));
        var result = CommandLine.run(command);
        assertEquals(0, result.exit(), result.error());
        return result.output().lines().toList();
    }
}
