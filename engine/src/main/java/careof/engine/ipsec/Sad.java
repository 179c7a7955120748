package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The security association database of a node (RFC 4301 section 4.4.2). Only {@link PfKey} adds, changes and deletes SAs; the data path moves
 * their {@link SaUse}.
 */
public final class Sad {
    /** How an SA is found for a packet that came (RFC 4301 section 4.1). */
    private record Inbound(Sa.Protocol protocol, long spi, IpAddress destination) {
        @Override
        public int hashCode() {
            return new Mixed().and(protocol.ordinal()).and(spi).and(destination).hash();
        }
    }

    /** How SAs are found for a packet that leaves. */
    private record Between(Sa.Protocol protocol, Sa.Mode mode, IpAddress source, IpAddress destination, long requestId) {
        @Override
        public int hashCode() {
            return new Mixed().and(protocol.ordinal()).and(mode.ordinal()).and(source).and(destination).and(requestId).hash();
        }
    }

    private record Question(SpdEntry.Template template, Flow flow) {
        @Override
        public int hashCode() {
            return new Mixed().and(template.source()).and(template.destination()).and(template.requestId()).and(flow.hashCode()).hash();
        }
    }

    /** Told when the data path brings an SA to one of its limits. */
    interface Limits {
        /** Octets were counted. */
        void used(Sa sa, SaUse use);

        /** The last sequence number has been sent. */
        void exhausted(Sa sa);
    }

    /** In {@link Between}: whatever the request id. Request ids have 32 bits, so none is this. */
    private static final long ANY_REQUEST = -1;

    private final NodeEnv env;
    private final Table<Integer, Sa> sas;
    private final Table<Integer, SaUse> uses;
    private final Map<Inbound, Integer> inbound = new HashMap<>();
    private final Map<Between, TreeSet<Integer>> between = new HashMap<>();
    private final Flows<Question, Optional<Sa>> flows = new Flows<>();
    private int larval;
    private Limits limits = new Limits() {
        @Override
        public void used(Sa sa, SaUse use) {
            // nobody watches
        }

        @Override
        public void exhausted(Sa sa) {
            // nobody watches
        }
    };

    private Consumer<Sa> dummies = _ -> { };

    public Sad(NodeEnv env) {
        this.env = env;
        this.sas = env.table();
        this.uses = env.table();
    }

    /** The SA with the id of its row. */
    public Optional<Sa> find(int id) {
        return sas.find(id);
    }

    /** All SAs in the order of their making. */
    public List<Sa> all() {
        return sas.values();
    }

    /** Another number once something changed that may change the answers given here. */
    long version() {
        return flows.forgotten();
    }

    public int size() {
        return sas.size();
    }

    /** The SA that a packet's AH or ESP header names; larval ones are none. It takes the same time however many there are. */
    public Optional<Sa> inbound(Sa.Protocol protocol, long spi, IpAddress destination) {
        return get(protocol, spi, destination).filter(Sad::isUsable);
    }

    /** The same, larval ones included. */
    Optional<Sa> get(Sa.Protocol protocol, long spi, IpAddress destination) {
        Integer id = inbound.get(new Inbound(protocol, spi, destination));
        return id == null ? Optional.empty() : sas.find(id);
    }

    /**
     * The SA to apply to a packet that leaves, for one template of the SPD entry that rules it: between the addresses that the template says
     * (transport mode: the packet's own), for this packet by its selector, with the template's request id or with none unless it is to be
     * unique. A mature one goes before a dying one, a newer one before an older one.
     *
     * @param flow of the packet that the transform is applied to: of a nested tunnel, that is the packet within
     */
    public Optional<Sa> outbound(SpdEntry.Template template, Flow flow) {
        Question question = new Question(template, flow);
        Optional<Sa> known = flows.get(question);
        if (known == null) {
            known = candidates(template, flow.source(), flow.destination(), sa -> matches(sa.selector(), flow));
            flows.put(question, known);
        }
        return known;
    }

