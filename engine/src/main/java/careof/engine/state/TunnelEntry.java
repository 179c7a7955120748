package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * An IPv6-in-IPv6 tunnel (RFC 2473).
 *
 * @param local  outer source
 * @param remote outer destination
 * @param inner  the address whose packets it carries: the home address
 */
public record TunnelEntry(Ip6Address local, Ip6Address remote, Ip6Address inner) implements State {
    @Override
    public String key() {
        return inner.toString();
    }
}
