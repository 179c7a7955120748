package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport.Selection;
import careof.engine.capture.CapturedPacket.Direction;
import careof.engine.lab.Lab;
import careof.engine.state.PortState;
import careof.engine.trace.Detail;
import careof.engine.trace.RandomEvents;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceBench;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.trace.TraceEvent.Started;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureExportTest {
    private static final Lab LAB = Lab.empty("a lab").withSeed(7);
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");

    @TempDir
    Path folder;

    private static Octets frame(int number) {
        OctetWriter out = new OctetWriter();
        new Ethernet(new MacAddress(0x020000000001L), new MacAddress(0x020000000002L), Ethernet.IP6).emit(out);
        Octets datagram = new Udp(1000, 2000, Octets.of(number >> 8 & 255, number & 255)).toOctets(S, D);
        return out.octets(Ip6Packet.of(S, D, IpProtocol.UDP, datagram).toOctets()).toOctets();
    }

    private static FrameSent sent(long id, long at, String node, long packet, long parent, String link, int octets, Arrival... arrivals) {
        return new FrameSent(id, at, node, 0, packet, parent, "eth0", link, id, at, List.of(arrivals), frame(octets));
    }

    private static Changed port(long id, String node, String link) {
        return new Changed(id, 0, node, 0, 0, 0, Optional.empty(), Optional.of(new PortState("eth0", new MacAddress(id), link, true)),
                Reason.CONFIGURED, List.of());
    }

    /** a sends to r over l1, which forwards to b over l2; c hears the second frame too, d loses it; another frame never arrives. */
    private static TraceStore trace() {
        TraceStore store = new TraceStore(Detail.FULL);
        List<TraceEvent> events = List.of(
                new Started(1, 0, "", 0, "a lab", 7),
                port(2, "a", "l1"),
                port(3, "r", "l1"),
                port(4, "b", "l2"),
                sent(5, 100, "a", 1, 0, "l1", 1, new Arrival("r/eth0", 200)),
                new FrameArrived(6, 200, "r", 5, 1, "eth0", "l1", 5),
                new Decided(7, 200, "r", 6, 1, Reason.TUNNEL_IN, List.of("2001:db8::1"), ""),
                new Derived(8, 200, "r", 6, 2, 1, Relation.DECAPSULATED),
                new Decided(9, 200, "r", 6, 2, Reason.FORWARDED, List.of("b", "eth0"), ""),
                sent(10, 200, "r", 3, 2, "l2", 2, new Arrival("b/eth0", 300), new Arrival("c/eth0", 350)),
                new Dropped(11, 200, "", 10, 3, Reason.LINK_LOSS, List.of("l2", "0.5"), "", "l2", Octets.EMPTY),
                new FrameArrived(12, 300, "b", 10, 3, "eth0", "l2", 10),
                new Decided(13, 300, "b", 12, 3, Reason.HAO_VERIFIED, List.of("2001:db8::9"), ""),
                new Decided(14, 300, "b", 12, 3, Reason.DELIVERED, List.of("UDP"), ""),
                new FrameArrived(15, 350, "c", 10, 3, "eth0", "l2", 10),
                new Dropped(16, 350, "c", 15, 3, Reason.HAO_UNVERIFIED, List.of("2001:db8::9", "2001:db8::5"), "", "", Octets.EMPTY),
                sent(17, 400, "b", 4, 0, "l2", 3, new Arrival("r/eth0", 1_000_000)),
                sent(18, 500, "b", 5, 0, "l3", 4));
        events.forEach(store::append);
        return store;
    }

    private static List<CapturedPacket> read(Path file) throws Exception {
        try (CaptureReader reader = CaptureReader.open(file)) {
            List<CapturedPacket> packets = new ArrayList<>();
            for (Optional<CapturedPacket> next = reader.next(); next.isPresent(); next = reader.next()) {
                packets.add(next.get());
            }
            assertEquals(List.of(), reader.notes());
            return packets;
        }
    }

    private List<String> lines(Selection selection) throws Exception {
        Path file = folder.resolve("x.pcapng");
        long count = CaptureExport.write(trace(), LAB, file, selection, Progress.NONE);
        List<CapturedPacket> packets = read(file);
        assertEquals(count, packets.size());
        long epoch = LAB.epoch().getEpochSecond() * 1_000_000_000;
        return packets.stream().map(p -> p.at() - epoch + " " + p.on().name() + " " + p.direction() + " " + p.octets().at(p.octets().length() - 1)
                + " " + p.comments().getFirst()).toList();
    }

    @Test
    void allShowsEachFrameOnceWithWhatBecameOfIt() throws Exception {
        assertEquals(List.of(
                "100 a/eth0 OUTBOUND 1 event 5, packet 1, link l1; r: tunnel-in, forwarded",
                "200 r/eth0 OUTBOUND 2 event 10, packet 3 from packet 2, link l2; lost for 1 receiver, link-loss (lost on link l2 (loss 0.5); lab file);"
                        + " b: hao-verified, delivered;"
                        + " c: dropped, hao-unverified (home address 2001:db8::9 has no binding to 2001:db8::5; RFC 6275 section 9.3.1)",
                "400 b/eth0 OUTBOUND 3 event 17, packet 4, link l2; r: on its way",
                "500 b/eth0 OUTBOUND 4 event 18, packet 5, link l3; no receiver"), lines(new Selection.All()));
    }

    @Test
    void aNodeShowsBothDirections() throws Exception {
        assertEquals(List.of(
                "200 r/eth0 INBOUND 1 event 6, packet 1, link l1; r: tunnel-in, forwarded",
                "200 r/eth0 OUTBOUND 2 event 10, packet 3 from packet 2, link l2; lost for 1 receiver, link-loss (lost on link l2 (loss 0.5); lab file);"
                        + " b: hao-verified, delivered;"
                        + " c: dropped, hao-unverified (home address 2001:db8::9 has no binding to 2001:db8::5; RFC 6275 section 9.3.1)"),
                lines(new Selection.Node("r")));
        assertEquals(List.of(
                "300 b/eth0 INBOUND 2 event 12, packet 3 from packet 2, link l2; b: hao-verified, delivered",
                "400 b/eth0 OUTBOUND 3 event 17, packet 4, link l2; r: on its way",
                "500 b/eth0 OUTBOUND 4 event 18, packet 5, link l3; no receiver"), lines(new Selection.Node("b")));
        assertEquals(List.of(), lines(new Selection.Node("nobody")));
    }

    @Test
    void aLinkShowsItsFramesOnce() throws Exception {
        assertEquals(List.of("event 10", "event 17"), lines(new Selection.Link("l2")).stream().map(line -> line.replaceAll(".*(event \\d+),.*", "$1")).toList());
    }

    @Test
    void anyTraceExportsWithAllItsFrames() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            TraceStore store = new TraceStore(Detail.FULL);
            new RandomEvents(seed).events(20_000).forEach(store::append);
            Path file = folder.resolve("random.pcapng");
            CaptureExport.write(store, LAB, file, new Selection.All(), Progress.NONE);
            List<CapturedPacket> packets = read(file);
            assertEquals(store.frameCount(), packets.size());
            for (int i = 0; i < packets.size(); i++) {
                FrameSent sent = (FrameSent) store.get(store.frameEvent(i));
                assertEquals(sent.frame(), packets.get(i).octets());
                assertEquals(sent.node() + "/" + sent.port(), packets.get(i).on().name());
            }
            for (String node : List.of("n0", "n1", "n2", "n5")) {
                long expected = 0;
                for (TraceStore.Cursor cursor = store.from(1); cursor.hasNext(); ) {
                    TraceEvent event = cursor.next();
                    expected += event.node().equals(node) && (event instanceof FrameSent || event instanceof FrameArrived a && a.sent() != 0) ? 1 : 0;
                }
                assertEquals(expected, CaptureExport.write(store, LAB, OutputStream.nullOutputStream(), new Selection.Node(node), Progress.NONE));
            }
        }
    }

    @Test
    void cancellingLeavesTheOldFileAndNothingElse() throws Exception {
        TraceStore store = TraceBench.forwarded(20_000, 10, 200);
        Path file = folder.resolve("x.pcapng");
        Files.writeString(file, "old");
        assertThrows(Progress.Cancelled.class, () -> CaptureExport.write(store, LAB, file, new Selection.All(), (done, _) -> done < 20_000));
        assertEquals("old", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
        List<Long> heard = new ArrayList<>();
        assertEquals(20_000, CaptureExport.write(store, LAB, file, new Selection.All(), (done, total) -> {
            assertEquals(40_000, total);
            return heard.add(done);
        }));
        assertEquals(40_000, heard.getLast());
        assertTrue(heard.size() >= 9);
    }

    @Test
    void errorsSayWhichFileAndWhy() throws Exception {
        Path nowhere = folder.resolve("none/x.pcapng");
        assertEquals("cannot write " + nowhere + ": its folder does not exist",
                assertThrows(IOException.class, () -> CaptureExport.write(trace(), LAB, nowhere, new Selection.All(), Progress.NONE)).getMessage());
        assertEquals("cannot write " + folder + ": it is a folder",
                assertThrows(IOException.class, () -> CaptureExport.write(trace(), LAB, folder, new Selection.All(), Progress.NONE)).getMessage());
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        String message = assertThrows(IOException.class, () -> CaptureExport.write(trace(), LAB, full, new Selection.All(), Progress.NONE)).getMessage();
        assertTrue(message.startsWith("cannot write /dev/full: No space left"), message);
    }

    @Test
    void theSameTraceGivesTheSameFile() throws Exception {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        CaptureExport.write(trace(), LAB, first, new Selection.All(), Progress.NONE);
        CaptureExport.write(trace(), LAB, second, new Selection.All(), Progress.NONE);
        assertArrayEquals(first.toByteArray(), second.toByteArray());
    }

    private String run(String... command) throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> String.join(" ", command));
        String text = Files.readString(output);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    @Test
    @Tag("interop")
    void wiresharkReadsWhatWeWrite() throws Exception {
        Path file = folder.resolve("x.pcapng");
        CaptureExport.write(trace(), LAB, file, new Selection.All(), Progress.NONE);
        String packets = run("tshark", "-r", file.toString(), "-o", "udp.check_checksum:TRUE", "-T", "fields", "-E", "separator=|",
                "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "frame.packet_flags_direction", "-e", "udp.checksum.status", "-e", "frame.comment");
        List<String> lines = packets.lines().filter(line -> line.contains("|")).toList();
        assertEquals(4, lines.size(), packets);
        assertTrue(lines.getFirst().matches("(1767225600\\.000000100|2026-01-01T00:00:00\\.000000100Z)\\|a/eth0\\|(2|0x00000002)\\|(1|Good)\\|event 5, packet 1, link l1; r: tunnel-in, forwarded"),
                lines.getFirst());
        String info = run("capinfos", file.toString());
        assertTrue(info.contains("Number of interfaces in file: 3"), info);
        assertTrue(info.contains("lab a lab, seed 7, all links"), info);
        assertFalse(info.contains("cut short"), info);
    }

    @Test
    @Tag("interop")
    void weReadWhatWiresharkWrites() throws Exception {
        Path ours = folder.resolve("x.pcapng");
        CaptureExport.write(trace(), LAB, ours, new Selection.All(), Progress.NONE);
        List<CapturedPacket> expected = read(ours);
        for (String format : List.of("pcapng", "pcap", "nsecpcap", "modpcap")) {
            Path theirs = folder.resolve("y." + format);
            run("tshark", "-r", ours.toString(), "-F", format, "-w", theirs.toString());
            List<CapturedPacket> found = read(theirs);
            assertEquals(expected.stream().map(CapturedPacket::octets).toList(), found.stream().map(CapturedPacket::octets).toList(), format);
            boolean micro = format.equals("pcap") || format.equals("modpcap");
            assertEquals(expected.stream().map(p -> micro ? p.at() / 1000 * 1000 : p.at()).toList(), found.stream().map(CapturedPacket::at).toList(), format);
            if (format.equals("pcapng")) {
                assertEquals(expected.stream().map(CapturedPacket::comments).toList(), found.stream().map(CapturedPacket::comments).toList());
                assertEquals(expected.stream().map(CapturedPacket::direction).toList(), found.stream().map(CapturedPacket::direction).toList());
                assertEquals(expected.stream().map(p -> p.on().name()).toList(), found.stream().map(p -> p.on().name()).toList());
            }
        }
        assertEquals(Direction.OUTBOUND, expected.getFirst().direction());
    }
}
