package careof.app.overlay;

import careof.app.inspector.EventText;
import careof.app.session.SessionState;
import careof.editor.model.Decoration;
import careof.editor.model.LinkState;
import careof.engine.base.IpAddress;
import careof.engine.decode.LinkType;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.lab.Expectation.Half;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.metrics.SaPairs;
import careof.engine.state.Binding;
import careof.engine.state.InFlight;
import careof.engine.state.MovementState;
import careof.engine.state.PortState;
import careof.engine.state.Sa;
import careof.engine.trace.LabState;
import careof.engine.trace.LabState.Row;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the canvas shows of a run at one moment: pure functions of a state, tested without a stage. */
public final class Picture {
    /** Drops stay in sight for this long in virtual time at normal speed, nanoseconds. */
    private static final long DROP_SHOWN = 700_000_000;
    private static final int MOST_DROPS = 40;
    private static final int MOST_FLIGHTS = 600;
    private static final int REMEMBERED = 2_000;

    private TraceStore trace;
    private Opener opener = Opener.NONE;
    /** Frames seen lately: a frame is drawn many times while it moves. */
    private final Map<Long, Seen> frames = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Seen> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Seen(long at, PacketSummary summary) {}

    /**
     * A binding as a line from who holds it to where it points.
     *
     * @param link  where the care-of address belongs
     * @param stale the mobile node is not there at this moment
     */
    public record Arc(String holder, String mobile, String link, boolean home, boolean stale) {}

    /** Frames on their way. */
    public List<Flight> flights(SessionState state) {
        if (trace != state.trace()) {
            trace = state.trace();
            opener = state.index().opener();
            frames.clear();
        }
        List<Flight> flights = new ArrayList<>();
        for (Row<InFlight> row : state.tables().rows("", InFlight.class)) {
            InFlight f = row.state();
            if (flights.size() == MOST_FLIGHTS) {
                break;
            }
            Optional<Seen> seen = seen(f.sent());
            if (seen.isPresent()) {
                double whole = Math.max(1, f.arrives() - seen.get().at);
                double fraction = (state.clock() - seen.get().at) / whole;
                flights.add(new Flight(f.sent(), f.link(), nodeOf(f.from()), nodeOf(f.to()), Math.clamp(fraction, 0, 1), seen.get().summary));
            }
        }
        return flights;
    }

    /** Empty: the trace does not keep it any longer. */
    private Optional<Seen> seen(long sent) {
        return Optional.ofNullable(frames.computeIfAbsent(sent, id -> trace.find(id)
                .map(e -> new Seen(e.at(), Summary.of(((FrameSent) e).frame(), LinkType.ETHERNET, opener))).orElse(null)));
    }

    private static String nodeOf(String port) {
        int slash = port.indexOf('/');
        return slash < 0 ? port : port.substring(0, slash);
    }

    /** Packets that ended a moment ago. */
    public static List<Drop> drops(SessionState state) {
        List<Drop> drops = new ArrayList<>();
        long shown = state.running() && Double.isFinite(state.speed()) ? (long) (DROP_SHOWN * Math.max(state.speed(), 0.02)) : 30_000_000;
        var ids = state.index().drops();
        for (int i = ids.upTo(state.cursor()) - 1; i >= ids.first() && drops.size() < MOST_DROPS; i--) {
            if (!(state.trace().find(ids.get(i)).orElse(null) instanceof Dropped e)) {
                break;    // kept no longer
            }
            long since = state.clock() - e.at();
            if (since > shown) {
                break;
            }
            String from = "";
            if (!e.link().isEmpty()) {
                from = state.trace().frameOf(e.packet()).map(TraceEvent::node).orElse("");
            }
            drops.add(new Drop(e.id(), e.node(), e.link(), from, EventText.of(e) + (e.reason().section().isEmpty() ? "" : "\n" + e.reason().section()), since));
        }
        return drops;
    }

    /** Where mobile nodes are: link names, "" for nowhere. */
    public static Map<String, String> attachments(SessionState state) {
        Map<String, String> where = new TreeMap<>();
        for (LabNode node : state.lab().nodes()) {
            if (node.role() == LabNode.Role.MOBILE_NODE) {
                for (Row<PortState> row : state.tables().rows(node.name(), PortState.class)) {
                    where.put(node.name(), row.state().link());
                }
            }
        }
        return where;
    }

    /** Every binding whose mobile node and link the lab knows. */
    public static List<Arc> arcs(SessionState state) {
        Lab lab = state.lab();
        Map<String, String> where = attachments(state);
        List<Arc> arcs = new ArrayList<>();
        for (LabNode holder : lab.nodes()) {
            for (Row<Binding> row : state.tables().rows(holder.name(), Binding.class)) {
                Binding binding = row.state();
                Optional<String> mobile = mobileWith(lab, binding.home());
                Optional<String> link = linkOf(lab, binding.careOf());
                if (mobile.isPresent() && link.isPresent()) {
                    boolean there = link.get().equals(where.get(mobile.get()));
                    arcs.add(new Arc(holder.name(), mobile.get(), link.get(), binding.homeRegistration(), !there));
                }
            }
        }
        return arcs;
    }

