package careof.engine.state;

import careof.engine.base.IpAddress;

/** An address that a home agent defends and answers for on the home link (RFC 6275 section 10.4.1, for IPv4 RFC 5555 section 4.5). */
public record ProxyEntry(String port, IpAddress address) implements State {
    @Override
    public String key() {
        return port + " " + address;
    }
}
