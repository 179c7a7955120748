package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Scapy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For every packet of scapy, each of our fields that tshark has too has the value that tshark gives it. */
@Tag("interop")
class TsharkFieldsInteropTest {
    @TempDir
    Path directory;

    /** Every value of every abbreviation, in order. */
    private static Map<String, List<String>> ours(Octets packet) {
        Map<String, List<String>> values = new TreeMap<>();
        Dissector.dissect(packet, LinkType.RAW_IP).walk(f -> {
            boolean group = f.value().isEmpty() || f.children().size() > 1;
            boolean judgement = f.abbreviation().endsWith(".status") || f.abbreviation().endsWith("reserved");
            if (!group && !judgement) {
                values.computeIfAbsent(f.abbreviation(), _ -> new ArrayList<>()).add(plain(f.bareValue()));
            }
        });
        return values;
    }

    /** One spelling for a value that has several: numbers in decimal, octets without colons. */
    private static String plain(String value) {
        if (value.equals("True") || value.equals("False")) {
            return value.equals("True") ? "1" : "0";
        }
        return value.startsWith("0x") && value.length() <= 10 ? Long.toString(Long.parseLong(value.substring(2), 16)) : value;
    }

    @Test
    void fieldsHaveTheValuesThatTsharkGivesThem() throws Exception {
        List<Octets> packets = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (var constant : Scapy.class.getFields()) {
            if (!constant.getName().equals("ARP")) {
                packets.add(Octets.hex((String) constant.get(null)));
                names.add(constant.getName());
            }
        }
        TreeSet<String> known = new TreeSet<>();
        for (String line : tshark("-G", "fields").split("\n")) {
            String[] columns = line.split("\t");
            if (columns[0].equals("F")) {
                known.add(columns[2]);
            }
        }
        TreeSet<String> abbreviations = new TreeSet<>();
        packets.forEach(p -> abbreviations.addAll(ours(p).keySet()));
        abbreviations.retainAll(known);
        assertTrue(abbreviations.size() > 80, () -> "only " + abbreviations);
        // tshark shows what is encrypted only where it decrypts it, counts this one in units of 8 octets, calls the version of IPv6 ip.version too, and both keygen tokens hot
        abbreviations.removeAll(List.of("esp.encrypted_data", "ipv6.fraghdr.offset", "ip.version", "mip6.hot.token"));

        OctetWriter pcap = new OctetWriter();
        pcap.u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(LinkType.RAW_IP.number());
        packets.forEach(p -> pcap.u32(0).u32(0).u32(p.length()).u32(p.length()).octets(p));
        Path file = Files.write(directory.resolve("fields.pcap"), pcap.toOctets().toArray());
        List<String> command = new ArrayList<>(List.of("-r", file.toString(), "-T", "fields", "-E", "separator=|", "-E", "aggregator=;",
                "-o", "ipv6.defragment:FALSE"));
        abbreviations.forEach(a -> command.addAll(List.of("-e", a)));
        String[] lines = tshark(command.toArray(new String[0])).split("\n");
        assertEquals(packets.size(), lines.length);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String[] theirs = lines[i].split("\\|", -1);
            Map<String, List<String>> ours = ours(packets.get(i));
            int column = 0;
            for (String abbreviation : abbreviations) {
                List<String> values = new ArrayList<>();
                for (String value : theirs[column++].split(";")) {
                    if (!value.isEmpty() && !value.equals("<none>")) {
                        values.add(plain(value));
                    }
                }
                if (!values.equals(ours.getOrDefault(abbreviation, List.of()))) {
                    differences.add(names.get(i) + " " + abbreviation + ": " + ours.get(abbreviation) + ", tshark " + values);
                }
            }
        }
        assertEquals("", String.join("\n", differences));
    }

    private String tshark(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(directory.resolve("errors").toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        String errors = Files.readString(directory.resolve("errors"));
        assertTrue(exit == 0, () -> "tshark says: " + errors);
        return out;
    }
}
