package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.ipsec.Migration;
import careof.engine.ipsec.PfKey;
import careof.engine.ipsec.SaMessages;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.IkeChild;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The SA pairs that quick modes made, and their SAs behind the door of PF_KEY. */
final class Children {
    /** An SA as messages name it. */
    private record Named(Sa.Protocol protocol, long spi, boolean inbound) {}

    /** Of one pair's SA. */
    private record Half(int child, boolean inbound) {}

    private record Ends(IpAddress source, IpAddress destination) {}

    private final NodeEnv env;
    private final Table<Integer, IkeChild> table;
    private final Map<Named, TreeSet<Integer>> bySpi = new HashMap<>();
    private final Map<Long, TreeSet<Integer>> byRequest = new HashMap<>();
    private final Map<String, TreeSet<Integer>> byPeer = new HashMap<>();
    /** Where the two SAs of a pair end by now; one may be moved without the other. */
    private final Map<Half, Ends> ends = new HashMap<>();
    private PfKey.Socket socket;

    Children(NodeEnv env) {
        this.env = env;
        this.table = env.table();
    }

    void open(PfKey.Socket door) {
        socket = door;
    }

    int newId() {
        return (int) env.count("SA pairs of IKE");
    }

    void made(IkeChild child, Reason reason, String... args) {
        table.put(child.id(), child, reason, args);
        bySpi.computeIfAbsent(new Named(child.protocol(), child.inboundSpi(), true), _ -> new TreeSet<>()).add(child.id());
        bySpi.computeIfAbsent(new Named(child.protocol(), child.outboundSpi(), false), _ -> new TreeSet<>()).add(child.id());
        byRequest.computeIfAbsent(child.requestId(), _ -> new TreeSet<>()).add(child.id());
        byPeer.computeIfAbsent(child.with(), _ -> new TreeSet<>()).add(child.id());
        ends.put(new Half(child.id(), true), new Ends(child.remote(), child.local()));
        ends.put(new Half(child.id(), false), new Ends(child.local(), child.remote()));
    }

    Optional<IkeChild> find(int id) {
        return table.find(id);
    }

    List<IkeChild> all() {
        return table.values();
    }

    /** SA pairs with a request id, the newest first. */
    List<IkeChild> of(long requestId) {
        TreeSet<Integer> ids = byRequest.get(requestId);
        return ids == null ? List.of() : ids.descendingSet().stream().map(table::get).toList();
    }

    /** SA pairs with a peer, by its identity in phase one. */
    List<IkeChild> with(String identity) {
        TreeSet<Integer> ids = byPeer.get(identity);
        return ids == null ? List.of() : ids.stream().map(table::get).toList();
    }

    /** Those whose SA towards this node has an SPI: one for each address of this node at most. */
    List<IkeChild> inbound(Sa.Protocol protocol, long spi) {
        return named(new Named(protocol, spi, true));
    }

    /** Those whose SA towards a peer has an SPI: two peers may choose the same one. */
    List<IkeChild> outbound(Sa.Protocol protocol, long spi) {
        return named(new Named(protocol, spi, false));
    }

    private List<IkeChild> named(Named name) {
        TreeSet<Integer> ids = bySpi.get(name);
        return ids == null ? List.of() : ids.stream().map(table::get).toList();
    }

    /** Forgets an SA pair; what of its SAs is still there goes. */
    void remove(IkeChild child, Reason reason, String... args) {
        if (table.get(child.id()) == null) {
            return;
        }
        table.remove(child.id(), reason, args);
        drop(bySpi, new Named(child.protocol(), child.inboundSpi(), true), child.id());
        drop(bySpi, new Named(child.protocol(), child.outboundSpi(), false), child.id());
        drop(byRequest, child.requestId(), child.id());
        drop(byPeer, child.with(), child.id());
        delete(child, true, child.inboundSpi());
        delete(child, false, child.outboundSpi());
    }

    private static <K> void drop(Map<K, TreeSet<Integer>> map, K key, int id) {
        TreeSet<Integer> ids = map.get(key);
        ids.remove(id);
        if (ids.isEmpty()) {
            map.remove(key);
        }
    }

    private void delete(IkeChild child, boolean inbound, long spi) {
        Ends last = ends.remove(new Half(child.id(), inbound));
        socket.request(SaMessages.delete(child.protocol(), spi, last.source, last.destination));
    }

    /** Somebody moved SAs: their pairs' ends are where those are now. */
    void migrated(Migration migration) {
        boolean inbound = migration.direction() == SpdEntry.Direction.IN;
        for (Migration.Move move : migration.moves()) {
            for (IkeChild child : move.requestId() == 0 ? all() : of(move.requestId())) {
                Half half = new Half(child.id(), inbound);
                if (child.protocol() == move.protocol() && child.mode() == move.mode() && ends.get(half).equals(new Ends(move.oldSource(), move.oldDestination()))) {
                    ends.put(half, new Ends(move.newSource(), move.newDestination()));
                    place(child, inbound ? move.newDestination() : move.newSource(), inbound ? move.newSource() : move.newDestination());
                }
            }
        }
    }

    private void place(IkeChild c, IpAddress local, IpAddress remote) {
        table.put(c.id(), new IkeChild(c.id(), c.ikeSa(), c.messageId(), c.with(), c.initiator(), c.protocol(), c.mode(), local, remote, c.inboundSpi(), c.outboundSpi(),
                c.selector(), c.policy(), c.requestId(), c.made()), Reason.SA_MIGRATED, c.selector().source().toString(), local.toString());
    }
}
