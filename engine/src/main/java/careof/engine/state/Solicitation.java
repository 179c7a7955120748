package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * A question of a mobile node that waits for its answer (RFC 6275 sections 11.4.1 and 11.4.2).
 *
 * @param what       "home agents" or "home prefixes"
 * @param identifier 16 bits, which the answer repeats
 * @param tries      how often it was sent
 */
public record Solicitation(String what, Ip6Address to, int identifier, int tries) implements State {
    @Override
    public String key() {
        return what;
    }
}
