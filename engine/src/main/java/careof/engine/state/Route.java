package careof.engine.state;

import careof.engine.base.IpAddress;
import careof.engine.base.IpPrefix;
import java.util.Optional;

/**
 * A route of either IP version; the longest prefix wins, then the lowest metric.
 *
 * @param via   of the prefix's family:    next hop; empty: the destination itself is on the port's link
 * @param metric links to cross
 */
public record Route(IpPrefix prefix, String port, Optional<IpAddress> via, int metric, Origin origin) implements State {
    public enum Origin {
        CONNECTED, DRAWING, STATIC, ADVERTISED,
        /** Of an IPv4 care-of address: the link and its router, until the node leaves. */
        VISITED
    }

    @Override
    public String key() {
        return prefix + " " + port + via.map(v -> " " + v).orElse("");
    }
}
