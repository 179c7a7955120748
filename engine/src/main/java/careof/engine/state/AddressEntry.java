package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * An address of a node (RFC 4862 section 2).
 *
 * @param preferredUntil nanoseconds; {@link Long#MAX_VALUE}: for ever
 * @param validUntil     nanoseconds; {@link Long#MAX_VALUE}: for ever
 */
public record AddressEntry(String port, Ip6Address address, Phase phase, Origin origin, long preferredUntil, long validUntil) implements State {
    /** How far duplicate address detection and lifetimes have come. */
    public enum Phase { TENTATIVE, OPTIMISTIC, PREFERRED, DEPRECATED, DUPLICATE }

    /** Where the address came from. */
    public enum Origin {
        LINK_LOCAL, FIXED, AUTOCONFIGURED, HOME,
        /** Shared with other nodes: never a source address (RFC 4291 section 2.6). */
        ANYCAST
    }

    @Override
    public String key() {
        return port + " " + address;
    }

    /** May be a source address and is answered for (optimistic ones with RFC 4429's limits). */
    public boolean usable() {
        return phase == Phase.PREFERRED || phase == Phase.DEPRECATED || phase == Phase.OPTIMISTIC;
    }

    public AddressEntry withPhase(Phase phase) {
        return new AddressEntry(port, address, phase, origin, preferredUntil, validUntil);
    }
}
