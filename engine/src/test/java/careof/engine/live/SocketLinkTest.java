package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Which datagrams are frames of a link, and what its own are. */
@Isolated("it waits for a socket")
class SocketLinkTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final BlockingQueue<Octets> arrived = new LinkedBlockingQueue<>();

    private final class Ear implements Device.Listener {
        @Override
        public void arrived(List<Octets> several) {
            arrived.addAll(several);
        }

        @Override
        public void missed(long count) {
            arrived.add(Octets.EMPTY);
        }

        @Override
        public void failed(String why) {
            arrived.add(Octets.EMPTY);
        }
    }

    private static void send(DatagramSocket from, int to, int... octets) throws IOException {
        byte[] datagram = Octets.of(octets).toArray();
        from.send(new DatagramPacket(datagram, datagram.length, HERE, to));
    }

    /** Gives a channel, but no selector: the last descriptor is taken. */
    private static final class OneLeft extends SelectorProvider {
        private DatagramChannel given;

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            given = provider().openDatagramChannel();
            return given;
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return openDatagramChannel();
        }

        @Override
        public AbstractSelector openSelector() throws IOException {
            throw new IOException("Too many open files");
        }

        @Override
        public Pipe openPipe() throws IOException {
            return provider().openPipe();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return provider().openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return provider().openSocketChannel();
        }
    }

    @Test
    void nothingStaysOpenWhereItCannotBeMade() {
        OneLeft provider = new OneLeft();
        var any = new InetSocketAddress(HERE, 9);
        assertEquals("Too many open files", assertThrows(IOException.class, () -> new SocketLink(provider, new InetSocketAddress(HERE, 0), any, 1, 1)).getMessage());
        assertFalse(provider.given.isOpen());
    }

    @Test
    void onlyTheOtherEndsFramesOfThisSessionAreTaken() throws Exception {
        int port;
        try (var probe = new DatagramSocket(0, HERE)) {
            port = probe.getLocalPort();
        }
        try (var other = new DatagramSocket(0, HERE); var stranger = new DatagramSocket(0, HERE);
                var link = new SocketLink(new InetSocketAddress(HERE, port), new InetSocketAddress(HERE, other.getLocalPort()), 0x11, 0x22)) {
            link.start(new Ear());
            send(other, port, 0, 3, 0, 0, 0, 0, 0, 0x12, 1);    // another session
            send(other, port, 0, 2, 0, 0, 0, 0, 0, 0x11, 2);    // another version
            send(other, port, 0, 3, 0, 0, 0, 0, 0, 0x11);    // no frame in it
            send(other, port, 0, 3, 0, 0);
            send(other, port);
            send(stranger, port, 0, 3, 0, 0, 0, 0, 0, 0x11, 3);
            send(other, port, 0, 3, 0, 0, 0, 0, 0, 0x11, 4, 5);
            assertEquals(Octets.of(4, 5), arrived.poll(10, TimeUnit.SECONDS));
            assertTrue(arrived.isEmpty(), arrived::toString);

            other.setSoTimeout(10_000);
            assertTrue(link.send(Octets.of(6, 7)));
            var received = new DatagramPacket(new byte[100], 100);
            other.receive(received);
            assertEquals(Octets.of(0, 3, 0, 0, 0, 0, 0, 0x22, 6, 7), Octets.wrap(received.getData()).slice(0, received.getLength()));
            assertThrows(IOException.class, () -> new SocketLink(new InetSocketAddress(HERE, port), new InetSocketAddress(HERE, 9), 1, 1), "the port is in use");
            link.close();
            assertFalse(link.send(Octets.of(8)), "it is closed");
            new DatagramSocket(port, HERE).close();
        }
    }

    /** Where the other end is gone, or not there yet, is said until something comes from there. */
    @Test
    void anEndWhereNobodyIsIsTold() throws Exception {
        int port;
        int gone;
        try (var a = new DatagramSocket(0, HERE); var b = new DatagramSocket(0, HERE)) {
            port = a.getLocalPort();
            gone = b.getLocalPort();
        }
        try (var link = new SocketLink(new InetSocketAddress(HERE, port), new InetSocketAddress(HERE, gone), 0x11, 0x22)) {
            link.start(new Ear());
            assertEquals("UDP to 127.0.0.1 port " + gone, link.where(), "nobody knows");
            untilAlone(link);
            try (var other = new DatagramSocket(gone, HERE)) {
                send(other, port, 0, 3, 0, 0, 0, 0, 0, 0x11, 4, 5);
                assertEquals(Octets.of(4, 5), arrived.poll(10, TimeUnit.SECONDS));
                assertEquals("UDP to 127.0.0.1 port " + gone, link.where());
            }
            untilAlone(link);
            assertTrue(arrived.isEmpty(), "the link did not fail");
        }
    }

    /** Whoever finds out what a name means is free to fail, but holds no port then. */
    @Test
    void aNameWithoutAddressIsSaidAndNoPortIsKept() throws Exception {
        int port;
        try (var a = new DatagramSocket(0, HERE)) {
            port = a.getLocalPort();
        }
        var nowhere = InetSocketAddress.createUnresolved("no.such.name.invalid", 9);
        assertTrue(assertThrows(IOException.class, () -> new SocketLink(new InetSocketAddress(HERE, port), nowhere, 1, 1)).getMessage().contains("UDP port " + port));
        new DatagramSocket(port, HERE).close();
    }

    private static void untilAlone(SocketLink link) throws InterruptedException {
        for (int i = 0; i < 1_000 && !link.where().endsWith("(nobody is there)"); i++) {
            link.send(Octets.of(1));
            Thread.sleep(10);
        }
        assertTrue(link.where().endsWith("(nobody is there)"), link::where);
    }
}
