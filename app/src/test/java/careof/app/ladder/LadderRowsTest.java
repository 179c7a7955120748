package careof.app.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.packets.Names;
import careof.app.session.Runs;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ladder's rows are made of. */
class LadderRowsTest {
    @Test
    void aTunnelledMessageHasALegInAndALegOutOfItsTunnel() {
        SessionState state = Runs.at("handover", 8_000_000_000L);
        Names names = new Names();
        names.learn(state);
        Series legs = state.index().legs();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(legs.get(i));
            PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET);
            seen.add(sent.node() + " " + summary.shortName() + (summary.rings() > 0 ? " in a tunnel" : "") + " to " + names.node(summary.destination()).orElse("?"));
        }
        assertTrue(seen.contains("mn HoTI in a tunnel to ha"), seen.toString());
        assertTrue(seen.contains("ha HoTI to cn"), seen.toString());
        assertTrue(seen.contains("cn HoT to mn"), seen.toString());
        assertTrue(seen.contains("ha HoT in a tunnel to mn"), seen.toString());
        assertEquals(0, seen.stream().filter(s -> s.startsWith("ra ") || s.startsWith("rc ")).count(), "routers only forward: " + seen);
    }

    private static List<Leg> legs(SessionState state) {
        Names names = new Names();
        names.learn(state);
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < state.index().legs().size(); i++) {
            legs.add(Leg.of(state.trace(), state.index(), names, state.index().legs().get(i)).orElseThrow());
        }
        return legs;
    }

    @Test
    void messagesOfIkeTellWhatTheyHoldAndThatTheyAreEncrypted() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 1_000_000_000L);
        List<Leg> ike = legs(state).stream().filter(leg -> LadderChoice.IKE.shows(leg.summary().kind(), false)).toList();
        assertEquals(List.of("MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3"), ike.stream().map(leg -> leg.summary().label()).toList());
        assertEquals(List.of(false, false, false, false, true, true, true, true, true), ike.stream().map(Leg::isEncrypted).toList());
        String qm1 = ike.get(6).words(state.trace());
        assertTrue(qm1.startsWith("QM1  mn → ha at 0.143234 s, encrypted\nquick mode (QM1): HASH SA ESP NONCE ID ip:2001:db8:1::10[135] ID ip:2001:db8:1::1[135]"), qm1);
        assertTrue(legs(state).stream().noneMatch(leg -> LadderChoice.MOBILITY.shows(leg.summary().kind(), true) && ike.contains(leg)));
        assertTrue(LadderChoice.EXCHANGE.shows(ike.getFirst().summary().kind(), true) && !LadderChoice.EXCHANGE.shows(ike.getFirst().summary().kind(), false));
    }

    @Test
    void whoDidNotTakeAMessageAndWhyStandsWithIt() {
        SessionState state = Runs.at(new Simulation(Runs.ike(", \"ike\": { \"identity\": \"fqdn:somebody.lab\" }"), Detail.FULL), 1_000_000_000L);
        List<String> refused = legs(state).stream().filter(leg -> leg.end() != 0).map(leg -> leg.words(state.trace())).toList();
        assertEquals(1, refused.size());
        assertTrue(refused.getFirst().startsWith("MM5  mn → ha at 0.119215 s, encrypted\n✕ at ha dropped: fqdn:somebody.lab is neither subject nor alternative subject of the certificate "
                + "of CN=mn (G, draft 3.1)\nmain mode (MM5): ID fqdn:somebody.lab CERT SIG"), refused.toString());
    }
}
