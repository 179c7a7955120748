package careof.engine.live;

import careof.engine.base.Octets;
import java.io.IOException;
import java.util.Optional;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.RawPacketListener;

/** An Ethernet interface of this machine, by libpcap: what passes a filter comes in, and frames go out beside those of the machine itself. */
public final class Bridge implements Device {
    private static final int LARGEST = 65_535;
    /** Frames come at once anyway; this is how soon the end is seen. */
    private static final int TIMEOUT = 100;
    /** Octets that the system keeps for us until they are read: for hundreds of the largest frames, thousands of usual ones. */
    private static final int BUFFER = 32 << 20;
    /** From one look at what that had no room for to the next, nanoseconds. */
    private static final long LOOK = 100_000_000;
    private static final int ETHERNET = 1;
    private static final int PATIENCE = 2_000;

    private final String name;
    private final Namespace namespace;
    private final PcapHandle handle;
    private final Outbox outbox;
    private volatile boolean closed;
    private long looked = System.nanoTime();
    private int dropped;

    private Bridge(String name, Namespace namespace, PcapHandle handle) {
        this.name = name;
        this.namespace = namespace;
        this.handle = handle;
        this.outbox = new Outbox(this::write);
    }

    /**
     * Opens an interface, which then takes frames for anybody.
     *
     * @param filter of libpcap; empty: everything comes in
     */
    public static Bridge open(String name, Namespace namespace, Optional<String> filter) throws IOException {
        return namespace.call(() -> {
            PcapHandle handle = null;
            try {
                handle = new PcapHandle.Builder(name).snaplen(LARGEST).bufferSize(BUFFER).promiscuousMode(PromiscuousMode.PROMISCUOUS).timeoutMillis(TIMEOUT).immediateMode(true).build();
                if (handle.getDlt().value() != ETHERNET) {
                    throw new IOException(name + " carries no Ethernet frames but " + handle.getDlt().name() + "; a link of a lab needs those");
                }
                handle.setDirection(PcapHandle.PcapDirection.IN);    // what goes out is not to come back
                if (filter.isPresent()) {
                    handle.setFilter(filter.get(), BpfProgram.BpfCompileMode.OPTIMIZE);
                }
                return new Bridge(name, namespace, handle);
            } catch (PcapNativeException | NotOpenException | IOException e) {
                if (handle != null) {
                    handle.close();
                }
                if (!Linux.isRoot() && e.getMessage().contains("not permitted")) {
                    throw new IOException("joining " + name + " is not permitted. Run as root, or with the capability CAP_NET_RAW", e);
                }
                throw new IOException(e.getMessage().contains(name) ? e.getMessage() : name + ": " + e.getMessage(), e);
            } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
                throw new IOException("libpcap is missing; install libpcap0.8", e);
            }
        });
    }

    @Override
    public void start(Listener listener) {
        listener.reading("careof-" + name, () -> read(listener));
        outbox.start("careof-" + name + "-out", listener);
    }

    private void read(Listener listener) {
        RawPacketListener each = frame -> {
            listener.arrived(Octets.wrap(frame));
            countDropped(listener);
        };
        try {
            handle.loop(-1, each);
        } catch (InterruptedException e) {
            // it was closed
        } catch (PcapNativeException | NotOpenException e) {
            if (!closed) {
                listener.failed(name + " is gone: " + e.getMessage());
            }
        }
    }

    /** Tells what came faster than it was read. */
    private void countDropped(Listener listener) {
        long now = System.nanoTime();
        if (now - looked < LOOK) {
            return;
        }
        looked = now;
        try {
            int all = (int) handle.getStats().getNumPacketsDropped();    // 32 bits that go round
            if (all != dropped) {
                listener.missed(Integer.toUnsignedLong(all - dropped));
                dropped = all;
            }
        } catch (PcapNativeException | NotOpenException e) {
            // it is closed, or its end is told by what reads
        }
    }

    private boolean write(Octets octets) {
        try {
            handle.sendPacket(octets.toArray());
            return true;
        } catch (PcapNativeException | NotOpenException e) {
            return false;
        }
    }

    @Override
    public boolean send(Octets octets) {
        return outbox.offer(octets);
    }

    @Override
    public int flush() {
        return outbox.lost();
    }

    @Override
    public String where() {
        return namespace.where(name);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            outbox.close();
            handle.breakLoop();
            // It waits for both threads, and one of them may wait for an interface that takes no more.
            Thread.ofPlatform().daemon().name("careof-" + name + "-close").start(handle::close).join(PATIENCE);
        } catch (NotOpenException e) {
            // it is closed already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
