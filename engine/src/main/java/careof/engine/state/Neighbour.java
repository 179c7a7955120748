package careof.engine.state;

import careof.engine.base.IpAddress;
import careof.engine.base.MacAddress;
import java.util.Optional;

/**
 * A neighbour cache entry (RFC 4861 section 5.1), in IPv4 what ARP learnt (RFC 826).
 *
 * @param mac    link-layer address; empty while {@link Reachability#INCOMPLETE}
 * @param router the neighbour says it is a router
 * @param probes solicitations sent since the last confirmation
 * @param queued packets that wait for its link-layer address
 */
public record Neighbour(String port, IpAddress address, Optional<MacAddress> mac, Reachability reachability, boolean router, int probes, int queued)
        implements State {
    public enum Reachability { INCOMPLETE, REACHABLE, STALE, DELAY, PROBE }

    @Override
    public String key() {
        return port + " " + address;
    }
}
