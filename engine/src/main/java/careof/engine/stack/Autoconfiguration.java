package careof.engine.stack;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressEntry.Origin;
import careof.engine.state.AddressEntry.Phase;
import careof.engine.state.DefaultRouter;
import careof.engine.state.Neighbour;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.RouterAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.RouterSolicitation;
import careof.engine.wire.icmp.NdOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host's part of router discovery (RFC 4861 section 6.3) and stateless address autoconfiguration (RFC 4862), with
 * optimistic addresses where wanted (RFC 4429).
 *
 * <p>Lifetimes are moved on only when less than nine tenths of them are left, which spares an event for each advertisement.
 */
public final class Autoconfiguration {
    static final long RTR_SOLICITATION_INTERVAL = 4 * VirtualTime.SECOND;
    static final int MAX_RTR_SOLICITATIONS = 3;
    private static final long TWO_HOURS = 7200 * VirtualTime.SECOND;
    private static final int MOST_PREFIXES = 16;
    private static final int MOST_ROUTERS = 16;

    /** Hears of routers: what movement detection feeds on. */
    public interface Listener {
        /** A valid advertisement; tables are up to date already. */
        void advertised(Port port, Ip6Address router, RouterAdvertisement message);

        /** A default router is gone: its lifetime ended, or it answers no more. */
        void routerLost(Port port, Ip6Address router);
    }

    private final IpStack stack;
    private final NodeEnv env;
    private final boolean optimistic;
    private final Table<String, DefaultRouter> routers;
    private final Table<String, OnLinkPrefix> prefixes;
    private final List<Listener> listeners = new ArrayList<>();

