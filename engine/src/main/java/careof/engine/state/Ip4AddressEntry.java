package careof.engine.state;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;

/**
 * An IPv4 address of a node, given to it by the lab file.
 *
 * @param prefix of the link that it belongs to
 */
public record Ip4AddressEntry(String port, Ip4Address address, Ip4Prefix prefix, Origin origin) implements State {
    /** Where the address came from. */
    public enum Origin {
        FIXED,
        /** While the node visits a foreign link (RFC 5555 section 4.4). */
        CARE_OF,
        HOME
    }

    @Override
    public String key() {
        return port + " " + address;
    }
}
