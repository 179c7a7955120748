package careof.engine.state;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.Optional;

/**
 * A route; the longest prefix wins, then the lowest metric.
 *
 * @param via    next hop; empty: the destination itself is on the port's link
 * @param metric links to cross
 */
public record Route(Prefix prefix, String port, Optional<Ip6Address> via, int metric, Origin origin) implements State {
    public enum Origin { CONNECTED, DRAWING, STATIC, ADVERTISED }

    @Override
    public String key() {
        return prefix + " " + port + via.map(v -> " " + v).orElse("");
    }
}
