package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import careof.engine.run.Simulation;
import careof.engine.state.Binding;
import careof.engine.state.MovementState;
import careof.engine.state.ProxyEntry;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage.BindingAcknowledgement;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mobile node on a link with IPv6 only, then on one with IPv4 only (RFC 5555), read from the octets on the links. */
class ForeignIp4LinkTest {
    private static final long S = VirtualTime.SECOND;
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Ip4Address HOME4 = Ip4Address.parse("192.0.2.10");
    private static final Ip4Address HA4 = Ip4Address.parse("192.0.2.1");
    private static final Ip4Address CARE_OF4 = Ip4Address.parse("198.51.100.10");

    private static Lab lab() throws Exception {
        return Ladder.sample("ipv4-foreign-link");
    }

    private static Lab unprotected() throws Exception {
        return lab().withIpsec(List.of());
    }

    private static Simulation run(Lab lab) {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        return simulation;
    }

    private record Sent(String node, long at, int etherType, Octets packet) {}

    private static List<Sent> sent(Simulation simulation, String node, long from) {
        List<Sent> all = new ArrayList<>();
        for (TraceEvent event : events(simulation)) {
            if (event instanceof TraceEvent.FrameSent e && e.node().equals(node) && e.at() >= from) {
                all.add(new Sent(node, e.at(), e.frame().u16(12), e.frame().from(Ethernet.HEADER)));
            }
        }
        return all;
    }

    private static List<TraceEvent> events(Simulation simulation) {
        List<TraceEvent> events = new ArrayList<>();
        TraceStore.Cursor cursor = simulation.trace().from(1);
        while (cursor.hasNext()) {
            events.add(cursor.next());
        }
        return events;
    }

