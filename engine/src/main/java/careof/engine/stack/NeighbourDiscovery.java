package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.state.AddressEntry;
import careof.engine.state.Neighbour;
import careof.engine.state.Neighbour.Reachability;
import careof.engine.state.ProxyEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.Icmp6Message.NeighbourAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.NeighbourSolicitation;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ethernet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The neighbour cache: address resolution (RFC 4861 section 7.2), unreachability detection (section 7.3), and answers for
 * own and proxied addresses.
 */
public final class NeighbourDiscovery {
    /** RFC 4861 section 10. */
    public static final long RETRANS_TIMER = VirtualTime.SECOND;
    static final long BASE_REACHABLE_TIME = 30 * VirtualTime.SECOND;
    static final long DELAY_FIRST_PROBE_TIME = 5 * VirtualTime.SECOND;
    static final int MAX_MULTICAST_SOLICIT = 3;
    static final int MAX_UNICAST_SOLICIT = 3;
    private static final int MOST_NEIGHBOURS = 1024;
    private record Key(String port, Ip6Address address) {}

    /** What goes with a row but is no state of its own: packets that wait, and the text of its address for the trace. */
    private static final class Side {
        private final WaitingPackets waiting = new WaitingPackets();
        private final String text;

        private Side(String text) {
            this.text = text;
        }
    }

    private final IpStack stack;
    private final NodeEnv env;
    private final Table<Key, Neighbour> cache;
    private final Map<Key, Side> sides = new LinkedHashMap<>();
    private final Table<Key, ProxyEntry> proxies;
    private final List<Consumer<Neighbour>> lost = new ArrayList<>();

    NeighbourDiscovery(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.cache = env.table();
        this.proxies = env.table();
    }

    /** Calls back with a neighbour that answered no probe and was removed. */
    public void onLost(Consumer<Neighbour> listener) {
        lost.add(listener);
    }

    public Optional<Neighbour> get(Port port, Ip6Address address) {
        return cache.find(new Key(port.name(), address));
    }

    /**
     * Sends a packet to a neighbour, resolving its address first where needed.
     *
     * @param hopLimit to write into the packet; -1: leave it
     */
    void send(Port port, Ip6Address next, Packet packet, int hopLimit) {
        if (next.isMulticast()) {
            transmit(port, MacAddress.multicast(next), packet, hopLimit);
            return;
        }
        Key key = new Key(port.name(), next);
        Neighbour neighbour = cache.get(key);
        if (neighbour == null) {
            if (cache.size() >= MOST_NEIGHBOURS && !evict()) {
                env.dropped(packet, Reason.NEIGHBOUR_CACHE_FULL);
                return;
            }
            sides.put(key, new Side(next.toString()));
            wait(key, packet, hopLimit);
            cache.put(key, new Neighbour(port.name(), next, Optional.empty(), Reachability.INCOMPLETE, false, 1, 1), Reason.RESOLUTION_STARTED);
            solicit(port, next, Optional.empty());
            env.timers().in(timer(key), RETRANS_TIMER, () -> resolve(port, key));
        } else if (neighbour.mac().isEmpty()) {
            wait(key, packet, hopLimit);
            Neighbour now = cache.get(key);
            cache.put(key, with(now, now.mac(), now.reachability(), now.router(), now.probes()), Reason.PACKET_QUEUED);
        } else {
            if (neighbour.reachability() == Reachability.STALE) {
                cache.put(key, with(neighbour, neighbour.mac(), Reachability.DELAY, neighbour.router(), 0), Reason.PROBE_STARTED);
                env.timers().in(timer(key), DELAY_FIRST_PROBE_TIME, () -> probe(port, key));
            }
            transmit(port, neighbour.mac().get(), packet, hopLimit);
        }
    }

    /** Text of a neighbour's address for decisions in the trace, without making it for each packet. */
    String text(Port port, Ip6Address next) {
        Side side = sides.get(new Key(port.name(), next));
        return side == null ? next.toString() : side.text;
    }

    private void wait(Key key, Packet packet, int hopLimit) {
        sides.get(key).waiting.add(env, packet, hopLimit, Reason.PACKET_QUEUED, Reason.RESOLUTION_QUEUE_FULL, key.address);
    }

    /** Makes room by removing the oldest entry that is not known to be in use. */
    private boolean evict() {
        for (Neighbour neighbour : cache.values()) {
            if (neighbour.reachability() == Reachability.STALE || neighbour.reachability() == Reachability.INCOMPLETE) {
                remove(key(neighbour), Reason.NEIGHBOUR_CACHE_FULL).forEach(waiting -> env.dropped(waiting.packet(), Reason.NEIGHBOUR_CACHE_FULL));
                return true;
            }
        }
        return false;
    }

