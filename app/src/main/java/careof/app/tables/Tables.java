package careof.app.tables;

import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Heading;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.base.IpAddress;
import careof.engine.base.Sizes;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabTraffic;
import careof.engine.metrics.Handover;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.SaPairs;
import careof.engine.state.AddressEntry;
import careof.engine.state.Binding;
import careof.engine.state.Counter;
import careof.engine.state.DefaultRouter;
import careof.engine.state.FlowEnd;
import careof.engine.state.HomeAgentEntry;
import careof.engine.state.HostHearing;
import careof.engine.state.InFlight;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.LinkState;
import careof.engine.state.ListEntry;
import careof.engine.state.ModeEntry;
import careof.engine.state.MovementState;
import careof.engine.state.Neighbour;
import careof.engine.state.Nonce;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.PathMtu;
import careof.engine.state.PortState;
import careof.engine.state.ProxyEntry;
import careof.engine.state.RateLimit;
import careof.engine.state.Reassembly;
import careof.engine.state.ReturnRoutabilityEntry;
import careof.engine.state.Route;
import careof.engine.state.State;
import careof.engine.state.TimerState;
import careof.engine.state.Transmitter;
import careof.engine.state.TunnelEntry;
import careof.engine.trace.LabState;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.StateFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;

/** Makes the lines of the tables pane from the tables at the cursor: pure functions of them. */
public final class Tables {
    /** Tables that are folded until the user opens them. */
    public static final Set<String> FOLDED_AT_FIRST = Collections.unmodifiableSet(new TreeSet<>(List.of("Timers", "Counters", "Rate limits", "Sending", "Ports")));

    private final LabState state;
    private final long clock;
    private final long markFrom;
    private final Set<String> folded;
    private final List<Item> items = new ArrayList<>();

    private Tables(LabState state, long clock, long markFrom, Set<String> folded) {
        this.state = state;
        this.clock = clock;
        this.markFrom = markFrom;
        this.folded = folded;
    }

    /**
     * Everything that a node holds.
     *
     * @param clock    virtual time shown, nanoseconds
     * @param markFrom rows changed by later events are marked
     * @param folded   tables of which only the heading is wanted
     */
    public static List<Item> ofNode(LabState state, long clock, long markFrom, Set<String> folded, String node, List<SaPairs.Pair> pairs) {
        return new Tables(state, clock, markFrom, folded).node(node, pairs);
    }

    /** What is known of a link. */
    public static List<Item> ofLink(LabState state, long clock, long markFrom, Set<String> folded, String link) {
        return new Tables(state, clock, markFrom, folded).link(link);
    }

    /** Flows, movements and bindings of a whole lab. */
    public static List<Item> ofLab(LabState state, long clock, long markFrom, Set<String> folded, Lab lab, List<SaPairs.Pair> pairs) {
        return new Tables(state, clock, markFrom, folded).lab(lab, pairs);
    }

    /** The heading under which a node's rows of a kind stand, by the kind's word in the trace; empty: they are not shown. */
    public static Optional<String> headingOf(String kind) {
        return switch (kind) {
            case "sa", "sa-use" -> Optional.of(SecurityTables.ASSOCIATIONS);
            case "spd-entry" -> Optional.of(SecurityTables.POLICY);
            case "ike-sa" -> Optional.of(IkeTables.PHASE_ONES);
            case "ike-exchange" -> Optional.of(IkeTables.EXCHANGES);
            case "ike-child" -> Optional.of(IkeTables.PAIRS);
            case "movement-state" -> Optional.of("Movement");
            case "list-entry" -> Optional.of("Binding update list");
            case "return-routability-entry" -> Optional.of("Return routability");
            case "binding" -> Optional.of("Binding cache");
            case "mode-entry" -> Optional.of("Modes");
            case "tunnel-entry" -> Optional.of("Tunnels");
            case "proxy-entry" -> Optional.of("Proxied addresses");
            case "address-entry" -> Optional.of("Addresses");
            case "ip4address-entry" -> Optional.of("IPv4 addresses");
            case "home-agent-entry" -> Optional.of("Home agents");
            case "route" -> Optional.of("Routes");
            case "default-router" -> Optional.of("Default routers");
            case "on-link-prefix" -> Optional.of("Prefixes");
            case "neighbour" -> Optional.of("Neighbours");
            case "path-mtu" -> Optional.of("Path MTU");
            case "reassembly" -> Optional.of("Reassembly");
            case "nonce" -> Optional.of("Nonces");
            case "flow-end" -> Optional.of("Flows");
            case "host-hearing" -> Optional.of("Hosts outside");
            case "port-state" -> Optional.of("Ports");
            case "timer-state" -> Optional.of("Timers");
            case "counter" -> Optional.of("Counters");
            case "rate-limit" -> Optional.of("Rate limits");
            default -> Optional.empty();
        };
    }

