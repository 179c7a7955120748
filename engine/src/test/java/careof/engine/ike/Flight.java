package careof.engine.ike;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import java.util.Optional;

/**
 * A datagram of IKE on its way.
 *
 * @param name     "MM1" and so on, by its place among the different messages of its exchange
 * @param link     first octets of its frame
 */
record Flight(String from, String name, Octets link, IpAddress source, IpAddress destination, int sourcePort, int destinationPort, Octets message) {
    /** What a frame holds, as yet without a name; empty: it is not of IKE. */
    static Optional<Flight> of(String from, Octets frame) {
        try {
            Octets packet = frame.from(Ethernet.HEADER);
            IpPacket ip;
            switch (frame.u16(12)) {
                case Ethernet.IP6 -> ip = Ip6Packet.parse(packet);
                case Ethernet.IP4 -> ip = Ip4Packet.parse(packet);
                default -> {
                    return Optional.empty();
                }
            }
            if (ip.protocol() != IpProtocol.UDP || ip instanceof Ip6Packet six && six.fragment().isPresent()) {
                return Optional.empty();
            }
            Udp udp = Udp.parse(ip.payload(), ip.source(), ip.destination());
            boolean ike = udp.destinationPort() == IsakmpHeader.PORT || udp.sourcePort() == IsakmpHeader.PORT;
            return ike ? Optional.of(new Flight(from, "", frame.slice(0, Ethernet.HEADER), ip.source(), ip.destination(), udp.sourcePort(), udp.destinationPort(), udp.data()))
                    : Optional.empty();
        } catch (Malformed e) {
            throw new AssertionError("a node sent " + e.getMessage(), e);
        }
    }

    Flight named(String called) {
        return new Flight(from, called, link, source, destination, sourcePort, destinationPort, message);
    }

    /** The same with another message. */
    Flight with(Octets other) {
        return new Flight(from, name, link, source, destination, sourcePort, destinationPort, other);
    }

    /** The same as if it came from somewhere else. */
    Flight from(IpAddress other) {
        return new Flight(from, name, link, other, destination, sourcePort, destinationPort, message);
    }

    Flight fromPort(int other) {
        return new Flight(from, name, link, source, destination, other, destinationPort, message);
    }

    IsakmpMessage isakmp() {
        try {
            return IsakmpMessage.parse(message);
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    /** With another header. */
    Flight with(IsakmpHeader header) {
        return with(new IsakmpMessage(header, isakmp().body()).toOctets());
    }

    /** With one octet changed; an index below 0 counts from the end. */
    Flight flipped(int at) {
        byte[] octets = message.toArray();
        octets[at < 0 ? octets.length + at : at] ^= 1;
        return with(Octets.wrap(octets));
    }

    Octets frame() {
        Octets udp = new Udp(sourcePort, destinationPort, message).toOctets(source, destination);
        Octets packet = switch (source) {
            case Ip6Address six -> Ip6Packet.of(six, (Ip6Address) destination, IpProtocol.UDP, udp).toOctets();
            case Ip4Address four -> Ip4Packet.of(four, (Ip4Address) destination, IpProtocol.UDP, udp).toOctets();
        };
        return new OctetWriter(link.length() + packet.length()).octets(link).octets(packet).toOctets();
    }

    @Override
    public String toString() {
        return from + " " + name;
    }
}
