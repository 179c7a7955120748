package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.Udp;

/** How a packet from this node is to travel, as mobility decides. */
public sealed interface Carriage {
    /** As it is. */
    record Plain() implements Carriage {}

    /**
     * With a home address option, a type 2 routing header, or both.
     *
     * @param packet in wire form
     */
    record Extended(Ip6Packet packet) implements Carriage {}

    /**
     * Within another IP header.
     *
     * @param source      of the outer header
     * @param destination of the outer header, the same family
     * @param udp         within UDP besides, port 4191 at both ends: so binding updates and their acknowledgements cross IPv4 (RFC 5555 section 4.1)
     */
    record Tunnel(IpAddress source, IpAddress destination, boolean udp) implements Carriage {
        /** The UDP port of Mobile IPv6 in IPv4 (RFC 5555 section 8). */
        public static final int UDP_PORT = 4191;

        public Tunnel {
            if (source.getClass() != destination.getClass()) {
                throw new IllegalArgumentException("a tunnel from " + source + " to " + destination);
            }
        }

        public Tunnel(IpAddress source, IpAddress destination) {
            this(source, destination, false);
        }

        boolean isIp4() {
            return destination instanceof Ip4Address;
        }

        /** Octets that it adds; no encapsulation limit option. */
        int overhead() {
            return (isIp4() ? Ip4Header.LENGTH : Ip6Header.LENGTH) + (udp ? Udp.HEADER : 0);
        }
    }

    /** Not at all. */
    record Refused(Verdict.Drop why) implements Carriage {}

    Carriage PLAIN = new Plain();
}