    /** Whether a table row named in the trace, "kind key", is shown in a node's tables. */
    public static boolean isShown(String entry) {
        int blank = entry.indexOf(' ');
        return blank > 0 && headingOf(entry.substring(0, blank)).isPresent();
    }

    private List<Item> node(String node, List<SaPairs.Pair> pairs) {
        table(node, MovementState.class, s -> movement(s, ""));
        table(node, ListEntry.class, this::listEntry);
        table(node, ReturnRoutabilityEntry.class, this::returnRoutability);
        table(node, Binding.class, s -> binding(s, ""));
        SecurityTables security = new SecurityTables(state, clock, markFrom);
        add(SecurityTables.PAIRS, security.pairs(pairs, p -> p.there().from().equals(node) || p.there().to().equals(node)));
        IkeTables ike = new IkeTables(state, clock, markFrom);
        add(IkeTables.PHASE_ONES, ike.phaseOnes(node, false));
        add(IkeTables.EXCHANGES, ike.exchanges(node));
        add(IkeTables.PAIRS, ike.pairs(node));
        add(SecurityTables.ASSOCIATIONS, security.associations(node, pairs));
        add(SecurityTables.POLICY, security.policy(node));
        table(node, ModeEntry.class, s -> line(s.peerName().isEmpty() ? s.peer().toString() : s.peerName(),
                s.peerName().isEmpty() ? "" : s.peer().toString(), plain(s.mode())));
        table(node, TunnelEntry.class, s -> line(s.inner().toString(), s.local() + " ⇒ " + s.remote()));
        table(node, ProxyEntry.class, s -> line(s.address().toString(), s.port()));
        table(node, AddressEntry.class, this::address);
        table(node, Ip4AddressEntry.class, s -> line(s.address().toString(), s.port() + ", of " + s.prefix(), plain(word(s.origin()))));
        table(node, HomeAgentEntry.class, s -> line(s.address().toString(),
                "preference " + s.preference() + ", " + left(s.until())));
        table(node, Route.class, s -> line(s.prefix().toString(),
                s.via().map(via -> "via " + via + " on " + s.port()).orElse("on link, " + s.port()), plain(word(s.origin()))));
        table(node, DefaultRouter.class, this::defaultRouter);
        table(node, OnLinkPrefix.class, s -> line(s.prefix().toString(),
                s.port() + ", " + left(s.validUntil()) + s.routerAddress().map(a -> ", router " + a).orElse("")));
        table(node, Neighbour.class, this::neighbour);
        table(node, PathMtu.class, s -> line(s.destination().toString(), left(s.until()), plain(s.mtu() + " octets")));
        table(node, Reassembly.class, s -> line(s.source() + " → " + s.destination(),
                Sizes.count(s.fragments(), "fragment") + ", " + s.received() + (s.total() < 0 ? "" : " of " + s.total()) + " octets, " + left(s.deadline())));
        table(node, Nonce.class, s -> line(s.index() + ": " + s.value().toHex(), left(s.until())));
        table(node, FlowEnd.class, this::flowEnd);
        table(node, HostHearing.class, s -> line(s.port() + " hears " + s.peer(), s.silence() == 0 ? "since " + VirtualTime.seconds(s.at()) + " s"
                : "again since " + VirtualTime.seconds(s.at()) + " s after " + shortTime(s.silence()) + ", longest silence " + shortTime(s.longest())));
        table(node, PortState.class, s -> line(s.port() + (s.link().isEmpty() ? "" : " on " + s.link()), s.mac().toString(),
                s.carrier() ? fine("carrier") : bad("no carrier")));
        table(node, TimerState.class, s -> line(s.name(), "", plain(in(s.due()))));
        table(node, Counter.class, s -> line(s.name(), "", plain(Long.toString(s.value()))));
        table(node, RateLimit.class, s -> line(s.name(), "", plain(s.tokens() + " left")));
        return items;
    }

