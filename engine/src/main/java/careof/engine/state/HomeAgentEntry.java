package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * An entry of the home agents list (RFC 6275 section 10.1), or of what discovery told a mobile node.
 *
 * @param linkLocal  source of its advertisements; the unspecified address in a mobile node's list
 * @param preference higher is better; 0 by default
 * @param until      end of its lifetime, nanoseconds
 */
public record HomeAgentEntry(Ip6Address linkLocal, Ip6Address address, int preference, long until) implements State {
    @Override
    public String key() {
        return linkLocal + " " + address;
    }
}
