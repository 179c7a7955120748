package careof.engine.metrics;

import careof.engine.base.IpAddress;
import careof.engine.lab.Expectation.Half;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.node.SecurityPlan;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressRange;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.Sa;
import careof.engine.state.State;
import careof.engine.trace.LabState;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The SA pairs of a lab's protections, each half with what it has at both its ends: whether what its sender protects can be opened by its receiver, and
 * if not, why. Reads tables only; what has expired is no longer in any, so it is noted while the trace is read.
 */
public final class SaPairs {
    private final Lab lab;
    private final List<Expired> expired = new ArrayList<>();

    private record Expired(long event, String node, Sa sa) {
        boolean isLike(Expired other) {
            return node.equals(other.node) && sa.requestId() == other.sa.requestId() && sa.selector().equals(other.sa.selector())
                    && sa.source().equals(other.sa.source()) && sa.destination().equals(other.sa.destination());
        }
    }

    /**
     * The SA of one direction, of the transform that is worst off where there are several.
     *
     * @param protection its name in the lab
     * @param from       the node that sends
     * @param sending    the SA at its sender
     * @param receiving  the SA at its receiver
     * @param why        a short sentence
     */
    public record Direction(String protection, String from, String to, Half state, Optional<Sa> sending, Optional<Sa> receiving, String why) {}

    /** Both halves of a protection's SA pair. */
    public record Pair(String protection, Direction there, Direction back) {
        public boolean isGood() {
            return there.state() == Half.GOOD && back.state() == Half.GOOD;
        }
    }

    /** The tables that pairs are read from. */
    interface Tables {
        List<Sa> sas(String node);

        List<IpAddress> addresses(String node);
    }

    public SaPairs(Lab lab) {
        this.lab = lab;
    }

    /** Notes SAs whose lifetime ends. */
    public void add(TraceEvent event) {
        if (event instanceof TraceEvent.Changed changed && changed.reason() == Reason.SA_EXPIRED && changed.now().isEmpty()
                && changed.old().orElse(null) instanceof Sa sa) {
            expired.add(new Expired(event.id(), event.node(), sa));
        }
    }

    /** Forgets what ended before an event, but for what ended last of its kind: it tells why nothing is there since. */
    public void forget(long before) {
        for (int i = expired.size() - 2; i >= 0; i--) {
            Expired one = expired.get(i);
            if (one.event < before && expired.subList(i + 1, expired.size()).stream().anyMatch(later -> later.event < before && later.isLike(one))) {
                expired.remove(i);
            }
        }
    }

    /** All pairs, in the order of the lab; {@link #add} must have seen the trace up to the state's event for it to know of expired ones. */
    public List<Pair> at(LabState state) {
        return pairs(new Tables() {
            @Override
            public List<Sa> sas(String node) {
                return state.rows(node, Sa.class).stream().map(LabState.Row::state).toList();
            }

            @Override
            public List<IpAddress> addresses(String node) {
                return Stream.concat(state.rows(node, AddressEntry.class).stream(), state.rows(node, Ip4AddressEntry.class).stream())
                        .flatMap(row -> address(row.state()).stream()).toList();
            }
        }, state.event());
    }

    /** The address that a row says its node has; empty: it is about something else. */
    static Optional<IpAddress> address(State row) {
        return switch (row) {
            case AddressEntry entry -> Optional.of(entry.address());
            case Ip4AddressEntry entry -> Optional.of(entry.address());
            default -> Optional.empty();
        };
    }

    List<Pair> pairs(Tables tables, long event) {
        SortedMap<IpAddress, String> owners = owners(tables);
        return lab.ipsec().stream().map(protection -> new Pair(protection.name(),
                direction(protection, protection.first(), protection.second(), tables, owners, event),
                direction(protection, protection.second(), protection.first(), tables, owners, event))).toList();
    }

