package careof.engine.state;

import careof.engine.base.IpAddress;

/**
 * What a Packet Too Big message taught (RFC 8201), or an IPv4 router that could not fragment (RFC 1191).
 *
 * @param mtu   octets of a whole IP packet
 * @param until when it is forgotten, nanoseconds
 */
public record PathMtu(IpAddress destination, int mtu, long until) implements State {
    @Override
    public String key() {
        return destination.toString();
    }
}
