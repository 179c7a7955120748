package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.net.Port;
import careof.engine.state.Sa;
import careof.engine.wire.ip.Ip4Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An IPv4 packet for this node on its way up, whole, AH and ESP in transport mode taken off. */
public record Inbound4(Packet packet, Port port, Ip4Packet ip, Optional<IpAddress> tunnel, int depth, List<Sa> sas) implements Arrived {
    public Inbound4 {
        sas = List.copyOf(sas);
    }

    /** With one more that vouches for it. */
    List<Sa> sasWith(Sa sa) {
        List<Sa> more = new ArrayList<>(sas);
        more.add(sa);
        return more;
    }

    @Override
    public Ip4Address source() {
        return ip.source();
    }

    @Override
    public Ip4Address destination() {
        return ip.destination();
    }
}
