package careof.engine.state;

import careof.engine.base.Octets;

/**
 * A frame that an attacker keeps to send it later.
 *
 * @param id    from 1 on this node
 * @param port  where it will leave
 * @param due   nanoseconds
 * @param frame with its Ethernet header
 */
public record HeldFrame(int id, String port, long due, Octets frame) implements State {
    @Override
    public String key() {
        return Integer.toString(id);
    }
}
