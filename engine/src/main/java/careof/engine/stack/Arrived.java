package careof.engine.stack;

import careof.engine.base.IpAddress;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.wire.ip.IpPacket;
import java.util.List;
import java.util.Optional;

/** A packet for this node on its way up, of either IP version, whole and in final form. */
public sealed interface Arrived permits Inbound, Inbound4 {
    /** As it came. */
    Packet packet();

    /** Where it came in. */
    Port port();

    /** In final form. */
    IpPacket ip();

    IpAddress source();

    IpAddress destination();

    /** The far end of the tunnel that it came out of; empty: of none. */
    Optional<IpAddress> tunnel();

    /** Tunnels that it came out of so far. */
    int depth();

    /** What vouches for it: SAs whose AH or ESP was taken off it or off the packet that it came out of, outermost first. */
    List<Sa> sas();
}
