package careof.engine.stack;

import careof.engine.base.Ip4Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.state.Neighbour;
import careof.engine.state.Neighbour.Reachability;
import careof.engine.state.ProxyEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Arp;
import careof.engine.wire.ip.Ethernet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * ARP (RFC 826): finds the link-layer addresses of IPv4 neighbours, at most one request a second (RFC 1122 section 2.3.2.1), and answers for
 * own and proxied addresses. What was not confirmed for a minute is asked for once more, at its old link-layer address, when it is used.
 */
public final class ArpCache {
    /** Between two requests for one address. */
    static final long INTERVAL = VirtualTime.SECOND;
    static final int MOST_REQUESTS = 3;
    /** RFC 1122 section 2.3.2.1. */
    static final long TIMEOUT = 60 * VirtualTime.SECOND;
    private static final int MOST_NEIGHBOURS = 1024;

    private record Key(String port, Ip4Address address) {}

    private final IpStack stack;
    private final NodeEnv env;
    private final Table<Key, Neighbour> cache;
    private final Map<Key, WaitingPackets> waiting = new LinkedHashMap<>();
    private final Table<Key, ProxyEntry> proxies;

    ArpCache(IpStack stack) {
        this.stack = stack;
        this.env = stack.env();
        this.cache = env.table();
        this.proxies = env.table();
    }

    public Optional<Neighbour> get(Port port, Ip4Address address) {
        return cache.find(new Key(port.name(), address));
    }

    /** Sends an IPv4 packet to a neighbour, resolving its address first where needed. */
    void send(Port port, Ip4Address next, Packet packet) {
        Key key = new Key(port.name(), next);
        Neighbour neighbour = cache.get(key);
        if (neighbour == null) {
            if (cache.size() >= MOST_NEIGHBOURS && !evict()) {
                env.dropped(packet, Reason.ARP_FULL);
                return;
            }
            waiting.put(key, new WaitingPackets());
            waiting.get(key).add(env, packet, -1, Reason.ARP_QUEUED, Reason.IP4_QUEUE_FULL, next);
            cache.put(key, row(key, Optional.empty(), Reachability.INCOMPLETE, 1), Reason.ARP_STARTED);
            request(port, next, MacAddress.BROADCAST);
            env.timers().in(timer(key), INTERVAL, () -> resolve(port, key));
        } else if (neighbour.mac().isEmpty()) {
            waiting.get(key).add(env, packet, -1, Reason.ARP_QUEUED, Reason.IP4_QUEUE_FULL, next);
            cache.put(key, row(key, Optional.empty(), Reachability.INCOMPLETE, neighbour.probes()), Reason.ARP_QUEUED);
        } else {
            if (neighbour.reachability() == Reachability.STALE) {
                poll(port, key);
            }
            LinkOutput.transmit(env, port, neighbour.mac().get(), Ethernet.IP4, packet, -1);
        }
    }

    /** Sends an IPv4 packet to all nodes of a link. */
    void sendToAll(Port port, Ip4Address destination, Packet packet) {
        MacAddress to = destination.isMulticast() ? new MacAddress(0x0100_5e00_0000L | destination.bits() & 0x7f_ffff) : MacAddress.BROADCAST;
        LinkOutput.transmit(env, port, to, Ethernet.IP4, packet, -1);
    }

    private Neighbour row(Key key, Optional<MacAddress> mac, Reachability reachability, int requests) {
        WaitingPackets queue = waiting.get(key);
        return new Neighbour(key.port, key.address, mac, reachability, false, requests, queue == null ? 0 : queue.size());
    }

    private static String timer(Key key) {
        return "arp " + key.port + " " + key.address;
    }

    /** Asks again, or gives up. */
    private void resolve(Port port, Key key) {
        int requests = cache.get(key).probes();
        if (requests < MOST_REQUESTS) {
            cache.put(key, row(key, Optional.empty(), Reachability.INCOMPLETE, requests + 1), Reason.ARP_RETRIED);
            request(port, key.address, MacAddress.BROADCAST);
            env.timers().in(timer(key), INTERVAL, () -> resolve(port, key));
            return;
        }
        WaitingPackets queue = waiting.get(key);
        remove(key, Reason.ARP_GONE, Integer.toString(requests));
        for (WaitingPackets.Waiting one : queue.take()) {
            env.dropped(one.packet(), Reason.IP4_UNREACHABLE, key.address.toString());
            stack.errors4().unreachable(one.packet(), Icmp4Errors.HOST);
        }
    }

    /** Asks an old entry whether it is still there, at the link-layer address that it had (RFC 1122 section 2.3.2.1, unicast poll). */
    private void poll(Port port, Key key) {
        Neighbour old = cache.get(key);
        int requests = old.reachability() == Reachability.PROBE ? old.probes() : 0;
        if (requests == MOST_REQUESTS) {
            remove(key, Reason.ARP_GONE, Integer.toString(requests));
            return;
        }
        cache.put(key, row(key, old.mac(), Reachability.PROBE, requests + 1), Reason.ARP_POLLED);
        request(port, key.address, old.mac().get());
        env.timers().in(timer(key), INTERVAL, () -> poll(port, key));
    }

