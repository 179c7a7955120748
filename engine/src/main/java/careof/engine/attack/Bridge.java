package careof.engine.attack;

import careof.engine.net.Frame;
import careof.engine.net.Link;
import careof.engine.net.Port;
import java.util.ArrayList;
import java.util.List;

/** Two ports that pass every frame from one to the other, unseen by the nodes on either side, until its attacker decides otherwise. */
public final class Bridge implements Port.Owner {
    private final Attacker attacker;
    private final List<Port> ports = new ArrayList<>();

    public Bridge(Attacker attacker) {
        this.attacker = attacker;
    }

    /** Adds one of its two ports. */
    public void add(Port port) {
        port.owner(this);
        ports.add(port);
    }

    @Override
    public void receive(Port port, Frame frame, Link link) {
        attacker.pass(ports.get(0) == port ? ports.get(1) : ports.get(0), frame);
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public void carrier(Port port) {
        // it has none of its own to lose
    }
}
