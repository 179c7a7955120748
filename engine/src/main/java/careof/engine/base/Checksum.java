package careof.engine.base;

/** The Internet checksum (RFC 1071) and the IPv6 pseudo-header (RFC 8200 section 8.1). */
public final class Checksum {
    private static final int IP6_NEXT_HEADER = 6;
    private static final int IP6_ADDRESSES = 8;
    private static final int IP6_HEADER = 40;

    private Checksum() {}

    /** Sum over {@code octets} alone, complemented; 0..65535. A correct header sums to 0. */
    public static int of(Octets octets) {
        return finish(octets.addTo(0));
    }

    /**
     * Sum over the IPv6 pseudo-header and an upper-layer packet.
     *
     * @param destination the final destination (with a routing header: its last address)
     * @param upper the whole upper-layer packet, checksum field as it stands: 0 to compute, as received to verify (result 0 is right)
     */
    public static int ip6(Ip6Address source, Ip6Address destination, int nextHeader, Octets upper) {
        long sum = words(source.high()) + words(source.low()) + words(destination.high()) + words(destination.low());
        sum += (upper.length() >>> 16) + (upper.length() & 0xffff) + nextHeader;
        return finish(upper.addTo(sum));
    }

    /** The same for a whole packet without extension headers. */
    public static int ip6(Octets packet) {
        Octets upper = packet.from(IP6_HEADER);
        return finish(upper.addTo(pseudoHeader6(packet, upper.length())));
    }

    /**
     * Sum over the IPv6 pseudo-header alone, not complemented.
     *
     * @param packet without extension headers
     * @param length of the upper-layer packet that it is to be for
     */
    public static int pseudoHeader6(Octets packet, int length) {
        return ~finish(packet.slice(IP6_ADDRESSES, IP6_HEADER).addTo((length >>> 16) + (length & 0xffff) + packet.at(IP6_NEXT_HEADER))) & 0xffff;
    }

    /** Sum over the IPv4 pseudo-header (RFC 768) and an upper-layer packet. */
    public static int ip4(Ip4Address source, Ip4Address destination, int protocol, Octets upper) {
        long sum = words(source.bits() & 0xffffffffL) + words(destination.bits() & 0xffffffffL) + protocol + upper.length();
        return finish(upper.addTo(sum));
    }

    private static long words(long value) {
        return (value >>> 48) + (value >>> 32 & 0xffff) + (value >>> 16 & 0xffff) + (value & 0xffff);
    }

    private static int finish(long sum) {
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) (~sum & 0xffff);
    }
}
