package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * A binding cache entry (RFC 6275 section 9.1).
 *
 * @param sequence 16 bits, of the last accepted binding update
 * @param until    end of its lifetime, nanoseconds
 * @param homeRegistration held by the home agent for its mobile node
 * @param protection what the binding update was accepted upon
 */
public record Binding(Ip6Address home, Ip6Address careOf, int sequence, long until, boolean homeRegistration, Protection protection) implements State {
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
