package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.capture.CapturedPacket.Direction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are put together here octet by octet, as other writers do, not with our own writer. */
class CaptureReaderTest {
    private static final Octets FRAME = Octets.hex("0102030405060708090a0b");

    private record Read(List<CapturedPacket> packets, List<String> notes) {}

    private static Read read(byte[] file) throws IOException, Malformed {
        try (CaptureReader reader = new CaptureReader(new ByteArrayInputStream(file))) {
            List<CapturedPacket> packets = new ArrayList<>();
            for (Optional<CapturedPacket> next = reader.next(); next.isPresent(); next = reader.next()) {
                packets.add(next.get());
            }
            assertTrue(reader.next().isEmpty());
            return new Read(packets, reader.notes());
        }
    }

    private static ByteBuffer buffer(ByteOrder order) {
        return ByteBuffer.allocate(4096).order(order);
    }

    private static byte[] done(ByteBuffer buffer) {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static byte[] pcap(ByteOrder order, int magic, int link, int fraction) {
        ByteBuffer out = buffer(order).putInt(magic).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65535).putInt(link);
        out.putInt(1_700_000_000).putInt(fraction).putInt(11).putInt(1500).put(magic == 0xa1b2cd34 ? new byte[8] : new byte[0]).put(FRAME.toArray());
        out.putInt(1_700_000_001).putInt(0).putInt(11).putInt(11).put(magic == 0xa1b2cd34 ? new byte[8] : new byte[0]).put(FRAME.toArray());
        return done(out);
    }

