package careof.engine.live;

import careof.engine.base.Octets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Arrays;

/**
 * Ethernet frames in UDP datagrams, in the framing of L2TPv3 (RFC 3931 section 4.1.2.1, without cookie): a guest of user-mode-linux or QEMU, or another Careof, is
 * at the other end. Only datagrams from there with the session's number are taken; nobody proves anything, so it is for machines that trust each other's network.
 */
public final class SocketLink implements Device {
    private static final int DATA = 0x00030000;
    private static final int HEADER = 8;
    private static final int LARGEST = 65_535;
    /** Errors in a row, each of which is one ICMP message, until the socket itself must be broken. */
    private static final int MOST_REFUSED = 100_000;

    /** Never waits: where the way out is slow, a frame is not taken rather than the lab stopped. */
    private final DatagramChannel channel;
    private final Selector selector;
    private final InetSocketAddress remote;
    private final int session;
    private final int remoteSession;
    private Thread reader;
    private volatile boolean closed;
    /** The other end's machine said that nobody is at that port, and nothing has come from there since. */
    private volatile boolean alone;

    /**
     * @param session       number in datagrams for us
     * @param remoteSession number in datagrams for the other end
     */
    public SocketLink(InetSocketAddress local, InetSocketAddress remote, int session, int remoteSession) throws IOException {
        this(SelectorProvider.provider(), local, remote, session, remoteSession);
    }

    /** @param provider where the channel and its selector come from */
    SocketLink(SelectorProvider provider, InetSocketAddress local, InetSocketAddress remote, int session, int remoteSession) throws IOException {
        this.remote = remote;
        this.session = session;
        this.remoteSession = remoteSession;
        this.channel = provider.openDatagramChannel();
        try {
            this.selector = provider.openSelector();
        } catch (IOException | RuntimeException e) {    // of descriptors there may be one left, and not more
            channel.close();
            throw e;
        }
        try {
            channel.bind(local).connect(remote).configureBlocking(false).register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException e) {    // Java says some of what is wrong with an address in its own way
            selector.close();
            channel.close();
            throw new IOException("UDP port " + local.getPort() + " of " + local.getHostString() + ": " + e.getMessage() + "; choose another one", e);
        }
    }

    @Override
    public void start(Listener listener) {
        reader = listener.reading("careof-udp-" + remote.getPort(), () -> read(listener));
    }

    private void read(Listener listener) {
        int refused = 0;
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
        while (!closed) {
            try {
                buffer.clear();
                if (channel.receive(buffer) == null) {
                    selector.select(_ -> { });
                    continue;
                }
                alone = false;
                refused = 0;
                buffer.flip();
                if (buffer.remaining() > HEADER && buffer.getInt() == DATA && buffer.getInt() == session) {
                    listener.arrived(Octets.wrap(Arrays.copyOfRange(buffer.array(), HEADER, buffer.limit())));
                }
            } catch (ClosedChannelException | ClosedSelectorException e) {    // by us
                return;
            } catch (IOException e) {
                alone = true;    // an ICMP message says so, from there or from a router; it may come
                if (++refused < MOST_REFUSED) {
                    continue;
                }
                listener.failed("the socket to " + remote + " fails: " + e.getMessage());
                return;
            }
        }
    }

    @Override
    public boolean send(Octets frame) {
        ByteBuffer datagram = ByteBuffer.allocate(HEADER + frame.length());
        datagram.putInt(DATA).putInt(remoteSession);
        frame.copyTo(datagram.array(), HEADER);
        datagram.clear();
        try {
            return channel.write(datagram) > 0;
        } catch (PortUnreachableException e) {
            alone = true;
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String where() {
        return "UDP to " + remote.getAddress().getHostAddress() + " port " + remote.getPort() + (alone ? " (nobody is there)" : "");
    }

    @Override
    public void close() {
        closed = true;
        try {
            selector.wakeup();
            if (reader != null) {
                reader.join();
            }
            selector.close();
            channel.close();    // only when no selector knows it, its port is free for others
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