    private void transmit(Port port, MacAddress to, Packet packet, int hopLimit) {
        LinkOutput.transmit(env, port, to, Ethernet.IP6, packet, hopLimit);
    }

    private static Key key(Neighbour row) {
        return new Key(row.port(), (Ip6Address) row.address());
    }

    private static String timer(Key key) {
        return "neighbour " + key.port + " " + key.address;
    }

    private Neighbour with(Neighbour old, Optional<MacAddress> mac, Reachability reachability, boolean router, int probes) {
        Side side = sides.get(key(old));
        return new Neighbour(old.port(), old.address(), mac, reachability, router, probes, side.waiting.size());
    }

    /** Retransmits a multicast solicitation, or gives up. */
    private void resolve(Port port, Key key) {
        Neighbour neighbour = cache.get(key);
        if (neighbour.probes() < MAX_MULTICAST_SOLICIT) {
            cache.put(key, with(neighbour, neighbour.mac(), neighbour.reachability(), neighbour.router(), neighbour.probes() + 1), Reason.RESOLUTION_RETRIED);
            solicit(port, key.address, Optional.empty());
            env.timers().in(timer(key), RETRANS_TIMER, () -> resolve(port, key));
        } else {
            for (WaitingPackets.Waiting waiting : remove(key, Reason.UNREACHABLE, key.address.toString())) {
                env.dropped(waiting.packet(), Reason.UNREACHABLE, key.address.toString());
                stack.errors().unreachable(waiting.packet(), Icmp6Message.DestinationUnreachable.ADDRESS);
            }
            lost.forEach(listener -> listener.accept(neighbour));
        }
    }

    /** Sends a unicast probe, or gives the neighbour up (RFC 4861 section 7.3.3). */
    private void probe(Port port, Key key) {
        Neighbour neighbour = cache.get(key);
        if (neighbour.probes() < MAX_UNICAST_SOLICIT) {
            cache.put(key, with(neighbour, neighbour.mac(), Reachability.PROBE, neighbour.router(), neighbour.probes() + 1), Reason.PROBE_STARTED);
            solicit(port, key.address, neighbour.mac());
            env.timers().in(timer(key), RETRANS_TIMER, () -> probe(port, key));
        } else {
            remove(key, Reason.NEIGHBOUR_GONE, Integer.toString(neighbour.probes()));
            lost.forEach(listener -> listener.accept(neighbour));
        }
    }

    /** Removes a row; the packets that waited for it are the caller's to account for. */
    private List<WaitingPackets.Waiting> remove(Key key, Reason reason, String... args) {
        env.timers().cancel(timer(key));
        cache.remove(key, reason, args);
        Side side = sides.remove(key);
        return side == null ? List.of() : side.waiting.take();
    }

    /** Forgets all neighbours on a port: it left its link. */
    void forget(Port port) {
        for (Neighbour neighbour : cache.values()) {
            if (neighbour.port().equals(port.name())) {
                for (WaitingPackets.Waiting waiting : remove(key(neighbour), Reason.DETACHED, port.name())) {
                    env.dropped(waiting.packet(), Reason.NO_CARRIER, port.name());
                }
            }
        }
    }

    /** Asks again whether a neighbour is there, for instance a router that has gone quiet. */
    public void verify(Port port, Ip6Address address) {
        Key key = new Key(port.name(), address);
        Neighbour neighbour = cache.get(key);
        if (neighbour != null && neighbour.mac().isPresent() && neighbour.reachability() != Reachability.PROBE) {
            cache.put(key, with(neighbour, neighbour.mac(), Reachability.PROBE, neighbour.router(), 0), Reason.PROBE_STARTED);
            probe(port, key);
        }
    }

    private void solicit(Port port, Ip6Address target, Optional<MacAddress> unicastTo) {
        Optional<Ip6Address> source = asker(port);
        if (source.isEmpty()) {
            return; // no address to ask from yet: the retransmission asks
        }
        NeighbourSolicitation message = new NeighbourSolicitation(target, List.of(new NdOption.SourceLinkLayer(port.mac())));
        if (unicastTo.isPresent()) {
            stack.output().linkMessage(port, source.get(), target, unicastTo.get(), message);
        } else {
            Ip6Address group = target.solicitedNode();
            stack.output().linkMessage(port, source.get(), group, MacAddress.multicast(group), message);
        }
    }

