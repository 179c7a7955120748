package careof.engine.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.capture.CapturedPacket.Direction;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the index finds, in any order, is what a reader finds from the first to the last. */
class CaptureFileTest {
    @TempDir
    Path folder;

    private static List<CapturedPacket> fromFirstToLast(Path file) throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(file)) {
            for (Optional<CapturedPacket> next = reader.next(); next.isPresent(); next = reader.next()) {
                packets.add(next.get());
            }
        } catch (Malformed e) {
            // those before it
        }
        return packets;
    }

    private static void same(Path path) throws IOException, Malformed {
        List<CapturedPacket> expected = fromFirstToLast(path);
        try (CaptureFile file = CaptureFile.open(path)) {
            file.index(Progress.NONE);
            assertEquals(expected.size(), file.count());
            for (int i = file.count() - 1; i >= 0; i--) {
                assertEquals(expected.get(i), file.read(i));
                assertEquals(expected.get(i).at(), file.at(i));
            }
        }
    }

    /** Sections of both byte orders, several interfaces that come between packets, simple and old packet blocks, other blocks. */
    static byte[] mixed(long seed) {
        Random random = new Random(seed);
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        for (int section = 0; section < 3; section++) {
            out.order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            block(out, 0x0a0d0d0a, body(out).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
            int faces = 0;
            for (int i = 0; i < 40; i++) {
                byte[] octets = new byte[random.nextInt(90)];
                random.nextBytes(octets);
                int kind = faces == 0 ? 0 : random.nextInt(10);
                if (kind == 0) {
                    byte resolution = (byte) new int[] {0, 3, 6, 9, 0x80 | 20}[random.nextInt(5)];
                    block(out, 1, body(out).putShort((short) new int[] {1, 101, 113, 276, 0, 147}[random.nextInt(6)]).putShort((short) 0)
                            .putInt(random.nextBoolean() ? 0 : 64).putShort((short) 9).putShort((short) 1).put(resolution).put(new byte[3]).putInt(0));
                    faces++;
                } else if (kind == 1) {
                    block(out, 5, body(out).put(octets));
                } else if (kind == 2) {
                    block(out, 3, body(out).putInt(octets.length).put(octets));
                } else if (kind == 3) {
                    block(out, 2, body(out).putShort((short) random.nextInt(faces)).putShort((short) 0).putInt(random.nextInt(9)).putInt(random.nextInt())
                            .putInt(octets.length).putInt(octets.length + random.nextInt(2) * 100).put(octets));
                } else {
                    ByteBuffer body = body(out).putInt(random.nextInt(faces)).putInt(random.nextInt(9)).putInt(random.nextInt())
                            .putInt(octets.length).putInt(octets.length).put(octets).put(new byte[-octets.length & 3]);
                    if (kind > 7) {
                        body.putShort((short) 1).putShort((short) 2).put("hi".getBytes()).putShort((short) 0).putShort((short) 2).putShort((short) 4).putInt(1).putInt(0);
                    }
                    block(out, 6, body);
                }
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static ByteBuffer body(ByteBuffer of) {
        return ByteBuffer.allocate(400).order(of.order());
    }

    private static void block(ByteBuffer out, int type, ByteBuffer body) {
        int length = (body.position() + 3) / 4 * 4;
        out.putInt(type).putInt(length + 12).put(body.array(), 0, length).putInt(length + 12);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyOrderOfReading(long seed) throws Exception {
        Path file = Files.write(folder.resolve("mixed.pcapng"), mixed(seed));
        same(file);
        assertTrue(fromFirstToLast(file).size() > 60);
    }

    @Test
    void pcapOfEitherOrderAndResolution() throws Exception {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int magic : new int[] {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34}) {
                ByteBuffer out = ByteBuffer.allocate(1000).order(order).putInt(magic).putShort((short) 2).putShort((short) 4).putLong(0).putInt(65535).putInt(113);
                for (int i = 0; i < 5; i++) {
                    out.putInt(i).putInt(7).putInt(20 + i).putInt(99).put(new byte[magic == 0xa1b2cd34 ? 8 : 0]).put(new byte[20 + i]);
                }
                same(Files.write(folder.resolve("file.pcap"), Arrays.copyOf(out.array(), out.position())));
            }
        }
    }

    @Test
    void atAFaultTheIndexEndsAndTellsWhere() throws Exception {
        byte[] whole = mixed(1);
        Path cut = Files.write(folder.resolve("cut.pcapng"), Arrays.copyOf(whole, whole.length - 3));
        try (CaptureFile file = CaptureFile.open(cut)) {
            assertFalse(file.isComplete());
            file.index(Progress.NONE);
            assertTrue(file.isComplete());
            assertTrue(file.fault().orElseThrow().startsWith("the file ends at octet " + (whole.length - 3)), file.fault().orElseThrow());
            assertEquals(fromFirstToLast(cut).size(), file.count());
        }
        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(whole.length / 2 / 4 * 4, 0x7fffffff);
        Path broken = Files.write(folder.resolve("broken.pcapng"), whole);
        try (CaptureFile file = CaptureFile.open(broken)) {
            file.index(Progress.NONE);
            assertEquals(fromFirstToLast(broken).size(), file.count());
        }
        assertTrue(assertThrows(Malformed.class, () -> CaptureFile.open(Files.writeString(folder.resolve("x"), "hello"))).getMessage().contains("no pcap"));
        assertTrue(assertThrows(IOException.class, () -> CaptureFile.open(folder)).getMessage().endsWith("is no regular file"));
    }

    /** Damaged files: no exception but what is declared, and every packet of the index is read. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedFiles(long seed) throws Exception {
        Random random = new Random(seed);
        Path path = folder.resolve("damaged");
        for (int i = 0; i < 300; i++) {
            byte[] octets = mixed(random.nextInt(5));
            for (int n = random.nextInt(5); n >= 0; n--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt();
            }
            Files.write(path, Arrays.copyOf(octets, random.nextInt(octets.length + 1)));
            try {
                same(path);
            } catch (Malformed e) {
                assertTrue(e.getMessage().contains("of the file"));
            }
        }
    }

    @Test
    void aFileThatChangesIsSaid() throws Exception {
        Path path = Files.write(folder.resolve("changing.pcapng"), mixed(2));
        try (CaptureFile file = CaptureFile.open(path)) {
            file.index(Progress.NONE);
            assertEquals(Optional.empty(), file.change());
            int last = file.count() - 1;
            file.read(last);
            try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
                other.seek(other.length() / 2);
                other.write(new byte[(int) other.length() / 2]);
            }
            assertTrue(file.change().orElseThrow().contains("has changed"));
            assertTrue(assertThrows(IOException.class, () -> file.read(last)).getMessage().endsWith("the file has changed since it was opened"));
            file.read(0);
            try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
                other.setLength(60);
            }
            assertThrows(IOException.class, () -> file.read(last));
            Files.delete(path);
            assertEquals("the file is gone", file.change().orElseThrow());
        }
    }

    @Test
    void whatWasFoundBeforeACancelStays() throws Exception {
        Path path = folder.resolve("many.pcapng");
        many(path, 20_000);
        try (CaptureFile file = CaptureFile.open(path)) {
            assertThrows(Progress.Cancelled.class, () -> file.index((done, total) -> done < total / 2));
            assertTrue(file.count() > 8_000 && file.count() < 12_000, () -> "" + file.count());
            assertEquals(file.count(), file.read(file.count() - 1).number());
        }
    }

    /** Packets of 60 to 1,100 octets, a millisecond apart; the number is in each. */
    static void many(Path path, int count) throws IOException {
        Random random = new Random(7);
        byte[] octets = new byte[1_200];
        random.nextBytes(octets);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)) {
            PcapngWriter writer = new PcapngWriter(out, "careof", "");
            writer.addInterface("eth0", "", 1);
            for (int i = 0; i < count; i++) {
                ByteBuffer.wrap(octets).putInt(0, i);
                int length = random.nextInt(20) == 0 ? 1_100 : 60;
                writer.packet(0, 1_000_000L * i, Direction.UNKNOWN, Octets.wrap(Arrays.copyOf(octets, length)), "");
            }
        }
    }

    /** What costs memory beside packets is bounded, too. */
    @Test
    void sectionsWithoutEndAreNotFollowed() throws Exception {
        int count = (1 << 16) + 1;
        ByteBuffer out = ByteBuffer.allocate(count * 96);
        for (int i = 0; i < count; i++) {
            block(out, 0x0a0d0d0a, body(out).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
            block(out, 1, body(out).putShort((short) 1).putShort((short) 0).putInt(0));
            block(out, 3, body(out).putInt(4).putInt(i));
        }
        try (CaptureFile file = CaptureFile.open(Files.write(folder.resolve("sections.pcapng"), Arrays.copyOf(out.array(), out.position())))) {
            file.index(Progress.NONE);
            assertEquals(1 << 16, file.count());
            assertTrue(file.fault().orElseThrow().contains("more than 65536 sections"), file.fault()::toString);
        }
    }

    /** A million packets: found, read from both ends and anywhere, with no more memory than the table. */
    @Test
    @Tag("everywhere")
    void aMillionPackets() throws Exception {
        Path path = folder.resolve("million.pcapng");
        int count = 1_000_000;
        many(path, count);
        try (CaptureFile file = CaptureFile.open(path)) {
            file.index(Progress.NONE);
            assertEquals(count, file.count());
            assertTrue(file.memory() <= 24L * count, () -> file.memory() + " octets");
            Random random = new Random(8);
            for (int i = 0; i < 10_000; i++) {
                int index = i == 0 ? count - 1 : random.nextInt(count);
                CapturedPacket packet = file.read(index);
                assertEquals(index, packet.octets().u16(0) << 16 | packet.octets().u16(2));
                assertEquals(1_000_000L * index, packet.at());
            }
        }
    }
}
