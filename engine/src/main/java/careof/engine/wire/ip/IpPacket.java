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

    /**
     * The octets of this packet around something else. Unlike {@link #withPayload} it keeps what no record keeps, such as reserved fields and the
     * data of padding, which AH covers.
     *
     * @param octets that this packet was read from
     */
    default Octets exchanged(Octets octets, int newProtocol, Octets newPayload) {
        IpPacket other = withPayload(newProtocol, newPayload);
        return switch (this) {
            case Ip4Packet _ -> other.toOctets();
            case Ip6Packet ip -> {
                byte[] all = new byte[other.length()];
                octets.slice(0, length() - payload().length()).copyTo(all, 0);
                newPayload.copyTo(all, all.length - newPayload.length());
                all[4] = (byte) (all.length - Ip6Header.LENGTH >>> 8);
                all[5] = (byte) (all.length - Ip6Header.LENGTH);
                int announced = 6;
                int at = Ip6Header.LENGTH;
                for (ExtensionHeader extension : ip.extensions()) {
                    announced = at;
                    at += extension.size();
                }
                all[announced] = (byte) newProtocol;
                yield Octets.wrap(all);
            }
        };
    }
}
