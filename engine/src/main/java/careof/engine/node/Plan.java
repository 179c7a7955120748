package careof.engine.node;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.IpPrefix;
import careof.engine.base.MacAddress;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.state.Route;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What follows from a drawing: port names, Ethernet addresses, IPv6 addresses, and each router's routes (fewest links first,
 * then the order of the file).
 */
public final class Plan {
    /**
     * A port as it will be.
     *
     * @param name    "p1", "p2"... in the order of the lab file
     * @param link    empty: attached nowhere at the start
     * @param address  global address at the start; empty: from router advertisements, or none
     * @param address4 fixed IPv4 address; empty: none
     */
    public record PortPlan(String name, MacAddress mac, Optional<LabLink> link, Optional<Ip6Address> address, Optional<Ip4Address> address4) {}

    private final Lab lab;
    private final Map<String, List<PortPlan>> ports = new LinkedHashMap<>();
    /** By link: what stands for all links that bridges join to it. */
    private final Map<String, String> segments = new LinkedHashMap<>();

    public Plan(Lab lab) {
        this.lab = lab;
        lab.links().forEach(link -> segments.put(link.name(), lab.segment(link.name())));
        for (int i = 0; i < lab.nodes().size(); i++) {
            ports.put(lab.nodes().get(i).name(), plan(lab.nodes().get(i), i + 1));
        }
    }

    private List<PortPlan> plan(LabNode node, int number) {
        List<PortPlan> plans = new ArrayList<>();
        if (node.role() == LabNode.Role.MOBILE_NODE) {
            plans.add(new PortPlan("p1", mac(number, 1), node.at().flatMap(lab::link), Optional.empty(), Optional.empty()));
        }
        for (LabNode.Port port : node.ports()) {
            int ordinal = plans.size() + 1;
            Optional<LabLink> link = lab.link(port.link());
            MacAddress mac = mac(number, ordinal);
            Optional<Prefix> prefix = link.flatMap(LabLink::prefix).filter(p -> p.length() == 64);
            // A host on a link with routers configures itself; elsewhere nobody else would give it an address.
            boolean itself = !node.role().forwards() && hasRouter(port.link());
            Optional<Ip6Address> address = node.bridge() ? Optional.empty() : port.address().or(() -> itself ? Optional.empty() : prefix.map(p -> p.with(mac.interfaceId())));
            plans.add(new PortPlan("p" + ordinal, mac, link, address, port.address4()));
        }
        return plans;
    }

    /** The care-of address that a mobile node will make on the foreign link where it starts; empty: it starts at home, or nowhere, or cannot make one. */
    public Optional<Ip6Address> visited(String node) {
        return lab.node(node).filter(mobile -> mobile.home().isPresent() && !mobile.at().equals(mobile.home().map(LabNode.Home::link)))
                .flatMap(LabNode::at).flatMap(lab::link).flatMap(LabLink::prefix).filter(prefix -> prefix.length() == 64)
                .map(prefix -> prefix.with(ports(node).getFirst().mac().interfaceId()));
    }

    private static MacAddress mac(int node, int port) {
        return new MacAddress(0x0200_0000_0000L | (long) node << 8 | port);
    }

    /** Whether two links are one for IP. */
    private boolean same(String one, String other) {
        return one.equals(other) || segment(one).equals(segment(other));
    }

    private String segment(String link) {
        return segments.getOrDefault(link, link);
    }

    private boolean hasRouter(String link) {
        return lab.nodes().stream().anyMatch(node -> node.role().forwards() && node.ports().stream().anyMatch(port -> same(port.link(), link)));
    }

    /** Whether nobody but routers is on a link or ever at home there: a wire between routers. */
    public boolean onlyRouters(LabLink link) {
        return link.kind() == LabLink.Kind.WIRED && lab.nodes().stream().filter(node -> !node.role().forwards() && !node.bridge())
                .noneMatch(node -> node.ports().stream().anyMatch(port -> same(port.link(), link.name()))
                        || node.at().filter(at -> same(at, link.name())).isPresent() || node.home().filter(home -> same(home.link(), link.name())).isPresent());
    }

    public List<PortPlan> ports(String node) {
        return ports.get(node);
    }

    /** The address that others reach a node by: a mobile node's home address, else the first port's. */
    public Optional<Ip6Address> address(String node) {
        LabNode what = lab.node(node).orElseThrow();
        if (what.home().isPresent()) {
            return what.home().map(LabNode.Home::address);
        }
        for (PortPlan port : what.bridge() ? List.<PortPlan>of() : ports.get(node)) {
            Optional<Ip6Address> address = port.address()
                    .or(() -> port.link().flatMap(LabLink::prefix).filter(p -> p.length() == 64).map(p -> p.with(port.mac().interfaceId())));
            if (address.isPresent()) {
                return address;
            }
        }
        return Optional.empty();
    }