    static boolean matches(Selector selector, Flow flow) {
        return selector.matches(flow.source(), flow.destination(), flow.protocol(), flow.sourcePort(), flow.destinationPort());
    }

    private Optional<Sa> candidates(SpdEntry.Template template, IpAddress source, IpAddress destination, Predicate<Sa> fits) {
        boolean tunnel = template.mode() == Sa.Mode.TUNNEL;
        IpAddress from = tunnel ? template.source() : source;
        IpAddress to = tunnel ? template.destination() : destination;
        long request = template.requestId();
        Optional<Sa> found = best(new Between(template.protocol(), template.mode(), from, to, request == 0 ? ANY_REQUEST : request), fits);
        return found.isPresent() || request == 0 || template.level() == SpdEntry.Level.UNIQUE ? found
                : best(new Between(template.protocol(), template.mode(), from, to, 0), fits);
    }

    private Optional<Sa> best(Between key, Predicate<Sa> fits) {
        Sa dying = null;
        for (int id : newestFirst(key)) {
            Sa sa = sas.get(id);
            if (isUsable(sa) && fits.test(sa)) {
                if (sa.phase() == Sa.Phase.MATURE) {
                    return Optional.of(sa);
                }
                dying = dying == null ? sa : dying;
            }
        }
        return Optional.ofNullable(dying);
    }

    private Iterable<Integer> newestFirst(Between key) {
        TreeSet<Integer> ids = between.get(key);
        return ids == null ? List.of() : ids.descendingSet();
    }

    private static boolean isUsable(Sa sa) {
        return sa.phase() == Sa.Phase.MATURE || sa.phase() == Sa.Phase.DYING;
    }

    /** Both halves for each template of an outbound SPD entry, in the order of its templates. */
    public List<SaPair> pairs(SpdEntry entry) {
        Selector selector = entry.selector();
        Selector back = selector.reversed();
        return entry.templates().stream().map(template -> new SaPair(template,
                candidates(template, selector.source().low(), selector.destination().low(), sa -> overlap(sa.selector(), selector)),
                candidates(reversed(template), back.source().low(), back.destination().low(), sa -> overlap(sa.selector(), back)))).toList();
    }

    private static SpdEntry.Template reversed(SpdEntry.Template t) {
        return new SpdEntry.Template(t.protocol(), t.mode(), t.destination(), t.source(), t.level(), t.requestId());
    }

    private static boolean overlap(Selector one, Selector other) {
        return overlap(one.source(), other.source()) && overlap(one.destination(), other.destination())
                && (one.protocol() == Selector.ANY_PROTOCOL || other.protocol() == Selector.ANY_PROTOCOL || one.protocol() == other.protocol())
                && overlap(one.sourcePorts(), other.sourcePorts()) && overlap(one.destinationPorts(), other.destinationPorts());
    }

    private static boolean overlap(AddressRange one, AddressRange other) {
        return one.contains(other.low()) || other.contains(one.low());
    }

    private static boolean overlap(Selector.Ports one, Selector.Ports other) {
        return one.low() <= other.high() && other.low() <= one.high();
    }

    // What the data path may do

    /** What moves with the packets of an SA; null: there is no such SA any more. */
    public SaUse use(Sa sa) {
        return uses.get(sa.id());
    }

    /**
     * The sequence number for the next packet; empty: they are used up, and with that the SA has ended (RFC 4303 section 3.3.3). It counts as
     * sent with {@link #sent} only.
     */
    public OptionalLong next(Sa sa) {
        SaUse use = uses.get(sa.id());
        long last = sa.extendedSequence() ? -1L : 0xffff_ffffL;
        if (use == null || use.sequence() == last) {
            if (use != null) {
                limits.exhausted(sa);
            }
            return OptionalLong.empty();
        }
        return OptionalLong.of(use.sequence() + 1);
    }

    /**
     * A packet was sent.
     *
     * @param sequence its number, from {@link #next}
     * @param octets   that its lifetime counts
     */
    public void sent(Sa sa, long sequence, int octets) {
        SaUse use = uses.get(sa.id());
        if (use != null) {
            moved(sa, new SaUse(sa.id(), sequence, use.window(), use.packets() + 1, use.octets() + octets, env.now()));
        }
    }

