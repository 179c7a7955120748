package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * A tunnel of either IP version in either (RFC 2473, RFC 5555 section 4.1).
 *
 * @param local  outer source
 * @param remote outer destination
 * @param inner  the address whose packets it carries: the home address
 */
public record TunnelEntry(IpAddress local, IpAddress remote, IpAddress inner) implements State {
    @Override
    public String key() {
        return inner.toString();
    }
}
