package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.Lab.LabPolicy;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.lab.LabProtection.Mode;
import careof.engine.lab.LabProtection.Transform;
import careof.engine.lab.LabProtection.Usual;
import careof.engine.lab.LabSelector;
import careof.engine.lab.LabSpdEntry;
import careof.engine.lab.TimedAction;
import careof.engine.policy.Recommendation;
import careof.engine.stack.Addresses;
import careof.engine.state.AddressRange;
import careof.engine.state.Binding;
import careof.engine.state.FlowEnd;
import careof.engine.state.ListEntry;
import careof.engine.state.OnLinkPrefix;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole labs under IPsec: the ladders of the draft's section 2, and what its recommendations change in them, read from the links and the tables. */
class ProtectedLadderTest {
    private static final long S = VirtualTime.SECOND;
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final Prefix CELL_A = Prefix.parse("2001:db8:2::/64");
    private static final Prefix CELL_B = Prefix.parse("2001:db8:3::/64");
    private static final Transform ESP = Transform.esp(Mode.TRANSPORT, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
    private static final Transform AH = Transform.ah(Mode.TRANSPORT, Authentication.HMAC_SHA1_96);
    private static final Transform TUNNEL = Transform.esp(Mode.TUNNEL, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);

    private static Lab without(Lab lab, Recommendation... off) {
        return lab.withPolicy(new LabPolicy(List.of(off), new LinkedHashMap<>())).withExpect(List.of());
    }

    private static Lab handover(LabNode.Mode mode, LabProtection... protections) throws Exception {
        Lab lab = Ladder.sample("handover");
        List<LabNode> nodes = lab.nodes().stream().map(node -> node.name().equals("mn") ? node.withModes(new LinkedHashMap<>(Map.of("cn", mode))) : node).toList();
        return lab.withNodes(nodes).withIpsec(List.of(protections)).withExpect(List.of());
    }

    private static LabProtection registration(Transform transform) {
        return LabProtection.of("registration", "mn", "ha", Usual.REGISTRATION, transform);
    }

    /** Packets that a node itself put on a link, whose upper protocol is this one. */
    private static List<Ladder.Step> made(Ladder ladder, String node, int protocol, long from) {
        return ladder.steps().stream().filter(step -> step.made() && step.node().equals(node) && step.at() >= from && step.packet().protocol() == protocol).toList();
    }

    private static List<TraceEvent.Decided> decided(Ladder ladder, String node, Reason reason) {
        return ladder.events().stream().filter(TraceEvent.Decided.class::isInstance).map(TraceEvent.Decided.class::cast)
                .filter(e -> e.node().equals(node) && e.reason() == reason).toList();
    }

    private static List<TraceEvent.Changed> migrated(Ladder ladder, String node) {
        return ladder.events().stream().filter(TraceEvent.Changed.class::isInstance).map(TraceEvent.Changed.class::cast)
                .filter(e -> e.node().equals(node) && e.reason() == Reason.SA_MIGRATED && e.now().isPresent() && e.now().get() instanceof Sa).toList();
    }

    private static Sa tunnel(Ladder ladder, String node, boolean fromMobile) {
        return ladder.rows(node, Sa.class).stream().filter(sa -> sa.mode() == Sa.Mode.TUNNEL
                && (fromMobile ? sa.selector().source() : sa.selector().destination()).equals(AddressRange.of(HOME))).findFirst().orElseThrow();
    }

    private static FlowEnd received(Ladder ladder, String node) {
        return ladder.rows(node, FlowEnd.class).stream().filter(flow -> !flow.sending()).findFirst().orElseThrow();
    }

    @Test
    void aRegistrationUnderAh() throws Exception {
        Ladder ladder = Ladder.of(handover(LabNode.Mode.BIDIRECTIONAL, registration(AH)));
        Ladder.Step update = made(ladder, "mn", IpProtocol.AH, 5 * S).getFirst();
        assertTrue(CELL_A.contains(update.packet().source()));
        assertEquals(HOME, update.packet().homeAddressOption().orElseThrow().address(), "the home address option comes before AH");
        // IPv6 header, home address option, AH with 12 octets of ICV, BU without options padded to a multiple of 8
        assertEquals(40 + 24 + 24 + 16, update.packet().length(), "the source address is covered: no alternate care-of address option");
        Ladder.Step answer = made(ladder, "ha", IpProtocol.AH, 5 * S).getFirst();
        assertEquals(HOME, answer.packet().type2Routing().orElseThrow().home());
        assertEquals(40 + 24 + 24 + 16, answer.packet().length());
        Binding binding = ladder.rows("ha", Binding.class).getFirst();
        assertEquals(Binding.Protection.SECURITY_ASSOCIATION, binding.protection());
        assertTrue(CELL_B.contains((Ip6Address) binding.careOf()));
        assertEquals(2, decided(ladder, "ha", Reason.BINDING_UPDATE_AUTHENTICATED).size());
    }

    @ParameterizedTest
    @CsvSource({"true, 48", "false, 32"})
    void aRegistrationUnderEspTellsItsCareOfAddressInside(boolean e2, int encrypted) throws Exception {
        Lab lab = handover(LabNode.Mode.BIDIRECTIONAL, registration(ESP));
        Ladder ladder = Ladder.of(e2 ? lab : without(lab, Recommendation.E2));
        Ladder.Step update = made(ladder, "mn", IpProtocol.ESP, 5 * S).getFirst();
        assertEquals(40 + 24 + 8 + 16 + encrypted + 12, update.packet().length());
        assertTrue(ladder.rows("ha", Binding.class).stream().allMatch(binding -> CELL_B.contains((Ip6Address) binding.careOf())));
    }

    @Test
    void anUnprotectedRegistrationIsNotEvenRead() throws Exception {
        Lab lab = handover(LabNode.Mode.BIDIRECTIONAL, registration(ESP));
        List<LabNode> nodes = lab.nodes().stream().map(node -> node.name().equals("mn") ? node.withSpd(List.of(bypassOfUpdates())) : node).toList();
        Ladder ladder = Ladder.of(lab.withNodes(nodes));
        assertFalse(made(ladder, "mn", IpProtocol.MOBILITY, 5 * S).isEmpty());
        assertFalse(ladder.drops(reason -> reason == Reason.SPD_UNPROTECTED).isEmpty());
        assertEquals(List.of(), ladder.rows("ha", Binding.class));
        assertEquals(List.of(), made(ladder, "ha", IpProtocol.MOBILITY, 0));
    }

    private static LabSpdEntry bypassOfUpdates() {
        return new LabSpdEntry(LabSpdEntry.Direction.OUT, LabSpdEntry.Action.BYPASS, Optional.empty(), Optional.empty(),
                new LabSelector(Optional.empty(), Optional.empty(), Optional.of(135), Optional.empty(), Optional.empty()), false);
    }

    @Test
    void homeTestsGoThroughATunnelThatMoves() throws Exception {
        Ladder ladder = Ladder.of(handover(LabNode.Mode.OPTIMIZED, registration(ESP), LabProtection.of("tests", "mn", "ha", Usual.RETURN_ROUTABILITY, TUNNEL)));
        assertEquals(List.of(), ladder.messages(MobilityMessage.HOME_TEST_INIT, "mn"), "not to be seen on the mobile node's link");
        Ladder.Step init = made(ladder, "mn", IpProtocol.ESP, 5 * S).get(1);
        assertTrue(CELL_A.contains(init.packet().source()) && init.packet().destination().equals(HA) && init.packet().extensions().isEmpty());
        // within: IPv6 header and HoTI of 16 octets, 2 octets of trailer, padded to 64
        assertEquals(40 + 8 + 16 + 64 + 12, init.packet().length());
        assertEquals(Binding.Protection.RETURN_ROUTABILITY, ladder.rows("cn", Binding.class).getFirst().protection());
        for (String node : List.of("mn", "ha")) {
            assertTrue(CELL_B.contains((Ip6Address) tunnel(ladder, node, true).source()), "the tunnel is where the mobile node is");
            assertTrue(CELL_B.contains((Ip6Address) tunnel(ladder, node, false).destination()));
        }
    }

    /** Octets of a data packet on the mobile node's link: 172 octets of data are 220 as a packet; ESP around that has 260. */
    @ParameterizedTest
    @CsvSource({"ha, true, 300", "ha, false, 340", "cn, true, 300", "cn, false, 324"})
    void combinedTunnelsHaveOneHeader(String peer, boolean combined, int octets) throws Exception {
        Lab lab = handover(peer.equals("ha") ? LabNode.Mode.BIDIRECTIONAL : LabNode.Mode.OPTIMIZED, registration(ESP),
                LabProtection.of("data", "mn", peer, peer.equals("ha") ? Usual.PAYLOAD : Usual.ALL, TUNNEL));
        Ladder ladder = Ladder.of(combined ? lab : without(lab, Recommendation.B));
        for (String node : List.of("mn", peer)) {
            List<Ladder.Step> data = made(ladder, node, IpProtocol.ESP, 12 * S).stream().filter(step -> step.packet().length() >= 260).toList();
            assertTrue(data.size() > 250, node + " " + data.size());
            assertEquals(List.of(octets), data.stream().map(step -> step.outer().length()).distinct().toList(), node);
            assertEquals(List.of(), made(ladder, node, IpProtocol.UDP, 0), "all of it protected");
        }
        assertTrue(received(ladder, "cn").at() > 17_900_000_000L && received(ladder, "mn").at() > 17_900_000_000L);
        assertEquals(combined ? 4 : 0, migrated(ladder, "mn").size(), "both halves, twice");
        assertEquals(combined ? 4 : 0, migrated(ladder, peer).size());
        assertEquals(List.of(), ladder.drops(reason -> reason.code().startsWith("ipsec-") || reason == Reason.TUNNEL_UNKNOWN || reason == Reason.HAO_UNVERIFIED));
    }

    /** Mobile prefix discovery is data to the security policy: it passes through the tunnel, without home address option and routing header. */
    @Test
    void prefixDiscoveryPassesInTheTunnel() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("combined-tunnel-ha").withExpect(List.of()));
        assertTrue(ladder.rows("mn", OnLinkPrefix.class).stream().anyMatch(prefix -> prefix.port().equals(Addresses.NOWHERE)), "learnt from the home agent");
        assertEquals(List.of(), made(ladder, "mn", IpProtocol.ICMP6, 5 * S).stream().filter(step -> step.packet().homeAddressOption().isPresent()).toList());
        assertEquals(List.of(), ladder.drops(reason -> reason == Reason.UNKNOWN_NEXT_HEADER));
    }

    @ParameterizedTest
    @CsvSource({"true, 300", "false, 348"})
    void twoMobileNodesWithOneTunnel(boolean combined, int octets) throws Exception {
        Lab lab = Ladder.sample("mn-mn-combined");
        lab = lab.withTraffic(lab.traffic().stream().map(t -> t.withOctets(172)).toList());
        Ladder ladder = Ladder.of(combined ? lab : without(lab, Recommendation.B));
        for (String node : List.of("m1", "m2")) {
            List<Ladder.Step> data = made(ladder, node, IpProtocol.ESP, 20 * S).stream().filter(step -> step.packet().length() >= 260).toList();
            assertTrue(data.size() > 70, node);
            assertEquals(List.of(octets), data.stream().map(step -> step.outer().length()).distinct().toList(), node);
            assertTrue(received(ladder, node).at() > 23_900_000_000L);
        }
        assertEquals(List.of(), ladder.messages(MobilityMessage.CARE_OF_TEST_INIT, "m1"));
    }

    @Test
    void twoThatMoveAtOnceFindEachOtherByTheirHomeAddresses() throws Exception {
        Ladder ladder = Ladder.of(Ladder.sample("mn-mn-combined"));
        Ip6Address home2 = Ip6Address.parse("2001:db8:4::10");
        List<Ladder.Step> byHome = made(ladder, "m1", IpProtocol.ESP, 12 * S).stream().filter(step -> step.packet().destination().equals(home2)).toList();
        assertTrue(byHome.getFirst().at() > 13 * S, "the first binding update trusts what is known of the peer");
        assertTrue(byHome.getLast().at() < 13_200_000_000L, "then the tunnel is direct again");
        assertTrue(CELL_A.contains((Ip6Address) ladder.rows("m1", Binding.class).getFirst().careOf()));
        assertTrue(CELL_B.contains((Ip6Address) ladder.rows("m2", Binding.class).getFirst().careOf()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anSaAuthenticatesABindingUpdate(boolean e1) throws Exception {
        Lab lab = handover(LabNode.Mode.OPTIMIZED, registration(ESP), LabProtection.of("binding", "mn", "cn", Usual.REGISTRATION, ESP));
        Ladder ladder = Ladder.of(e1 ? lab : without(lab, Recommendation.E1));
        assertEquals(e1 ? 0 : 2, ladder.messages(MobilityMessage.CARE_OF_TEST_INIT, "mn").size());
        assertEquals(e1 ? 2 : 0, decided(ladder, "cn", Reason.BINDING_UPDATE_AUTHENTICATED).size());
        Binding binding = ladder.rows("cn", Binding.class).getFirst();
        assertEquals(e1 ? Binding.Protection.SECURITY_ASSOCIATION : Binding.Protection.RETURN_ROUTABILITY, binding.protection());
        assertTrue(CELL_B.contains((Ip6Address) binding.careOf()));
        assertEquals(List.of(), ladder.messages(MobilityMessage.BINDING_UPDATE, "mn"), "none without ESP");
        assertEquals(List.of(), ladder.messages(MobilityMessage.BINDING_ACKNOWLEDGEMENT, "cn"));
    }

    @Test
    void aPeerThatDoesNotTakeAnSaForEnoughIsAskedByReturnRoutability() throws Exception {
        Lab lab = handover(LabNode.Mode.OPTIMIZED, registration(ESP), LabProtection.of("binding", "mn", "cn", Usual.REGISTRATION, ESP));
        LinkedHashMap<String, List<Recommendation>> nodes = new LinkedHashMap<>(Map.of("cn", List.of(Recommendation.E1)));
        Ladder ladder = Ladder.of(lab.withPolicy(new LabPolicy(List.of(), nodes)).withActions(lab.actions().subList(0, 1)));
        assertEquals(3, ladder.drops(reason -> reason == Reason.BINDING_UPDATE_IGNORED).size(), "silently discarded");
        assertEquals(1, ladder.messages(MobilityMessage.CARE_OF_TEST_INIT, "mn").size());
        assertEquals(Binding.Protection.RETURN_ROUTABILITY, ladder.rows("cn", Binding.class).getFirst().protection());
        assertEquals(ListEntry.Phase.ACKNOWLEDGED, ladder.rows("mn", ListEntry.class).stream().filter(entry -> !entry.homeRegistration()).findFirst().orElseThrow().phase());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void triangularRoutingNeedsNoBindingUnderAnSa(boolean a) throws Exception {
        for (Transform transform : List.of(ESP, AH)) {
            Lab lab = handover(LabNode.Mode.TRIANGULAR, LabProtection.of("data", "mn", "cn", Usual.PAYLOAD, transform));
            LinkedHashMap<String, List<Recommendation>> nodes = new LinkedHashMap<>(Map.of("cn", List.of(Recommendation.A)));
            Ladder ladder = Ladder.of(a ? lab : lab.withPolicy(new LabPolicy(List.of(), nodes)));
            assertEquals(List.of(), ladder.rows("cn", Binding.class), "a verified option creates no binding");
            assertEquals(List.of(), ladder.rows("mn", ListEntry.class).stream().filter(entry -> !entry.homeRegistration()).toList());
            int protocol = transform == AH ? IpProtocol.AH : IpProtocol.ESP;
            assertTrue(made(ladder, "mn", protocol, 12 * S).stream().allMatch(step -> step.packet().homeAddressOption().isPresent()));
            int verified = decided(ladder, "cn", Reason.HAO_VERIFIED_BY_SA).size();
            int dropped = ladder.drops(reason -> reason == Reason.HAO_UNVERIFIED).size();
            assertTrue(a ? verified > 500 && dropped == 0 : verified == 0 && dropped > 500, verified + " " + dropped);
            List<Ladder.Step> errors = ladder.messages(MobilityMessage.BINDING_ERROR, "cn");
            assertTrue(a ? errors.isEmpty() : errors.size() > 10 && errors.size() < dropped, "limited in rate");
            assertEquals(errors.size(), ladder.drops(reason -> reason == Reason.BINDING_ERROR_IGNORED).size(), "no list entry, so the error is ignored");
        }
    }

    @Test
    void anSaWithoutAuthenticationDoesNotSpareTheBinding() throws Exception {
        Transform unauthenticated = Transform.esp(Mode.TRANSPORT, Encryption.AES_CBC, Authentication.NULL);
        Ladder ladder = Ladder.of(handover(LabNode.Mode.TRIANGULAR, LabProtection.of("data", "mn", "cn", Usual.PAYLOAD, unauthenticated)));
        assertEquals(1, ladder.rows("cn", Binding.class).size());
        assertEquals(0, decided(ladder, "cn", Reason.HAO_VERIFIED_BY_SA).size());
        assertFalse(decided(ladder, "cn", Reason.HAO_VERIFIED).isEmpty());
    }

    @Test
    void returnRoutabilityAloneMovesNoTunnel() throws Exception {
        Ladder ladder = Ladder.of(handover(LabNode.Mode.OPTIMIZED, registration(ESP), LabProtection.of("data", "mn", "cn", Usual.PAYLOAD, TUNNEL)));
        assertEquals(Binding.Protection.RETURN_ROUTABILITY, ladder.rows("cn", Binding.class).getFirst().protection());
        for (String node : List.of("mn", "cn")) {
            assertEquals(List.of(), migrated(ladder, node));
            assertEquals(HOME, tunnel(ladder, node, true).source());
        }
        assertTrue(received(ladder, "cn").at() > 17_900_000_000L, "mobility carries the tunnel");
    }

    @Test
    void aTunnelMovesOnlyWithItsOwnBinding() throws Exception {
        // One tunnel with the home agent, one with the correspondent: the registration with the home agent moves the first alone.
        Ladder ladder = Ladder.of(handover(LabNode.Mode.BIDIRECTIONAL, registration(ESP), LabProtection.of("data", "mn", "cn", Usual.ALL, TUNNEL),
                LabProtection.of("rest", "mn", "ha", Usual.PAYLOAD, TUNNEL)));
        for (Sa sa : ladder.rows("mn", Sa.class)) {
            if (sa.mode() == Sa.Mode.TUNNEL) {
                boolean agent = sa.source().equals(HA) || sa.destination().equals(HA);
                Ip6Address end = (Ip6Address) (sa.selector().source().contains(HOME) && sa.selector().source().isSingle() ? sa.source() : sa.destination());
                assertEquals(agent, CELL_B.contains(end), sa.toString());
                assertEquals(!agent, end.equals(HOME), sa.toString());
            }
        }
    }

    @Test
    void homeAgainTheTunnelIsHomeToo() throws Exception {
        List<TimedAction> actions = List.of(new TimedAction(5 * S, new Action.Move("mn", Optional.of("cell-a"))),
                new TimedAction(10 * S, new Action.Move("mn", Optional.of("home"))));
        for (String sample : List.of("combined-tunnel-ha", "combined-tunnel-cn")) {
            Ladder ladder = Ladder.of(Ladder.sample(sample).withActions(actions).withExpect(List.of()));
            for (String node : List.of("mn", sample.endsWith("ha") ? "ha" : "cn")) {
                assertEquals(HOME, tunnel(ladder, node, true).source(), sample + " " + node);
                assertEquals(HOME, tunnel(ladder, node, false).destination(), sample + " " + node);
                assertEquals(4, migrated(ladder, node).size(), sample + " " + node);
            }
            assertEquals(List.of(), ladder.rows("ha", Binding.class));
            assertTrue(received(ladder, "cn").at() > 17_900_000_000L && received(ladder, "mn").at() > 17_900_000_000L, sample);
        }
    }

    /** From cell A to cell B at 6 s, from the start away: the tunnel was set up for cell A. */
    private static Lab fromCell(Lab lab) {
        List<LabNode> nodes = lab.nodes().stream().map(node -> node.name().equals("mn") ? node.withAt(Optional.of("cell-a")) : node).toList();
        return lab.withNodes(nodes).withActions(List.of(new TimedAction(6 * S, new Action.Move("mn", Optional.of("cell-b"))))).withExpect(List.of());
    }

    @ParameterizedTest
    @CsvSource({"cn, true", "cn, false", "ha, true", "ha, false"})
    void withoutMigrationThePeersHalfStaysBehind(String peer, boolean f) throws Exception {
        Lab lab = fromCell(Ladder.sample("combined-tunnel-" + peer));
        Ladder ladder = Ladder.of(f ? lab : without(lab, Recommendation.F));
        assertEquals(f ? 2 : 0, migrated(ladder, peer).size());
        assertEquals(f, CELL_B.contains((Ip6Address) tunnel(ladder, peer, false).destination()));
        assertTrue(CELL_B.contains((Ip6Address) ladder.rows(peer, Binding.class).getFirst().careOf()), "the binding is right either way");
        assertTrue(received(ladder, "cn").at() > 17_900_000_000L, "what the mobile node sends comes from its new address, and is accepted");
        assertEquals(f, received(ladder, "mn").at() > 17_900_000_000L, "what is sent to it goes to where it was");
        ListEntry entry = ladder.rows("mn", ListEntry.class).stream().filter(e -> e.homeRegistration() == peer.equals("ha")).findFirst().orElseThrow();
        assertEquals(f || peer.equals("ha"), entry.phase() == ListEntry.Phase.ACKNOWLEDGED, "an acknowledgement within the tunnel is lost with it");
    }

    @Test
    void aTunnelWithTheHomeAgentMayCarryTheRegistrationToo() throws Exception {
        Ladder ladder = Ladder.of(handover(LabNode.Mode.OPTIMIZED, LabProtection.of("all", "mn", "ha", Usual.ALL, TUNNEL)));
        Binding binding = ladder.rows("ha", Binding.class).getFirst();
        assertEquals(Binding.Protection.SECURITY_ASSOCIATION, binding.protection());
        assertTrue(CELL_B.contains((Ip6Address) binding.careOf()));
        assertEquals(ListEntry.Phase.ACKNOWLEDGED, ladder.rows("mn", ListEntry.class).stream().filter(ListEntry::homeRegistration).findFirst().orElseThrow().phase());
        assertEquals(2, decided(ladder, "ha", Reason.BINDING_UPDATE_AUTHENTICATED).size());
        assertTrue(made(ladder, "mn", IpProtocol.ESP, 5 * S).stream().allMatch(step -> step.packet().extensions().isEmpty()), "no home address option around or within");
    }

    @Test
    void aTunnelIsDirectAsLongAsTheModeWantsIt() throws Exception {
        List<TimedAction> actions = List.of(new TimedAction(5 * S, new Action.Move("mn", Optional.of("cell-a"))),
                new TimedAction(10 * S, new Action.SetMode("mn", "cn", LabNode.Mode.BIDIRECTIONAL)),
                new TimedAction(14 * S, new Action.SetMode("mn", "cn", LabNode.Mode.OPTIMIZED)));
        Ladder ladder = Ladder.of(Ladder.sample("combined-tunnel-cn").withActions(actions).withExpect(List.of()));
        for (Ladder.Step step : made(ladder, "mn", IpProtocol.ESP, 7 * S)) {
            boolean between = step.at() > 10_100_000_000L && step.at() < 14 * S;
            if (step.packet().homeAddressOption().isEmpty() && (between || step.at() < 10 * S || step.at() > 14_100_000_000L)) {
                assertEquals(between ? 1 : 0, step.tunnels(), step.toString());
                assertEquals(between, step.packet().source().equals(HOME), step.toString());
            }
        }
        assertTrue(ladder.drops(_ -> true).stream().filter(drop -> drop.node().equals("mn")).allMatch(drop -> drop.at() < 6 * S), "those of the move alone");
        assertTrue(received(ladder, "cn").at() > 17_900_000_000L && received(ladder, "mn").at() > 17_900_000_000L);
    }

    /** Without F the tunnel stays behind at 10 s; F is switched on at 14 s, and what the mobile node says next takes the tunnel along. */
    @Test
    void switchesCountFromTheNextMessageOn() throws Exception {
        Lab lab = Ladder.sample("combined-tunnel-cn");
        List<TimedAction> actions = new ArrayList<>(lab.actions());
        actions.add(new TimedAction(9 * S, new Action.SetPolicy(Optional.empty(), List.of(), List.of(Recommendation.F))));
        actions.add(new TimedAction(14 * S, new Action.SetPolicy(Optional.empty(), List.of(Recommendation.F), List.of())));
        Ladder ladder = Ladder.of(lab.withActions(actions).withUntil(40 * S).withTraffic(lab.traffic().stream().map(t -> t.withStop(39 * S)).toList())
                .withExpect(List.of()));
        List<Long> moves = migrated(ladder, "cn").stream().map(TraceEvent.Changed::at).toList();
        assertEquals(4, moves.size(), moves.toString());
        assertTrue(moves.get(1) < 9 * S && moves.get(2) > 14 * S);
        assertTrue(CELL_B.contains((Ip6Address) tunnel(ladder, "cn", false).destination()));
        assertTrue(CELL_B.contains((Ip6Address) tunnel(ladder, "mn", false).destination()));
        assertTrue(received(ladder, "mn").at() > 38 * S);
    }

    @Test
    void aLostAnswerInTheTunnelIsAskedForAgain() throws Exception {
        Lab lab = Ladder.sample("combined-tunnel-cn");
        List<TimedAction> actions = new ArrayList<>(lab.actions());
        // The link is down while the answer is on its way.
        actions.add(new TimedAction(10_050_000_000L, new Action.Link("cn-link", Optional.empty(), Optional.empty(), Optional.of(1.0), Optional.empty(), Optional.empty(), Optional.empty())));
        actions.add(new TimedAction(10_900_000_000L, new Action.Link("cn-link", Optional.empty(), Optional.empty(), Optional.of(0.0), Optional.empty(), Optional.empty(), Optional.empty())));
        Ladder ladder = Ladder.of(lab.withActions(actions).withExpect(List.of()));
        assertTrue(CELL_B.contains((Ip6Address) ladder.rows("cn", Binding.class).getFirst().careOf()));
        assertTrue(CELL_B.contains((Ip6Address) tunnel(ladder, "cn", false).destination()));
        assertEquals(2, decided(ladder, "cn", Reason.BINDING_UPDATE_AUTHENTICATED).size());
        assertTrue(received(ladder, "mn").at() > 17_900_000_000L);
    }
}
