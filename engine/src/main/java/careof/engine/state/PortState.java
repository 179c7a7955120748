package careof.engine.state;

import careof.engine.base.MacAddress;

/**
 * A node's port.
 *
 * @param link    what it is attached to; empty: nothing
 * @param carrier whether frames can pass (a cell attaches with a delay)
 */
public record PortState(String port, MacAddress mac, String link, boolean carrier) implements State {
    @Override
    public String key() {
        return port;
    }
}