    Autoconfiguration(IpStack stack, boolean optimistic) {
        this.stack = stack;
        this.env = stack.env();
        this.optimistic = optimistic;
        this.routers = env.table();
        this.prefixes = env.table();
        stack.neighbours().onLost(this::neighbourLost);
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    public List<DefaultRouter> routers() {
        return routers.values();
    }

    public List<OnLinkPrefix> prefixes() {
        return prefixes.values();
    }

    /** Gives a port an address for good, which the lab vouches for: no duplicate address detection. */
    public void configure(Port port, Ip6Address address, Origin origin) {
        stack.addresses().put(new AddressEntry(port.name(), address, Phase.PREFERRED, origin, Long.MAX_VALUE, Long.MAX_VALUE), Reason.CONFIGURED);
    }

    /** Carrier has come: a link-local address where there is none yet, then a question for routers. */
    void attached(Port port) {
        Ip6Address linkLocal = Ip6Address.linkLocal(port.mac().interfaceId());
        if (stack.addresses().get(linkLocal, port.name()) == null) {
            tentative(new AddressEntry(port.name(), linkLocal, Phase.TENTATIVE, Origin.LINK_LOCAL, Long.MAX_VALUE, Long.MAX_VALUE), port, false);
        }
        if (!stack.forwards()) {
            solicit(port, 1);
        }
    }

    /** The port left its link: what was learnt there does not hold elsewhere. */
    void detached(Port port) {
        env.timers().cancel("router solicitation " + port.name());
        for (AddressEntry entry : stack.addresses().on(port.name())) {
            if (entry.origin() == Origin.AUTOCONFIGURED || entry.origin() == Origin.LINK_LOCAL) {
                forget(entry, port, Reason.DETACHED, port.name());
            }
        }
        for (DefaultRouter router : routers.values()) {
            if (router.port().equals(port.name())) {
                removeRouter(router, Reason.DETACHED, port.name());
            }
        }
        for (OnLinkPrefix prefix : prefixes.values()) {
            if (prefix.port().equals(port.name())) {
                env.timers().cancel("prefix " + prefix.key());
                prefixes.remove(prefix.key(), Reason.DETACHED, port.name());
            }
        }
        stack.routes().removeIf(route -> route.port().equals(port.name()) && route.origin() == Route.Origin.ADVERTISED, Reason.DETACHED, port.name());
    }

    private void solicit(Port port, int attempt) {
        if (!port.carrier()) {
            return;
        }
        Optional<Ip6Address> source = stack.addresses().linkLocalOf(port.name()).filter(address -> !isOptimistic(address, port));
        List<NdOption> options = source.isPresent() ? List.of(new NdOption.SourceLinkLayer(port.mac())) : List.of();
        stack.output().linkMessage(port, source.orElse(Ip6Address.ANY), Ip6Address.ALL_ROUTERS, MacAddress.multicast(Ip6Address.ALL_ROUTERS),
                new RouterSolicitation(options));
        if (attempt < MAX_RTR_SOLICITATIONS) {
            env.timers().in("router solicitation " + port.name(), RTR_SOLICITATION_INTERVAL, () -> solicit(port, attempt + 1));
        }
    }

    private boolean isOptimistic(Ip6Address address, Port port) {
        return stack.addresses().get(address, port.name()).phase() == Phase.OPTIMISTIC;
    }

    /** A valid Router Advertisement, on a host. */
    void advertisement(Inbound in, RouterAdvertisement message) {
        Port port = in.port();
        Ip6Address router = in.source();
        if (message.routerLifetime() > 0) {
            env.timers().cancel("router solicitation " + port.name());
        }
        message.option(NdOption.SourceLinkLayer.class)
                .ifPresent(option -> stack.neighbours().learn(port, router, option.address(), Reason.ROUTER_ADVERTISEMENT_RECEIVED));
        String key = port.name() + " " + router;
        DefaultRouter old = routers.get(key);
        if (message.routerLifetime() == 0) {
            if (old != null) {
                lose(old, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
            }
        } else if (old != null || routers.size() < MOST_ROUTERS) {
            long lifetime = message.routerLifetime() * VirtualTime.SECOND;
            long interval = message.option(NdOption.AdvertisementInterval.class).map(option -> option.interval() * VirtualTime.MILLISECOND).orElse(0L);
            DefaultRouter now = new DefaultRouter(port.name(), router, later(old == null ? 0 : old.until(), lifetime), message.homeAgent(), interval);
            routers.put(key, now, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
            if (old == null || old.until() != now.until()) {
                env.timers().set("router " + key, now.until(), () -> lose(now, Reason.LIFETIME_EXPIRED));
            }
            Route route = new Route(Prefix.ALL, port.name(), Optional.of(router), 0, Route.Origin.ADVERTISED);
            if (!stack.routes().has(route)) {
                stack.routes().put(route, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
            }
        }
        for (NdOption option : message.options()) {
            if (option instanceof NdOption.PrefixInformation prefix) {
                prefix(port, prefix, router);
            }
        }
        listeners.forEach(listener -> listener.advertised(port, router, message));
    }

    /** When a lifetime ends: the old end where it is still near enough to the new one. */
    private long later(long oldUntil, long lifetime) {
        if (lifetime == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long until = env.now() + lifetime;
        return oldUntil != Long.MAX_VALUE && oldUntil >= until - lifetime / 10 && oldUntil <= until ? oldUntil : until;
    }

    private static long nanos(long seconds) {
        return seconds == NdOption.INFINITY ? Long.MAX_VALUE : seconds * VirtualTime.SECOND;
    }

    private void prefix(Port port, NdOption.PrefixInformation option, Ip6Address router) {
        if (option.prefixLength() > 128 || option.prefix().isLinkLocal() || option.prefix().isMulticast()
                || option.preferredLifetime() > option.validLifetime()) {
            return;
        }
        Prefix prefix = new Prefix(option.prefix(), option.prefixLength());
        String key = port.name() + " " + prefix;
        OnLinkPrefix old = prefixes.get(key);
        if (option.onLink() || option.autonomous()) {
            if (option.validLifetime() == 0) {
                removePrefix(key, prefix, port, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
            } else if (old != null || prefixes.size() < MOST_PREFIXES) {
                OnLinkPrefix now = new OnLinkPrefix(port.name(), prefix, option.autonomous(),
                        later(old == null ? 0 : old.preferredUntil(), nanos(option.preferredLifetime())),
                        later(old == null ? 0 : old.validUntil(), nanos(option.validLifetime())),
                        option.routerAddress() ? Optional.of(option.prefix()) : old == null ? Optional.empty() : old.routerAddress());
                prefixes.put(key, now, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
                if (now.validUntil() != Long.MAX_VALUE && (old == null || old.validUntil() != now.validUntil())) {
                    env.timers().set("prefix " + key, now.validUntil(), () -> removePrefix(key, prefix, port, Reason.LIFETIME_EXPIRED));
                }
                Route route = new Route(prefix, port.name(), Optional.empty(), 0, Route.Origin.ADVERTISED);
                if (option.onLink() && !stack.routes().has(route)) {    // what the lab configured stays when the advertisement expires
                    stack.routes().put(route, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
                }
            } else {
                return;    // no room: no address either
            }
        }
        if (option.autonomous() && option.prefixLength() == 64) {
            form(port, prefix, nanos(option.preferredLifetime()), nanos(option.validLifetime()), router);
        }
    }

    private void removePrefix(String key, Prefix prefix, Port port, Reason reason) {
        env.timers().cancel("prefix " + key);
        prefixes.remove(key, reason);
        stack.routes().removeIf(route -> route.prefix().equals(prefix) && route.port().equals(port.name()) && route.via().isEmpty()
                && route.origin() == Route.Origin.ADVERTISED, reason);
    }

    /** Forms or refreshes an address (RFC 4862 section 5.5.3). */
    private void form(Port port, Prefix prefix, long preferred, long valid, Ip6Address router) {
        Ip6Address address = prefix.with(port.mac().interfaceId());
        AddressEntry old = stack.addresses().get(address, port.name());
        if (old == null) {
            if (valid > 0) {
                tentative(new AddressEntry(port.name(), address, Phase.TENTATIVE, Origin.AUTOCONFIGURED, later(0, preferred), later(0, valid)), port,
                        stack.neighbours().get(port, router).flatMap(Neighbour::mac).isPresent());
            }
            return;
        }
        if (old.origin() != Origin.AUTOCONFIGURED) {
            return;
        }
        long left = old.validUntil() == Long.MAX_VALUE ? Long.MAX_VALUE : old.validUntil() - env.now();
        long newValid = valid > TWO_HOURS || valid > left ? valid : left <= TWO_HOURS ? left : TWO_HOURS;
        AddressEntry now = new AddressEntry(port.name(), address, old.phase() == Phase.DEPRECATED && preferred > 0 ? Phase.PREFERRED : old.phase(),
                old.origin(), later(old.preferredUntil(), preferred), newValid == left ? old.validUntil() : later(old.validUntil(), newValid));
        if (!now.equals(old)) {
            stack.addresses().put(now, Reason.ROUTER_ADVERTISEMENT_RECEIVED);
            lifetimes(now, port);
        }
    }

    /**
     * A new address: duplicate address detection, meanwhile tentative or optimistic.
     *
     * @param routerKnown the router's link-layer address is known, without which being optimistic is no use (RFC 4429 section 3.3)
     */
    private void tentative(AddressEntry entry, Port port, boolean routerKnown) {
        stack.addresses().put(entry, Reason.DAD_STARTED);
        stack.dad().start(port, entry.address(), (unique, who) -> {
            AddressEntry now = stack.addresses().get(entry.address(), port.name());
            if (unique) {
                stack.addresses().put(now.withPhase(Phase.PREFERRED), Reason.DAD_PASSED);
                lifetimes(now.withPhase(Phase.PREFERRED), port);
            } else {
                stack.addresses().put(now.withPhase(Phase.DUPLICATE), Reason.DAD_FAILED, who);
            }
        });
        if (optimistic && routerKnown) {
            stack.addresses().put(entry.withPhase(Phase.OPTIMISTIC), Reason.DAD_OPTIMISTIC);
        }
    }

    private void lifetimes(AddressEntry entry, Port port) {
        if (entry.preferredUntil() != Long.MAX_VALUE) {
            env.timers().set("preferred " + entry.key(), entry.preferredUntil(),
                    () -> deprecate(stack.addresses().get(entry.address(), port.name())));
        }
        if (entry.validUntil() != Long.MAX_VALUE) {
            env.timers().set("valid " + entry.key(), entry.validUntil(), () -> forget(entry, port, Reason.LIFETIME_EXPIRED));
        }
    }

    private void deprecate(AddressEntry entry) {
        if (entry.phase() == Phase.PREFERRED) {    // others become so once duplicate address detection lets them
            stack.addresses().put(entry.withPhase(Phase.DEPRECATED), Reason.LIFETIME_EXPIRED);
        }
    }

    private void forget(AddressEntry entry, Port port, Reason reason, String... args) {
        stack.dad().cancel(port, entry.address());
        env.timers().cancel("preferred " + entry.key());
        env.timers().cancel("valid " + entry.key());
        stack.addresses().remove(entry, reason, args);
    }

    private void removeRouter(DefaultRouter router, Reason reason, String... args) {
        env.timers().cancel("router " + router.key());
        routers.remove(router.key(), reason, args);
        stack.routes().removeIf(route -> route.via().equals(Optional.of(router.address())) && route.port().equals(router.port())
                && route.origin() == Route.Origin.ADVERTISED, reason, args);
    }

    private void lose(DefaultRouter router, Reason reason) {
        removeRouter(router, reason);
        Port port = stack.port(router.port());
        listeners.forEach(listener -> listener.routerLost(port, router.address()));
    }

    /** A neighbour says that it is no router any more (RFC 4861 section 7.2.5). */
    void noRouter(Port port, Ip6Address address) {
        Optional.ofNullable(routers.get(port.name() + " " + address)).ifPresent(router -> lose(router, Reason.ADVERTISEMENT_RECEIVED));
    }

    private void neighbourLost(Neighbour neighbour) {
        Optional.ofNullable(routers.get(neighbour.key())).ifPresent(router -> lose(router, Reason.ROUTER_LOST));
    }
}
