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
 * A UDP datagram (RFC 768; in IPv6 RFC 8200 section 8.1).
 *
 * <pre>
 *   0   | source port | destination port |
 *   4   | length      | checksum         |
 *   8   | data ...                       |
 * </pre>
 *
 * @param data at most 65527 octets
 */
public record Udp(int sourcePort, int destinationPort, Octets data) {
    /** Octets of the header. */
    public static final int HEADER = 8;

    public Udp {
        Bits.fit(sourcePort, 16, "source port");
        Bits.fit(destinationPort, 16, "destination port");
        Bits.fit(HEADER + data.length(), 16, "UDP length");
    }

    /**
     * Reads a datagram; octets past its length are ignored.
     *
     * @param source      address of the pseudo-header, of the same family as {@code destination}
     * @param destination the final destination
     * @throws Malformed also if the checksum is wrong or, in IPv6, absent
     */
    public static Udp parse(Octets datagram, IpAddress source, IpAddress destination) throws Malformed {
        OctetReader in = new OctetReader(datagram);
        int sourcePort = in.u16();
        int destinationPort = in.u16();
        int length = in.u16();
        int checksum = in.u16();
        if (length < HEADER || length > datagram.length()) {
            throw new Malformed("UDP length is " + length + ", " + datagram.length() + " octets are there", 4);
        }
        boolean absent = checksum == 0;
        if (absent && source instanceof Ip6Address) {
            throw new Malformed("UDP without a checksum in IPv6", 6);
        }
        if (!absent && sum(datagram.slice(0, length), source, destination) != 0) {
            throw new Malformed("UDP checksum", 6);
        }
        return new Udp(sourcePort, destinationPort, in.octets(length - HEADER));
    }

    private static int sum(Octets datagram, IpAddress source, IpAddress destination) {
        return switch (source) {
            case Ip6Address s -> Checksum.ip6(s, (Ip6Address) destination, IpProtocol.UDP, datagram);
            case Ip4Address s -> Checksum.ip4(s, (Ip4Address) destination, IpProtocol.UDP, datagram);
        };
    }

    /** The datagram with its checksum; a sum of 0 is sent as 0xffff. */
    public Octets toOctets(IpAddress source, IpAddress destination) {
        OctetWriter out = new OctetWriter(HEADER + data.length());
        out.u16(sourcePort).u16(destinationPort).u16(HEADER + data.length()).u16(0).octets(data);
        int sum = sum(out.toOctets(), source, destination);
        return out.patch16(6, sum == 0 ? 0xffff : sum).toOctets();
    }
}
