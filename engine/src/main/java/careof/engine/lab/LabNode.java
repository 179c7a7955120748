package careof.engine.lab;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A node.
 *
 * @param ports  its attachments, all but a mobile node's
 * @param at     of a mobile node: the link it starts on; empty: attached nowhere
 * @param home   of a mobile node: where its home is
 * @param careOf4 of a mobile node: its IPv4 care-of address on a link, by the link's name, in file order
 * @param modes  of a mobile node: how it talks to a peer, by node name, in file order; others: {@link Mode#BIDIRECTIONAL}
 * @param routes extra routes; the others follow from the drawing
 * @param lifetime of a mobile node: binding lifetime to ask for, nanoseconds, a multiple of 4 s (RFC 6275 section 6.1.7)
 * @param optimisticDad uses addresses before duplicate address detection ends (RFC 4429); by default only mobile nodes do
 * @param bridge of an attacker with two ports: passes every frame between them, as if it were not there
 * @param spd    entries of its security policy beside those that follow from protections, in order
 * @param ike    how it uses IKE; empty: only if a protection of it is keyed by IKE, and then with all defaults
 * @param outside a machine outside the lab plays it, which is on the same links by ports to the outside: it is drawn and known, but does not run here
 */
public record LabNode(
        String name,
        Role role,
        List<Port> ports,
        Optional<String> at,
        Optional<Home> home,
        SequencedMap<String, Ip4Address> careOf4,
        SequencedMap<String, Mode> modes,
        List<StaticRoute> routes,
        long lifetime,
        boolean optimisticDad,
        boolean bridge,
        List<LabSpdEntry> spd,
        Optional<LabIke> ike,
        boolean outside) {

    /** 60 s. */
    public static final long DEFAULT_LIFETIME = 60_000_000_000L;

    public LabNode {
        ports = List.copyOf(ports);
        routes = List.copyOf(routes);
        spd = List.copyOf(spd);
    }

    /** A node with no ports and all defaults. */
    public static LabNode of(String name, Role role) {
        return new LabNode(name, role, List.of(), Optional.empty(), Optional.empty(), new java.util.LinkedHashMap<>(), new java.util.LinkedHashMap<>(),
                List.of(), DEFAULT_LIFETIME, role == Role.MOBILE_NODE, false, List.of(), Optional.empty(), false);
    }

    public LabNode withName(String name) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withRole(Role role) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withPorts(List<Port> ports) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withAt(Optional<String> at) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withHome(Optional<Home> home) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withCareOf4(SequencedMap<String, Ip4Address> careOf4) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withModes(SequencedMap<String, Mode> modes) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withRoutes(List<StaticRoute> routes) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withLifetime(long lifetime) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withOptimisticDad(boolean optimisticDad) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withBridge(boolean bridge) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withSpd(List<LabSpdEntry> spd) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withOutside(boolean outside) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    public LabNode withIke(Optional<LabIke> ike) {
        return new LabNode(name, role, ports, at, home, careOf4, modes, routes, lifetime, optimisticDad, bridge, spd, ike, outside);
    }

    /** What a node does. */
    public enum Role {
        MOBILE_NODE("mobile-node"),
        CORRESPONDENT("correspondent"),
        HOME_AGENT("home-agent"),
        ROUTER("router"),
        /** Knows nothing of mobility: a home address option is an unknown option to it. */
        HOST("host"),
        ATTACKER("attacker");

        private final String text;

        Role(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }

        public boolean forwards() {
            return this == HOME_AGENT || this == ROUTER;
        }
    }

    /** How a mobile node and a peer exchange data (the draft's section 1). */
    public enum Mode {
        /** Through the home agent, both ways. */
        BIDIRECTIONAL("bidirectional"),
        /** Mobile node to peer directly with a home address option; back through the home agent. */
        TRIANGULAR("triangular"),
        /** Directly both ways, after return routability (RFC 6275 section 5.2). */
        OPTIMIZED("optimized");

        private final String text;

        Mode(String text) {
            this.text = text;
        }

        /** The word in lab files. */
        public String text() {
            return text;
        }
    }

    /**
     * An attachment.
     *
     * @param address a fixed address; empty: from the link's prefix and the port's interface identifier
     * @param address4 empty: no IPv4
     */
    public record Port(String link, Optional<Ip6Address> address, Optional<Ip4Address> address4) {
        /** Without IPv4. */
        public Port(String link, Optional<Ip6Address> address) {
            this(link, address, Optional.empty());
        }
    }

    /**
     * @param link    home link
     * @param address home address, within the home link's prefix
     * @param address4 IPv4 home address, within the home link's IPv4 prefix (RFC 5555); empty: none
     * @param agent   the home agent's node name; empty: found by home agent address discovery (RFC 6275 section 11.4.1)
     */
    public record Home(String link, Ip6Address address, Optional<Ip4Address> address4, Optional<String> agent) {
        /** Without IPv4. */
        public Home(String link, Ip6Address address, Optional<String> agent) {
            this(link, address, Optional.empty(), agent);
        }
    }

    /**
     * @param via next hop
     */
    public record StaticRoute(Prefix prefix, Ip6Address via) {}
}
