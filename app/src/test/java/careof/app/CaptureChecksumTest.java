package careof.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recomputes the checksum of every Mobility Header in the handover's capture, with code that shares nothing with the
 * engine: no dissector of others gives a verdict on it. The pseudo-header holds the home address where a home address
 * option or a routing header type 2 stands (RFC 6275 6.1.1).
 */
class CaptureChecksumTest {

    private static final int MOBILITY = 135;

    @TempDir
    Path folder;

    /** Mobility Headers seen, by their type. */
    private final TreeMap<Integer, Integer> seen = new TreeMap<>();

    @Test
    void everyMobilityHeaderChecksumIsRight() throws Exception {
        var capture = folder.resolve("h.pcapng");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "careof.app.Main", "run",
                "../samples/handover.json", "--pcapng", capture.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(folder.resolve("output")));
        var file = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
        while (file.hasRemaining()) {
            var at = file.position();
            var type = file.getInt(at);
            var length = file.getInt(at + 4);
            if (type == 6) {    // an enhanced packet block
                var captured = file.getInt(at + 20);
                var frame = Arrays.copyOfRange(file.array(), at + 28, at + 28 + captured);
                if (u16(frame, 12) == 0x86dd) packet(Arrays.copyOfRange(frame, 14, frame.length));
            }
            file.position(at + length);
        }
        for (var type = 1; type <= 6; type++) assertTrue(seen.containsKey(type), "Mobility Header type " + type + "; seen: " + seen);
    }

    private void packet(byte[] packet) {
        var source = Arrays.copyOfRange(packet, 8, 24);
        var destination = Arrays.copyOfRange(packet, 24, 40);
        var next = packet[6] & 0xff;
        var at = 40;
        while (at < packet.length) {
            switch (next) {
                case MOBILITY -> {
                    mobility(source, destination, Arrays.copyOfRange(packet, at, at + 8 + 8 * (packet[at + 1] & 0xff)));
                    return;
                }
                case 41 -> {
                    packet(Arrays.copyOfRange(packet, at, packet.length));
                    return;
                }
                case 0, 43, 60 -> {
                    var length = 8 + 8 * (packet[at + 1] & 0xff);
                    if (next == 43 && packet[at + 2] == 2 && packet[at + 3] == 1) destination = Arrays.copyOfRange(packet, at + 8, at + 24);
                    if (next == 60) {
                        for (var option = at + 2; option < at + length; option += packet[option] == 0 ? 1 : 2 + (packet[option + 1] & 0xff)) {
                            if ((packet[option] & 0xff) == 201) source = Arrays.copyOfRange(packet, option + 2, option + 18);
                        }
                    }
                    next = packet[at] & 0xff;
                    at += length;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void mobility(byte[] source, byte[] destination, byte[] message) {
        var sum = sum(source) + sum(destination) + message.length + MOBILITY + sum(message);
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        assertEquals(0xffff, sum, "checksum of Mobility Header type " + message[2]);
        seen.merge((int) message[2], 1, Integer::sum);
    }

    private static long sum(byte[] octets) {
        var sum = 0L;
        for (var i = 0; i < octets.length; i += 2) sum += u16(octets, i);
        return sum;
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) << 8 | octets[at + 1] & 0xff;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
