package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.net.Port;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressEntry.Phase;
import careof.engine.trace.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A node's unicast addresses and the multicast groups it listens to. */
public final class Addresses {
    /** The port name of a home address while its mobile node is away: it is on no link then. */
    public static final String NOWHERE = "home";

    private final Table<Ip6Address, AddressEntry> table;
    /** Link-local addresses may stand on several ports: by port name, then address. */
    private final Table<String, AddressEntry> linkLocals;
    /** With how many want each. */
    private final Map<Ip6Address, Integer> groups = new LinkedHashMap<>();
    private final List<Consumer<AddressEntry>> listeners = new ArrayList<>();

    Addresses(NodeEnv env) {
        this.table = env.table();
        this.linkLocals = env.table();
        join(Ip6Address.ALL_NODES);
    }

    /** Calls back with each entry that came or changed. */
    public void onChange(Consumer<AddressEntry> listener) {
        listeners.add(listener);
    }

    /** The entry of a global address, or of a link-local address on a port; null: none. */
    public AddressEntry get(Ip6Address address, String port) {
        return address.isLinkLocal() ? linkLocals.get(port + " " + address) : table.get(address);
    }

    /** The entry of a global address, whatever its port. */
    public Optional<AddressEntry> find(Ip6Address address) {
        return table.find(address);
    }

    public List<AddressEntry> all() {
        List<AddressEntry> all = table.values();
        all.addAll(linkLocals.values());
        return all;
    }

    public List<AddressEntry> on(String port) {
        return all().stream().filter(entry -> entry.port().equals(port)).toList();
    }

    public void put(AddressEntry entry, Reason reason, String... args) {
        if (entry.address().isLinkLocal()) {
            linkLocals.put(entry.port() + " " + entry.address(), entry, reason, args);
        } else {
            // A home address changes its port between home link and nowhere: one row goes, another comes.
            AddressEntry old = table.get(entry.address());
            if (old != null && !old.port().equals(entry.port())) {
                table.remove(entry.address(), reason, args);
            }
            table.put(entry.address(), entry, reason, args);
        }
        listeners.forEach(listener -> listener.accept(entry));
    }

    public void remove(AddressEntry entry, Reason reason, String... args) {
        if (entry.address().isLinkLocal()) {
            linkLocals.remove(entry.port() + " " + entry.address(), reason, args);
        } else {
            table.remove(entry.address(), reason, args);
        }
    }

    /**
     * A packet to this address that came in on this port is for this node.
     *
     * @param port null: it starts at this node
     */
    boolean isLocal(Ip6Address address, Port port) {
        if (address.isMulticast()) {
            return port != null && (groups.containsKey(address) || isSolicitedNode(address));
        }
        AddressEntry entry = port == null ? table.get(address) : get(address, port.name());
        return entry != null && entry.usable();
    }

    /** Solicited-node groups are joined for tentative addresses too, or duplicates would go unseen (RFC 4862 section 5.4.2). */
    private boolean isSolicitedNode(Ip6Address group) {
        if (group.high() != Ip6Address.ALL_NODES.high() || group.low() >>> 24 != 0x1ff) {
            return false;
        }
        for (AddressEntry entry : all()) {
            if (entry.address().solicitedNode().equals(group)) {
                return true;
            }
        }
        return false;
    }

    /** Listens to a group, once more than before: of a proxied address its solicited-node group, which several may share. */
    void join(Ip6Address group) {
        groups.merge(group, 1, Integer::sum);
    }

    void leave(Ip6Address group) {
        groups.computeIfPresent(group, (_, count) -> count == 1 ? null : count - 1);
    }

    /**
     * The source for a packet to {@code destination} over {@code port} (RFC 6724 section 5, the rules that matter here):
     * the destination itself, equal scope, not deprecated, home rather than care-of, of the outgoing port, longest common
     * prefix. Optimistic addresses count as deprecated (RFC 4429 section 2.1).
     */
    public Optional<Ip6Address> sourceFor(Ip6Address destination, String port) {
        if (destination.isLinkLocal() || destination.isMulticast()) {
            return linkLocalOf(port);
        }
        return best(destination, port, true).or(() -> linkLocalOf(port));
    }

    /** The source for an outer header over {@code port}: the same choice among the addresses of that port alone, so never a home address while away. */
    public Optional<Ip6Address> sourceOn(String port, Ip6Address destination) {
        return best(destination, port, false);
    }

    private Optional<Ip6Address> best(Ip6Address destination, String port, boolean others) {
        AddressEntry best = null;
        for (AddressEntry entry : table.values()) {
            boolean candidate = entry.usable() && entry.origin() != AddressEntry.Origin.ANYCAST && (others || entry.port().equals(port));
            if (candidate && (best == null || better(entry, best, destination, port))) {
                best = entry;
            }
        }
        return Optional.ofNullable(best).map(AddressEntry::address);
    }

    /** The link-local address of a port, once it may be used. */
    public Optional<Ip6Address> linkLocalOf(String port) {
        for (AddressEntry entry : linkLocals.values()) {
            if (entry.port().equals(port) && entry.usable()) {
                return Optional.of(entry.address());
            }
        }
        return Optional.empty();
    }

    private static boolean better(AddressEntry a, AddressEntry b, Ip6Address destination, String port) {
        boolean aHome = a.origin() == AddressEntry.Origin.HOME;
        boolean bHome = b.origin() == AddressEntry.Origin.HOME;
        if (a.address().equals(destination) != b.address().equals(destination)) {
            return a.address().equals(destination);
        }
        if ((a.phase() == Phase.PREFERRED) != (b.phase() == Phase.PREFERRED)) {
            return a.phase() == Phase.PREFERRED;
        }
        if (aHome != bHome) {
            return aHome;
        }
        if (a.port().equals(port) != b.port().equals(port)) {
            return a.port().equals(port);
        }
        return commonBits(a.address(), destination) > commonBits(b.address(), destination);
    }

    private static int commonBits(Ip6Address a, Ip6Address b) {
        long high = a.high() ^ b.high();
        return high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }
}
