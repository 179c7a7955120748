package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabTraffic;
import careof.engine.lab.TimedAction;
import careof.engine.sim.Rng;
import careof.engine.state.Binding;
import careof.engine.state.FlowEnd;
import careof.engine.state.ListEntry;
import careof.engine.state.Nonce;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityMessage.BindingUpdate;
import careof.engine.wire.mobility.MobilityMessage.CareOfTest;
import careof.engine.wire.mobility.MobilityMessage.HomeTest;
import careof.engine.wire.mobility.MobilityOption;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole labs: the message ladders of the draft's section 1 and of RFC 6275, read from the octets on the links. */
class MobilityLadderTest {
    private static final long S = VirtualTime.SECOND;
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address CN = Ip6Address.parse("2001:db8:9::9");
    private static final Prefix CELL_A = Prefix.parse("2001:db8:2::/64");
    private static final Prefix CELL_B = Prefix.parse("2001:db8:3::/64");

    /** Sender and short name of each message from a time on, without what the home agent forwards. */
    private static List<String> ladder(Ladder ladder, long from, long to) {
        return ladder.messages().stream().filter(Ladder.Step::isMobility).filter(step -> step.at() >= from && step.at() < to)
                .filter(step -> step.tunnels() == 0 || !step.node().startsWith("h"))
                .map(step -> step.node() + " " + MobilityMessage.shortName(step.packet().payload().at(2))).toList();
    }

