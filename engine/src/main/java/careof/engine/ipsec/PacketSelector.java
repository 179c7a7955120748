package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.state.Selector;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.Optional;

/**
 * What a packet shows to selectors (RFC 4301 section 4.4.1.1), addresses in final form.
 *
 * @param protocol        what its extension headers lead to
 * @param sourcePort      or what stands for it, see {@link Selector}; -1: the packet shows none
 * @param destinationPort the same
 */
record PacketSelector(IpAddress source, IpAddress destination, int protocol, int sourcePort, int destinationPort) {
    /** Octets of an ICMP error before the packet that it quotes, of either version. */
    private static final int QUOTED = 8;

    static PacketSelector of(IpPacket packet) {
        boolean later = packet instanceof Ip4Packet ip && ip.header().fragmentOffset() > 0
                || packet instanceof Ip6Packet six && six.fragment().isPresent() && six.fragment().get().offset() > 0;
        return of(packet.source(), packet.destination(), packet.protocol(), later ? Octets.EMPTY : packet.payload());
    }

    /**
     * @param next what {@code rest} is; extension headers in it are passed over
     */
    static PacketSelector of(IpAddress source, IpAddress destination, int next, Octets rest) {
        int protocol = next;
        Octets upper = rest;
        while ((protocol == IpProtocol.DESTINATION_OPTIONS || protocol == IpProtocol.ROUTING) && upper.length() >= 8 && upper.length() >= 8 + 8 * upper.at(1)) {
            protocol = upper.at(0);
            upper = upper.from(8 + 8 * upper.at(1));
        }
        return switch (protocol) {
            case IpProtocol.TCP, IpProtocol.UDP -> new PacketSelector(source, destination, protocol, u16(upper, 0), u16(upper, 2));
            case IpProtocol.ICMP6, IpProtocol.ICMP4 -> new PacketSelector(source, destination, protocol, u8(upper, 0), u8(upper, 1));
            case IpProtocol.MOBILITY -> new PacketSelector(source, destination, protocol, u8(upper, 2), -1);
            default -> new PacketSelector(source, destination, protocol, -1, -1);
        };
    }

    private static int u16(Octets octets, int at) {
        return octets.length() >= at + 2 ? octets.u16(at) : -1;
    }

    private static int u8(Octets octets, int at) {
        return octets.length() > at ? octets.at(at) : -1;
    }

    /** The packet that an ICMP error is about, as far as it is quoted; empty: this is no such error. */
    static Optional<Quoted> quoted(IpPacket packet) {
        Octets payload = packet.payload();
        if (payload.length() <= QUOTED || packet instanceof Ip4Packet ip && ip.header().fragmentOffset() > 0) {
            return Optional.empty();
        }
        int type = payload.at(0);
        boolean error = switch (packet) {
            case Ip6Packet _ -> packet.protocol() == IpProtocol.ICMP6 && type < 128;
            case Ip4Packet _ -> packet.protocol() == IpProtocol.ICMP4 && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
        };
        return error ? Quoted.of(payload.from(QUOTED)) : Optional.empty();
    }

    /**
     * A packet that an ICMP error quotes, perhaps not all of it.
     *
     * @param rest after the IP header
     */
    record Quoted(IpAddress source, IpAddress destination, int protocol, Octets rest) {
        private static Optional<Quoted> of(Octets octets) {
            try {
                if (octets.at(0) >>> 4 == 6) {
                    Ip6Header header = Ip6Header.parse(new OctetReader(octets));
                    return Optional.of(new Quoted(header.source(), header.destination(), header.nextHeader(), octets.from(Ip6Header.LENGTH)));
                }
                // The total length is that of the whole packet: the header is read by itself.
                OctetReader in = new OctetReader(octets);
                int length = 4 * (in.u8() & 15);
                if (octets.at(0) >>> 4 != 4 || length < Ip4Header.LENGTH || length > octets.length()) {
                    return Optional.empty();
                }
                in.skip(8);
                int protocol = in.u8();
                in.skip(2);
                return Optional.of(new Quoted(in.ip4(), in.ip4(), protocol, octets.from(length)));
            } catch (Malformed e) {
                return Optional.empty();
            }
        }

        /** What a packet the other way shows (RFC 4301 section 6.2). */
        PacketSelector reversed() {
            PacketSelector there = PacketSelector.of(source, destination, protocol, rest);
            boolean ports = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
            return new PacketSelector(destination, source, there.protocol, ports ? there.destinationPort : there.sourcePort,
                    ports ? there.sourcePort : there.destinationPort);
        }
    }

    boolean matches(Selector selector) {
        return selector.matches(source, destination, protocol, sourcePort, destinationPort);
    }

    /** Neighbor Discovery, which no security policy is asked about: it never leaves its link. */
    static boolean isNeighbourDiscovery(IpPacket packet) {
        return packet.protocol() == IpProtocol.ICMP6 && packet.hopLimit() == 255 && !packet.payload().isEmpty()
                && Icmp6Message.isNeighbourDiscovery(packet.payload().at(0));
    }

    @Override
    public String toString() {
        String ports = sourcePort < 0 ? "" : destinationPort < 0 ? " type " + sourcePort : " " + sourcePort + " > " + destinationPort;
        return source + " > " + destination + " " + IpProtocol.name(protocol) + ports;
    }
}
