package careof.engine.metrics;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.state.AddressEntry;
import careof.engine.state.HostHearing;
import careof.engine.state.ListEntry;
import careof.engine.state.MovementState;
import careof.engine.state.PortState;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ip6Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the movements of all mobile nodes while a trace is read. */
final class HandoverLog {
    private final SortedMap<String, LabNode> mobile = new TreeMap<>();
    /** Movements under way or done, by node, in order. */
    private final SortedMap<String, List<Movement>> movements = new TreeMap<>();
    private final SortedMap<Ip6Address, String> owners = new TreeMap<>();
    private final List<Silence> silences = new ArrayList<>();

    HandoverLog(Lab lab) {
        for (LabNode node : lab.nodes()) {
            if (node.role() == LabNode.Role.MOBILE_NODE) {
                mobile.put(node.name(), node);
                movements.put(node.name(), new ArrayList<>());
                node.home().ifPresent(home -> owners.put(home.address(), node.name()));
            }
        }
    }

    /** A host of a node heard nothing of a peer. */
    private record Silence(String node, Ip6Address peer, long from, long to) {}

    private static final class Movement {
        final String from;
        String to;
        final long detach;
        final SortedMap<String, Long> times = new TreeMap<>();
        Optional<IpAddress> careOf = Optional.empty();
        final SortedMap<Ip6Address, SortedMap<String, Long>> peers = new TreeMap<>();

        Movement(String from, String to, long detach) {
            this.from = from;
            this.to = to;
            this.detach = detach;
        }

        /** Only the first time counts. */
        void note(String phase, long at) {
            times.putIfAbsent(phase, at);
        }

        void note(Ip6Address peer, String phase, long at) {
            peers.computeIfAbsent(peer, _ -> new TreeMap<>()).putIfAbsent(phase, at);
        }
    }

    void add(TraceEvent event, TraceStore trace, Sight sight) {
        if (event instanceof TraceEvent.Changed changed && changed.row() instanceof AddressEntry entry && entry.address().isRoutableUnicast()) {
            owners.putIfAbsent(entry.address(), changed.node());
        }
        if (event instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof HostHearing hearing && hearing.silence() > 0) {
            silences.add(new Silence(changed.node(), hearing.peer(), hearing.at() - hearing.silence(), hearing.at()));
        }
        if (!mobile.containsKey(event.node())) {
            return;
        }
        if (event instanceof TraceEvent.Changed changed && changed.row() instanceof PortState) {
            port(changed);
        }
        List<Movement> all = movements.get(event.node());
        if (all.isEmpty()) {
            return;
        }
        Movement now = all.getLast();
        switch (event) {
            case TraceEvent.Changed changed when changed.now().orElse(null) instanceof MovementState state -> {
                if (state.phase() == MovementState.Phase.AWAY || state.phase() == MovementState.Phase.AT_HOME) {
                    now.note("usable", event.at());
                    now.careOf = now.careOf.or(state::careOf);
                }
            }
            // an acknowledgement may come too late to count: the list entry tells
            case TraceEvent.Changed changed when changed.reason() == Reason.BINDING_ACKNOWLEDGED && changed.row() instanceof ListEntry entry -> {
                if (entry.homeRegistration()) {
                    now.note("home BA", event.at());
                } else {
                    now.note(entry.peer(), "BA", event.at());
                }
            }
            case TraceEvent.FrameSent sent -> sight.look(sent).ifPresent(look -> sent(now, sent.at(), look));
            case TraceEvent.FrameArrived arrived when trace.find(arrived.sent()).orElse(null) instanceof TraceEvent.FrameSent sent ->
                    sight.look(sent).ifPresent(look -> arrived(now, arrived.at(), look));
            default -> {
            }
        }
    }

    private void port(TraceEvent.Changed changed) {
        List<Movement> all = movements.get(changed.node());
        PortState old = (PortState) changed.old().orElse(null);
        PortState now = (PortState) changed.now().orElse(null);
        String before = old == null ? "" : old.link();
        String after = now == null ? "" : now.link();
        if (!before.isEmpty() && !before.equals(after)) {
            all.add(new Movement(before, after, changed.at()));
        } else if (before.isEmpty() && !after.isEmpty()) {
            boolean startsAway = all.isEmpty() && !after.equals(mobile.get(changed.node()).home().map(LabNode.Home::link).orElse(""));
            if (startsAway) {
                all.add(new Movement("", after, changed.at()));
            } else if (!all.isEmpty()) {
                all.getLast().to = after;
            }
        }
        if (now != null && now.carrier() && !after.isEmpty() && !all.isEmpty()) {
            all.getLast().note("carrier", changed.at());
        }
    }

    /** Signalling shows under IPsec, within tunnels and in UDP over IPv4, too; its own packet is always IPv6. */
    private static void sent(Movement now, long at, Sight.Look look) {
        if (!(look.plain() instanceof Ip6Packet packet)) {
            return;
        }
        Ip6Address peer = packet.destination();
        switch (look.name()) {
            case "BU" -> {
                // the H bit (RFC 6275 section 6.1.7)
                if (packet.payload().length() > 8 && (packet.payload().at(8) & 0x40) != 0) {
                    now.note("home BU", at);
                } else {
                    now.note(peer, "BU", at);
                }
            }
            case "HoTI", "CoTI" -> now.note(peer, look.name(), at);
            default -> {
            }
        }
    }

