package careof.engine.state;

import careof.engine.base.Ip6Address;

/** A correspondent sends to this mobile node by way of its home agent, whatever binding it holds: triangular routing. */
public record ThroughHome(Ip6Address home) implements State {
    @Override
    public String key() {
        return home.toString();
    }
}
