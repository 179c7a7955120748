package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.stack.Addresses;
import careof.engine.stack.Autoconfiguration;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressEntry;
import careof.engine.state.DefaultRouter;
import careof.engine.state.MovementState;
import careof.engine.state.MovementState.Phase;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.RouterAdvertisement;
import careof.engine.wire.icmp.NdOption;
import java.util.List;
import java.util.Optional;

/**
 * Movement detection (RFC 6275 sections 11.5.1 to 11.5.3): carrier, Router Advertisements and the loss of routers say where the
 * node is; each of them leads to {@link #evaluate}, which compares that with what was believed.
 */
final class MovementDetection implements Autoconfiguration.Listener {
    /** So many advertisements in a row may stay away before the router is asked whether it is there. */
    private static final int MOST_MISSED = 3;
    /** MinRtrAdvInterval may be as low as this (RFC 6275 section 7.5); a router that claims less is not asked more often. */
    private static final long LEAST_INTERVAL = 30 * VirtualTime.MILLISECOND;

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final Port port;
    private final Table<String, MovementState> table;

    MovementDetection(MobileNode node) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.port = node.port();
        this.table = env.table();
        MovementState start = new MovementState(Phase.DETACHED, Optional.empty(), Optional.empty(), env.now());
        table.put(start.key(), start, Reason.CONFIGURED);
        stack.autoconfiguration().listen(this);
        stack.onCarrier(changed -> {
            if (changed == port) {
                evaluate();
            }
        });
        stack.addresses().onChange(entry -> {
            if (entry.port().equals(port.name()) && entry.origin() != AddressEntry.Origin.HOME) {
                evaluate();
            }
        });
    }

    MovementState state() {
        return table.get("movement");
    }

    @Override
    public void advertised(Port on, Ip6Address router, RouterAdvertisement message) {
        if (on != port) {
            return;
        }
        message.options().forEach(option -> agentHere(router, option));
        evaluate();
        Optional<IpAddress> current = state().router();
        if (current.isEmpty()) {
            return;
        }
        if (current.get().equals(router)) {
            watch(router);
        } else if (node.careOf().isPresent() && message.options().stream().noneMatch(this::isCurrentPrefix)) {
            // Another router with other prefixes: perhaps we moved. The old one is kept as long as it answers.
            stack.neighbours().verify(port, (Ip6Address) current.get());
        }
    }

    /**
     * The home agent tells its global address by the R bit of its prefix: so its link-layer address is known from this very advertisement and
     * need not be asked for (RFC 6275 section 11.5.5).
     */
    private void agentHere(Ip6Address router, NdOption option) {
        if (option instanceof NdOption.PrefixInformation p && p.routerAddress() && node.homeRegistration().agent().equals(Optional.of(p.prefix()))) {
            stack.routes().put(new Route(Prefix.host(p.prefix()), port.name(), Optional.of(router), 0, Route.Origin.ADVERTISED),
                    Reason.ROUTER_ADVERTISEMENT_RECEIVED);
        }
    }

    private boolean isAgentHere() {
        return node.homeRegistration().agent().map(stack.routes()::lookup)
                .map(route -> route.prefix().length() == 128 && route.port().equals(port.name())).orElse(false);
    }

    private boolean isCurrentPrefix(NdOption option) {
        return option instanceof NdOption.PrefixInformation p && p.prefixLength() <= 128
                && new Prefix(p.prefix(), p.prefixLength()).contains(node.careOf().get());
    }

    /** Asks a router that has gone quiet whether it is there; unreachability detection does the rest. */
    private void watch(Ip6Address router) {
        stack.autoconfiguration().routers().stream().filter(r -> r.address().equals(router) && r.interval() > 0).findFirst()
                .ifPresent(r -> env.timers().in("router quiet", MOST_MISSED * Math.max(r.interval(), LEAST_INTERVAL), () -> {
                    if (state().router().equals(Optional.of(router))) {
                        stack.neighbours().verify(port, router);
                        watch(router);
                    }
                }));
    }

    @Override
    public void routerLost(Port on, Ip6Address router) {
        if (on == port) {
            evaluate();
        }
    }

    /** Where are we now? */
    private void evaluate() {
        MovementState old = state();
        if (!port.carrier()) {
            node.ip4().leave();
            become(old, Phase.DETACHED, Optional.empty(), Optional.empty());
            return;
        }
        Optional<IpAddress> router = router(old);
        boolean home = stack.autoconfiguration().prefixes().stream()
                .anyMatch(prefix -> prefix.port().equals(port.name()) && prefix.prefix().equals(node.settings().homePrefix()));
        if (home || router.isPresent()) {
            node.ip4().ip6Found();
        }
        if (home) {
            // Unless its link-layer address is known, a home agent can be asked for it from a link-local address only, not yet from the home address.
            boolean ready = isAgentHere() || stack.addresses().linkLocalOf(port.name()).isPresent();
            become(old, ready ? Phase.AT_HOME : Phase.CONFIGURING, Optional.empty(), router);
        } else if (router.isEmpty()) {
            evaluateIp4(old);
        } else {
            Optional<IpAddress> careOf = careOf(old);
            become(old, careOf.isPresent() ? Phase.AWAY : Phase.CONFIGURING, careOf, router);
        }
    }

    /** No IPv6 router: the IPv4 care-of address does, if there is one (RFC 5555 section 4.4.4). */
    private void evaluateIp4(MovementState old) {
        Optional<Ip4Configuration.Place> visited = node.ip4().visited();
        Optional<IpAddress> router = visited.flatMap(Ip4Configuration.Place::router);
        if (visited.isPresent() && node.ip4().isStranded()) {
            become(old, Phase.SOLICITING, Optional.empty(), router);
        } else if (visited.isPresent()) {
            become(old, Phase.AWAY, visited.map(Ip4Configuration.Place::address), router);
        } else {
            become(old, Phase.SOLICITING, Optional.empty(), Optional.empty());
            node.ip4().seekIp6(this::evaluate);
        }
    }

    /** The default router: the present one as long as it is there. */
    private Optional<IpAddress> router(MovementState old) {
        List<IpAddress> here = stack.autoconfiguration().routers().stream().filter(router -> router.port().equals(port.name())).<IpAddress>map(DefaultRouter::address).toList();
        return old.router().filter(here::contains).or(() -> here.stream().findFirst());
    }

    /** The primary care-of address: the present one as long as it is preferred, else one that may be used. */
    private Optional<IpAddress> careOf(MovementState old) {
        var usable = stack.addresses().on(port.name()).stream()
                .filter(entry -> entry.origin() == AddressEntry.Origin.AUTOCONFIGURED && entry.usable()).toList();
        List<IpAddress> preferred = usable.stream().filter(entry -> entry.phase() != AddressEntry.Phase.DEPRECATED).<IpAddress>map(AddressEntry::address).toList();
        return old.careOf().filter(preferred::contains).or(() -> preferred.stream().findFirst())
                .or(() -> usable.stream().<IpAddress>map(AddressEntry::address).findFirst());
    }

    private void become(MovementState old, Phase phase, Optional<IpAddress> careOf, Optional<IpAddress> router) {
        boolean same = old.phase() == phase && old.careOf().equals(careOf);
        MovementState now = new MovementState(phase, careOf, router, same ? old.since() : env.now());
        if (now.equals(old)) {
            return;
        }
        Reason reason = same || phase != Phase.AWAY && phase != Phase.AT_HOME ? Reason.MOVED : phase == Phase.AWAY ? Reason.CARE_OF_ADDRESS : Reason.RETURNED_HOME;
        if (same && node.ip4().isStranded()) {
            Verdict.Drop why = node.ip4().stranded();
            table.put(now.key(), now, why.reason(), why.texts().toArray(String[]::new));
        } else if (reason == Reason.MOVED) {
            table.put(now.key(), now, reason, same ? "another router" : phase.name().toLowerCase(java.util.Locale.ROOT));
        } else {
            table.put(now.key(), now, reason);
        }
        if (same) {
            return;
        }
        boolean wasSomewhere = old.phase() == Phase.AWAY || old.phase() == Phase.AT_HOME;
        if (wasSomewhere) {
            node.homeRegistration().suspend();
            node.registrations().suspend();
            node.discovery().suspend();
            node.prefixes().suspend();
        }
        if (phase == Phase.DETACHED || phase == Phase.AWAY) {
            node.placeHome(Addresses.NOWHERE, Reason.MOVED, "away from home");
        }
        switch (phase) {
            case AT_HOME -> {
                node.homeRegistration().returnHome();
                node.registrations().returnHome();
                node.correspondent().cooperation().moved(node.home(), this::isTold);
            }
            case AWAY -> {
                node.homeRegistration().register();
                node.registrations().moved();
                careOf.ifPresent(to -> node.correspondent().cooperation().moved(to, this::isTold));
            }
            case DETACHED, SOLICITING, CONFIGURING -> { }
        }
        if (phase == Phase.DETACHED) {
            env.timers().cancel("router quiet");
        }
    }

    /** Whether a node is told of a movement by a binding update that an SA authenticates. */
    private boolean isTold(IpAddress peer) {
        return node.homeRegistration().agent().filter(peer::equals).isPresent() || node.registrations().isToldUnderSa(peer);
    }
}
