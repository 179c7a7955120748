package careof.engine.live;

import careof.engine.base.Octets;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A TUN or TAP device of Linux: whole IP packets, or Ethernet frames, from and to the host's own network. */
public final class Tun implements Device {
    /** What the device carries. */
    public enum Kind {
        /** IP packets. */
        TUN(1),
        /** Ethernet frames. */
        TAP(2);

        private final int flag;

        Kind(int flag) {
            this.flag = flag;
        }
    }

    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    /** TUN_F_CSUM, TUN_F_TSO6; TUN_F_USO4 and TUN_F_USO6, which Linux knows from 6.2 on. */
    private static final int SEGMENTS = 0x1 | 0x4;
    private static final int UDP_SEGMENTS = 0x20 | 0x40;
    private static final int NAME = 16;
    private static final int IFREQ = 40;
    private static final int LARGEST = 65_536;
    /** Packets read before they are handed over; a piece may hold more. */
    private static final int BATCH = 64;

    private final String name;
    private final Namespace namespace;
    private final Arena arena = Arena.ofShared();
    private final Linux sender = new Linux(arena);
    private final MemorySegment outgoing = arena.allocate(Offload.HEADER + LARGEST);
    /** Whether flows go in one piece, each with a header before it. */
    private final boolean pieces;
    private final Bundle bundle;
    private int lost;
    private final int fd;
    private final int wake;
    private Thread reader;
    private volatile boolean closed;

    /** @param udp whether the host takes segments of UDP in one piece */
    private Tun(boolean pieces, boolean udp, String name, Namespace namespace, int fd, int wake) {
        this.pieces = pieces;
        this.bundle = new Bundle(outgoing, udp);
        this.name = name;
        this.namespace = namespace;
        this.fd = fd;
        this.wake = wake;
    }

    /** Why an interface cannot be called so; empty: it can. */
    static Optional<String> nameProblem(String name) {
        boolean good = name.matches("[^\\s/:%]+") && name.getBytes(StandardCharsets.UTF_8).length < NAME && !name.equals(".") && !name.equals("..");
        return good ? Optional.empty() : Optional.of("\"" + name + "\" is no name of an interface: 1 to " + (NAME - 1) + " letters and digits");
    }

    /**
     * Opens a device, or makes it; one that is made goes when it is closed or when this program ends, however it does.
     *
     * @param name  of the interface, up to 15 octets
     * @param there whether it is there already, and stays: who opens it next would not expect that flows come in one piece
     */
    static Tun open(Kind kind, String name, Namespace namespace, boolean there) throws IOException {
        boolean pieces = kind == Kind.TUN && !there;
        Optional<String> wrong = nameProblem(name);
        if (wrong.isPresent()) {
            throw new IOException(wrong.get());
        }
        return namespace.call(() -> {
            try (Arena scratch = Arena.ofConfined()) {
                Linux linux = new Linux(scratch);
                int fd = linux.open(scratch, "/dev/net/tun", Linux.O_RDWR | Linux.O_NONBLOCK | Linux.O_CLOEXEC);
                if (fd < 0) {
                    throw linux.errno() == Linux.ENOENT ? new IOException("/dev/net/tun is missing; load it as root with: modprobe tun")
                            : linux.errno() == Linux.EACCES ? notPermitted(kind, name, there) : Linux.failure("/dev/net/tun", linux.errno());
                }
                MemorySegment request = scratch.allocate(IFREQ);
                MemorySegment.copy(MemorySegment.ofArray(name.getBytes(StandardCharsets.UTF_8)), 0, request, 0, name.getBytes(StandardCharsets.UTF_8).length);
                request.set(ValueLayout.JAVA_SHORT, NAME, (short) (kind.flag | IFF_NO_PI | (pieces ? IFF_VNET_HDR : 0)));
                if (linux.ioctl(fd, TUNSETIFF, request) < 0) {
                    int errno = linux.errno();
                    linux.close(fd);
                    throw switch (errno) {
                        case Linux.EPERM -> notPermitted(kind, name, there);
                        case Linux.EBUSY -> new IOException(name + " is in use by another program, perhaps another Careof; choose another name or end that");
                        case Linux.EINVAL -> new IOException(name + " exists and is no " + kind + " device; choose another name");
                        default -> Linux.failure(name, errno);
                    };
                }
                int wake = linux.eventfd();
                if (wake < 0) {
                    int errno = linux.errno();
                    linux.close(fd);
                    throw Linux.failure("eventfd", errno);
                }
                boolean udp = pieces && linux.ioctl(fd, TUNSETOFFLOAD, MemorySegment.ofAddress(SEGMENTS | UDP_SEGMENTS)) == 0;
                if (pieces && !udp) {
                    linux.ioctl(fd, TUNSETOFFLOAD, MemorySegment.ofAddress(SEGMENTS));    // where it is refused the host cuts by itself
                }
                return new Tun(pieces, udp, name, namespace, fd, wake);
            }
        });
    }

