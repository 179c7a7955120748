package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.wire.ip.Ip6Packet;
import java.util.ArrayList;
import java.util.List;
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
 * @param depth   tunnels that it came out of so far
 * @param sas     what vouches for it: SAs whose AH or ESP was taken off it or off the packet that it came out of, outermost first
 */
public record Inbound(Packet packet, Port port, Ip6Packet ip, Optional<Ip6Address> careOf, Optional<Ip6Address> routed, Optional<IpAddress> tunnel,
        int depth, List<Sa> sas) implements Arrived {
    public Inbound {
        sas = List.copyOf(sas);
    }

    /** As it was on the wire: neither the home address option nor the routing header followed. */
    public Ip6Packet wire() {
        return careOf.isEmpty() && routed.isEmpty() ? ip
                : ip.withHeader(ip.header().withSource(careOf.orElse(ip.source())).withDestination(routed.orElse(ip.destination())));
    }

    /** The same with one more SA that vouches for it, and what its AH or ESP covered. */
    Inbound opened(Packet made, int protocol, Octets payload, Sa sa) {
        List<Sa> more = new ArrayList<>(sas);
        more.add(sa);
        return new Inbound(made, port, ip.withPayload(protocol, payload), careOf, routed, tunnel, depth, more);
    }

    @Override
    public Ip6Address source() {
        return ip.source();
    }

    @Override
    public Ip6Address destination() {
        return ip.destination();
    }
}
