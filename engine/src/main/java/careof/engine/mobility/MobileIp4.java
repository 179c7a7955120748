package careof.engine.mobility;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.net.Port;
import careof.engine.stack.Addresses;
import careof.engine.stack.Arrived;
import careof.engine.stack.Carriage;
import careof.engine.stack.IpStack;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.TunnelFamilies;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressEntry;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.Ip4AddressEntry.Origin;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.wire.ip.Udp;
import java.util.List;
import java.util.Optional;

/**
 * A mobile node's IPv4 (RFC 5555 section 4.4): its home address, and on foreign links without IPv6 its care-of address. It waits for an IPv6
 * router first, since IPv6 is preferred (section 4.4.1).
 */
final class MobileIp4 {
    /** Routers answer solicitations within half a second (RFC 4861 section 10, MAX_RA_DELAY_TIME); after twice that none is there. */
    static final long PATIENCE = VirtualTime.SECOND;
    private static final String TIMER = "IPv6 router or none";

    private final MobileNode node;
    private final IpStack stack;
    private final NodeEnv env;
    private final Ip4Configuration configuration;

    MobileIp4(MobileNode node, Ip4Configuration configuration) {
        this.node = node;
        this.stack = node.stack();
        this.env = stack.env();
        this.configuration = configuration;
        stack.upper().listen(Carriage.Tunnel.UDP_PORT, this::datagram);
        // It starts where the IPv6 home address does.
        placeHome(stack.addresses().find(node.home()).map(AddressEntry::port).orElse(Addresses.NOWHERE), Reason.CONFIGURED);
    }

    Optional<Ip4Address> home() {
        return configuration.homeAddress();
    }

    Optional<Ip4Address> agent() {
        return configuration.agent();
    }

    /** The care-of address and router of the link that the node is on, once it is in use. */
    Optional<Ip4Configuration.Place> visited() {
        return here().filter(place -> stack.addresses4().find(place.address()).isPresent());
    }

    private Optional<Ip4Configuration.Place> here() {
        Port port = node.port();
        return port.link() == null || configuration.agent().isEmpty() ? Optional.empty() : Optional.ofNullable(configuration.visited().get(port.link().name()));
    }

    /** Whether packets of IPv6 may not go where only IPv4 does (recommendation D). */
    boolean isStranded() {
        return visited().filter(place -> !TunnelFamilies.fit(env.policy(), node.home(), place.address())).isPresent();
    }

    /** Why nothing of the home address leaves. */
    Verdict.Drop stranded() {
        return TunnelFamilies.misfit(node.home(), visited().orElseThrow().address());
    }

    /** No IPv6 router yet: after a while the link has IPv4 only, if it has that. */
    void seekIp6(Runnable evaluate) {
        if (here().isPresent() && visited().isEmpty() && !env.timers().isSet(TIMER)) {
            env.timers().in(TIMER, PATIENCE, () -> {
                visit(here().orElseThrow());
                evaluate.run();
            });
        }
    }

    private void visit(Ip4Configuration.Place place) {
        Port port = node.port();
        stack.addresses4().put(new Ip4AddressEntry(port.name(), place.address(), place.prefix(), Origin.CARE_OF), Reason.IP4_CARE_OF_ADDRESS,
                place.address().toString(), port.link().name());
        routes(place, Route.Origin.VISITED);
    }

    private void routes(Ip4Configuration.Place place, Route.Origin origin) {
        String port = node.port().name();
        stack.routes().put(new Route(place.prefix(), port, Optional.empty(), 0, origin), Reason.CONFIGURED);
        place.router().ifPresent(router -> stack.routes().put(new Route(Ip4Prefix.ALL, port, Optional.of(router), 0, origin), Reason.CONFIGURED));
    }

    /** An IPv6 router was heard. */
    void ip6Found() {
        env.timers().cancel(TIMER);
    }

    /** The link is gone, and with it what holds there only. */
    void leave() {
        env.timers().cancel(TIMER);
        for (Ip4AddressEntry entry : stack.addresses4().on(node.port().name())) {
            if (entry.origin() == Origin.CARE_OF) {
                stack.addresses4().remove(entry.address(), Reason.DETACHED, node.port().name());
            }
        }
        forgetRoutes();
    }

    private void forgetRoutes() {
        stack.routes().removeIf(route -> route.port().equals(node.port().name()) && route.origin() == Route.Origin.VISITED, Reason.DETACHED, node.port().name());
    }

    /** Puts the home address, with its routes, on a port or on {@link Addresses#NOWHERE}. */
    void placeHome(String where, Reason reason, String... args) {
        configuration.home().ifPresent(place -> {
            stack.addresses4().put(new Ip4AddressEntry(where, place.address(), place.prefix(), Origin.HOME), reason, args);
            if (where.equals(Addresses.NOWHERE)) {
                stack.routes().removeIf(route -> route.prefix() instanceof Ip4Prefix && route.origin() == Route.Origin.CONNECTED, reason, args);
            } else {
                routes(place, Route.Origin.CONNECTED);
            }
        });
    }

    /** At home again: neighbours are told (RFC 5944 section 4.6). */
    void announceHome() {
        home().ifPresent(address -> stack.arp().announce(node.port(), address));
    }

    /** What comes in UDP is the home agent's, and for the home address (RFC 5555 section 4.2). */
    private void datagram(Arrived in, Udp datagram) {
        unwrap(stack, in, datagram, agent().map(in.source()::equals).orElse(false), node.home());
    }

    /** Takes a packet out of UDP that is for one address of this node and no other. */
    static void unwrap(IpStack stack, Arrived in, Udp datagram, boolean trusted, IpAddress destination) {
        Optional<IpAddress> to = trusted ? stack.decapsulation().destination(datagram.data()) : Optional.empty();
        if (!to.equals(Optional.of(destination))) {
            stack.env().dropped(in.packet(), Reason.UDP_TUNNEL_UNKNOWN, in.source().toString());
            return;
        }
        stack.env().decided(in.packet(), Reason.UDP_TUNNEL_IN, in.source().toString());
        stack.decapsulation().startOver(in, stack.derived(in.packet(), datagram.data(), Relation.DECAPSULATED), in.source(), in.sas());
    }

    /** Addresses of the home agent in both IP versions: ends of tunnels may be either. */
    List<IpAddress> agents(IpAddress agent6) {
        return agent().<List<IpAddress>>map(agent4 -> List.of(agent6, agent4)).orElseGet(() -> List.of(agent6));
    }
}
