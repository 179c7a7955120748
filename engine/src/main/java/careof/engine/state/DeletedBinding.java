package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * What is remembered of a binding after it went, so that an old binding update cannot bring it back (RFC 6275 sections 5.2.8
 * and 10.3.2).
 *
 * @param sequence 16 bits, of the last accepted binding update
 * @param until    when it may be forgotten, nanoseconds
 */
public record DeletedBinding(IpAddress home, int sequence, long until) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