    private static IOException notPermitted(Kind kind, String name, boolean there) {
        String mode = kind.name().toLowerCase(java.util.Locale.ROOT);
        if (there) {
            return new IOException(name + " is not yours. Either run as root, or let root make one for you, by another name: ip tuntap add dev NAME mode " + mode + " user "
                    + System.getProperty("user.name"));
        }
        return new IOException("making " + name + " is not permitted. Either run as root, or let root make it once for you: ip tuntap add dev " + name + " mode " + mode + " user "
                + System.getProperty("user.name"));
    }

    @Override
    public void start(Listener listener) {
        reader = listener.reading("careof-" + name, () -> read(listener));
    }

    private void read(Listener listener) {
        try (Arena own = Arena.ofConfined()) {
            Linux linux = new Linux(own);
            MemorySegment buffer = own.allocate(Offload.HEADER + LARGEST);
            MemorySegment polled = own.allocate(2 * Linux.POLLFD);
            set(polled, 0, fd);
            set(polled, 1, wake);
            List<Octets> packets = new ArrayList<>();
            while (!closed) {
                if (linux.poll(polled, 2, -1) < 0 && linux.errno() != Linux.EINTR) {
                    listener.failed(name + ": poll fails with error " + linux.errno());
                    return;
                }
                boolean there = true;
                while (there && packets.size() < BATCH) {
                    long length = linux.read(fd, buffer, buffer.byteSize());
                    if (length > Offload.HEADER && pieces) {
                        Cutting.cut(buffer.asSlice(0, length), packets::add);
                    } else if (length > 0) {
                        packets.add(Octets.wrap(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE)));
                    } else if (length == 0 || linux.errno() != Linux.EAGAIN && linux.errno() != Linux.EINTR) {
                        listener.arrived(packets);
                        listener.failed(name + " is gone: somebody deleted it");
                        return;
                    } else {
                        there = false;
                    }
                }
                if (!packets.isEmpty()) {
                    listener.arrived(packets);
                    packets.clear();
                }
            }
        }
    }

    private static void set(MemorySegment polled, int index, int descriptor) {
        polled.set(ValueLayout.JAVA_INT, index * Linux.POLLFD, descriptor);
        polled.set(ValueLayout.JAVA_SHORT, index * Linux.POLLFD + 4, Linux.POLLIN);
    }

    @Override
    public boolean send(Octets octets) {
        if (closed || octets.length() > LARGEST) {
            return false;
        }
        if (!pieces) {
            octets.copyTo(outgoing);
            return sender.write(fd, outgoing, octets.length()) == octets.length();
        }
        if (!bundle.add(octets)) {
            write();
            bundle.add(octets);
        }
        return true;
    }

    @Override
    public int flush() {
        if (bundle.count() > 0 && !closed) {
            write();
        }
        int all = lost;
        lost = 0;
        return all;
    }

    private void write() {
        int count = bundle.count();
        int length = bundle.finish();
        if (sender.write(fd, outgoing, length) != length) {
            lost += count;
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
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment one = scratch.allocate(ValueLayout.JAVA_LONG);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            new Linux(scratch).write(wake, one, Long.BYTES);
            if (reader != null) {
                reader.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close(fd);
        sender.close(wake);
        arena.close();
    }
}