    /** What solicitations come from: never an optimistic address (RFC 4429 section 3.2). */
    private Optional<Ip6Address> asker(Port port) {
        List<AddressEntry> settled = stack.addresses().on(port.name()).stream()
                .filter(entry -> entry.usable() && entry.phase() != AddressEntry.Phase.OPTIMISTIC).toList();
        return settled.stream().map(AddressEntry::address).filter(Ip6Address::isLinkLocal).findFirst()
                .or(() -> settled.stream().map(AddressEntry::address).findFirst());
    }

    /** Transmits a ready packet to a link-layer address, without resolution. */
    void transmitTo(Port port, MacAddress to, Packet packet) {
        transmit(port, to, packet, -1);
    }

    /** Defends and answers for an address of another node (RFC 6275 section 10.4.1). */
    public void startProxy(Port port, Ip6Address address) {
        if (!isProxied(port, address)) {
            stack.addresses().join(address.solicitedNode());
        }
        proxies.put(new Key(port.name(), address), new ProxyEntry(port.name(), address), Reason.PROXY_STARTED);
        remove(new Key(port.name(), address), Reason.PROXY_STARTED).forEach(stack.output()::again);
    }

    public void stopProxy(Port port, Ip6Address address) {
        if (isProxied(port, address)) {
            stack.addresses().leave(address.solicitedNode());
        }
        proxies.remove(new Key(port.name(), address), Reason.PROXY_ENDED);
    }

    public boolean isProxied(Port port, Ip6Address address) {
        return proxies.get(new Key(port.name(), address)) != null;
    }

    /**
     * Tells all nodes on the link an address's link-layer address, unasked.
     *
     * @param override replace what they know
     */
    public void announce(Port port, Ip6Address address, boolean router, boolean override) {
        stack.addresses().linkLocalOf(port.name()).or(() -> Optional.of(address)).ifPresent(source -> stack.output().linkMessage(port, source,
                Ip6Address.ALL_NODES, MacAddress.multicast(Ip6Address.ALL_NODES),
                new NeighbourAdvertisement(router, false, override, address, List.of(new NdOption.TargetLinkLayer(port.mac())))));
    }

    void solicitation(Inbound in, NeighbourSolicitation message) {
        Port port = in.port();
        Ip6Address target = message.target();
        Optional<MacAddress> from = message.option(NdOption.SourceLinkLayer.class).map(NdOption.SourceLinkLayer::address);
        boolean forDad = in.source().isUnspecified();
        if (target.isMulticast() || forDad && (from.isPresent() || !in.destination().equals(target.solicitedNode()))) {
            env.dropped(in.packet(), Reason.ND_INVALID, target.isMulticast() ? "multicast target"
                    : from.isPresent() ? "unspecified source with a link-layer address" : "unspecified source, not to the solicited-node group");
            return;
        }
        AddressEntry own = stack.addresses().get(target, port.name());
        boolean here = own != null && own.port().equals(port.name());
        if (here && !own.usable() || here && own.phase() == AddressEntry.Phase.OPTIMISTIC && forDad) {
            if (forDad && own.phase() != AddressEntry.Phase.DUPLICATE && stack.dad().contested(port, target, "another node that asks for it too")) {
                return;
            }
            env.dropped(in.packet(), Reason.ND_IGNORED);
            return;
        }
        boolean proxied = isProxied(port, target);
        if (!here && !proxied) {
            // Only who asks without an address wants this one for itself (RFC 4862 section 5.4.3).
            if (!forDad || !stack.dad().contested(port, target, "another node that asks for it too")) {
                env.dropped(in.packet(), Reason.ND_IGNORED);
            }
            return;
        }
        from.ifPresent(mac -> learn(port, in.source(), mac, Reason.SOLICITATION_RECEIVED));
        boolean override = here && own.phase() != AddressEntry.Phase.OPTIMISTIC && own.origin() != AddressEntry.Origin.ANYCAST;
        NeighbourAdvertisement answer = new NeighbourAdvertisement(stack.forwards() && here, !forDad, override, target,
                List.of(new NdOption.TargetLinkLayer(port.mac())));
        env.decided(in.packet(), Reason.DELIVERED, "Neighbor Discovery");
        if (forDad) {
            stack.output().linkMessage(port, answerSource(port, target, here), Ip6Address.ALL_NODES, MacAddress.multicast(Ip6Address.ALL_NODES), answer);
        } else {
            // A solicitation without a link-layer address (a probe) finds the asker in the cache, or resolves it.
            Ip6Address source = answerSource(port, target, here);
            Optional<MacAddress> to = from.or(() -> get(port, in.source()).flatMap(Neighbour::mac));
            if (to.isPresent()) {
                stack.output().linkMessage(port, source, in.source(), to.get(), answer);
            } else {
                stack.output().resolvedLinkMessage(port, source, in.source(), answer);
            }
        }
    }

