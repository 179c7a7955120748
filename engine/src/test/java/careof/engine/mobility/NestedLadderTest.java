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
import careof.engine.lab.TimedAction;
import careof.engine.policy.Recommendation;
import careof.engine.state.AddressRange;
import careof.engine.state.FlowEnd;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.IpProtocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AH around the ESP tunnel of a binding: both go along when the mobile node moves, and come home with it. */
class NestedLadderTest {
    private static final long S = VirtualTime.SECOND;
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:1::10");
    private static final Prefix CELL_B = Prefix.parse("2001:db8:3::/64");
    private static final Transform ESP = Transform.esp(Mode.TRANSPORT, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);
    private static final Transform AH = Transform.ah(Mode.TRANSPORT, Authentication.HMAC_SHA1_96);
    private static final Transform TUNNEL = Transform.esp(Mode.TUNNEL, Encryption.AES_CBC, Authentication.HMAC_SHA1_96);

    private static TimedAction move(long at, String to) {
        return new TimedAction(at, new Action.Move("mn", Optional.of(to)));
    }

    private static Lab lab(String peer, String start, Usual traffic, TimedAction... moves) throws Exception {
        Lab lab = Ladder.sample("combined-tunnel-" + peer);
        List<LabNode> nodes = lab.nodes().stream().map(node -> node.name().equals("mn") ? node.withAt(Optional.of(start)) : node).toList();
        LabProtection data = LabProtection.of("data", "mn", peer, traffic, TUNNEL, AH);
        List<LabProtection> protections = traffic == Usual.ALL && peer.equals("ha") ? List.of(data)
                : traffic == Usual.ALL ? List.of(LabProtection.of("registration", "mn", "ha", Usual.REGISTRATION, ESP), data)
                : List.of(LabProtection.of("registration", "mn", "ha", Usual.REGISTRATION, ESP), LabProtection.of("binding", "mn", "cn", Usual.REGISTRATION, ESP), data);
        return lab.withNodes(nodes).withActions(List.of(moves)).withIpsec(protections).withExpect(List.of());
    }

    /** Both SAs of both directions, at both ends, are where the mobile node is; those of AH carry the packets between just these addresses. */
    private static void assertAllAt(Ladder ladder, String peer, Prefix where) {
        for (String node : List.of("mn", peer)) {
            List<Sa> outer = ladder.rows(node, Sa.class).stream().filter(sa -> sa.mode() == Sa.Mode.TUNNEL || sa.protocol() == Sa.Protocol.AH).toList();
            assertEquals(4, outer.size(), node);
            assertEquals(4, outer.stream().filter(sa -> where.contains((Ip6Address) sa.source()) != where.contains((Ip6Address) sa.destination())).count(), node + " " + outer);
            for (Sa sa : outer) {
                if (sa.protocol() == Sa.Protocol.AH) {
                    assertEquals(Selector.between(AddressRange.of(sa.source()), AddressRange.of(sa.destination())), sa.selector(), node);
                }
            }
        }
    }

    private static FlowEnd received(Ladder ladder, String node) {
        return ladder.rows(node, FlowEnd.class).stream().filter(flow -> !flow.sending()).findFirst().orElseThrow();
    }

    private static void assertCarries(Ladder ladder, String peer, String protection) {
        for (String node : List.of("cn", "mn")) {
            assertTrue(received(ladder, node).at() > 17_900_000_000L, protection + ": " + node);
        }
        assertEquals(List.of(), ladder.drops(reason -> reason == Reason.SA_MISSING || reason.code().startsWith("ipsec-")), protection);
        assertTrue(ladder.steps().stream().filter(step -> step.made() && step.node().equals("mn") && step.at() > 15 * S)
                .noneMatch(step -> step.packet().protocol() == IpProtocol.ESP || step.packet().protocol() == IpProtocol.UDP), "all of the data is under AH");
    }

    @ParameterizedTest
    @CsvSource({"ha, home", "ha, cell-a", "cn, home", "cn, cell-a"})
    void whatIsAroundATunnelMovesWithIt(String peer, String start) throws Exception {
        for (Usual traffic : List.of(Usual.PAYLOAD, Usual.ALL)) {
            TimedAction second = move(10 * S, "cell-b");
            Ladder ladder = Ladder.of(start.equals("home") ? lab(peer, start, traffic, move(5 * S, "cell-a"), second) : lab(peer, start, traffic, second));
            assertAllAt(ladder, peer, CELL_B);
            assertCarries(ladder, peer, traffic.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"ha", "cn"})
    void homeAgainAllOfItIsHome(String peer) throws Exception {
        Ladder ladder = Ladder.of(lab(peer, "home", Usual.PAYLOAD, move(5 * S, "cell-a"), move(8 * S, "cell-b"), move(12 * S, "home")));
        assertAllAt(ladder, peer, new Prefix(HOME, 128));
        assertCarries(ladder, peer, "payload");
    }

    /** The mobile node's half of both is used with its new address, as that of a tunnel alone; the peer's half of both stays behind. */
    @Test
    void withoutMigrationBothStayBehind() throws Exception {
        Ladder ladder = Ladder.of(lab("ha", "cell-a", Usual.PAYLOAD, move(10 * S, "cell-b")).withPolicy(new LabPolicy(List.of(Recommendation.F), new LinkedHashMap<>())));
        assertAllAt(ladder, "ha", Prefix.parse("2001:db8:2::/64"));
        assertTrue(received(ladder, "cn").at() > 17_900_000_000L);
        assertTrue(received(ladder, "mn").at() < 10_100_000_000L);
    }

    /** What AH around the tunnel does not compare, the tunnel does where its source is pinned. */
    @Test
    void aPinnedSourceIsPinnedUnderAhToo() throws Exception {
        Ladder ladder = Ladder.of(lab("ha", "cell-a", Usual.PAYLOAD, move(10 * S, "cell-b"))
                .withPolicy(new LabPolicy(List.of(Recommendation.F, Recommendation.C2), new LinkedHashMap<>())));
        assertTrue(received(ladder, "cn").at() < 10_100_000_000L);
        assertFalse(ladder.drops(reason -> reason == Reason.OUTER_SOURCE_PINNED).isEmpty());
    }
}
