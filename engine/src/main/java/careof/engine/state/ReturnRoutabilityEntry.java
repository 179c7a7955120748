package careof.engine.state;

import careof.engine.base.Ip6Address;
import java.util.Optional;

/**
 * A mobile node's state of one return routability procedure (RFC 6275 sections 5.2.5 and 11.1).
 *
 * @param homeCookie   64 bits, sent in the Home Test Init
 * @param careOfCookie 64 bits, sent in the Care-of Test Init
 * @param homeToken    home keygen token, once the Home Test came
 * @param careOfToken  care-of keygen token, once the Care-of Test came
 */
public record ReturnRoutabilityEntry(Ip6Address peer, Ip6Address home, Ip6Address careOf, long homeCookie, long careOfCookie, Optional<Token> homeToken,
        Optional<Token> careOfToken, int homeTries, int careOfTries) implements State {
    /**
     * @param nonceIndex of the correspondent's nonce
     * @param token      64 bits
     * @param since      when it came, nanoseconds
     */
    public record Token(int nonceIndex, long token, long since) {}

    @Override
    public String key() {
        return peer + " " + home;
    }
}