    @Test
    void pcapOfEitherOrderAndResolution() throws Exception {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int magic : new int[] {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34}) {
                Read read = read(pcap(order, magic, 113, 123_456));
                assertEquals(2, read.packets.size(), order + " " + Integer.toHexString(magic));
                CapturedPacket first = read.packets.getFirst();
                assertEquals(1_700_000_000_000_000_000L + (magic == 0xa1b23c4d ? 123_456 : 123_456_000), first.at());
                assertEquals(113, first.on().linkType());
                assertEquals(FRAME, first.octets());
                assertEquals(1500, first.length());
                assertTrue(first.isCut());
                assertFalse(read.packets.getLast().isCut());
                assertEquals(24, first.offset());
                assertEquals(List.of(), read.notes);
            }
        }
    }

    @Test
    void frameCheckSequencesAreCutOff() throws Exception {
        int link = 2 << 28 | 1 << 26 | 1;    // four octets of it
        Read read = read(pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, link, 0));
        assertEquals(1, read.packets.getLast().on().linkType());
        assertEquals(FRAME.slice(0, 7), read.packets.getLast().octets());
        assertEquals(FRAME, read.packets.getFirst().octets(), "a packet that was cut has lost it already");
    }

    private static void block(ByteBuffer out, int type, byte[] body) {
        int padded = (body.length + 3) / 4 * 4;
        out.putInt(type).putInt(padded + 12).put(body).put(new byte[padded - body.length]).putInt(padded + 12);
    }

    private static byte[] bytes(ByteOrder order, java.util.function.Consumer<ByteBuffer> content) {
        ByteBuffer out = buffer(order);
        content.accept(out);
        return done(out);
    }

    private static void section(ByteBuffer out) {
        block(out, 0x0a0d0d0a, bytes(out.order(), b -> b.putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1)));
    }

    private static void face(ByteBuffer out, int link, int snap, byte[] options) {
        block(out, 1, bytes(out.order(), b -> b.putShort((short) link).putShort((short) 0).putInt(snap).put(options)));
    }

    private static byte[] option(ByteOrder order, int code, byte... value) {
        return bytes(order, b -> b.putShort((short) code).putShort((short) value.length).put(value).put(new byte[-value.length & 3]));
    }

    private static void packet(ByteBuffer out, int on, long ticks, byte[] options) {
        block(out, 6, bytes(out.order(), b -> b.putInt(on).putInt((int) (ticks >>> 32)).putInt((int) ticks).putInt(11).putInt(11)
                .put(FRAME.toArray()).put((byte) 0).put(options)));
    }

    @Test
    void pcapngWithSectionsOfBothOrdersAndOtherBlocks() throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            file.write(bytes(order, out -> {
                section(out);
                face(out, 1, 0, option(order, 2, "eth0".getBytes()));
                block(out, 0x0bad, new byte[100]);
                face(out, 101, 7, option(order, 9, (byte) 9));
                packet(out, 0, 1_500_000, option(order, 1, "hello".getBytes()));
                packet(out, 1, 1_500_000, bytes(order, b -> b.put(option(order, 2, order == ByteOrder.BIG_ENDIAN
                        ? new byte[] {0, 0, 0, 2} : new byte[] {2, 0, 0, 0})).put(option(order, 0))));
                block(out, 3, bytes(order, b -> b.putInt(11).put(FRAME.toArray())));
                block(out, 2, bytes(order, b -> b.putShort((short) 1).putShort((short) 3).putInt(0).putInt(77).putInt(11).putInt(11).put(FRAME.toArray())));
            }));
        }
        Read read = read(file.toByteArray());
        assertEquals(List.of(), read.notes);
        assertEquals(8, read.packets.size());
        for (int i = 0; i < 8; i += 4) {
            CapturedPacket first = read.packets.get(i);
            assertEquals("eth0", first.on().name());
            assertEquals(1_500_000_000L, first.at(), "microseconds unless the interface says otherwise");
            assertEquals(List.of("hello"), first.comments());
            assertEquals(Direction.UNKNOWN, first.direction());
            CapturedPacket second = read.packets.get(i + 1);
            assertEquals(101, second.on().linkType());
            assertEquals(1_500_000L, second.at());
            assertEquals(Direction.OUTBOUND, second.direction());
            assertEquals(FRAME, read.packets.get(i + 2).octets());
            assertEquals(0, read.packets.get(i + 2).at());
            assertEquals(77, read.packets.get(i + 3).at());
            assertEquals(FRAME, read.packets.get(i + 3).octets());
        }
        assertEquals(8, read.packets.getLast().number());
    }

    private static long timeOf(long ticks, byte resolution, long offset) throws Exception {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        return read(bytes(order, out -> {
            section(out);
            face(out, 1, 0, bytes(order, b -> b.put(option(order, 9, resolution)).put(option(order, 14, bytes(order, c -> c.putLong(offset))))));
            packet(out, 0, ticks, new byte[0]);
        })).packets.getFirst().at();
    }

    @Test
    void everyTimeResolution() throws Exception {
        assertEquals(5_000_000_000L, timeOf(5, (byte) 0, 0));
        assertEquals(5_250_000_000L, timeOf(5_250, (byte) 3, 0));
        assertEquals(2_000_000_000L + 1, timeOf(1_000_000_001L, (byte) 9, 1));
        assertEquals(1, timeOf(1_999, (byte) 12, 0));
        assertEquals(1_500_000_000L, timeOf(3L << 31, (byte) (0x80 | 32), 0));
        assertEquals(0, timeOf(-1, (byte) 0x7f, 0));
        assertEquals(Long.MAX_VALUE, timeOf(-1, (byte) 0, 0));
        assertEquals(Long.MIN_VALUE, timeOf(0, (byte) 0, Long.MIN_VALUE));
    }

    private static byte[] small() {
        return bytes(ByteOrder.LITTLE_ENDIAN, out -> {
            section(out);
            face(out, 1, 0, option(out.order(), 9, (byte) 9));
            packet(out, 0, 1, option(out.order(), 1, "one".getBytes()));
            packet(out, 0, 2, new byte[0]);
        });
    }

    @Test
    void aTruncatedTailGivesWhatIsReadableAndANote() throws Exception {
        byte[] whole = small();
        int boundaries = 0;
        for (int length = 28; length <= whole.length; length++) {
            Read read = read(Arrays.copyOf(whole, length));
            assertTrue(read.packets.size() <= 2);
            boundaries += read.notes.isEmpty() ? 1 : 0;
            if (!read.notes.isEmpty()) {
                assertTrue(read.notes.getFirst().contains("octet " + length), read.notes.toString());
            }
        }
        assertEquals(4, boundaries, "after the section, the interface and each packet the file may end");
        byte[] pcap = pcap(ByteOrder.BIG_ENDIAN, 0xa1b2c3d4, 1, 0);
        Read read = read(Arrays.copyOf(pcap, pcap.length - 1));
        assertEquals(1, read.packets.size());
        assertEquals(List.of("the file ends at octet 77, within the block that starts at 51"), read.notes);
    }

    private static void refused(String message, byte[] file) {
        Malformed problem = assertThrows(Malformed.class, () -> read(file));
        assertEquals(message, problem.getMessage());
    }

    @Test
    void brokenFilesNameThePlace() throws Exception {
        refused("the file is empty (octet 0 of the file)", new byte[0]);
        refused("no pcap or pcapng file: it starts with 7b226361 (octet 0 of the file)", "{\"careof\":1}".getBytes());
        refused("compressed with gzip: unpack it first (octet 0 of the file)", new byte[] {0x1f, (byte) 0x8b, 8, 0});
        byte[] file = small();
        ByteBuffer out = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int firstPacket = 28 + 28;
        assertEquals(6, out.getInt(firstPacket));
        refused("a block length of 13 (octet 56 of the file)", patched(file, firstPacket + 4, 13));
        refused("a block of 4294967292 octets (octet 56 of the file)", patched(file, firstPacket + 4, -4));
        refused("a packet of interface 7, which the section has not described (octet 56 of the file)", patched(file, firstPacket + 8, 7));
        refused("a field of 4000 octets in a block that has 20 left (octet 56 of the file)", patched(file, firstPacket + 20, 4000));
        refused("a block says 52 octets at its start and 60 at its end (octet 56 of the file)", patched(file, firstPacket + 48, 60));
        byte[] pcap = pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1, 0);
        refused("a record of 2147483647 octets (octet 24 of the file)", patched(pcap, 32, Integer.MAX_VALUE));
    }

    private static byte[] patched(byte[] file, int at, int value) {
        byte[] copy = file.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return copy;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedFilesNeverThrowAnythingElse(long seed) throws Exception {
        Random random = new Random(seed);
        byte[][] files = {small(), pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1, 5)};
        for (int i = 0; i < 20_000; i++) {
            byte[] file = files[i % 2].clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            try {
                read(Arrays.copyOf(file, random.nextInt(file.length + 1)));
            } catch (Malformed e) {
                assertTrue(e.getMessage().contains("of the file"));
            }
        }
    }

    @Test
    void aLongBlockOfAnotherKindIsSkippedWithoutMemory() throws Exception {
        byte[] start = bytes(ByteOrder.LITTLE_ENDIAN, out -> {
            section(out);
            face(out, 1, 0, new byte[0]);
            out.putInt(0x0a).putInt(0x7ffffff0);
        });
        assertEquals(1, read(start).notes.size());
    }

    @Test
    void whatOurWriterWritesReadsBack() throws Exception {
        Random random = new Random(4);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PcapngWriter writer = new PcapngWriter(out, "careof", "a lab, seed 1");
        List<CapturedPacket> expected = new ArrayList<>();
        List<CaptureInterface> faces = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            if (i % 100 == 0) {
                faces.add(new CaptureInterface("node" + i + "/eth0", i == 0 ? "" : "on link l" + i, 1, 0));
                writer.addInterface(faces.getLast().name(), faces.getLast().description(), 1);
            }
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            int on = random.nextInt(faces.size());
            Direction direction = Direction.values()[random.nextInt(3)];
            String comment = random.nextBoolean() ? "" : "é".repeat(random.nextInt(30) + 1);
            long at = random.nextLong() >>> 1;
            writer.packet(on, at, direction, Octets.wrap(octets), comment);
            expected.add(new CapturedPacket(i + 1, 0, faces.get(on), at, direction, octets.length, Octets.wrap(octets),
                    comment.isEmpty() ? List.of() : List.of(comment)));
        }
        Read read = read(out.toByteArray());
        assertEquals(List.of(), read.notes);
        List<CapturedPacket> found = read.packets.stream()
                .map(p -> new CapturedPacket(p.number(), 0, p.on(), p.at(), p.direction(), p.length(), p.octets(), p.comments())).toList();
        assertEquals(expected, found);
    }
}
