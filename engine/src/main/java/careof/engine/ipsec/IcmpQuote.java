package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.Optional;

/**
 * The packet that an ICMP error is about, as far as the error quotes it.
 *
 * @param tooBig it was too big for its path
 * @param rest   after the IP header
 */
record IcmpQuote(boolean tooBig, IpAddress source, IpAddress destination, int protocol, Octets rest) {
    /** Octets of an ICMP error before what it quotes, of either version. */
    private static final int HEADER = 8;

    /** Empty: the packet is no ICMP error, or quotes too little. */
    static Optional<IcmpQuote> of(IpPacket packet) {
        boolean icmp = switch (packet) {
            case Ip6Packet ip -> ip.protocol() == IpProtocol.ICMP6 && (ip.fragment().isEmpty() || ip.fragment().get().isWhole());
            case Ip4Packet ip -> ip.protocol() == IpProtocol.ICMP4 && !ip.header().moreFragments() && ip.header().fragmentOffset() == 0;
        };
        if (!icmp || packet.payload().length() <= HEADER) {
            return Optional.empty();
        }
        int type = packet.payload().at(0);
        boolean six = packet instanceof Ip6Packet;
        boolean error = six ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
        boolean tooBig = six ? type == 2 : type == 3 && packet.payload().at(1) == 4;
        return error ? quoted(tooBig, packet.payload().from(HEADER)) : Optional.empty();
    }

    private static Optional<IcmpQuote> quoted(boolean tooBig, Octets octets) {
        try {
            OctetReader in = new OctetReader(octets);
            if (octets.at(0) >>> 4 == 6) {
                Ip6Header header = Ip6Header.parse(in);
                return Optional.of(new IcmpQuote(tooBig, header.source(), header.destination(), header.nextHeader(), in.rest()));
            }
            // The lengths in an IPv4 header are those of the whole packet, of which only the start is here.
            int first = in.u8();
            int length = 4 * (first & 15);
            if (first >>> 4 != 4 || length < Ip4Header.LENGTH) {
                return Optional.empty();
            }
            in.skip(8);
            int protocol = in.u8();
            in.skip(2);
            IpAddress source = in.ip4();
            IpAddress destination = in.ip4();
            in.skip(length - Ip4Header.LENGTH);
            return Optional.of(new IcmpQuote(tooBig, source, destination, protocol, in.rest()));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** What a packet the other way shows to selectors (RFC 4301 section 6.2). */
    Flow back() {
        boolean ports = (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP) && rest.length() >= 4;
        return new Flow(destination, source, protocol, ports ? rest.u16(2) : Flow.OPAQUE, ports ? rest.u16(0) : Flow.OPAQUE);
    }
}
