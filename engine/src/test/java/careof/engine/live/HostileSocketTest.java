package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.state.FlowEnd;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Whoever is at the other end of a socket link sends what he likes: here the lab's own frames, with binding updates and acknowledgements, tests and packets under ESP, changed in
 * many ways. Each one is counted, none disturbs the lab, and the recording of it all is made again to its digest.
 */
@Isolated("it goes by the clock")
class HostileSocketTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int FRAMES = 6_000;
    private static final int SESSION = 7;

    @TempDir
    private Path folder;

    private static Lab lab(String name) throws Exception {
        return LabFiles.read(Path.of("../samples/" + name), List.of());
    }

    private static long arrivals(LiveRun live) {
        return live.run().rows().values().stream().mapToLong(row -> row instanceof FlowEnd end && !end.sending() ? end.packets() : 0).sum();
    }

    @Test
    void hostileFramesAreCountedAndDisturbNothing() throws Exception {
        Random random = new Random(20);
        Path file = folder.resolve("recording");
        int port;
        try (var probe = new DatagramSocket(0, HERE)) {
            port = probe.getLocalPort();
        }
        try (var other = new DatagramSocket(0, HERE); var live = new LiveThread(lab("combined-tunnel-cn.json"), Detail.FULL, Optional.of(file))) {
            other.setSoTimeout(20_000);
            live.open(new OutsidePort.Segment("out", "backbone"),
                    new SocketLink(new InetSocketAddress(HERE, port), new InetSocketAddress(HERE, other.getLocalPort()), SESSION, SESSION));
            List<byte[]> seen = new ArrayList<>();
            DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
            for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); System.nanoTime() < end && (seen.size() < 300 || live.ask(HostileSocketTest::arrivals) == 0); ) {
                other.receive(packet);
                seen.add(Arrays.copyOfRange(packet.getData(), 8, packet.getLength()));
            }
            assertTrue(seen.size() >= 300);
            long before = live.ask(HostileSocketTest::arrivals);
            for (int i = 1; i <= FRAMES; i++) {
                byte[] frame = changed(seen.get(random.nextInt(seen.size())), random);
                byte[] datagram = ByteBuffer.allocate(8 + frame.length).putInt(0x00030000).putInt(SESSION).put(frame).array();
                other.send(new DatagramPacket(datagram, datagram.length, HERE, port));
                if (i % 100 == 0) {    // no faster than they are taken, so that none is lost on the way
                    long sent = i;
                    assertTrue(live.until(run -> came(run) == sent), () -> "of " + sent + " frames");
                }
            }
            assertTrue(live.until(run -> arrivals(run) > before + 20), "the lab goes on");
            assertEquals(List.of(), live.ask(LiveRun::gone));
        }
        assertEquals(0, LiveThread.made(file), "with all that, a recording comes out the same");
    }

    private static long came(LiveRun live) {
        LiveRun.PortCounts counts = live.ports().getFirst();
        return counts.in() + counts.missedIn();
    }

    /** One frame, with wrong octets, cut short, too long, with a part of itself elsewhere, or nothing but noise; never empty. */
    private static byte[] changed(byte[] frame, Random random) {
        byte[] copy = frame.clone();
        switch (random.nextInt(6)) {
            case 0 -> random.nextBytes(copy);
            case 1 -> copy = Arrays.copyOf(copy, 1 + random.nextInt(copy.length));
            case 2 -> copy = Arrays.copyOf(copy, copy.length + 1 + random.nextInt(200));
            case 3 -> {
                int length = random.nextInt(copy.length);
                System.arraycopy(copy, random.nextInt(copy.length - length + 1), copy, random.nextInt(copy.length - length + 1), length);
            }
            case 4 -> copy[Math.min(copy.length - 1, 14 + random.nextInt(Math.max(1, copy.length - 14)))] = (byte) random.nextInt();
            default -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
        }
        return copy;
    }
}
