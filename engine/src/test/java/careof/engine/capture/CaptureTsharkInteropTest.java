package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.decode.CaptureDissector;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketFields;
import careof.engine.query.FieldSource;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that Wireshark's tools write, of every link type and form: each packet is to us what it is to tshark. */
@Tag("interop")
@Timeout(300)
class CaptureTsharkInteropTest {
    private static final Ip6Address A = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address B = Ip6Address.parse("2001:db8:2::2");
    private static final Ip4Address A4 = Ip4Address.parse("192.0.2.1");
    private static final Ip4Address B4 = Ip4Address.parse("192.0.2.2");
    private static final List<String> FIELDS = List.of("vlan.id", "ieee8021ad.id", "ipv6.src", "ipv6.dst", "ip.src", "ip.dst", "udp.srcport", "udp.dstport");

    @TempDir
    Path folder;

    private static String six(int port) {
        return Ip6Packet.of(A, B, IpProtocol.UDP, new Udp(port, 9, Octets.zeros(60)).toOctets(A, B)).toOctets().toHex();
    }

    private static String four(int port) {
        return Ip4Packet.of(A4, B4, IpProtocol.UDP, new Udp(port, 7, Octets.zeros(60)).toOctets(A4, B4)).toOctets().toHex();
    }

    /** Frames by the number of their link type. */
    private static Map<Integer, List<String>> frames() {
        String macs = "020000000001" + "020000000002";
        String cooked = "0000" + "0001" + "0006" + "0200000000020000";
        Map<Integer, List<String>> frames = new LinkedHashMap<>();
        frames.put(0, List.of("1e000000" + six(100), "02000000" + four(101)));
        frames.put(1, List.of(macs + "86dd" + six(110), macs + "0800" + four(111), macs + "8100" + "2007" + "86dd" + six(112),
                macs + "88a8" + "0005" + "8100" + "0006" + "0800" + four(113)));
        frames.put(101, List.of(six(120), four(121)));
        frames.put(108, List.of("0000001e" + six(130), "00000002" + four(131)));
        frames.put(113, List.of(cooked + "86dd" + six(140), cooked + "0800" + four(141)));
        frames.put(147, List.of("00112233"));
        frames.put(228, List.of(four(150)));
        frames.put(229, List.of(six(160)));
        frames.put(276, List.of("86dd" + "0000" + "00000003" + "0001" + "00" + "06" + "0200000000020000" + six(170),
                "0800" + "0000" + "00000003" + "0001" + "04" + "06" + "0200000000020000" + four(171)));
        return frames;
    }

