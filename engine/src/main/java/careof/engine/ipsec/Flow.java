package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;

/**
 * What selectors see of a packet (RFC 4301 section 4.4.1.1): addresses, protocol and ports, or what stands for ports. Packets of one flow
 * have one answer of the SPD.
 *
 * @param sourcePort      UDP and TCP; ICMP and Mobility Header: type; -1: not to be found, as in fragments, even first ones, since later
 *                        ones of the same packet must be treated alike (RFC 4301 section 7)
 * @param destinationPort UDP and TCP; ICMP: code; -1: not to be found
 */
public record Flow(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
    /** A port that is not to be found. */
    public static final int OPAQUE = -1;

    /**
     * Of a packet in final form: home addresses in the IP header, or still in a home address option and a type 2 routing header.
     */
    public static Flow of(IpPacket packet) {
        return switch (packet) {
            case Ip6Packet p -> of(p.originalSource(), p.finalDestination(), p, p.fragment().filter(f -> !f.isWhole()).isPresent());
            case Ip4Packet p -> of(p.source(), p.destination(), p, p.header().moreFragments() || p.header().fragmentOffset() != 0);
        };
    }

    private static Flow of(IpAddress source, IpAddress destination, IpPacket packet, boolean fragment) {
        Octets payload = packet.payload();
        int protocol = packet.protocol();
        return switch (fragment ? IpProtocol.NONE : protocol) {
            case IpProtocol.UDP, IpProtocol.TCP -> payload.length() < 4 ? opaque(source, destination, protocol)
                    : new Flow(source, destination, protocol, payload.u16(0), payload.u16(2));
            case IpProtocol.ICMP4, IpProtocol.ICMP6 -> payload.length() < 2 ? opaque(source, destination, protocol)
                    : new Flow(source, destination, protocol, payload.at(0), payload.at(1));
            case IpProtocol.MOBILITY -> payload.length() < 3 ? opaque(source, destination, protocol)
                    : new Flow(source, destination, protocol, payload.at(2), OPAQUE);
            default -> opaque(source, destination, protocol);
        };
    }

    @Override
    public int hashCode() {
        return new Mixed().and(source).and(destination).and(protocol).and((long) sourcePort << 32 | destinationPort & 0xffff_ffffL).hash();
    }

    private static Flow opaque(IpAddress source, IpAddress destination, int protocol) {
        return new Flow(source, destination, protocol, OPAQUE, OPAQUE);
    }
}
