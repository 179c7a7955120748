package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a mobile node knows of IPv4 from its configuration (RFC 5555): there is nobody that it could ask.
 *
 * @param home    its IPv4 home address; empty: none
 * @param agent   the home agent's IPv4 address; empty: not known, so that a link with IPv4 only is of no use
 * @param visited its care-of address on foreign links, by the link's name
 */
public record Ip4Configuration(Optional<Place> home, Optional<Ip4Address> agent, SequencedMap<String, Place> visited) {
    /** No IPv4. */
    public static final Ip4Configuration NONE = new Ip4Configuration(Optional.empty(), Optional.empty(), new LinkedHashMap<>());

    /**
     * An address on a link.
     *
     * @param router the link's default router; empty: none
     */
    public record Place(Ip4Address address, Ip4Prefix prefix, Optional<Ip4Address> router) {}

    /** The IPv4 home address. */
    Optional<Ip4Address> homeAddress() {
        return home.map(Place::address);
    }
}
