package careof.engine.interop;

import careof.engine.base.Octets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * An Ethernet link to another program through a UDP socket of the loopback interface. Each datagram is a data message of
 * L2TPv3 over UDP (RFC 3931 4.1.2.2) without a cookie: flags and version, 16 reserved bits, the receiver's session, a frame.
 */
final class SocketLink implements AutoCloseable {

    /** The session that names us; the peer puts it into what it sends. */
    static final int OUR_SESSION = 0x22;
    /** The session that names the peer. */
    static final int PEER_SESSION = 0x11;

    private static final int FLAGS_AND_VERSION = 0x0003_0000;
    private static final int HEADER = 8;
    private static final int LONGEST = 9000;

    private final DatagramSocket socket;
    private final int port;
    private final InetSocketAddress peer;

    /** Binds a free port; the peer gets another one, see {@link #peerPort}. */
    SocketLink() throws IOException {
        var loopback = InetAddress.getByName("127.0.0.1");
        socket = new DatagramSocket(0, loopback);
        socket.setReceiveBufferSize(1 << 20);
        port = socket.getLocalPort();
        try (var probe = new DatagramSocket(0, loopback)) {
            peer = new InetSocketAddress(loopback, probe.getLocalPort());
        }
    }

    int ourPort() {
        return port;
    }

    int peerPort() {
        return peer.getPort();
    }

    void send(Octets frame) throws IOException {
        var message = ByteBuffer.allocate(HEADER + frame.length())
                .putInt(FLAGS_AND_VERSION).putInt(PEER_SESSION).put(frame.toArray()).array();
        socket.send(new DatagramPacket(message, message.length, peer));
    }

    /** The next frame from the peer, or nothing when none comes in that time. */
    Optional<Octets> receive(Duration patience) throws IOException {
        var deadline = System.nanoTime() + patience.toNanos();
        var packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        while (true) {
            var left = deadline - System.nanoTime();
            socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException _) {
                return Optional.empty();
            }
            var message = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            if (packet.getSocketAddress().equals(peer) && message.remaining() > HEADER
                    && message.getInt() == FLAGS_AND_VERSION && message.getInt() == OUR_SESSION) {
                return Optional.of(Octets.wrap(Arrays.copyOfRange(packet.getData(), HEADER, packet.getLength())));
            }
            if (left <= 0) return Optional.empty();
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