    private static void arrived(Movement now, long at, Sight.Look look) {
        if (!(look.plain() instanceof Ip6Packet packet)) {
            return;
        }
        Ip6Address peer = packet.source();
        switch (look.name()) {
            case "RA" -> {
                if (now.times.containsKey("carrier")) {
                    now.note("RA", at);
                }
            }
            case "HoT", "CoT" -> {
                // an answer to what was asked before the movement does not count
                if (now.peers.containsKey(peer) && now.peers.get(peer).containsKey(look.name() + "I")) {
                    now.note(peer, look.name(), at);
                }
            }
            default -> {
            }
        }
    }

    /** All movements, by time. */
    List<Handover> results(List<FlowLog> flows, long reached) {
        List<Handover> results = new ArrayList<>();
        movements.forEach((node, all) -> {
            for (int i = 0; i < all.size(); i++) {
                Movement movement = all.get(i);
                long end = i + 1 < all.size() ? all.get(i + 1).detach : Long.MAX_VALUE;
                results.add(new Handover(node, i + 1, movement.from, movement.to, movement.detach, time(movement.times, "carrier"),
                        time(movement.times, "RA"), time(movement.times, "usable"), movement.careOf, time(movement.times, "home BU"),
                        time(movement.times, "home BA"), peers(node, movement, end, flows, reached)));
            }
        });
        results.sort(Comparator.comparingLong(Handover::detach).thenComparing(Handover::node));
        return results;
    }

    private List<Handover.Peer> peers(String node, Movement movement, long end, List<FlowLog> flows, long reached) {
        SortedMap<String, SortedMap<String, Long>> byName = new TreeMap<>();
        movement.peers.forEach((address, times) -> byName.computeIfAbsent(owners.getOrDefault(address, address.toString()), _ -> new TreeMap<>())
                .putAll(times));
        for (FlowLog flow : flows) {
            flow.to(node).or(() -> flow.from(node)).ifPresent(peer -> byName.computeIfAbsent(peer, _ -> new TreeMap<>()));
        }
        for (Silence silence : silences) {
            if (silence.node().equals(node)) {
                byName.computeIfAbsent(owner(silence), _ -> new TreeMap<>());
            } else if (owner(silence).equals(node)) {
                byName.computeIfAbsent(silence.node(), _ -> new TreeMap<>());
            }
        }
        List<Handover.Peer> peers = new ArrayList<>();
        byName.forEach((peer, times) -> {
            long carrier = movement.times.getOrDefault("carrier", end);
            Optional<Long> firstOut = Optional.empty();
            Optional<Long> firstIn = Optional.empty();
            long lostOut = 0;
            long lostIn = 0;
            for (FlowLog flow : flows) {
                boolean out = flow.to(node).equals(Optional.of(peer));
                boolean in = flow.from(node).equals(Optional.of(peer));
                if (out) {
                    firstOut = earlier(firstOut, flow.firstArrivalOfSentSince(carrier, end));
                    lostOut += lost(flow, movement.detach, end, reached);
                } else if (in) {
                    firstIn = earlier(firstIn, flow.firstArrivalSince(carrier, end));
                    lostIn += lost(flow, movement.detach, end, reached);
                }
            }
            peers.add(new Handover.Peer(peer, time(times, "HoTI"), time(times, "CoTI"), time(times, "HoT"), time(times, "CoT"), time(times, "BU"),
                    time(times, "BA"), firstOut, firstIn, silent(peer, node, movement, end), silent(node, peer, movement, end), lostOut, lostIn));
        });
        return peers;
    }

    private String owner(Silence silence) {
        return owners.getOrDefault(silence.peer(), silence.peer().toString());
    }

    /** The longest silence of a peer to a node's host that ended after a movement and before the next: it is that movement's even if it began before. */
    private Optional<Long> silent(String node, String peer, Movement movement, long end) {
        return silences.stream().filter(silence -> silence.node().equals(node) && owner(silence).equals(peer) && silence.to() > movement.detach && silence.to() <= end)
                .map(silence -> silence.to() - silence.from()).max(Comparator.naturalOrder());
    }

    /** What would have arrived after the movement and before the next: sent from one delay before the one to one delay before the other. */
    private static long lost(FlowLog flow, long detach, long end, long reached) {
        return flow.lost(detach - flow.delayBefore(detach), end == Long.MAX_VALUE ? end : end - flow.delayBefore(end), reached);
    }

    private static Optional<Long> earlier(Optional<Long> a, Optional<Long> b) {
        return a.isEmpty() || b.isPresent() && b.get() < a.get() ? b : a;
    }

    private static Optional<Long> time(SortedMap<String, Long> times, String phase) {
        return Optional.ofNullable(times.get(phase));
    }
}