    private Path write(int linkType, List<String> frames, String form) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < frames.size(); i++) {
            text.append("2026-01-02 03:04:0%d.12345678%d%n0000".formatted(i, i));
            for (int at = 0; at < frames.get(i).length(); at += 2) {
                text.append(' ').append(frames.get(i), at, at + 2);
            }
            text.append('\n');
        }
        Path hex = Files.writeString(folder.resolve("hex"), text.toString());
        Path file = folder.resolve("link-" + linkType + "." + form);
        run("text2pcap", "-q", "-l", "" + linkType, "-t", "%Y-%m-%d %H:%M:%S.%f", "-F", form, "-N", "if-" + linkType, hex.toString(), file.toString());
        return file;
    }

    @Test
    void everyLinkTypeAndForm() throws Exception {
        List<Path> pcapngs = new ArrayList<>();
        for (Map.Entry<Integer, List<String>> link : frames().entrySet()) {
            for (String form : List.of("pcap", "nsecpcap", "modpcap", "pcapng")) {
                Path file = write(link.getKey(), link.getValue(), form);
                assertEquals(link.getValue().size(), same(file), () -> "" + file);
                if (form.equals("pcapng")) {
                    pcapngs.add(file);
                }
            }
        }
        int all = frames().values().stream().mapToInt(List::size).sum();
        Path merged = folder.resolve("merged.pcapng");
        List<String> command = new ArrayList<>(List.of("mergecap", "-a", "-w", merged.toString()));
        pcapngs.forEach(file -> command.add(file.toString()));
        run(command.toArray(new String[0]));
        assertEquals(all, same(merged));
        ByteArrayOutputStream sections = new ByteArrayOutputStream();
        for (Path file : pcapngs) {
            sections.write(Files.readAllBytes(file));
        }
        assertEquals(all, same(Files.write(folder.resolve("sections.pcapng"), sections.toByteArray()), false),
                "tshark 4.0 takes the interfaces' names of all sections from the first");
        Path cut = folder.resolve("cut.pcapng");
        run("editcap", "-s", "70", merged.toString(), cut.toString());
        assertEquals(all, same(cut));
        Path offset = folder.resolve("offset.pcapng");
        run("editcap", "-t", "-3600.5", merged.toString(), offset.toString());
        assertEquals(all, same(offset));
        assertEquals(all, same(copied(merged)), "what we write of it");
    }

    private Path copied(Path from) throws Exception {
        Path to = folder.resolve("copied.pcapng");
        try (CaptureFile file = CaptureFile.open(from)) {
            file.index(Progress.NONE);
            file.copy(i -> i, file.count(), to, Progress.NONE);
        }
        return to;
    }

    /** Whatever octets: as many packets, as long, at the same time. */
    @Test
    void randomPackets() throws Exception {
        for (String type : List.of("eth", "ipv6", "udp", "tcp", "sctp", "arp")) {
            Path file = folder.resolve(type + ".pcap");
            try {
                run("randpkt", "-c", "300", "-b", "400", "-t", type, file.toString());
            } catch (IOException e) {
                continue;    // this randpkt does not know it
            }
            List<String> theirs = List.of(run("tshark", "-n", "-r", file.toString(), "-T", "fields", "-e", "frame.len", "-e", "frame.time_epoch").split("\n"));
            List<String> ours = new ArrayList<>();
            try (CaptureFile capture = CaptureFile.open(file)) {
                capture.index(Progress.NONE);
                for (int i = 0; i < capture.count(); i++) {
                    CapturedPacket packet = capture.read(i);
                    ours.add(packet.length() + "\t" + BigDecimal.valueOf(packet.at(), 9).toPlainString());
                    CaptureDissector.tree(packet, Opener.NONE);
                    CaptureDissector.summary(packet, Opener.NONE);
                }
            }
            assertEquals(theirs, ours);
        }
    }

    /** How many packets there are, each with what tshark says of it. */
    private int same(Path path) throws Exception {
        return same(path, true);
    }

    private int same(Path path, boolean named) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", path.toString(), "-T", "fields", "-E", "separator=|", "-E", "aggregator=,"));
        for (String field : List.of("frame.number", "frame.time_epoch", "frame.len", "frame.cap_len")) {
            command.addAll(List.of("-e", field));
        }
        if (named) {
            command.addAll(List.of("-e", "frame.interface_name"));
        }
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        List<String> theirs = run(command.toArray(new String[0])).lines().map(line -> line.replace("|unknown|", "||")).toList();
        List<String> ours = new ArrayList<>();
        PacketFields fields = new PacketFields();
        try (CaptureFile file = CaptureFile.open(path)) {
            file.index(Progress.NONE);
            assertTrue(file.fault().isEmpty(), () -> file.fault().toString());
            for (int i = 0; i < file.count(); i++) {
                CapturedPacket packet = file.read(i);
                List<String> line = new ArrayList<>(List.of("" + packet.number(), BigDecimal.valueOf(packet.at(), 9).toPlainString(), "" + packet.length(),
                        "" + packet.octets().length()));
                if (named) {
                    line.add(packet.on().name());
                }
                FieldSource.Packet octets = new FieldSource.Packet(packet.octets(), packet.on().linkType(), packet.isCut());
                FIELDS.forEach(field -> line.add(String.join(",", fields.values(octets, field))));
                ours.add(String.join("|", line));
            }
        }
        assertEquals(String.join("\n", theirs), String.join("\n", ours), path.toString());
        return ours.size();
    }

    private String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectError(folder.resolve("errors").toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + Files.readString(folder.resolve("errors")));
        }
        return out;
    }
}