    /** Every SA pair whose nodes the lab knows. */
    public static List<SaLine> saLines(SessionState state) {
        List<SaLine> lines = new ArrayList<>();
        Map<String, Integer> places = new TreeMap<>();
        for (SaPairs.Pair pair : state.pairs()) {
            String first = pair.there().from();
            String second = pair.there().to();
            boolean inOrder = first.compareTo(second) < 0;
            int place = places.merge(inOrder ? first + " " + second : second + " " + first, 1, Integer::sum) - 1;
            lines.add(inOrder ? new SaLine(first, second, place, way(state, pair.there()), way(state, pair.back()))
                    : new SaLine(second, first, place, way(state, pair.back()), way(state, pair.there())));
        }
        return lines;
    }

    private static SaLine.Way way(SessionState state, SaPairs.Direction d) {
        Optional<String> astray = d.state() != Half.STALE ? Optional.empty()
                : d.sending().flatMap(sa -> linkOf(state.lab(), sa.destination()));
        String spi = d.sending().or(d::receiving).map(sa -> "  " + sa.protocol() + " " + Sa.spi(sa.spi())).orElse("");
        return new SaLine.Way(d.state(), astray, d.protection() + "  " + d.from() + " → " + d.to() + spi + "\n" + d.state().text() + ": " + d.why());
    }

    /** Whether a mobile node is registered at its home agent without any protection. */
    public static boolean isUnprotected(SessionState state) {
        return state.lab().nodes().stream().flatMap(n -> state.tables().rows(n.name(), Binding.class).stream()).map(Row::state)
                .anyMatch(b -> b.homeRegistration() && b.protection() == Binding.Protection.NONE);
    }

    private static Optional<String> mobileWith(Lab lab, IpAddress home) {
        return lab.nodes().stream().filter(n -> n.home().filter(h -> h.address().equals(home)).isPresent()).map(LabNode::name).findFirst();
    }

    private static Optional<String> linkOf(Lab lab, IpAddress address) {
        return lab.links().stream().filter(l -> l.prefix().filter(p -> p.contains(address)).isPresent()
                || l.prefix4().filter(p -> p.contains(address)).isPresent()).map(LabLink::name).findFirst();
    }

    /** Texts under nodes: home address, care-of address, and what vouches for registrations. */
    public static Map<String, List<Decoration>> decorations(SessionState state) {
        Map<String, List<Decoration>> all = new TreeMap<>();
        LabState tables = state.tables();
        for (LabNode node : state.lab().nodes()) {
            List<Decoration> own = new ArrayList<>();
            if (node.bridge()) {
                own.add(new Decoration(Decoration.Kind.LABEL, "bridge in the wire"));
            }
            if (node.outside()) {
                own.add(new Decoration(Decoration.Kind.LABEL, "played outside"));
            }
            node.home().ifPresent(h -> own.add(new Decoration(Decoration.Kind.BADGE, "H@ " + brief(h.address()))));
            for (Row<MovementState> row : tables.rows(node.name(), MovementState.class)) {
                MovementState s = row.state();
                switch (s.phase()) {
                    case DETACHED -> own.add(new Decoration(Decoration.Kind.WARNING, "no link"));
                    case SOLICITING -> own.add(new Decoration(Decoration.Kind.LABEL, "looks for a router"));
                    case CONFIGURING -> own.add(new Decoration(Decoration.Kind.LABEL, "checks its address"));
                    case AT_HOME -> own.add(new Decoration(Decoration.Kind.GOOD, "at home"));
                    case AWAY -> s.careOf().ifPresent(a -> own.add(new Decoration(Decoration.Kind.LABEL, "Co@ " + brief(a))));
                }
            }
            long bindings = tables.rows(node.name(), Binding.class).size();
            if (bindings > 0) {
                own.add(new Decoration(Decoration.Kind.LABEL, bindings == 1 ? "1 binding" : bindings + " bindings"));
            }
            if (!own.isEmpty()) {
                all.put(node.name(), own);
            }
        }
        return all;
    }

    /** An address in at most 16 letters: its beginning and its end. */
    static String brief(IpAddress address) {
        String text = address.toString();
        if (text.length() <= 18) {
            return text;
        }
        String[] parts = text.split(":");
        return parts.length < 4 ? text : parts[0] + ":" + parts[1] + ":" + parts[2] + ":…" + parts[parts.length - 1];
    }

    /** Links that are not as the lab file says. */
    public static Map<String, LinkState> links(SessionState state) {
        Map<String, LinkState> changed = new TreeMap<>();
        for (Row<careof.engine.state.LinkState> row : state.tables().rows("", careof.engine.state.LinkState.class)) {
            var now = row.state();
            Optional<LabLink> lab = state.lab().link(now.link());
            if (lab.isPresent() && now.from().isEmpty() && now.to().isEmpty()) {
                LabLink was = lab.get();
                var shown = new LinkState(now.down(), now.loss() == was.loss() ? OptionalDouble.empty() : OptionalDouble.of(now.loss()),
                        now.delay() == was.delay() ? OptionalLong.empty() : OptionalLong.of(now.delay()),
                        now.rate() == was.rate() ? OptionalLong.empty() : OptionalLong.of(now.rate()));
                if (!shown.equals(LinkState.down(was.down()))) {
                    changed.put(now.link(), shown);
                }
            }
        }
        return changed;
    }
}
