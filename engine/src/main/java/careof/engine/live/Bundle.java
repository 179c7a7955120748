package careof.engine.live;

import careof.engine.base.Checksum;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.IpProtocol;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a TUN device takes at once: a packet, or consecutive ones of one TCP or UDP flow in one piece, as a network interface puts them together. The host cuts or joins them
 * as it likes, so only such are put together whose octets follow from the first one's: with the same headers but for lengths, sequence numbers and checksums, which are right.
 */
final class Bundle {
    private static final int LONGEST = 65_535;
    /** As many segments as every Linux takes in one piece. */
    private static final int MOST = 64;
    private static final int PORTS = Ip6Header.LENGTH;
    /** Of a TCP header. */
    private static final int FLAGS = 13;
    private static final int ACK = 0x10;
    private static final int PUSH = 0x08;
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment buffer;
    private final boolean withUdp;
    private Octets first = Octets.EMPTY;
    private int count;
    /** Octets of the packet so far. */
    private int length;
    /** Octets of headers; 0: nothing can be put together with the first one. */
    private int headers;
    private boolean complete;

    /**
     * @param buffer  takes the header of {@link Offload} and a packet
     * @param withUdp whether the host takes segments of UDP, too
     */
    Bundle(MemorySegment buffer, boolean withUdp) {
        this.buffer = buffer;
        this.withUdp = withUdp;
    }

    /** Packets that are in it. */
    int count() {
        return count;
    }

    /** Takes a packet; false: it is not to go with those that are here. */
    boolean add(Octets packet) {
        if (count == 0) {
            first = packet;
            length = packet.length();
            headers = headers(packet);
            complete = headers == 0 || isPushed(packet);
            packet.copyTo(buffer.asSlice(Offload.HEADER));
        } else if (follows(packet)) {
            packet.from(headers).copyTo(buffer.asSlice(Offload.HEADER + length));
            length += packet.length() - headers;
            complete = packet.length() < first.length() || isPushed(packet);
            if (isPushed(packet)) {
                buffer.set(ValueLayout.JAVA_BYTE, Offload.HEADER + PORTS + FLAGS, (byte) packet.at(PORTS + FLAGS));
            }
        } else {
            return false;
        }
        count++;
        return true;
    }

    /** Octets of the headers of a packet that others may follow. */
    private int headers(Octets packet) {
        if (packet.length() <= Ip6Header.LENGTH + Offload.UDP_HEADER || packet.at(0) >>> 4 != 6 || packet.u16(4) != packet.length() - Ip6Header.LENGTH) {
            return 0;
        }
        int all = switch (packet.at(6)) {
            case IpProtocol.UDP -> withUdp && packet.u16(PORTS + 4) == packet.u16(4) ? Ip6Header.LENGTH + Offload.UDP_HEADER : 0;
            case IpProtocol.TCP -> packet.length() > Ip6Header.LENGTH + Offload.TCP && (packet.at(PORTS + FLAGS) & ~PUSH) == ACK ? Ip6Header.LENGTH + Offload.tcpHeader(packet, PORTS) : 0;
            default -> 0;
        };
        return packet.length() > all ? all : 0;
    }

    private boolean isTcp() {
        return first.at(6) == IpProtocol.TCP;
    }

    private boolean isPushed(Octets packet) {
        return isTcp() && (packet.at(PORTS + FLAGS) & PUSH) != 0;
    }

    private boolean follows(Octets packet) {
        return !complete && count < MOST && packet.length() <= first.length() && length + packet.length() - headers <= LONGEST && headers(packet) == headers
                && isSame(packet, 0, 4) && isSame(packet, 6, PORTS + 4) && (!isTcp() || followsInStream(packet)) && (count > 1 || isRight(first)) && isRight(packet);
    }

    /** The next octets of a TCP stream, all else the same. */
    private boolean followsInStream(Octets packet) {
        return sequence(packet) == sequence(first) + length - headers && isSame(packet, PORTS + 8, PORTS + FLAGS) && isSame(packet, PORTS + FLAGS + 1, PORTS + 16)
                && isSame(packet, PORTS + 18, headers);
    }

    private static int sequence(Octets packet) {
        return packet.u16(PORTS + 4) << 16 | packet.u16(PORTS + 6);
    }

    private boolean isSame(Octets packet, int from, int to) {
        return packet.slice(from, to).equals(first.slice(from, to));
    }

    private static boolean isRight(Octets packet) {
        return Checksum.ip6(packet) == 0 && (packet.at(6) == IpProtocol.TCP || packet.u16(PORTS + Offload.UDP_CHECKSUM) != 0);
    }

    /** Makes it ready to be written, and begins anew; octets of all from the start of the buffer. */
    int finish() {
        if (count == 1) {
            Offload.plain(buffer);
        } else {
            int checksum = isTcp() ? Offload.TCP_CHECKSUM : Offload.UDP_CHECKSUM;
            Offload.write(buffer, isTcp() ? Offload.TCP6 : Offload.UDP, headers, first.length() - headers, PORTS, checksum);
            set(4, length - Ip6Header.LENGTH);
            if (!isTcp()) {
                set(PORTS + 4, length - Ip6Header.LENGTH);
            }
            set(PORTS + checksum, Checksum.pseudoHeader6(first, length - Ip6Header.LENGTH));
        }
        count = 0;
        first = Octets.EMPTY;
        return Offload.HEADER + length;
    }

    private void set(int at, int value) {
        buffer.set(U16, Offload.HEADER + at, (short) value);
    }
}
