package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.wire.ip.Ip6Packet;

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

    /** Within another IPv6 header. */
    record Tunnel(Ip6Address source, Ip6Address destination) implements Carriage {}

    /** Not at all. */
    record Refused(Verdict.Drop why) implements Carriage {}

    Carriage PLAIN = new Plain();
}