    private void remove(Key key, Reason reason, String... args) {
        env.timers().cancel(timer(key));
        cache.remove(key, reason, args);
        waiting.remove(key);
    }

    /** Makes room by removing the oldest entry that nothing waits for. */
    private boolean evict() {
        for (Neighbour neighbour : cache.values()) {
            if (neighbour.mac().isPresent()) {
                remove(new Key(neighbour.port(), (Ip4Address) neighbour.address()), Reason.ARP_FULL);
                return true;
            }
        }
        return false;
    }

    /** Forgets all neighbours on a port: it left its link. */
    void forget(Port port) {
        for (Neighbour neighbour : cache.values()) {
            if (neighbour.port().equals(port.name())) {
                Key key = new Key(port.name(), (Ip4Address) neighbour.address());
                WaitingPackets queue = waiting.get(key);
                remove(key, Reason.DETACHED, port.name());
                if (queue != null) {
                    queue.take().forEach(one -> env.dropped(one.packet(), Reason.NO_CARRIER, port.name()));
                }
            }
        }
    }

    private void request(Port port, Ip4Address target, MacAddress to) {
        Ip4Address sender = stack.addresses4().askerFor(target, port.name()).orElse(Ip4Address.ANY);
        say(port, to, new Arp(Arp.REQUEST, port.mac(), sender, new MacAddress(0), target));
    }

    private void say(Port port, MacAddress to, Arp message) {
        OctetWriter out = new OctetWriter(Arp.LENGTH);
        message.emit(out);
        LinkOutput.transmit(env, port, to, Ethernet.ARP, stack.packet(env.packet(), true, out.toOctets()), -1);
    }

    /** Tells all nodes on a link, unasked, that an address is at this port (RFC 5944 section 4.6, RFC 5227 section 3). */
    public void announce(Port port, Ip4Address address) {
        if (port.carrier()) {
            say(port, MacAddress.BROADCAST, new Arp(Arp.REQUEST, port.mac(), address, new MacAddress(0), address));
        }
    }

    /** Answers for the address of a mobile node that is away (RFC 5555 section 4.5). */
    public void startProxy(Port port, Ip4Address address) {
        Key key = new Key(port.name(), address);
        proxies.put(key, new ProxyEntry(port.name(), address), Reason.PROXY_STARTED);
        Neighbour known = cache.get(key);
        if (known != null && known.mac().isPresent()) {
            remove(key, Reason.PROXY_STARTED);
        }
    }

    public void stopProxy(Port port, Ip4Address address) {
        proxies.remove(new Key(port.name(), address), Reason.PROXY_ENDED);
    }

    public boolean isProxied(Port port, Ip4Address address) {
        return proxies.get(new Key(port.name(), address)) != null;
    }

    /** An ARP message, in the order of RFC 826: what is known is updated; who asks for us becomes known; a request is answered. */
    void frame(Port port, Packet packet) {
        Arp message;
        try {
            message = Arp.parse(new OctetReader(packet.octets()));
        } catch (Malformed e) {
            env.dropped(packet, Reason.ARP_INVALID, e.getMessage());
            return;
        }
        Ip4Address sender = message.sender();
        boolean forUs = stack.addresses4().on(port.name()).stream().anyMatch(entry -> entry.address().equals(message.target()))
                || isProxied(port, message.target());
        if (message.senderMac().isGroup() || !sender.isUnspecified() && !sender.isUnicast()) {
            env.dropped(packet, Reason.ARP_INVALID, "sender " + sender + " at " + message.senderMac());
            return;
        } else if (stack.addresses4().find(sender).isPresent()) {
            env.dropped(packet, Reason.ARP_INVALID, "another node claims " + sender);
            return;
        }
        Key key = new Key(port.name(), sender);
        boolean known = cache.get(key) != null;
        if (!sender.isUnspecified() && (known || forUs && (cache.size() < MOST_NEIGHBOURS || evict()))) {
            learn(port, key, message.senderMac());
        }
        if (forUs && message.operation() == Arp.REQUEST) {
            env.decided(packet, Reason.ARP_ANSWERED, message.target().toString());
            say(port, message.senderMac(), new Arp(Arp.REPLY, port.mac(), message.target(), message.senderMac(), sender));
        } else if (known || forUs) {
            env.decided(packet, Reason.DELIVERED, "ARP");
        } else {
            env.decided(packet, Reason.ARP_NOT_FOR_US);
        }
    }

    private void learn(Port port, Key key, MacAddress mac) {
        WaitingPackets queue = waiting.remove(key);
        cache.put(key, row(key, Optional.of(mac), Reachability.REACHABLE, 0), Reason.ARP_LEARNT);
        env.timers().in(timer(key), TIMEOUT, () -> cache.put(key, row(key, cache.get(key).mac(), Reachability.STALE, 0), Reason.ARP_OLD));
        if (queue != null) {
            queue.take().forEach(one -> LinkOutput.transmit(env, port, mac, Ethernet.IP4, one.packet(), -1));
        }
    }
}
