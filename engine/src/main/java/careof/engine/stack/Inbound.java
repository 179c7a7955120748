package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.net.Port;
import careof.engine.wire.ip.Ip6Packet;
import java.util.Optional;

/**
 * A packet for this node on its way up, whole and in final form: a home address option has been put into the source, a
 * type 2 routing header into the destination.
 *
 * @param packet  as it came
 * @param port    where it came in
 * @param ip      in final form: source and destination are what upper layers see
 * @param careOf  the source on the wire, when a home address option named another
 * @param routed  it came with a type 2 routing header: the destination on the wire
 * @param tunnel  the far end of the tunnel that it came out of
 */
public record Inbound(Packet packet, Port port, Ip6Packet ip, Optional<Ip6Address> careOf, Optional<Ip6Address> routed, Optional<Ip6Address> tunnel) {
    public Ip6Address source() {
        return ip.source();
    }

    public Ip6Address destination() {
        return ip.destination();
    }
}
