package careof.app.bench;

import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabTraffic;
import careof.engine.lab.TimedAction;
import careof.engine.run.Simulation;
import careof.engine.state.FlowEnd;
import careof.engine.trace.Detail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** UDP over IPv6 through a chain of routers, from one host to another: what the forwarding benchmark runs. */
public final class ForwardChain {
    /** Routers in a row: hops of each packet. */
    public static final int ROUTERS = 10;
    /** Octets of data in each packet. */
    public static final int OCTETS = 1000;
    /** Packets that one second of virtual time sends. */
    public static final int PACKETS_PER_SECOND = 10_000;

    /** The stream starts when all addresses are formed and a ping has made the routers resolve each other. */
    private static final long WARM = 5 * VirtualTime.SECOND;
    private static final long PING = 3 * VirtualTime.SECOND;
    private static final long END = 100_000 * VirtualTime.SECOND;
    private static final String FLOW = "stream";

    private final Simulation simulation;
    private final long octetsBefore;

    /** Sets up the chain, its stream about to start. */
    public ForwardChain(Detail detail) {
        simulation = new Simulation(lab(), detail);
        simulation.runUntil(WARM - 1);
        octetsBefore = simulation.trace().octets();
    }

    /** Lets the stream send so many packets more; those on their way are counted as they move. */
    public void send(int packets) {
        simulation.runUntil(simulation.now() + packets * (VirtualTime.SECOND / PACKETS_PER_SECOND));
    }

    /** Packets that arrived at the far end. */
    public long arrived() {
        return simulation.rows().values().stream()
                .mapToLong(state -> state instanceof FlowEnd end && !end.sending() ? end.packets() : 0).sum();
    }

    /** Octets that the trace has grown by since the start of the stream. */
    public long traceOctets() {
        return simulation.trace().octets() - octetsBefore;
    }

    /** Packets dropped anywhere; a right run has none. */
    public long drops() {
        return simulation.trace().dropCount();
    }

    private static Lab lab() {
        List<LabLink> links = new ArrayList<>();
        List<LabNode> nodes = new ArrayList<>();
        for (int i = 0; i <= ROUTERS; i++) {
            links.add(LabLink.of("link" + i, LabLink.Kind.WIRED, Optional.of(Prefix.parse("2001:db8:" + Integer.toHexString(i + 1) + "::/64"))));
        }
        nodes.add(node("from", LabNode.Role.HOST, 0));
        for (int i = 0; i < ROUTERS; i++) {
            nodes.add(node("router" + i, LabNode.Role.ROUTER, i, i + 1));
        }
        nodes.add(node("to", LabNode.Role.HOST, ROUTERS));
        LabTraffic stream = new LabTraffic(FLOW, LabTraffic.Kind.UDP, "from", "to", false, VirtualTime.SECOND / PACKETS_PER_SECOND, OCTETS, WARM, END);
        return Lab.empty("forwarding").withLinks(links).withNodes(nodes).withTraffic(List.of(stream))
                .withActions(List.of(new TimedAction(PING, new Action.Ping("from", "to")))).withUntil(END);
    }

    private static LabNode node(String name, LabNode.Role role, int... links) {
        List<LabNode.Port> ports = new ArrayList<>();
        for (int link : links) {
            ports.add(new LabNode.Port("link" + link, Optional.empty()));
        }
        return LabNode.of(name, role).withPorts(ports);
    }
}
