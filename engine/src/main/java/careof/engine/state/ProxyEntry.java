package careof.engine.state;

import careof.engine.base.Ip6Address;

/** An address that a home agent defends and answers for on the home link (RFC 6275 section 10.4.1). */
public record ProxyEntry(String port, Ip6Address address) implements State {
    @Override
    public String key() {
        return port + " " + address;
    }
}
