package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.net.Port;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;

/** A node's IPv4 addresses; all of them come from its configuration. */
public final class Ip4Addresses {
    /** All hosts of a link (RFC 1112 section 4). */
    static final Ip4Address ALL_HOSTS = new Ip4Address(0xe000_0001);

    private final Table<Ip4Address, Ip4AddressEntry> table;

    Ip4Addresses(NodeEnv env) {
        this.table = env.table();
    }

    public Optional<Ip4AddressEntry> find(Ip4Address address) {
        return table.find(address);
    }

    public List<Ip4AddressEntry> all() {
        return table.values();
    }

    public List<Ip4AddressEntry> on(String port) {
        return table.values().stream().filter(entry -> entry.port().equals(port)).toList();
    }

    public void put(Ip4AddressEntry entry, Reason reason, String... args) {
        // A home address changes its port between home link and nowhere: one row goes, another comes.
        Ip4AddressEntry old = table.get(entry.address());
        if (old != null && !old.port().equals(entry.port())) {
            table.remove(entry.address(), reason, args);
        }
        table.put(entry.address(), entry, reason, args);
    }

    public void remove(Ip4Address address, Reason reason, String... args) {
        table.remove(address, reason, args);
    }

    /** What an address means to this node. */
    enum Kind {
        OWN,
        /** To all nodes of a link, this one among them. */
        BROADCAST,
        /** A group that this node listens to, or not. */
        GROUP,
        OTHER
    }

    /** @param port where the packet came in; null: it starts here */
    Kind kind(Ip4Address address, Port port) {
        if (table.get(address) != null) {
            return Kind.OWN;
        } else if (address.isMulticast()) {
            return Kind.GROUP;
        } else if (address.equals(Ip4Address.BROADCAST)) {
            return Kind.BROADCAST;
        }
        for (Ip4AddressEntry entry : table.values()) {
            boolean here = port == null || entry.port().equals(port.name());
            if (here && entry.prefix().length() < 31 && entry.prefix().last().equals(address)) {
                return Kind.BROADCAST;
            }
        }
        return Kind.OTHER;
    }

    /** The source for a packet that leaves by a port: the home address rather than a care-of address, then what is on the port, then any. */
    public Optional<Ip4Address> sourceFor(Ip4Address destination, String port) {
        Ip4AddressEntry best = null;
        for (Ip4AddressEntry entry : table.values()) {
            if (best == null || rank(entry, destination, port) < rank(best, destination, port)) {
                best = entry;
            }
        }
        return Optional.ofNullable(best).map(Ip4AddressEntry::address);
    }

    private static int rank(Ip4AddressEntry entry, Ip4Address destination, String port) {
        if (entry.address().equals(destination)) {
            return 0;
        } else if (entry.origin() == Ip4AddressEntry.Origin.HOME) {
            return 1;
        }
        return entry.port().equals(port) ? entry.prefix().contains(destination) ? 2 : 3 : 4;
    }

    /** What this node says it is when it asks for a neighbour: the address whose link that is. */
    Optional<Ip4Address> askerFor(Ip4Address neighbour, String port) {
        List<Ip4AddressEntry> here = on(port);
        return here.stream().filter(entry -> entry.prefix().contains(neighbour)).findFirst().or(() -> here.stream().findFirst()).map(Ip4AddressEntry::address);
    }
}