    /** The IPv4 address that others reach a node by: a mobile node's home address, else the first port's that has one. */
    public Optional<Ip4Address> address4(String node) {
        LabNode what = lab.node(node).orElseThrow();
        return what.home().isPresent() ? what.home().flatMap(LabNode.Home::address4)
                : what.ports().stream().flatMap(port -> port.address4().stream()).findFirst();
    }

    /** The port of a home agent on the home link of some mobile node; its first port where nobody lives. */
    public Optional<PortPlan> homePort(String homeAgent) {
        Set<String> homes = new LinkedHashSet<>();
        for (LabNode node : lab.nodes()) {
            node.home().ifPresent(home -> homes.add(home.link()));
        }
        List<PortPlan> candidates = ports.get(homeAgent).stream().filter(port -> port.link().flatMap(LabLink::prefix).isPresent()).toList();
        return candidates.stream().filter(port -> homes.stream().anyMatch(home -> same(home, port.link().get().name()))).findFirst().or(() -> candidates.stream().findFirst());
    }

    /** The IPv4 router of a link: the first in the file that has an address there. */
    public Optional<Ip4Address> router4(LabLink link) {
        return neighbours(link.name(), new LinkedHashSet<>()).values().stream().flatMap(port -> port.address4().stream()).findFirst();
    }

    /** Routes of a node that forwards, to every prefix of the drawing of either IP version; the IPv4 ones lead over routers that have IPv4. */
    public List<Route> routes(String node) {
        List<Route> routes = new ArrayList<>(routes(node, LabLink::prefix, port -> Optional.of(Ip6Address.linkLocal(port.mac().interfaceId()))));
        routes.addAll(routes(node, LabLink::prefix4, PortPlan::address4));
        return routes;
    }

    private List<Route> routes(String node, Function<LabLink, Optional<? extends IpPrefix>> prefixOf, Function<PortPlan, Optional<? extends IpAddress>> address) {
        record Step(String router, PortPlan out, Optional<? extends IpAddress> via, int links) {}
        List<Route> routes = new ArrayList<>();
        Set<String> seenLinks = new LinkedHashSet<>();
        Set<String> seenRouters = new LinkedHashSet<>(List.of(node));
        Deque<Step> steps = new ArrayDeque<>();
        for (PortPlan port : ports.get(node)) {
            port.link().filter(_ -> address.apply(port).isPresent()).ifPresent(link -> {
                seenLinks.add(segment(link.name()));
                prefixOf.apply(link).ifPresent(prefix -> routes.add(new Route(prefix, port.name(), Optional.empty(), 0, Route.Origin.CONNECTED)));
            });
        }
        for (PortPlan port : ports.get(node)) {
            port.link().filter(_ -> address.apply(port).isPresent()).ifPresent(link -> neighbours(link.name(), seenRouters).forEach((router, in) -> {
                if (address.apply(in).isPresent()) {
                    seenRouters.add(router);
                    steps.add(new Step(router, port, address.apply(in), 1));
                }
            }));
        }
        while (!steps.isEmpty()) {
            Step step = steps.removeFirst();
            for (PortPlan port : ports.get(step.router)) {
                if (port.link().isEmpty() || address.apply(port).isEmpty() || !seenLinks.add(segment(port.link().get().name()))) {
                    continue;
                }
                LabLink link = port.link().get();
                prefixOf.apply(link).ifPresent(prefix -> routes.add(new Route(prefix, step.out.name(), step.via.map(via -> via), step.links, Route.Origin.DRAWING)));
                neighbours(link.name(), seenRouters).forEach((router, in) -> {
                    if (address.apply(in).isPresent()) {
                        seenRouters.add(router);
                        steps.add(new Step(router, step.out, step.via, step.links + 1));
                    }
                });
            }
        }
        return routes;
    }

    /** Routers on a link, with their port there, but for those already seen. */
    private Map<String, PortPlan> neighbours(String link, Set<String> seen) {
        Map<String, PortPlan> found = new LinkedHashMap<>();
        for (LabNode node : lab.nodes()) {
            if (node.role().forwards() && !seen.contains(node.name())) {
                ports.get(node.name()).stream().filter(port -> port.link().filter(on -> same(on.name(), link)).isPresent()).findFirst()
                        .ifPresent(port -> found.put(node.name(), port));
            }
        }
        return found;
    }
}
