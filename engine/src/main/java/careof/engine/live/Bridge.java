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
    private static final int ETHERNET = 1;
    private static final int PATIENCE = 2_000;

    private final String name;
    private final Namespace namespace;
    private final PcapHandle handle;
    private Thread reader;
    private volatile boolean closed;

    private Bridge(String name, Namespace namespace, PcapHandle handle) {
        this.name = name;
        this.namespace = namespace;
        this.handle = handle;
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
                handle = new PcapHandle.Builder(name).snaplen(LARGEST).promiscuousMode(PromiscuousMode.PROMISCUOUS).timeoutMillis(TIMEOUT).immediateMode(true).build();
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
        reader = listener.reading("careof-" + name, () -> read(listener));
    }

    private void read(Listener listener) {
        RawPacketListener each = frame -> listener.arrived(Octets.wrap(frame));
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

    @Override
    public boolean send(Octets octets) {
        try {
            handle.sendPacket(octets.toArray());
            return true;
        } catch (PcapNativeException | NotOpenException e) {
            return false;
        }
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
            handle.breakLoop();
            if (reader != null) {
                reader.join(PATIENCE);
            }
        } catch (NotOpenException e) {
            // it is closed already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        handle.close();
    }
}