    private List<Item> link(String link) {
        rows("Link", state.rows("", LinkState.class).stream().filter(r -> r.state().link().equals(link)).toList(), s -> line(
                s.from().isEmpty() && s.to().isEmpty() ? "all directions" : (s.from().isEmpty() ? "any" : s.from()) + " → " + (s.to().isEmpty() ? "any" : s.to()),
                "delay " + VirtualTime.format(s.delay()) + ", loss " + percent(s.loss()) + (s.rate() == 0 ? "" : ", " + s.rate() / 1000 + " kbit/s"),
                s.down() ? bad("down") : fine("up")));
        rows("On their way", state.rows("", InFlight.class).stream().filter(r -> r.state().link().equals(link)).toList(),
                s -> line(s.from() + " → " + s.to(), "packet " + s.packet() + ", arrives " + in(s.arrives())));
        rows("Sending", state.rows("", Transmitter.class).stream().filter(r -> r.state().link().equals(link)).toList(),
                s -> line(s.port(), Sizes.count(s.frames(), "frame"), s.busyUntil() > clock ? busy("busy " + in(s.busyUntil())) : plain("idle")));
        return items;
    }

    private List<Item> lab(Lab lab, List<SaPairs.Pair> pairs) {
        List<Entry> moves = new ArrayList<>();
        List<Entry> bindings = new ArrayList<>();
        List<Entry> flows = new ArrayList<>();
        for (LabNode node : lab.nodes()) {
            for (Row<MovementState> row : state.rows(node.name(), MovementState.class)) {
                moves.add(entry("Mobile nodes", row, node.name(), movement(row.state(), node.name())));
            }
            for (Row<Binding> row : state.rows(node.name(), Binding.class)) {
                bindings.add(entry("Bindings", row, node.name(), binding(row.state(), node.name())));
            }
        }
        for (LabTraffic traffic : lab.traffic()) {
            flow(traffic, traffic.from(), traffic.to()).ifPresent(flows::add);
            if (traffic.both()) {
                flow(traffic, traffic.to(), traffic.from()).ifPresent(flows::add);
            }
        }
        add("Mobile nodes", moves);
        add("Bindings", bindings);
        add(SecurityTables.PAIRS, new SecurityTables(state, clock, markFrom).pairs(pairs, _ -> true));
        IkeTables ike = new IkeTables(state, clock, markFrom);
        add(IkeTables.PHASE_ONES, lab.nodes().stream().flatMap(n -> ike.phaseOnes(n.name(), true).stream()).toList());
        add("Flows", flows);
        return items;
    }

    /** Both ends of one direction of a flow in one row. */
    private Optional<Entry> flow(LabTraffic traffic, String from, String to) {
        String key = traffic.name() + " " + from + "-" + to;
        Optional<Row<FlowEnd>> out = state.row(from, FlowEnd.class, key + " out");
        Optional<Row<FlowEnd>> in = state.row(to, FlowEnd.class, key + " in");
        if (out.isEmpty()) {
            return Optional.empty();
        }
        long sent = out.get().state().packets();
        long arrived = in.map(r -> r.state().packets()).orElse(0L);
        String more = "sent " + sent + ", arrived " + arrived + in.map(r -> ", delay " + shortTime(r.state().delay())
                + ", longest gap " + shortTime(r.state().gap())).orElse("");
        boolean changed = out.get().event() > markFrom || in.map(r -> r.event() > markFrom).orElse(false);
        List<Tag> tags = sent == arrived ? List.of(fine("complete")) : List.of(plain(sent - arrived + " missing"));
        return Optional.of(new Entry("Flows", key, traffic.name() + "  " + from + " → " + to, more, tags, changed,
                Math.max(out.get().event(), in.map(Row::event).orElse(0L)), List.of()));
    }

    /**
     * What the whole run amounted to so far: handovers and expectations.
     *
     * @param firstAt the first event at a virtual time
     */
    public static List<Item> ofRun(RunMetrics metrics, Set<String> folded, LongUnaryOperator firstAt) {
        Tables tables = new Tables(null, 0, Long.MAX_VALUE, folded);
        tables.add("Handovers of this run", metrics.handovers().stream().map(h -> new Entry("Handovers of this run", h.node() + " " + h.number(),
                h.node() + "  " + (h.from().isEmpty() ? "start" : h.from()) + " → " + (h.to().isEmpty() ? "nowhere" : h.to()), handover(h), outage(h), false,
                firstAt.applyAsLong(h.detach()), List.of())).toList());
        tables.add("Expectations", metrics.verdicts().stream().map(v -> new Entry("Expectations", v.expected(), v.expected(), v.seen(),
                List.of(switch (v.outcome()) {
                    case HOLDS -> fine("holds");
                    case FAILS -> bad("fails");
                    case OPEN -> plain("open");
                }), false, 0, List.of())).toList());
        return tables.items;
    }

