package careof.engine.wire.ip;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;

/** A whole IP packet of either version. */
public sealed interface IpPacket permits Ip6Packet, Ip4Packet {
    /** Reads either version, told by the first four bits. */
    static IpPacket parse(Octets octets) throws Malformed {
        return !octets.isEmpty() && octets.at(0) >>> 4 == 4 ? Ip4Packet.parse(octets) : Ip6Packet.parse(octets);
    }

    /** From the IP header. */
    IpAddress source();

    /** From the IP header. */
    IpAddress destination();

    /** What {@link #payload} is, see {@link IpProtocol}. */
    int protocol();

    /** Octets after all headers of IP. */
    Octets payload();

    /** Octets in all. */
    int length();

    /** DSCP and ECN: IPv6 traffic class, IPv4 type of service; 8 bits. */
    int trafficClass();

    /** IPv6 hop limit, IPv4 time to live; 8 bits. */
    int hopLimit();

    /** The same headers around something else. */
    IpPacket withPayload(int protocol, Octets payload);

    Octets toOctets();
}
