package careof.engine.live;

import careof.engine.base.Octets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The header before each packet of a TUN device that carries segments of a flow in one piece (struct virtio_net_hdr of linux/virtio_net.h, in the processor's order):
 * flags, kind, length of all headers, octets of a segment's data, where the checksum's octets start, and where after that it stands.
 */
final class Offload {
    static final int HEADER = 10;

    /** The checksum's field holds the sum over the pseudo-header alone. */
    static final int NEEDS_CHECKSUM = 1;

    /** Kinds: segments of TCP over IPv6, of UDP. */
    static final int TCP6 = 4;
    static final int UDP = 5;

    /** Octets of the shortest TCP header, of a UDP header, and to their checksums. */
    static final int TCP = 20;
    static final int UDP_HEADER = 8;
    static final int TCP_CHECKSUM = 16;
    static final int UDP_CHECKSUM = 6;

    private Offload() {}

    static int flags(MemorySegment header) {
        return header.get(ValueLayout.JAVA_BYTE, 0);
    }

    static int kind(MemorySegment header) {
        return header.get(ValueLayout.JAVA_BYTE, 1);
    }

    /** Octets of a segment's data. */
    static int size(MemorySegment header) {
        return u16(header, 4);
    }

    static int checksumStart(MemorySegment header) {
        return u16(header, 6);
    }

    static int checksumOffset(MemorySegment header) {
        return u16(header, 8);
    }

    private static int u16(MemorySegment header, int at) {
        return Short.toUnsignedInt(header.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
    }

    /** A header for one packet that is as it is to be. */
    static void plain(MemorySegment header) {
        header.asSlice(0, HEADER).fill((byte) 0);
    }

    static void write(MemorySegment header, int kind, int headers, int size, int start, int checksum) {
        header.set(ValueLayout.JAVA_BYTE, 0, (byte) NEEDS_CHECKSUM);
        header.set(ValueLayout.JAVA_BYTE, 1, (byte) kind);
        int[] fields = {headers, size, start, checksum};
        for (int i = 0; i < fields.length; i++) {
            header.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 + 2L * i, (short) fields[i]);
        }
    }

    /** Octets of the TCP header at a place of a packet. */
    static int tcpHeader(Octets packet, int at) {
        return Math.max(TCP, packet.at(at + 12) >>> 4 << 2);
    }

    static void put16(byte[] target, int at, int value) {
        target[at] = (byte) (value >>> 8);
        target[at + 1] = (byte) value;
    }
}
