package careof.engine.state;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import java.util.Optional;

/**
 * A home registration that waits for duplicate address detection of its home address (RFC 6275 section 10.3.1).
 *
 * @param source   of the binding update on the wire: where the acknowledgement goes
 * @param agent    address of the home agent that it was sent to
 * @param sequence 16 bits
 * @param lifetime asked for, in units of 4 seconds
 * @param protection what vouches for it
 * @param keyManagement phase one is to follow, too (RFC 6275 section 6.1.7)
 * @param home4    IPv4 home address that is to be bound, too (RFC 5555 section 3.1.1)
 * @param status4  what comes of that (RFC 5555 section 3.2.1)
 */
public record PendingRegistration(Ip6Address home, IpAddress careOf, IpAddress source, Ip6Address agent, int sequence, int lifetime,
        Binding.Protection protection, boolean keyManagement, Optional<Ip4Address> home4, int status4) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
