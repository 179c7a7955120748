package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** In any drawing, a ping is answered exactly if the drawing connects the two. */
class ConnectivityTest {

    @Test
    void pingsGoWhereTheDrawingLeads() throws Exception {
        int answered = 0;
        int not = 0;
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Lab lab = lab(random);
            Simulation simulation = new Simulation(lab, Detail.FULL);
            simulation.runUntil(5 * VirtualTime.SECOND);
            for (int i = 0; i < 8; i++) {
                String from = lab.nodes().get(random.nextInt(lab.nodes().size())).name();
                String to = lab.nodes().get(random.nextInt(lab.nodes().size())).name();
                if (from.equals(to)) {
                    continue;
                }
                long before = simulation.trace().size();
                simulation.apply(new Action.Ping(from, to));
                simulation.runUntil(simulation.now() + 4 * VirtualTime.SECOND);
                boolean connected = connected(lab, from).contains(to);
                assertEquals(connected, answered(simulation.trace(), before, from), "seed " + seed + ": " + from + " pings " + to);
                answered += connected ? 1 : 0;
                not += connected ? 0 : 1;
            }
        }
        assertEquals(true, answered > 50 && not > 20, answered + " answered, " + not + " not");
    }

    private static Lab lab(Random random) {
        List<LabLink> links = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(7); i++) {
            links.add(LabLink.of("l" + i, LabLink.Kind.WIRED, Optional.of(Prefix.parse("2001:db8:" + (i + 1) + "::/64"))));
        }
        List<LabNode> nodes = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(5); i++) {
            nodes.add(node("r" + i, LabNode.Role.ROUTER, links, 1 + random.nextInt(3), random));
        }
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            nodes.add(node("h" + i, random.nextBoolean() ? LabNode.Role.HOST : LabNode.Role.CORRESPONDENT, links, 1, random));
        }
        return Lab.empty("drawing").withLinks(links).withNodes(nodes).withSeed(random.nextLong()).withUntil(100 * VirtualTime.SECOND);
    }

    private static LabNode node(String name, LabNode.Role role, List<LabLink> links, int most, Random random) {
        TreeSet<String> on = new TreeSet<>();
        for (int i = 0; i < most; i++) {
            on.add(links.get(random.nextInt(links.size())).name());
        }
        return LabNode.of(name, role).withPorts(on.stream().map(link -> new LabNode.Port(link, Optional.empty())).toList());
    }

    /** Nodes that can be reached from a node over links and through routers. */
    private static TreeSet<String> connected(Lab lab, String from) {
        Map<String, Boolean> links = new LinkedHashMap<>();
        TreeSet<String> reached = new TreeSet<>(List.of(from));
        lab.node(from).orElseThrow().ports().forEach(port -> links.put(port.link(), true));
        for (int turn = 0; turn < lab.links().size() + 1; turn++) {
            for (LabNode node : lab.nodes()) {
                if (node.ports().stream().anyMatch(port -> links.containsKey(port.link()))) {
                    reached.add(node.name());
                    if (node.role().forwards()) {
                        node.ports().forEach(port -> links.put(port.link(), true));
                    }
                }
            }
        }
        return reached;
    }

    private static boolean answered(TraceStore trace, long after, String node) throws Exception {
        TraceStore.Cursor cursor = trace.from(after + 1);
        while (cursor.hasNext()) {
            if (cursor.next() instanceof TraceEvent.Decided decided && decided.node().equals(node) && decided.reason() == Reason.DELIVERED
                    && isReply(trace, decided.packet())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReply(TraceStore trace, long id) throws Exception {
        Optional<TraceEvent.FrameSent> sent = trace.frameOf(id);
        if (sent.isEmpty()) {
            return false;
        }
        Ip6Packet packet = Ip6Packet.parse(sent.get().frame().from(Ethernet.HEADER));
        return packet.protocol() == IpProtocol.ICMP6 && packet.payload().at(0) == Icmp6Message.ECHO_REPLY;
    }
}