    private Ip6Address answerSource(Port port, Ip6Address target, boolean here) {
        return here ? target : stack.addresses().linkLocalOf(port.name()).orElse(target);
    }

    void advertisement(Inbound in, NeighbourAdvertisement message) {
        Port port = in.port();
        Ip6Address target = message.target();
        if (target.isMulticast() || in.destination().isMulticast() && message.solicited()) {
            env.dropped(in.packet(), Reason.ND_INVALID, target.isMulticast() ? "multicast target" : "solicited, to a multicast address");
            return;
        }
        if (stack.dad().contested(port, target, in.source().toString())) {
            return;
        }
        Key key = new Key(port.name(), target);
        Neighbour old = cache.get(key);
        if (old == null) {
            env.decided(in.packet(), Reason.ND_IGNORED);
            return;
        }
        Optional<MacAddress> mac = message.option(NdOption.TargetLinkLayer.class).map(NdOption.TargetLinkLayer::address);
        if (old.mac().isEmpty() && mac.isEmpty()) {
            env.dropped(in.packet(), Reason.ND_INVALID, "no target link-layer address");
            return;
        }
        // RFC 4861 section 7.2.5.
        boolean differs = mac.isPresent() && old.mac().isPresent() && !mac.get().equals(old.mac().get());
        Neighbour now;
        if (old.mac().isEmpty()) {
            now = with(old, mac, message.solicited() ? Reachability.REACHABLE : Reachability.STALE, message.router(), 0);
        } else if (!message.override() && differs) {
            now = old.reachability() == Reachability.REACHABLE ? with(old, old.mac(), Reachability.STALE, old.router(), 0) : old;
        } else {
            now = with(old, mac.or(old::mac), message.solicited() ? Reachability.REACHABLE : differs ? Reachability.STALE : old.reachability(),
                    message.router(), message.solicited() || differs ? 0 : old.probes());
        }
        if (!message.solicited() && now.mac().equals(old.mac()) && now.reachability() == old.reachability()) {
            cache.put(key, now, Reason.ADVERTISEMENT_RECEIVED);    // no confirmation: the time until it counts as stale runs on
        } else {
            settle(port, key, now, Reason.ADVERTISEMENT_RECEIVED);
        }
        env.decided(in.packet(), Reason.DELIVERED, "Neighbor Discovery");
        if (old.router() && !now.router()) {
            stack.autoconfiguration().noRouter(port, target);
        }
    }

    /** Learns a link-layer address from a solicitation or router message: stale until confirmed. */
    void learn(Port port, Ip6Address address, MacAddress mac, Reason reason) {
        if (address.isUnspecified()) {
            return;
        }
        Key key = new Key(port.name(), address);
        Neighbour old = cache.get(key);
        // Who solicits routers is none (RFC 4861 section 6.2.6).
        boolean router = reason == Reason.ROUTER_ADVERTISEMENT_RECEIVED
                || old != null && old.router() && reason != Reason.ROUTER_SOLICITATION_RECEIVED;
        if (old == null) {
            if (cache.size() >= MOST_NEIGHBOURS && !evict()) {
                return;
            }
            sides.put(key, new Side(address.toString()));
            settle(port, key, new Neighbour(port.name(), address, Optional.of(mac), Reachability.STALE, router, 0, 0), reason);
        } else if (old.mac().isEmpty() || !old.mac().get().equals(mac)) {
            settle(port, key, with(old, Optional.of(mac), Reachability.STALE, router, 0), reason);
        } else if (old.router() != router) {
            cache.put(key, with(old, old.mac(), old.reachability(), router, old.probes()), reason);
        }
    }

    /** Stores a row whose link-layer address is known, sets its timer, and sends what waited for it. */
    private void settle(Port port, Key key, Neighbour now, Reason reason) {
        List<WaitingPackets.Waiting> waiting = sides.get(key).waiting.take();
        cache.put(key, with(now, now.mac(), now.reachability(), now.router(), now.probes()), reason);
        if (now.reachability() == Reachability.REACHABLE) {
            long reachable = env.draw("reachable time", BASE_REACHABLE_TIME / 2, BASE_REACHABLE_TIME * 3 / 2);
            env.timers().in(timer(key), reachable, () -> {
                Neighbour neighbour = cache.get(key);
                cache.put(key, with(neighbour, neighbour.mac(), Reachability.STALE, neighbour.router(), 0), Reason.REACHABLE_EXPIRED);
            });
        } else if (now.reachability() == Reachability.STALE) {
            env.timers().cancel(timer(key));
        }
        for (WaitingPackets.Waiting one : waiting) {
            send(port, key.address, one.packet(), one.hopLimit());
        }
    }
}
