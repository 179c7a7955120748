package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * An entry of the default router list (RFC 4861 section 5.1).
 *
 * @param until     end of its lifetime, nanoseconds
 * @param homeAgent its advertisements carry the H bit (RFC 6275 section 7.1)
 * @param interval  its advertisement interval option, nanoseconds; 0: none seen (RFC 6275 section 7.3)
 */
public record DefaultRouter(String port, Ip6Address address, long until, boolean homeAgent, long interval) implements State {
    @Override
    public String key() {
        return port + " " + address;
    }
}
