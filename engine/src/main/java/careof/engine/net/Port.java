package careof.engine.net;

import careof.engine.base.MacAddress;
import java.util.Objects;

/** A node's attachment to a link. */
public final class Port {
    /** What a node does with frames and with changes of carrier. */
    public interface Owner {
        void receive(Port port, Frame frame, Link link);

        /** Carrier came or went. */
        void carrier(Port port);

        /** Whether frames for others go on from here: a bridge. */
        default boolean passesOn() {
            return false;
        }
    }

    private final String node;
    private final String name;
    private final String fullName;
    private final MacAddress mac;
    private final boolean promiscuous;
    private Owner owner;
    private Link link;
    private boolean carrier;

    /**
     * @param promiscuous takes frames for others too
     */
    public Port(String node, String name, MacAddress mac, boolean promiscuous) {
        this.node = node;
        this.name = name;
        this.fullName = node + "/" + name;
        this.mac = mac;
        this.promiscuous = promiscuous;
    }

    public void owner(Owner owner) {
        this.owner = Objects.requireNonNull(owner);
    }

    public String node() {
        return node;
    }

    /** Unique on its node. */
    public String name() {
        return name;
    }

    /** "node/port". */
    public String fullName() {
        return fullName;
    }

    public MacAddress mac() {
        return mac;
    }

    /** The link it is attached to, or null. */
    public Link link() {
        return link;
    }

    /** Whether frames can pass. */
    public boolean carrier() {
        return carrier;
    }

    /** Plugs the port into a link, or out with null; frames pass only with carrier, and the owner hears of a change. */
    public void attach(Link to, boolean withCarrier) {
        if (link != null && link != to) {
            link.remove(this);
        }
        if (to != null && link != to) {
            to.add(this);
        }
        link = to;
        carrier = to != null && withCarrier;
        owner.carrier(this);
    }

    boolean passesOn() {
        return owner.passesOn();
    }

    boolean takes(MacAddress destination) {
        return promiscuous || destination.isGroup() || destination.equals(mac);
    }

    void receive(Frame frame, Link from) {
        owner.receive(this, frame, from);
    }
}
