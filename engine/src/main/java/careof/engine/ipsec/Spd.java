package careof.engine.ipsec;

import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;

/**
 * The security policy database of a node (RFC 4301 section 4.4.1): ordered entries, of which the first that matches a packet rules.
 * Only {@link PfKey} changes it.
 */
public final class Spd {
    private record Question(SpdEntry.Direction direction, String port, Flow flow) {
        @Override
        public int hashCode() {
            return new Mixed().and(direction.ordinal()).and(port.hashCode()).and(flow.hashCode()).hash();
        }
    }

    private final NodeEnv env;
    private final Table<Integer, SpdEntry> entries;
    private final SpdIndex in = new SpdIndex();
    private final SpdIndex out = new SpdIndex();
    private final Flows<Question, Optional<SpdEntry>> flows = new Flows<>();

    public Spd(NodeEnv env) {
        this.env = env;
        this.entries = env.table();
    }

    /** The entry with a policy id. */
    public Optional<SpdEntry> find(int id) {
        return entries.find(id);
    }

    /** All entries in their order: by priority, then by id; both directions. */
    public List<SpdEntry> entries() {
        return entries.values().stream().sorted(SpdIndex.ORDER).toList();
    }

    /** Another number once something changed that may change the answers given here. */
    long version() {
        return flows.forgotten();
    }

    public int size() {
        return entries.size();
    }

    /**
     * The entry that rules a packet: the first one that matches. It takes as long with a hundred thousand entries as with ten.
     *
     * @param port where it comes or goes; empty: none, or not known yet, then only entries without a port match
     */
    public Optional<SpdEntry> lookup(SpdEntry.Direction direction, Optional<String> port, Flow flow) {
        Question question = new Question(direction, port.orElse(""), flow);
        Optional<SpdEntry> known = flows.get(question);
        if (known == null) {
            known = Optional.ofNullable(index(direction).first(question.port, flow));
            flows.put(question, known);
        }
        return known;
    }

    /** The entry with exactly this direction, port and selector, whatever else it says. */
    Optional<SpdEntry> same(SpdEntry.Direction direction, String port, Selector selector) {
        return index(direction).same(port, selector);
    }

    /** Adds an entry, or changes the one with its id. */
    void put(SpdEntry entry, Reason reason, String... args) {
        remove(entries.get(entry.id()));
        index(entry.direction()).add(entry);
        entries.put(entry.id(), entry, reason, args);
    }

    void delete(SpdEntry entry, Reason reason) {
        remove(entry);
        entries.remove(entry.id(), reason);
    }

    private void remove(SpdEntry old) {
        flows.forget();
        if (old != null) {
            index(old.direction()).remove(old);
        }
    }

    /** A fresh policy id. */
    int newId() {
        return (int) env.count("security policies");
    }

    private SpdIndex index(SpdEntry.Direction direction) {
        return switch (direction) {
            case IN -> in;
            case OUT -> out;
        };
    }
}