    private static String handover(Handover h) {
        StringBuilder text = new StringBuilder("left at " + VirtualTime.format(h.detach()));
        since(text, h, "carrier", h.carrier());
        since(text, h, "advertisement", h.advertisement());
        since(text, h, h.careOf().isPresent() ? "Co@" : "home", h.usable());
        since(text, h, "BU", h.homeUpdate());
        since(text, h, "BA", h.homeAcknowledgement());
        for (Handover.Peer peer : h.peers()) {
            text.append("\n").append(peer.peer()).append(": lost ").append(peer.lostOut()).append(" out, ").append(peer.lostIn()).append(" in");
            since(text, h, "CoT", peer.careOfTest());
            since(text, h, "BU", peer.update());
            since(text, h, "data out", peer.firstOut());
            since(text, h, "data in", peer.firstIn());
            peer.silentOut().ifPresent(time -> text.append(", its host heard nothing for ").append(shortTime(time)));
            peer.silentIn().ifPresent(time -> text.append(", the node's host heard nothing for ").append(shortTime(time)));
        }
        return text.toString();
    }

    private static void since(StringBuilder text, Handover h, String what, Optional<Long> at) {
        at.ifPresent(time -> text.append(", ").append(what).append(" +").append((time - h.detach() + 500_000) / 1_000_000));
    }

    /** How long no data came through with the peer that waited longest. */
    private static List<Tag> outage(Handover h) {
        long last = h.peers().stream().mapToLong(p -> Math.max(p.firstOut().orElse(h.detach()), p.firstIn().orElse(h.detach()))).max().orElse(h.detach());
        return last == h.detach() ? List.of() : List.of(plain((last - h.detach() + 500_000) / 1_000_000 + " ms"));
    }

    // One line of each kind of row

    private record Line(String main, String more, List<Tag> tags) {}

    private static Line line(String main, String more, Tag... tags) {
        return new Line(main, more, List.of(tags));
    }

    private Line movement(MovementState s, String node) {
        String what = switch (s.phase()) {
            case DETACHED -> "no link";
            case SOLICITING -> "looks for a router";
            case CONFIGURING -> "checks its new address";
            case AT_HOME -> "at home";
            case AWAY -> "away from home";
        };
        Tone tone = switch (s.phase()) {
            case DETACHED -> Tone.BAD;
            case SOLICITING, CONFIGURING -> Tone.BUSY;
            case AT_HOME, AWAY -> Tone.FINE;
        };
        return new Line((node.isEmpty() ? "" : node + "  ") + s.careOf().map(IpAddress::toString).orElse(node.isEmpty() ? "no care-of address" : ""),
                "since " + VirtualTime.seconds(s.since()) + " s" + s.router().map(r -> ", router " + r).orElse(""), List.of(new Tag(what, tone)));
    }

    private Line listEntry(ListEntry s) {
        Tag phase = switch (s.phase()) {
            case PENDING -> busy("waits");
            case SENT -> busy("sent");
            case ACKNOWLEDGED -> fine("acknowledged");
            case DEREGISTERING -> busy("deregistering");
            case REFUSED -> bad("refused");
        };
        boolean stale = s.acknowledgedCareOf().filter(a -> !a.equals(s.careOf())).isPresent();
        List<Tag> tags = new ArrayList<>();
        if (s.homeRegistration()) {
            tags.add(plain("home"));
        }
        tags.add(phase);
        return new Line(s.peerName().isEmpty() ? s.peer().toString() : s.peerName() + "  " + s.peer(),
                "Co@ " + s.careOf() + ", seq " + s.sequence() + (s.until() == 0 ? "" : ", " + left(s.until()))
                        + (s.retransmissions() > 0 ? ", sent " + (s.retransmissions() + 1) + " times" : "")
                        + (stale ? "; the peer still believes " + s.acknowledgedCareOf().orElseThrow() : ""), tags);
    }

    private Line returnRoutability(ReturnRoutabilityEntry s) {
        return line(s.peer().toString(), "HoTI sent " + times(s.homeTries()) + ", CoTI sent " + times(s.careOfTries()),
                s.homeToken().isPresent() ? fine("HoT") : busy("no HoT"), s.careOfToken().isPresent() ? fine("CoT") : busy("no CoT"));
    }

