package careof.engine.live;

import careof.engine.base.Checksum;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ip6Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * What a TUN device gives at once: a packet, or the segments of one TCP or UDP flow in one piece, which the host left for its interface to cut. The interface is us:
 * each segment becomes the packet that the host would have made, with its own lengths, sequence number and checksum.
 */
final class Cutting {
    private static final int TCP_FLAGS = 13;
    /** FIN and PSH: of the last segment alone. */
    private static final int LAST_ONLY = 0x09;

    private Cutting() {}

    /** @param read starts with the header of {@link Offload} */
    static void cut(MemorySegment read, Consumer<Octets> packets) {
        byte[] packet = read.asSlice(Offload.HEADER).toArray(ValueLayout.JAVA_BYTE);
        boolean partial = (Offload.flags(read) & Offload.NEEDS_CHECKSUM) != 0;
        int transport = Offload.checksumStart(read);
        int field = transport + Offload.checksumOffset(read);
        int kind = Offload.kind(read);
        boolean large = kind == Offload.TCP6 || kind == Offload.UDP;
        if (!partial || transport < Ip6Header.LENGTH || field + 2 > packet.length) {
            packets.accept(Octets.wrap(packet));
        } else if (large && packet[0] >>> 4 == 6 && packet.length > transport + (kind == Offload.TCP6 ? Offload.TCP : Offload.UDP_HEADER) && Offload.size(read) > 0) {
            cut(packet, transport, field, kind == Offload.TCP6, Offload.size(read), packets);
        } else {
            packets.accept(completed(packet, transport, field));
        }
    }

    private static void cut(byte[] packet, int transport, int field, boolean tcp, int size, Consumer<Octets> packets) {
        Octets whole = Octets.wrap(packet);
        int start = transport + (tcp ? Offload.tcpHeader(whole, transport) : Offload.UDP_HEADER);
        for (int at = start; at < packet.length; at += size) {
            int length = Math.min(size, packet.length - at);
            byte[] piece = new byte[start + length];
            System.arraycopy(packet, 0, piece, 0, start);
            System.arraycopy(packet, at, piece, start, length);
            Offload.put16(piece, 4, piece.length - Ip6Header.LENGTH);
            if (tcp) {
                int sequence = (whole.u16(transport + 4) << 16 | whole.u16(transport + 6)) + at - start;
                Offload.put16(piece, transport + 4, sequence >>> 16);
                Offload.put16(piece, transport + 6, sequence);
                piece[transport + TCP_FLAGS] &= (byte) (at + length < packet.length ? ~LAST_ONLY : 0xff);
            } else {
                Offload.put16(piece, transport + 4, piece.length - transport);
            }
            // The field holds the sum over the pseudo-header so far, with the length of all.
            int sum = whole.u16(field) + (~(packet.length - transport) & 0xffff) + piece.length - transport;
            Offload.put16(piece, field, (sum & 0xffff) + (sum >>> 16));
            packets.accept(completed(piece, transport, field));
        }
    }

    /** With its checksum, of which the field holds the sum over the pseudo-header. */
    private static Octets completed(byte[] packet, int transport, int field) {
        Octets octets = Octets.wrap(packet);
        int sum = Checksum.of(octets.from(transport));
        Offload.put16(packet, field, sum == 0 && field - transport == Offload.UDP_CHECKSUM ? 0xffff : sum);
        return octets;
    }
}
