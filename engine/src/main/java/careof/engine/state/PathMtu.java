package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * What a Packet Too Big message taught (RFC 8201).
 *
 * @param mtu   octets of a whole IP packet
 * @param until when it is forgotten, nanoseconds
 */
public record PathMtu(Ip6Address destination, int mtu, long until) implements State {
    @Override
    public String key() {
        return destination.toString();
    }
}
