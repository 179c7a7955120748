package careof.engine.mobility;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.run.Simulation;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A run of a lab and what it said on its links, read back from the octets of its frames. */
final class Ladder {
    /**
     * A packet on a link, taken out of its tunnels.
     *
     * @param node    that put it on the link; made: the node where it started, no hop of a router
     * @param tunnels IPv6 headers around it
     * @param packet  the innermost, in wire form
     */
    record Step(long at, String node, boolean made, int tunnels, Ip6Packet outer, Ip6Packet packet) {
        MobilityHeader header() {
            try {
                return MobilityHeader.parse(packet.payload(), packet.originalSource(), packet.finalDestination());
            } catch (Malformed e) {
                throw new AssertionError("on a link: " + e.getMessage() + " in " + packet, e);
            }
        }

        boolean isMobility() {
            return packet.protocol() == IpProtocol.MOBILITY;
        }

        boolean is(int type) {
            return isMobility() && packet.payload().at(2) == type;
        }

        @Override
        public String toString() {
            String what = isMobility() ? header().message().toString() : packet.protocol() == IpProtocol.ICMP6 ? "ICMPv6 " + packet.payload().at(0) : "protocol " + packet.protocol();
            return VirtualTime.seconds(at) + " " + node + ": " + packet.source() + packet.homeAddressOption().map(h -> "(" + h.address() + ")").orElse("") + " -> "
                    + packet.destination() + packet.type2Routing().map(h -> "(" + h.home() + ")").orElse("")
                    + (tunnels > 0 ? " in " + outer.source() + " => " + outer.destination() : "") + ": " + what;
        }
    }

    final Simulation simulation;

    private Ladder(Simulation simulation) {
        this.simulation = simulation;
    }

    static Ladder of(Lab lab) {
        Ladder ladder = new Ladder(new Simulation(lab, Detail.FULL));
        ladder.simulation.run();
        return ladder;
    }

    static Lab sample(String name) throws Exception {
        return LabFiles.read(Path.of("../samples/" + name + ".json"));
    }

    /** All packets that started at a node, in order; those that only passed are left out. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (TraceEvent event : events()) {
            if (event instanceof TraceEvent.FrameSent sent) {
                try {
                    Octets octets = sent.frame().from(14);
                    Ip6Packet outer = Ip6Packet.parse(octets);
                    Ip6Packet inner = outer;
                    int tunnels = 0;
                    while (inner.protocol() == IpProtocol.IP6) {
                        inner = Ip6Packet.parse(inner.payload());
                        tunnels++;
                    }
                    steps.add(new Step(sent.at(), sent.node(), outer.header().hopLimit() == 64 || outer.header().hopLimit() == 255, tunnels, outer, inner));
                } catch (Malformed e) {
                    throw new AssertionError("frame " + sent.packet() + ": " + e.getMessage(), e);
                }
            }
        }
        return steps;
    }

    /** Mobility Headers by type as their senders put them on a link. */
    List<Step> messages(int type, String node) {
        return steps().stream().filter(step -> step.made && step.is(type) && step.node.equals(node)).toList();
    }

    List<Step> messages() {
        return steps().stream().filter(step -> step.made && (step.isMobility() || step.packet.protocol() == IpProtocol.ICMP6
                && step.packet.payload().at(0) >= Icmp6Message.HOME_AGENT_DISCOVERY_REQUEST)).toList();
    }

    List<TraceEvent> events() {
        List<TraceEvent> events = new ArrayList<>();
        var cursor = simulation.trace().from(1);
        while (cursor.hasNext()) {
            events.add(cursor.next());
        }
        return events;
    }

    List<TraceEvent.Dropped> drops(Predicate<Reason> which) {
        return events().stream().filter(TraceEvent.Dropped.class::isInstance).map(TraceEvent.Dropped.class::cast).filter(e -> which.test(e.reason())).toList();
    }

    <S extends State> List<S> rows(String node, Class<S> kind) {
        return simulation.rows().entrySet().stream().filter(e -> e.getKey().node().equals(node) && kind.isInstance(e.getValue())).map(e -> kind.cast(e.getValue())).toList();
    }
}
