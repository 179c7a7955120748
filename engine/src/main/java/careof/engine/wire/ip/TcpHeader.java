package careof.engine.wire.ip;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * A TCP header (RFC 9293 section 3.1). Reserved bits are written as zero and not kept.
 *
 * <pre>
 *    0   | source port | destination port                       |
 *    4   | sequence number                                      |
 *    8   | acknowledgement number                               |
 *   12   | offset in 4 octets | reserved | flags (8) | window   |
 *   16   | checksum           | urgent pointer                  |
 *   20   | options, 0..40 octets                                |
 * </pre>
 *
 * @param sequence        0..2^32-1
 * @param acknowledgement 0..2^32-1
 * @param flags           {@link #FIN}, {@link #SYN} and so on, or-ed
 * @param checksum        as it stands in the header; {@link #verify} judges it, {@link #segment} computes it
 * @param options         as they stand, a multiple of 4 octets, at most 40
 */
public record TcpHeader(int sourcePort, int destinationPort, long sequence, long acknowledgement, int flags, int window,
                        int checksum, int urgentPointer, Octets options) {
    /** Octets without options. */
    public static final int LENGTH = 20;
    public static final int FIN = 1;
    public static final int SYN = 2;
    public static final int RST = 4;
    public static final int PSH = 8;
    public static final int ACK = 16;
    public static final int URG = 32;
    public static final int ECE = 64;
    public static final int CWR = 128;

    public TcpHeader {
        Bits.fit(sourcePort, 16, "source port");
        Bits.fit(destinationPort, 16, "destination port");
        Bits.fit32(sequence, "sequence number");
        Bits.fit32(acknowledgement, "acknowledgement number");
        Bits.fit(flags, 8, "TCP flags");
        Bits.fit(window, 16, "window");
        Bits.fit(checksum, 16, "checksum");
        Bits.fit(urgentPointer, 16, "urgent pointer");
        if (options.length() % 4 != 0 || options.length() > 40) {
            throw new IllegalArgumentException("TCP options take a multiple of 4 octets up to 40, not " + options.length());
        }
    }

    /** Reads the header; the reader then stands at the data. */
    public static TcpHeader parse(OctetReader in) throws Malformed {
        int at = in.position();
        int sourcePort = in.u16();
        int destinationPort = in.u16();
        long sequence = in.u32();
        long acknowledgement = in.u32();
        int length = (in.u8() >>> 4) * 4;
        int flags = in.u8();
        int window = in.u16();
        int checksum = in.u16();
        int urgentPointer = in.u16();
        if (length < LENGTH || length - LENGTH > in.remaining()) {
            throw new Malformed("TCP data offset is " + length + ", " + (LENGTH + in.remaining()) + " octets are there", at + 12);
        }
        return new TcpHeader(sourcePort, destinationPort, sequence, acknowledgement, flags, window, checksum, urgentPointer,
                in.octets(length - LENGTH));
    }

    /** Writes the header with its checksum as it is. */
    public void emit(OctetWriter out) {
        out.u16(sourcePort).u16(destinationPort).u32(sequence).u32(acknowledgement)
                .u8((LENGTH + options.length()) / 4 << 4).u8(flags).u16(window).u16(checksum).u16(urgentPointer).octets(options);
    }

    /** This header and {@code data} with the right checksum. */
    public Octets segment(Octets data, IpAddress source, IpAddress destination) {
        OctetWriter out = new OctetWriter(LENGTH + options.length() + data.length());
        emit(out);
        out.octets(data).patch16(16, 0);
        return out.patch16(16, sum(out.toOctets(), source, destination)).toOctets();
    }

    /** Whether the checksum of a whole segment is right. */
    public static boolean verify(Octets segment, IpAddress source, IpAddress destination) {
        return sum(segment, source, destination) == 0;
    }

    private static int sum(Octets segment, IpAddress source, IpAddress destination) {
        return switch (source) {
            case Ip6Address s -> Checksum.ip6(s, (Ip6Address) destination, IpProtocol.TCP, segment);
            case Ip4Address s -> Checksum.ip4(s, (Ip4Address) destination, IpProtocol.TCP, segment);
        };
    }
}