    private Line binding(Binding s, String node) {
        List<Tag> tags = new ArrayList<>();
        if (s.homeRegistration()) {
            tags.add(plain("home"));
        }
        tags.add(switch (s.protection()) {
            case NONE -> bad("unprotected");
            case RETURN_ROUTABILITY -> fine("tested");
            case SECURITY_ASSOCIATION -> fine("by an SA");
        });
        return new Line((node.isEmpty() ? "" : node + "  ") + s.home(), "Co@ " + s.careOf() + ", seq " + s.sequence() + ", " + left(s.until()), tags);
    }

    private Line address(AddressEntry s) {
        Tag phase = switch (s.phase()) {
            case PREFERRED -> fine("preferred");
            case TENTATIVE -> busy("tentative");
            case OPTIMISTIC -> busy("optimistic");
            case DEPRECATED -> plain("deprecated");
            case DUPLICATE -> bad("duplicate");
        };
        return line(s.address().toString(), s.port() + ", " + word(s.origin()) + (s.validUntil() == Long.MAX_VALUE ? "" : ", " + left(s.validUntil())), phase);
    }

    private Line defaultRouter(DefaultRouter s) {
        List<Tag> tags = s.homeAgent() ? List.of(plain("home agent")) : List.of();
        return new Line(s.address().toString(), s.port() + ", " + left(s.until()) + (s.interval() == 0 ? "" : ", every " + shortTime(s.interval())), tags);
    }

    private Line neighbour(Neighbour s) {
        Tag reach = switch (s.reachability()) {
            case REACHABLE -> fine("reachable");
            case STALE -> plain("stale");
            case INCOMPLETE, DELAY, PROBE -> busy(word(s.reachability()));
        };
        return line(s.address().toString(), s.port() + s.mac().map(m -> ", " + m).orElse("") + (s.router() ? ", router" : "")
                + (s.queued() > 0 ? ", " + Sizes.count(s.queued(), "packet") + (s.queued() == 1 ? " waits" : " wait") : ""), reach);
    }

    private Line flowEnd(FlowEnd s) {
        return line(s.flow() + "  " + s.direction().replaceFirst("-", " → "), s.packets() + (s.sending() ? " sent" : " arrived")
                + (s.sending() ? "" : ", delay " + shortTime(s.delay()) + ", longest gap " + shortTime(s.gap())
                + (s.reordered() > 0 ? ", " + s.reordered() + " reordered" : "") + (s.duplicates() > 0 ? ", " + s.duplicates() + " doubled" : "")),
                plain(s.sending() ? "out" : "in"));
    }

    // Assembly

    private <S extends State> void table(String node, Class<S> kind, Function<S, Line> form) {
        rows(headingOf(StateFields.kind(kind)).orElseThrow(), state.rows(node, kind), form);
    }

    private <S extends State> void rows(String title, List<Row<S>> rows, Function<S, Line> form) {
        add(title, rows.stream().map(row -> entry(title, row, "", form.apply(row.state()))).toList());
    }

    private Entry entry(String table, Row<?> row, String node, Line line) {
        return new Entry(table, node + " " + row.state().key(), line.main, line.more, line.tags, row.event() > markFrom, row.event(), List.of());
    }

    private void add(String title, List<Entry> entries) {
        if (!entries.isEmpty()) {
            boolean open = !folded.contains(title);
            items.add(new Heading(title, entries.size(), open, entries.stream().anyMatch(Entry::changed)));
            if (open) {
                items.addAll(entries);
            }
        }
    }

    // Words

    private String left(long until) {
        return until == Long.MAX_VALUE ? "for ever" : until <= clock ? "run out" : shortTime(until - clock) + " left";
    }

    private String in(long at) {
        return at <= clock ? "now" : "in " + shortTime(at - clock);
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    /** A duration with three digits or so. */
    static String shortTime(long nanos) {
        return nanos >= 100 * VirtualTime.SECOND ? nanos / VirtualTime.SECOND + " s"
                : nanos >= VirtualTime.SECOND ? String.format(Locale.ROOT, "%.1f s", nanos / 1e9)
                : nanos >= VirtualTime.MILLISECOND ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
                : String.format(Locale.ROOT, "%.1f µs", nanos / 1e3);
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, "%.3g", probability * 100).replaceFirst("\\.?0+$", "") + " %";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Tag plain(String text) {
        return new Tag(text, Tone.PLAIN);
    }

    private static Tag fine(String text) {
        return new Tag(text, Tone.FINE);
    }

    private static Tag busy(String text) {
        return new Tag(text, Tone.BUSY);
    }

    private static Tag bad(String text) {
        return new Tag(text, Tone.BAD);
    }
}
