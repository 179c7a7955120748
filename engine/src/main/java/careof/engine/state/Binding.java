package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * A binding cache entry (RFC 6275 section 9.1).
 *
 * @param home     an IPv4 one has an entry of its own beside that of the IPv6 home address (RFC 5555 section 4.5)
 * @param careOf   IPv4 on a foreign link without IPv6 (RFC 5555 section 2.3.2)
 * @param sequence 16 bits, of the last accepted binding update
 * @param until    end of its lifetime, nanoseconds
 * @param homeRegistration held by the home agent for its mobile node
 * @param protection what the binding update was accepted upon
 */
public record Binding(IpAddress home, IpAddress careOf, int sequence, long until, boolean homeRegistration, Protection protection) implements State {
    /** What vouched for a binding update. */
    public enum Protection {
        /** Nothing: a home registration that the security policy does not want protected. */
        NONE,
        /** Keygen tokens of return routability (RFC 6275 section 5.2). */
        RETURN_ROUTABILITY,
        /** An SA that authenticates it, and belongs to the home address. */
        SECURITY_ASSOCIATION
    }

    @Override
    public String key() {
        return home.toString();
    }
}
