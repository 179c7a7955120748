package careof.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpPrefix;
import careof.engine.base.Prefix;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.state.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What follows from a drawing. */
class PlanTest {
    private static LabLink link(String name, int number) {
        return LabLink.of(name, LabLink.Kind.WIRED, Optional.of(Prefix.parse("2001:db8:" + Integer.toHexString(number) + "::/64")));
    }

    private static LabNode node(String name, LabNode.Role role, String... links) {
        List<LabNode.Port> ports = new ArrayList<>();
        for (String link : links) {
            ports.add(new LabNode.Port(link, Optional.empty()));
        }
        return LabNode.of(name, role).withPorts(ports);
    }

    private static Lab lab(List<LabLink> links, List<LabNode> nodes) {
        return Lab.empty("drawing").withLinks(links).withNodes(nodes);
    }

    /** r1 and r2 meet on two links, r3 is behind r2. */
    @Test
    void routesOfADrawing() {
        Plan plan = new Plan(lab(List.of(link("l1", 1), link("l2", 2), link("l3", 3), link("l4", 4)),
                List.of(node("r1", LabNode.Role.ROUTER, "l1", "l2"), node("r2", LabNode.Role.ROUTER, "l2", "l3"), node("r3", LabNode.Role.HOME_AGENT, "l3", "l4"))));
        Ip6Address r2 = Ip6Address.linkLocal(plan.ports("r2").getFirst().mac().interfaceId());
        assertEquals(List.of(
                new Route(Prefix.parse("2001:db8:1::/64"), "p1", Optional.empty(), 0, Route.Origin.CONNECTED),
                new Route(Prefix.parse("2001:db8:2::/64"), "p2", Optional.empty(), 0, Route.Origin.CONNECTED),
                new Route(Prefix.parse("2001:db8:3::/64"), "p2", Optional.of(r2), 1, Route.Origin.DRAWING),
                new Route(Prefix.parse("2001:db8:4::/64"), "p2", Optional.of(r2), 2, Route.Origin.DRAWING)), plan.routes("r1"));
    }

    /** In any drawing, following the routes leads from each router to each link that it can reach, by as few links as possible. */
    @Test
    void routesLeadThere() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<LabLink> links = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(8); i++) {
                links.add(link("l" + i, i + 1));
            }
            List<LabNode> nodes = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                TreeSet<String> on = new TreeSet<>();
                for (int j = 0; j < 1 + random.nextInt(3); j++) {
                    on.add("l" + random.nextInt(links.size()));
                }
                nodes.add(node("r" + i, LabNode.Role.ROUTER, on.toArray(String[]::new)));
            }
            check(lab(links, nodes), seed);
        }
    }

    private static void check(Lab lab, int seed) {
        Plan plan = new Plan(lab);
        Map<Ip6Address, String> owners = new LinkedHashMap<>();
        for (LabNode node : lab.nodes()) {
            plan.ports(node.name()).forEach(port -> owners.put(Ip6Address.linkLocal(port.mac().interfaceId()), node.name()));
        }
        for (LabNode node : lab.nodes()) {
            Map<String, Integer> distances = distances(lab, node.name());
            Map<IpPrefix, Route> routes = new LinkedHashMap<>();
            plan.routes(node.name()).forEach(route -> assertEquals(null, routes.put(route.prefix(), route), "seed " + seed));
            assertEquals(distances.size(), routes.size(), "seed " + seed + ", " + node.name());
            for (LabLink link : lab.links()) {
                Route route = routes.get(link.prefix().get());
                Integer distance = distances.get(link.name());
                if (distance == null) {
                    assertEquals(null, route);
                    continue;
                }
                assertEquals(distance, route.metric(), "seed " + seed);
                if (distance > 0) {
                    String next = owners.get(route.via().get());
                    assertEquals(distance - 1, distances(lab, next).get(link.name()), "seed " + seed + ": the next router is nearer");
                    String over = plan.ports(node.name()).stream().filter(p -> p.name().equals(route.port())).findFirst().get().link().get().name();
                    assertTrue(plan.ports(next).stream().anyMatch(p -> p.link().get().name().equals(over)), "seed " + seed + ": a neighbour");
                }
            }
        }
    }

    /** Links to cross before each link, as plainly as can be. */
    private static Map<String, Integer> distances(Lab lab, String from) {
        Map<String, Integer> distances = new LinkedHashMap<>();
        lab.node(from).get().ports().forEach(port -> distances.put(port.link(), 0));
        for (int step = 1; step <= lab.links().size(); step++) {
            for (LabNode node : lab.nodes()) {
                int best = node.ports().stream().mapToInt(port -> distances.getOrDefault(port.link(), Integer.MAX_VALUE - 1)).min().orElseThrow();
                if (best == step - 1) {
                    int now = step;
                    node.ports().forEach(port -> distances.putIfAbsent(port.link(), now));
                }
            }
        }
        return distances;
    }

    @Test
    void addresses() {
        Plan plan = new Plan(lab(List.of(link("l1", 1), link("l2", 2)), List.of(
                node("r", LabNode.Role.ROUTER, "l1"), node("h", LabNode.Role.HOST, "l1"), node("lonely", LabNode.Role.HOST, "l2"),
                LabNode.of("fixed", LabNode.Role.CORRESPONDENT).withPorts(List.of(new LabNode.Port("l1", Optional.of(Ip6Address.parse("2001:db8:1::9"))))))));
        assertEquals(Optional.of(Ip6Address.parse("2001:db8:1::ff:fe00:101")), plan.ports("r").getFirst().address());
        assertEquals(Optional.empty(), plan.ports("h").getFirst().address(), "forms its own");
        assertEquals(Optional.of(Ip6Address.parse("2001:db8:1::ff:fe00:201")), plan.address("h"), "but all know which");
        assertEquals(Optional.of(Ip6Address.parse("2001:db8:2::ff:fe00:301")), plan.ports("lonely").getFirst().address(), "no router tells it a prefix");
        assertEquals(Optional.of(Ip6Address.parse("2001:db8:1::9")), plan.address("fixed"));
    }

    @Test
    void onlyRouters() {
        LabNode mobile = LabNode.of("mn", LabNode.Role.MOBILE_NODE).withAt(Optional.of("l3"))
                .withHome(Optional.of(new LabNode.Home("l4", Ip6Address.parse("2001:db8:4::10"), Optional.empty())));
        LabLink cell = LabLink.of("cell", LabLink.Kind.CELL, Optional.of(Prefix.parse("2001:db8:5::/64")));
        Lab lab = lab(List.of(link("l1", 1), link("l2", 2), link("l3", 3), link("l4", 4), cell), List.of(
                node("r1", LabNode.Role.ROUTER, "l1", "l2", "l3"), node("r2", LabNode.Role.HOME_AGENT, "l1", "l4", "cell"),
                node("h", LabNode.Role.HOST, "l2"), mobile));
        Plan plan = new Plan(lab);
        assertTrue(plan.onlyRouters(lab.link("l1").get()));
        for (String link : List.of("l2", "l3", "l4", "cell")) {
            assertFalse(plan.onlyRouters(lab.link(link).get()), link);
        }
    }
}
