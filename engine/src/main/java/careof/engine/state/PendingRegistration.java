package careof.engine.state;

import careof.engine.base.Ip6Address;

/**
 * A home registration that waits for duplicate address detection of its home address (RFC 6275 section 10.3.1).
 *
 * @param source   of the binding update on the wire: where the acknowledgement goes
 * @param agent    address of the home agent that it was sent to
 * @param sequence 16 bits
 * @param lifetime asked for, in units of 4 seconds
 * @param protection what vouches for it
 */
public record PendingRegistration(Ip6Address home, Ip6Address careOf, Ip6Address source, Ip6Address agent, int sequence, int lifetime,
        Binding.Protection protection) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
