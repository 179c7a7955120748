package careof.engine.ipsec;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.policy.Policy;
import careof.engine.stack.TunnelFamilies;
import careof.engine.stack.Verdict;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;

/** What a tunnel's outer header takes from the inner one, and gives it at the far end (RFC 4301 section 5.1.2). */
final class TunnelHeaders {
    private static final int HOP_LIMIT = 64;
    /** Every path of IPv6 carries so much: an IPv4 path that cannot has to cut. */
    private static final int MINIMUM_MTU = 1280;
    private static final int CE = 3;

    private TunnelHeaders() {}

    /** Whether a packet of one IP version may travel in one of the other. */
    static boolean fit(Policy policy, IpPacket inner, IpAddress outer) {
        return TunnelFamilies.fit(policy, inner.source(), outer);
    }

    /**
     * The outer packet. DSCP and ECN are copied, so is the flow label from IPv6 to IPv6; the hop limit starts anew. An IPv4 outer header
     * has the don't-fragment bit of an IPv4 inner one; around IPv6 it is clear for packets that no IPv6 router would refuse as too big.
     *
     * @param source         of the same version as {@code destination}
     * @param identification of an IPv4 header, cut to 16 bits
     */
    static IpPacket outer(IpPacket inner, IpAddress source, IpAddress destination, int protocol, Octets payload, long identification) {
        return switch (source) {
            case Ip6Address from -> {
                int label = inner instanceof Ip6Packet p ? p.header().flowLabel() : 0;
                Ip6Header header = new Ip6Header(inner.trafficClass(), label, payload.length(), protocol, HOP_LIMIT, from, (Ip6Address) destination);
                yield new Ip6Packet(header, java.util.List.of(), protocol, payload);
            }
            case Ip4Address from -> {
                boolean whole = inner instanceof Ip4Packet p ? p.header().dontFragment() : inner.length() > MINIMUM_MTU;
                yield new Ip4Packet(new Ip4Header(inner.trafficClass(), Ip4Header.LENGTH + payload.length(), (int) identification & 0xffff, whole, false, 0,
                        HOP_LIMIT, protocol, from, (Ip4Address) destination, Octets.EMPTY), payload);
            }
        };
    }

    static Verdict.Drop misfit(IpPacket inner, IpAddress outer) {
        return TunnelFamilies.misfit(inner.source(), outer);
    }

    /** Writes the header of an outer packet, which has no extensions, to the start of a buffer. */
    static void emit(IpPacket outer, byte[] buffer) {
        OctetWriter out = new OctetWriter(Ip6Header.LENGTH);
        switch (outer) {
            case Ip6Packet ip -> ip.header().emit(out);
            case Ip4Packet ip -> ip.header().emit(out);
        }
        out.toOctets().copyTo(buffer, 0);
    }

    /** Octets of an outer header. */
    static int length(IpAddress outer) {
        return outer instanceof Ip6Address ? Ip6Header.LENGTH : Ip4Header.LENGTH;
    }

    /**
     * The inner packet at the far end: congestion that the outer header met is told to one that can be told (RFC 4301 section 5.1.2.1
     * note 6). Else it is untouched.
     */
    static Octets inner(Octets inner, IpPacket packet, int outerClass) {
        if ((outerClass & CE) != CE || (packet.trafficClass() & CE) == 0 || (packet.trafficClass() & CE) == CE) {
            return inner;
        }
        byte[] octets = inner.toArray();
        switch (packet) {
            case Ip6Packet _ -> octets[1] |= (byte) (CE << 4);
            case Ip4Packet ip -> {
                octets[1] |= CE;
                octets[10] = 0;
                octets[11] = 0;
                int sum = Checksum.of(Octets.wrap(java.util.Arrays.copyOf(octets, ip.header().length())));
                octets[10] = (byte) (sum >>> 8);
                octets[11] = (byte) sum;
            }
        }
        return Octets.wrap(octets);
    }
}