    private SortedMap<IpAddress, String> owners(Tables tables) {
        SortedMap<IpAddress, String> owners = new TreeMap<>();
        for (LabNode node : lab.nodes()) {
            node.home().ifPresent(home -> {
                owners.put(home.address(), node.name());
                home.address4().ifPresent(address -> owners.put(address, node.name()));
            });
            node.careOf4().values().forEach(address -> owners.put(address, node.name()));
            node.ports().forEach(port -> {
                port.address().ifPresent(address -> owners.put(address, node.name()));
                port.address4().ifPresent(address -> owners.put(address, node.name()));
            });
            tables.addresses(node.name()).forEach(address -> owners.putIfAbsent(address, node.name()));
        }
        return owners;
    }

    private Direction direction(LabProtection protection, String from, String to, Tables tables, SortedMap<IpAddress, String> owners, long event) {
        Direction worst = null;
        for (long requestId : SecurityPlan.requestIds(lab, protection)) {
            List<Sa> sending = tables.sas(from).stream().filter(sa -> sa.requestId() == requestId && goes(sa, from, to, owners)).toList();
            List<Sa> receiving = tables.sas(to).stream().filter(sa -> sa.requestId() == requestId && goes(sa, from, to, owners)).toList();
            boolean ended = expired.stream().anyMatch(one -> one.event() <= event && (one.node().equals(from) || one.node().equals(to))
                    && one.sa().requestId() == requestId && goes(one.sa(), from, to, owners));
            Direction one = judged(protection, from, to, sending, receiving, ended, tables);
            worst = worst == null || worst.state() == Half.GOOD ? one : worst;
        }
        return worst;
    }

    private static Direction judged(LabProtection protection, String from, String to, List<Sa> sending, List<Sa> receiving, boolean ended, Tables tables) {
        Optional<Sa> out = sending.stream().filter(SaPairs::isUsable).reduce((_, later) -> later);
        Optional<Sa> in = out.flatMap(sa -> receiving.stream().filter(other -> isUsable(other) && other.spi() == sa.spi() && other.protocol() == sa.protocol()).findFirst());
        Half state;
        String why;
        if (out.isEmpty() || in.isEmpty()) {
            state = ended ? Half.EXPIRED : Half.MISSING;
            why = (out.isEmpty() ? from + " has no SA to send with" : to + " has no SA " + Sa.spi(out.get().spi())) + (ended ? ": its lifetime ran out" : "");
        } else if (out.get().mode() == Sa.Mode.TUNNEL && !tables.addresses(to).contains(out.get().destination())) {
            state = Half.STALE;
            why = "ends at " + out.get().destination() + ", which " + to + " no longer has";
        } else if (!out.get().destination().equals(in.get().destination())) {
            state = Half.STALE;
            why = "ends at " + out.get().destination() + " at " + from + ", but at " + in.get().destination() + " at " + to;
        } else {
            state = Half.GOOD;
            why = "ends at " + out.get().destination();
        }
        return new Direction(protection.name(), from, to, state, out, in, why);
    }

    private static boolean isUsable(Sa sa) {
        return sa.phase() == Sa.Phase.MATURE || sa.phase() == Sa.Phase.DYING;
    }

    /** Whether an SA is for packets from one node to another: what it carries tells first, since its ends may have gone elsewhere. */
    private static boolean goes(Sa sa, String from, String to, SortedMap<IpAddress, String> owners) {
        Optional<String> sender = single(sa.selector().source(), owners);
        Optional<String> receiver = single(sa.selector().destination(), owners);
        if (sender.isPresent() || receiver.isPresent()) {
            return sender.map(from::equals).orElseGet(() -> receiver.get().equals(to));
        }
        return from.equals(owners.get(sa.source())) || to.equals(owners.get(sa.destination()));
    }

    private static Optional<String> single(AddressRange range, SortedMap<IpAddress, String> owners) {
        return range.isSingle() ? Optional.ofNullable(owners.get(range.low())) : Optional.empty();
    }
}