    private static <T extends State> List<T> rows(Simulation simulation, String node, Class<T> kind) {
        return simulation.rows().entrySet().stream().filter(row -> row.getKey().node().equals(node)).map(Map.Entry::getValue)
                .filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Optional<Ip6Packet> inUdp(Sent sent) throws Exception {
        if (sent.etherType != Ethernet.IP4) {
            return Optional.empty();
        }
        Ip4Packet ip = Ip4Packet.parse(sent.packet);
        if (ip.protocol() != IpProtocol.UDP) {
            return Optional.empty();
        }
        Udp udp = Udp.parse(ip.payload(), ip.source(), ip.destination());
        return udp.destinationPort() == 4191 && udp.sourcePort() == 4191 ? Optional.of(Ip6Packet.parse(udp.data())) : Optional.empty();
    }

    private static MobilityHeader message(Ip6Packet packet) throws Exception {
        assertEquals(IpProtocol.MOBILITY, packet.protocol());
        return MobilityHeader.parse(packet.payload(), packet.source(), packet.destination());
    }

    /** RFC 5555 sections 4.2 and 4.4.2: IPv4, UDP 4191, IPv6 from the home address, no home address option. */
    @Test
    void theRegistrationOverIp4() throws Exception {
        Simulation simulation = run(unprotected());
        List<Ip6Packet> updates = new ArrayList<>();
        for (Sent one : sent(simulation, "mn", 10 * S)) {
            inUdp(one).ifPresent(updates::add);
        }
        assertEquals(1, updates.size());
        Ip6Packet packet = updates.getFirst();
        assertEquals(List.of(HOME, HA, List.of()), List.of(packet.source(), packet.destination(), packet.extensions()));
        BindingUpdate update = (BindingUpdate) message(packet).message();
        assertEquals(Optional.of(new MobilityOption.Ip4CareOfAddress(CARE_OF4)), update.option(MobilityOption.Ip4CareOfAddress.class));
        assertEquals(Optional.of(new MobilityOption.Ip4HomeAddress(32, false, HOME4)), update.option(MobilityOption.Ip4HomeAddress.class));
        assertTrue(update.option(MobilityOption.AlternateCareOfAddress.class).isEmpty() && update.homeRegistration() && update.acknowledge());

        List<Ip6Packet> answers = new ArrayList<>();
        for (Sent one : sent(simulation, "ha", 10 * S)) {
            inUdp(one).ifPresent(answers::add);
        }
        assertEquals(1, answers.size());
        assertEquals(List.of(HA, HOME, List.of()), List.of(answers.getFirst().source(), answers.getFirst().destination(), answers.getFirst().extensions()));
        BindingAcknowledgement answer = (BindingAcknowledgement) message(answers.getFirst()).message();
        assertEquals(0, answer.status());
        assertEquals(Optional.of(new MobilityOption.NatDetection(false, MobilityOption.NatDetection.NO_NAT)), answer.option(MobilityOption.NatDetection.class));
        assertEquals(Optional.of(new MobilityOption.Ip4AddressAcknowledgement(0, 32, HOME4)), answer.option(MobilityOption.Ip4AddressAcknowledgement.class));

        Map<IpAddress, IpAddress> bindings = new LinkedHashMap<>();
        rows(simulation, "ha", Binding.class).forEach(binding -> bindings.put(binding.home(), binding.careOf()));
        assertEquals(Map.of(HOME, CARE_OF4, HOME4, CARE_OF4), bindings, "one binding update, two bindings");
        assertTrue(rows(simulation, "ha", ProxyEntry.class).stream().anyMatch(proxy -> proxy.address().equals(HOME4)), "answers ARP for the IPv4 home address");
    }

    /** Outer and inner IP version of data that the mobile node sends and gets in a time. */
    private static Map<String, Integer> tunnels(Simulation simulation, String node, long from, long to) throws Exception {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Sent one : sent(simulation, node, from)) {
            if (one.at >= to || one.etherType == Ethernet.ARP) {
                continue;
            }
            boolean four = one.etherType == Ethernet.IP4;
            int protocol = four ? Ip4Packet.parse(one.packet).protocol() : Ip6Packet.parse(one.packet).protocol();
            if (protocol == IpProtocol.IP4 || protocol == IpProtocol.IP6) {
                counts.merge((protocol == IpProtocol.IP4 ? "4" : "6") + "in" + (four ? "4" : "6"), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** Recommendation D: all of 6in6, 4in6, 6in4 and 4in4 carry data, both ways. */
    @Test
    void allFourTunnels() throws Exception {
        Simulation simulation = run(unprotected());
        for (String node : List.of("mn", "ha")) {
            assertEquals(List.of("4in6", "6in6"), tunnels(simulation, node, 6 * S, 10 * S).keySet().stream().sorted().toList());
            assertEquals(List.of("4in4", "6in4"), tunnels(simulation, node, 12 * S, 20 * S).keySet().stream().sorted().toList());
            tunnels(simulation, node, 12 * S, 19 * S).forEach((pair, count) -> assertTrue(count >= 135, node + " " + pair + ": " + count));
        }
    }

    /** Protected, nothing of the session is readable away from home, whichever the versions; the outer headers are those of the care-of addresses. */
    @Test
    void protectedDataOverIp4() throws Exception {
        Simulation simulation = run(lab());
        int esp = 0;
        for (Sent one : sent(simulation, "mn", 12 * S)) {
            if (one.etherType != Ethernet.IP4) {
                continue;
            }
            Ip4Packet ip = Ip4Packet.parse(one.packet);
            assertEquals(List.of(CARE_OF4, HA4), List.of(ip.source(), ip.destination()));
            assertTrue(ip.protocol() == IpProtocol.ESP || inUdp(one).filter(inner -> inner.protocol() == IpProtocol.ESP).isPresent(), ip.toString());
            esp += ip.protocol() == IpProtocol.ESP ? 1 : 0;
        }
        assertTrue(esp >= 270, "packets of both flows: " + esp);
        assertEquals(Binding.Protection.SECURITY_ASSOCIATION, rows(simulation, "ha", Binding.class).getFirst().protection());
    }

    /** Without recommendation D there is no way on the second cell, and the reason is given. */
    @Test
    void withoutRecommendationD() throws Exception {
        Lab lab = unprotected().withPolicy(new Lab.LabPolicy(List.of(Recommendation.D), new LinkedHashMap<>()));
        Simulation simulation = run(lab);
        assertEquals(Map.of(), tunnels(simulation, "mn", 11 * S, 20 * S));
        assertEquals(0, sent(simulation, "mn", 11 * S).stream().filter(one -> one.etherType == Ethernet.IP4).count());
        assertEquals(MovementState.Phase.SOLICITING, rows(simulation, "mn", MovementState.class).getFirst().phase());
        List<TraceEvent> events = events(simulation);
        assertTrue(events.stream().anyMatch(e -> e instanceof TraceEvent.Changed c && c.reason() == Reason.TUNNEL_FAMILY && c.row() instanceof MovementState));
        assertTrue(events.stream().filter(e -> e instanceof TraceEvent.Dropped d && d.node().equals("mn") && d.reason() == Reason.TUNNEL_FAMILY).count() > 100);
    }

    /** The home agent alone does not follow it: it says so, and the binding update does not count. */
    @Test
    void aHomeAgentWithoutRecommendationD() throws Exception {
        LinkedHashMap<String, List<Recommendation>> nodes = new LinkedHashMap<>(Map.of("ha", List.of(Recommendation.D)));
        Simulation simulation = run(unprotected().withPolicy(new Lab.LabPolicy(List.of(), nodes)));
        assertTrue(rows(simulation, "ha", Binding.class).stream().noneMatch(binding -> binding.careOf() instanceof Ip4Address));
        int refused = 0;
        for (Sent one : sent(simulation, "ha", 10 * S)) {
            Optional<Ip6Packet> inner = inUdp(one);
            if (inner.isPresent()) {
                assertEquals(129, ((BindingAcknowledgement) message(inner.get()).message()).status());
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    /** DSCP and ECN are those of the inner header, the hop limit starts anew (RFC 4301 section 5.1.2, RFC 5555 section 4.1.1). */
    @Test
    void outerHeaders() throws Exception {
        Simulation simulation = run(unprotected());
        for (Sent one : sent(simulation, "ha", 12 * S)) {
            if (one.etherType == Ethernet.IP4 && Ip4Packet.parse(one.packet).protocol() == IpProtocol.IP6) {
                Ip4Packet outer = Ip4Packet.parse(one.packet);
                Ip6Packet inner = Ip6Packet.parse(outer.payload());
                assertEquals(List.of(inner.trafficClass(), 64, 62), List.of(outer.trafficClass(), outer.hopLimit(), inner.hopLimit()), "rc and ha counted down");
            }
        }
    }
}
