package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Frames of random octets by a link's socket, more than anybody wants. */
public final class Flood {
    private static final int FRAME = 1400;
    private static final long PATIENCE = 120_000_000_000L;

    private Flood() {}

    /**
     * Sends until something holds.
     *
     * @param to UDP port of this machine; the link's session is 1
     */
    public static void send(DatagramSocket from, int to, BooleanSupplier until) throws IOException, InterruptedException {
        Random random = new Random(1);
        byte[] datagram = new byte[8 + FRAME];
        long deadline = System.nanoTime() + PATIENCE;
        while (!until.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "the flood comes to nothing");
            for (int i = 0; i < 20; i++) {
                random.nextBytes(datagram);
                System.arraycopy(new byte[] {0, 3, 0, 0, 0, 0, 0, 1}, 0, datagram, 0, 8);
                from.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), to));
            }
            Thread.sleep(1);
        }
    }
}