    @Test
    void aHandoverInOptimizedMode() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("handover"));
        assertEquals(List.of(
                "mn BU",                // mn ~> ha, first registration: the home agent takes a second for duplicate address detection
                "ha BA",                // ha ~> mn
                "mn HoTI", "mn CoTI",   // mn => ha -> cn, mn -> cn
                "cn HoT", "cn CoT",     // cn -> ha => mn, cn -> mn
                "mn BU",                // mn ~> cn
                "cn BA"                 // cn ~> mn
        ), ladder(ladder, 5 * S, 10 * S));
        assertEquals(List.of(
                "mn BU", "mn CoTI",     // beside each other; the home keygen token is still good
                "ha BA",
                "cn CoT", "mn BU", "cn BA"
        ), ladder(ladder, 10 * S, 20 * S));
        Binding atHa = ladder.rows("ha", Binding.class).getFirst();
        Binding atCn = ladder.rows("cn", Binding.class).getFirst();
        assertTrue(CELL_B.contains(atHa.careOf()) && atHa.careOf().equals(atCn.careOf()));
        assertEquals(Binding.Protection.NONE, atHa.protection(), "marked as unprotected");
        assertEquals(Binding.Protection.RETURN_ROUTABILITY, atCn.protection());
    }

    /** Every token and authenticator on the links, computed again from node key, nonces and octets. */
    @Test
    void theTokensOnTheLinksAreThoseOfTheFormulas() throws Exception {
        Lab lab = Ladder.sample("handover");
        Ladder ladder = Ladder.of(lab);
        Rng stream = new Rng(lab.seed(), "cn node key");
        byte[] nodeKey = ByteBuffer.allocate(20).putLong(stream.bits(1)).putLong(stream.bits(2)).putInt((int) stream.bits(3)).array();
        Map<Integer, byte[]> nonces = new TreeMap<>();
        for (TraceEvent event : ladder.events()) {
            if (event instanceof TraceEvent.Changed changed && changed.now().isPresent() && changed.now().get() instanceof Nonce nonce) {
                nonces.put(nonce.index(), nonce.value().toArray());
            }
        }
        Map<String, Long> tokens = new TreeMap<>();
        int checked = 0;
        for (Ladder.Step step : ladder.messages()) {
            if (!step.isMobility()) {
                continue;
            }
            switch (step.header().message()) {
                case HomeTest m -> {
                    assertEquals(Formulas.keygen(nodeKey, HOME, nonces.get(m.nonceIndex()), 0), m.keygenToken());
                    tokens.put("home " + m.nonceIndex(), m.keygenToken());
                }
                case CareOfTest m -> {
                    assertEquals(Formulas.keygen(nodeKey, step.packet().destination(), nonces.get(m.nonceIndex()), 1), m.keygenToken());
                    tokens.put("care-of " + m.nonceIndex() + " " + step.packet().destination(), m.keygenToken());
                }
                case BindingUpdate m when !m.homeRegistration() -> {
                    MobilityOption.NonceIndices indices = m.option(MobilityOption.NonceIndices.class).orElseThrow();
                    byte[] key = Formulas.sha1(Formulas.bytes(tokens.get("home " + indices.home())),
                            Formulas.bytes(tokens.get("care-of " + indices.careOf() + " " + step.packet().source())));
                    Octets header = step.packet().payload();
                    assertEquals(Formulas.authenticator(key, step.packet().source(), CN, header), header.from(header.length() - 12));
                    checked++;
                }
                default -> { }
            }
        }
        assertEquals(2, checked);
    }

    /** The pseudo-header has the home addresses, wherever the packet goes (RFC 6275 section 6.1.1); data and errors alike. */
    @ParameterizedTest
    @ValueSource(strings = {"handover", "mn-to-mn", "return-home", "home-agent-discovery", "lossy-handover"})
    void everyChecksumIsRightByASecondComputation(String sample) throws Exception {
        int[] checked = new int[256];
        for (Ladder.Step step : Ladder.of(Ladder.sample(sample)).steps()) {
            int protocol = step.packet().protocol();
            if (step.packet().fragment().isEmpty()) {
                assertEquals(0, Formulas.sum(step.packet().originalSource(), step.packet().finalDestination(), protocol, step.packet().payload()), step.toString());
                checked[protocol]++;
            }
        }
        assertTrue(checked[IpProtocol.MOBILITY] > 2 && checked[IpProtocol.UDP] > 100 && checked[IpProtocol.ICMP6] > 10);
    }

    private static List<Ladder.Step> data(Ladder ladder, String node, long from) {
        return ladder.steps().stream().filter(step -> step.made() && step.node().equals(node) && step.at() >= from
                && step.packet().protocol() == IpProtocol.UDP).toList();
    }

    @Test
    void bidirectionalTunnelling() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("bidirectional"));
        long end = ladder.simulation.now();
        assertTrue(ladder.rows("cn", Binding.class).isEmpty(), "the correspondent does not even know that it is mobile");
        List<Ladder.Step> out = data(ladder, "mn", end - 3 * S);
        List<Ladder.Step> back = data(ladder, "cn", end - 3 * S);
        assertTrue(!out.isEmpty() && !back.isEmpty());
        out.forEach(step -> assertEquals(1, step.tunnels(), step.toString()));
        out.forEach(step -> assertTrue(step.packet().extensions().isEmpty() && step.packet().source().equals(HOME)));
        back.forEach(step -> assertTrue(step.tunnels() == 0 && step.packet().extensions().isEmpty() && step.packet().destination().equals(HOME)));
        assertTrue(data(ladder, "ha", end - 3 * S).stream().anyMatch(step -> step.tunnels() == 1 && step.outer().source().equals(HA)));
    }

    @Test
    void triangularRouting() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("triangular"));
        long end = ladder.simulation.now();
        List<Ladder.Step> out = data(ladder, "mn", end - 3 * S);
        List<Ladder.Step> back = data(ladder, "cn", end - 3 * S);
        assertTrue(!out.isEmpty() && !back.isEmpty());
        out.forEach(step -> assertEquals(Optional.of(HOME), step.packet().homeAddressOption().map(h -> h.address()), step.toString()));
        out.forEach(step -> assertTrue(CELL_A.contains(step.packet().source()) && step.tunnels() == 0));
        back.forEach(step -> assertTrue(step.packet().type2Routing().isEmpty() && step.packet().destination().equals(HOME), step.toString()));
        assertTrue(data(ladder, "ha", end - 3 * S).stream().anyMatch(step -> step.tunnels() == 1));
    }

    @Test
    void optimizedRouting() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("handover"));
        data(ladder, "mn", 15 * S).forEach(step -> assertTrue(step.packet().homeAddressOption().isPresent() && step.tunnels() == 0, step.toString()));
        data(ladder, "cn", 15 * S).forEach(step -> assertEquals(HOME, step.packet().type2Routing().orElseThrow().home()));
        assertTrue(data(ladder, "ha", 15 * S).isEmpty(), "nothing by the home agent");
    }

    @Test
    void twoMobileNodesThatMoveAtOnceFindEachOtherThroughTheirHomeAgents() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("mn-to-mn"));
        Ip6Address home2 = Ip6Address.parse("2001:db8:4::10");
        assertTrue(CELL_B.contains(ladder.rows("m2", Binding.class).getFirst().careOf()));
        assertTrue(CELL_A.contains(ladder.rows("m1", Binding.class).getFirst().careOf()));
        // While neither has told the other where it is, data goes by both home agents.
        List<Ladder.Step> meanwhile = data(ladder, "m1", 12 * S).stream().filter(step -> step.at() > 12_200_000_000L && step.at() < 13 * S).toList();
        assertTrue(!meanwhile.isEmpty());
        meanwhile.forEach(step -> assertTrue(step.tunnels() == 1 && step.packet().destination().equals(home2), step.toString()));
        // In the end both headers are on each packet, both ways.
        for (String node : List.of("m1", "m2")) {
            List<Ladder.Step> last = data(ladder, node, 20 * S);
            assertTrue(!last.isEmpty());
            last.forEach(step -> assertTrue(step.packet().homeAddressOption().isPresent() && step.packet().type2Routing().isPresent() && step.tunnels() == 0));
            last.forEach(step -> assertEquals(List.of("Type2Routing", "DestinationOptions"),
                    step.packet().extensions().stream().map(e -> e.getClass().getSimpleName()).toList(), "the option comes after the routing header"));
        }
        // Between mobile nodes return routability goes by the home addresses: no routing header on test messages.
        ladder.messages().stream().filter(Ladder.Step::isMobility).filter(step -> !step.is(MobilityMessage.BINDING_UPDATE) && !step.is(MobilityMessage.BINDING_ACKNOWLEDGEMENT))
                .forEach(step -> assertTrue(step.packet().extensions().isEmpty(), step.toString()));
    }

    @Test
    void homeAgain() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("return-home"));
        assertEquals(List.of("mn BU", "mn BU", "ha BA", "cn BA"), ladder(ladder, 12 * S, 20 * S));
        assertTrue(ladder.rows("ha", Binding.class).isEmpty() && ladder.rows("cn", Binding.class).isEmpty() && ladder.rows("mn", ListEntry.class).isEmpty());
        assertTrue(data(ladder, "mn", 13 * S).stream().allMatch(step -> step.tunnels() == 0 && step.packet().extensions().isEmpty()));
        FlowEnd heard = ladder.rows("mn", FlowEnd.class).stream().filter(flow -> !flow.sending()).findFirst().orElseThrow();
        assertTrue(heard.at() > 18 * S);
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 12, 60, 600})
    void refreshesGoOnForAsLongAsTheLabRuns(long lifetime) throws Exception {
        Lab lab = Ladder.sample("optimized").withExpect(List.of()).withUntil(1000 * S);
        lab = lab.withNodes(lab.nodes().stream().map(n -> n.withLifetime(lifetime * S)).toList());
        Ladder ladder = Ladder.of(lab);
        ListEntry atHome = ladder.rows("mn", ListEntry.class).stream().filter(ListEntry::homeRegistration).findFirst().orElseThrow();
        ListEntry atCn = ladder.rows("mn", ListEntry.class).stream().filter(entry -> !entry.homeRegistration()).findFirst().orElseThrow();
        assertTrue(atHome.until() > 1000 * S && atCn.until() > 1000 * S, atHome + " " + atCn);
        // Neither binding ever ended, and the correspondent never held one longer than the home agent.
        for (TraceEvent event : ladder.events()) {
            if (event instanceof TraceEvent.Changed changed && changed.at() > 20 * S) {
                assertTrue(changed.reason() != careof.engine.trace.Reason.BINDING_EXPIRED, changed.toString());
            }
        }
    }

    @Test
    void aLostSignalIsSaidAgain() throws Exception {
        List<TimedAction> actions = new ArrayList<>(List.of(
                new TimedAction(5 * S, new Action.Move("mn", Optional.of("cell-a"))),
                // The home agent's side of the backbone carries nothing towards it for a while: binding updates are lost.
                new TimedAction(4 * S, new Action.Link("backbone", Optional.empty(), Optional.of("ha"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true))),
                new TimedAction(14 * S, new Action.Link("backbone", Optional.empty(), Optional.of("ha"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(false)))));
        actions.sort(java.util.Comparator.comparingLong(TimedAction::at));
        Ladder ladder = Ladder.of(Ladder.sample("handover").withActions(actions).withExpect(List.of()).withUntil(30 * S));
        List<Ladder.Step> updates = ladder.messages(MobilityMessage.BINDING_UPDATE, "mn").stream().filter(step -> step.packet().destination().equals(HA)).toList();
        long first = updates.getFirst().at();
        assertEquals(List.of(0L, 1500L, 4500L, 10500L), updates.stream().map(step -> (step.at() - first) / VirtualTime.MILLISECOND).toList());
        assertEquals(1, ladder.rows("cn", Binding.class).size());
    }

    @Test
    void aModeChangedWhileAway() throws Exception {
        List<TimedAction> actions = List.of(
                new TimedAction(5 * S, new Action.Move("mn", Optional.of("cell-a"))),
                new TimedAction(10 * S, new Action.SetMode("mn", "cn", LabNode.Mode.BIDIRECTIONAL)),
                new TimedAction(12 * S, new Action.SetMode("mn", "cn", LabNode.Mode.OPTIMIZED)));
        Ladder ladder = Ladder.of(Ladder.sample("handover").withActions(actions).withExpect(List.of()));
        assertEquals(List.of("mn BU", "cn BA"), ladder(ladder, 10 * S, 12 * S));
        data(ladder, "mn", 10_100_000_000L).stream().filter(step -> step.at() < 12 * S).forEach(step -> assertEquals(1, step.tunnels()));
        assertEquals(List.of("mn BU", "cn BA"), ladder(ladder, 12 * S, 20 * S), "with the tokens of before");
        assertEquals(1, ladder.rows("cn", Binding.class).size());
    }

    @Test
    void homeAgentDiscovery() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("home-agent-discovery"));
        List<Ladder.Step> said = ladder.messages();
        assertEquals(144, said.get(0).packet().payload().at(0));
        assertEquals(HomeAgent.anycast(Prefix.parse("2001:db8:1::/64")), said.get(0).packet().destination());
        assertEquals(145, said.get(1).packet().payload().at(0));
        assertEquals(HA, said.get(2).packet().destination());
        assertEquals(1, ladder.rows("ha", Binding.class).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bidirectional", "triangular", "optimized", "mn-to-mn"})
    void largePacketsPassInEachMode(String sample) throws Exception {
        Lab lab = Ladder.sample(sample);
        List<LabTraffic> large = lab.traffic().stream().map(t -> t.withBoth(true).withOctets(3500).withStop(lab.until())).toList();
        Ladder ladder = Ladder.of(lab.withTraffic(large).withExpect(List.of()));
        int directions = 0;
        for (LabNode node : lab.nodes()) {
            for (FlowEnd flow : ladder.rows(node.name(), FlowEnd.class)) {
                if (!flow.sending()) {
                    directions++;
                    assertTrue(flow.at() > lab.until() - S, flow.toString());
                }
            }
        }
        assertEquals(2, directions);
    }

    /** Two mobile nodes of one home agent: what comes out of one's tunnel goes into the other's. */
    @ParameterizedTest
    @EnumSource(LabNode.Mode.class)
    void twoMobileNodesOfOneHomeAgent(LabNode.Mode mode) throws Exception {
        Lab lab = Ladder.sample("mn-to-mn");
        List<LabNode> nodes = lab.nodes().stream().map(node -> !node.name().startsWith("m") ? node
                : node.withHome(Optional.of(new LabNode.Home("home-1", Ip6Address.parse(node.name().equals("m1") ? "2001:db8:1::10" : "2001:db8:1::20"), Optional.of("h1"))))
                        .withAt(Optional.of("home-1")).withModes(new java.util.LinkedHashMap<>(java.util.Map.of(node.name().equals("m1") ? "m2" : "m1", mode)))).toList();
        Ladder ladder = Ladder.of(lab.withNodes(nodes).withExpect(List.of()));
        assertEquals(2, ladder.rows("h1", Binding.class).size());
        for (String node : List.of("m1", "m2")) {
            FlowEnd heard = ladder.rows(node, FlowEnd.class).stream().filter(flow -> !flow.sending()).findFirst().orElseThrow();
            assertTrue(heard.at() > 23 * S, heard.toString());
            assertEquals(mode == LabNode.Mode.BIDIRECTIONAL ? 0 : 1, ladder.rows(node, Binding.class).size());
            Ladder.Step last = data(ladder, node, 23 * S).getLast();
            assertEquals(mode == LabNode.Mode.BIDIRECTIONAL ? 1 : 0, last.tunnels());
            assertEquals(mode == LabNode.Mode.OPTIMIZED, last.packet().type2Routing().isPresent());
        }
    }
}