    /**
     * A packet was verified.
     *
     * @param highest sequence number so far
     * @param window  as in {@link SaUse}
     * @param octets  that its lifetime counts
     */
    public void received(Sa sa, long highest, long window, int octets) {
        SaUse use = uses.get(sa.id());
        if (use != null) {
            moved(sa, new SaUse(sa.id(), highest, window, use.packets() + 1, use.octets() + octets, env.now()));
        }
    }

    private void moved(Sa sa, SaUse use) {
        uses.put(sa.id(), use, Reason.SA_USED);
        limits.used(sa, use);
    }

    // What only PfKey may do

    void watch(Limits watching) {
        limits = watching;
    }

    /** @param sender sends a packet that carries nothing through an SA, if this node is the one that sends through it */
    void dummies(Consumer<Sa> sender) {
        dummies = sender;
    }

    /** It is time for a packet that carries nothing. */
    void dummy(Sa sa) {
        dummies.accept(sa);
    }

    int newId() {
        return (int) env.count("security associations");
    }

    /** Adds an SA, or changes the one with its id; its use stays. */
    void put(Sa sa, Reason reason, String... args) {
        unindex(sas.get(sa.id()));
        index(sa);
        sas.put(sa.id(), sa, reason, args);
        if (uses.get(sa.id()) == null) {
            uses.put(sa.id(), new SaUse(sa.id(), 0, 0, 0, 0, 0), reason, args);
        }
    }

    void delete(Sa sa, Reason reason, String... args) {
        unindex(sa);
        sas.remove(sa.id(), reason, args);
        uses.remove(sa.id(), reason, args);
    }

    /**
     * SAs with keys that a move is about and that carry packets of a selector. One in transport mode around a tunnel carries the tunnel's packets
     * instead, so its request id alone joins it.
     */
    List<Sa> between(Migration.Move move, Selector selector) {
        Between key = new Between(move.protocol(), move.mode(), move.oldSource(), move.oldDestination(), move.requestId() == 0 ? ANY_REQUEST : move.requestId());
        TreeSet<Integer> ids = between.get(key);
        boolean joined = move.mode() == Sa.Mode.TRANSPORT && move.requestId() != 0;
        return ids == null ? List.of() : ids.stream().map(sas::get).filter(sa -> isUsable(sa) && (joined || overlap(sa.selector(), selector))).toList();
    }

    /** Gives SAs other addresses, all at once: one may take the place that another leaves. */
    void move(Collection<Sa> moved, Reason reason, String... args) {
        moved.forEach(sa -> unindex(sas.get(sa.id())));
        for (Sa sa : moved) {
            index(sa);
            sas.put(sa.id(), sa, reason, args);
        }
    }

    /** SAs that are but SPIs so far. */
    int larval() {
        return larval;
    }

    private void unindex(Sa old) {
        flows.forget();
        if (old == null) {
            return;
        }
        larval -= old.phase() == Sa.Phase.LARVAL ? 1 : 0;
        inbound.remove(new Inbound(old.protocol(), old.spi(), old.destination()));
        for (Between key : keys(old)) {
            TreeSet<Integer> ids = between.get(key);
            ids.remove(old.id());
            if (ids.isEmpty()) {
                between.remove(key);
            }
        }
    }

    private void index(Sa sa) {
        larval += sa.phase() == Sa.Phase.LARVAL ? 1 : 0;
        inbound.put(new Inbound(sa.protocol(), sa.spi(), sa.destination()), sa.id());
        for (Between key : keys(sa)) {
            between.computeIfAbsent(key, _ -> new TreeSet<>()).add(sa.id());
        }
    }

    private static List<Between> keys(Sa sa) {
        return List.of(new Between(sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.requestId()),
                new Between(sa.protocol(), sa.mode(), sa.source(), sa.destination(), ANY_REQUEST));
    }
}
