package careof.engine.state;

import careof.engine.base.Octets;

/**
 * A correspondent's nonce (RFC 6275 section 5.2.2).
 *
 * @param index 16 bits
 * @param value 8 octets
 * @param until when tokens made from it stop being accepted, nanoseconds
 */
public record Nonce(int index, Octets value, long created, long until) implements State {
    @Override
    public String key() {
        return Integer.toString(index);
    }
}
