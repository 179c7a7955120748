package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.capture.WiresharkProfile;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** tshark, with the profile that we write, decrypts every message of a talk and finds in each field what we find in it. */
@Tag("interop")
class IsakmpTsharkInteropTest {
    /** Reserved fields count in octets here and there in groups of them; certificates are taken apart under other names there. */
    private static final List<String> NOT_COMPARED = List.of("isakmp.reserved", "isakmp.cert.data");

    @TempDir
    Path directory;

    private static Map<String, List<String>> ours(Octets packet, Opener opener) {
        Map<String, List<String>> values = new TreeMap<>();
        Dissector.dissect(packet, LinkType.RAW_IP, opener).walk(f -> {
            if (f.abbreviation().startsWith("isakmp.") && f.children().isEmpty()) {
                values.computeIfAbsent(f.abbreviation(), _ -> new ArrayList<>()).add(f.bareValue());
            }
        });
        return values;
    }

    @ParameterizedTest
    @CsvSource({"TRIPLE_DES_CBC,24,MD5", "AES_CBC,32,SHA1", "AES_CBC,16,SHA256"})
    void tsharkDecryptsAndAgrees(IkeCipher cipher, int keyLength, IkeHash hash) throws Exception {
        IkeTalk talk = IkeTalk.whole(cipher, keyLength, hash, 3, IsakmpDissectorTest.certificate());
        Opener opener = talk.known("mn", "ha");
        TreeSet<String> abbreviations = new TreeSet<>();
        talk.all.forEach(said -> abbreviations.addAll(ours(said.packet().toOctets(), opener).keySet()));
        TreeSet<String> theirs = new TreeSet<>();
        tshark("-G", "fields").lines().map(line -> line.split("\t")).filter(columns -> columns[0].equals("F")).forEach(columns -> theirs.add(columns[2]));
        abbreviations.retainAll(theirs);
        NOT_COMPARED.forEach(abbreviations::remove);
        assertTrue(abbreviations.size() > 40, abbreviations::toString);

        OctetWriter pcap = new OctetWriter();
        pcap.u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(LinkType.RAW_IP.number());
        for (IkeTalk.Said said : talk.all) {
            Octets packet = said.packet().toOctets();
            pcap.u32(0).u32(0).u32(packet.length()).u32(packet.length()).octets(packet);
        }
        Path file = Files.write(directory.resolve("talk.pcap"), pcap.toOctets().toArray());
        WiresharkProfile.write(talk.trace(), directory.resolve("profiles/careof"));
        List<String> command = new ArrayList<>(List.of("-C", "careof", "-r", file.toString(), "-T", "fields", "-E", "separator=|", "-E", "aggregator=;"));
        abbreviations.forEach(a -> command.addAll(List.of("-e", a)));
        String[] lines = tshark(command.toArray(new String[0])).split("\n");
        assertEquals(talk.all.size(), lines.length);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String[] columns = lines[i].split("\\|", -1);
            Map<String, List<String>> ours = ours(talk.all.get(i).packet().toOctets(), opener);
            int column = 0;
            for (String abbreviation : abbreviations) {
                String[] found = columns[column++].split(";");
                List<String> values = new ArrayList<>();
                for (String value : found) {
                    if (!value.isEmpty()) {
                        values.add(switch (value) {
                            case "True" -> "1";
                            case "False" -> "0";
                            default -> value;
                        });
                    }
                }
                if (!same(ours.getOrDefault(abbreviation, List.of()), values)) {
                    differences.add(talk.all.get(i).name() + " " + abbreviation + ": " + ours.get(abbreviation) + ", tshark " + values);
                }
            }
        }
        assertEquals("", String.join("\n", differences));
        assertEquals("", tshark("-C", "careof", "-r", file.toString(), "-Y", "_ws.malformed || isakmp.enc_data_length_mult_block_size"));
        assertTrue(talk.all.stream().filter(said -> said.message().isEncrypted()).count() >= 12);
    }

    /** Long octets are cut short in ours. */
    private static boolean same(List<String> ours, List<String> theirs) {
        boolean same = ours.size() == theirs.size();
        for (int i = 0; same && i < ours.size(); i++) {
            String mine = ours.get(i);
            same = mine.endsWith("…") ? theirs.get(i).startsWith(mine.substring(0, mine.length() - 1)) : theirs.get(i).equals(mine);
        }
        return same;
    }

    private String tshark(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark"));
        command.addAll(List.of(arguments));
        ProcessBuilder tshark = new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile());
        tshark.environment().put("WIRESHARK_CONFIG_DIR", directory.toString());
        Process process = tshark.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        String errors = Files.readString(directory.resolve("errors"));
        assertTrue(exit == 0, () -> "tshark says: " + errors);
        return out;
    }
}
