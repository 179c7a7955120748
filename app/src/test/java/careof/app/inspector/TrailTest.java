package careof.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.app.tables.Item;
import careof.app.tables.Tables;
import careof.engine.decode.LinkType;
import careof.engine.decode.Summary;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TrailTest {
    private final SessionState state = Runs.at("handover", 10_400_000_000L);

    @Test
    void aDropEndsTheTrailOfItsPacketWithReasonAndSection() {
        Dropped drop = (Dropped) state.trace().get(state.index().drops().get(0));
        List<Trail.Line> lines = Trail.of(state.trace(), state.index(), drop.packet(), () -> false);
        Trail.Line last = lines.getLast();
        assertEquals(Trail.Kind.DROPPED, last.kind());
        assertEquals(drop.id(), last.event());
        assertTrue(last.text().startsWith("dropped: "), last.text());
        assertEquals(drop.reason().section(), last.section());
    }

    @Test
    void aForwardedPacketsTrailBeginsWhereItWasFirstSent() {
        // The binding update to the correspondent, on the last of its links.
        long sent = state.index().signalling().get(state.index().signalling().size() - 2);
        long packet = state.trace().get(sent).packet();
        long forwarded = 0;
        for (long id = sent; id <= state.trace().size(); id++) {
            if (state.trace().get(id) instanceof FrameSent f && f.parent() == packet) {
                forwarded = f.packet();
                break;
            }
        }
        assertTrue(forwarded > 0);
        List<Trail.Line> lines = Trail.of(state.trace(), state.index(), forwarded, () -> false);
        assertTrue(lines.stream().anyMatch(l -> l.event() == sent && l.node().equals("mn")));
        assertTrue(lines.stream().anyMatch(l -> l.text().startsWith("forwarded to ")));
        for (int i = 1; i < lines.size(); i++) {
            assertTrue(lines.get(i - 1).event() < lines.get(i).event(), "in the order of events");
        }
    }

    @Test
    void whereAMessageOriginatesTheTrailGoesOnToWhoRefusedItAndWhy() {
        Lab lab = Runs.ike(", \"ike\": { \"identity\": \"fqdn:somebody.lab\" }");
        SessionState run = Runs.at(new Simulation(lab, Detail.FULL), 1_000_000_000L);
        FrameSent sent = null;
        for (int i = 0; i < run.index().ike().size() && sent == null; i++) {
            FrameSent frame = (FrameSent) run.trace().get(run.index().ike().get(i));
            sent = Summary.of(frame.frame(), LinkType.ETHERNET, run.index().opener()).shortName().equals("MM5") ? frame : null;
        }
        assertEquals("mn", sent.node());
        List<Trail.Line> lines = Trail.of(run.trace(), run.index(), sent.packet(), () -> false);
        Trail.Line refusal = lines.stream().filter(l -> l.kind() == Trail.Kind.DROPPED).findFirst().orElseThrow();
        assertEquals("ha", refusal.node());
        assertEquals(Optional.of(Recommendation.G), refusal.rule());
        assertEquals("draft 3.1", refusal.section());
        assertEquals("dropped: fqdn:somebody.lab is neither subject nor alternative subject of the certificate of CN=mn", refusal.text());
        assertTrue(lines.stream().anyMatch(l -> l.text().startsWith("IKE MM5 from the peer: main mode (MM5): ID fqdn:somebody.lab CERT SIG")), lines.toString());
        assertTrue(lines.stream().noneMatch(l -> l.text().startsWith("INFO put")), "the answer is another message");
    }

    @Test
    void everyRefusalOfIkeIsInTheTrailOfTheMessageAsItWasSent() {
        Lab lab = Samples.sample("ike-impostor").orElseThrow().lab();
        SessionState run = Runs.at(new Simulation(lab, Detail.FULL), lab.until());
        TreeSet<Recommendation> rules = new TreeSet<>();
        for (int i = 0; i < run.index().ike().size(); i++) {
            FrameSent sent = (FrameSent) run.trace().get(run.index().ike().get(i));
            Trail.of(run.trace(), run.index(), sent.packet(), () -> false).stream().filter(l -> l.kind() == Trail.Kind.DROPPED && l.event() > sent.id())
                    .forEach(l -> l.rule().ifPresent(rules::add));
        }
        assertEquals(new TreeSet<>(List.of(Recommendation.G, Recommendation.I, Recommendation.J)), rules, "what the three impostors fail by");
    }

    @Test
    void everyEventHasWords() {
        TreeSet<String> bad = new TreeSet<>();
        for (long id = 1; id <= state.trace().size(); id++) {
            String text = EventText.of(state.trace().get(id));
            if (text.isBlank() || text.contains("{")) {
                bad.add(text);
            }
        }
        assertEquals(new TreeSet<>(), bad);
    }

    @Test
    void aDecisionByAnSaLeadsToItsRowAndNamesTheRecommendation() {
        Lab lab = Samples.experiments().stream().map(Samples.Sample::lab).filter(l -> l.experiment().orElseThrow().letter() == Recommendation.A).findFirst().orElseThrow();
        SessionState run = Runs.at(new Simulation(lab.experiment().orElseThrow().switched(lab.withExperiment(Optional.empty()), true), Detail.FULL), lab.until());
        Trail.Line verified = null;
        for (long packet = 1; verified == null && run.index().lineage().firstOf(packet) > 0; packet++) {
            verified = Trail.of(run.trace(), run.index(), packet, () -> false).stream().filter(l -> l.rule().equals(Optional.of(Recommendation.A))).findFirst().orElse(null);
        }
        assertEquals("cn", verified.node());
        assertTrue(verified.entry().startsWith("sa "), verified.entry());
        assertTrue(Tables.isShown(verified.entry()));
        String key = verified.entry().substring(3);
        assertTrue(Tables.ofNode(run.tables(), run.clock(), 0, Set.of(), "cn", run.pairs()).stream()
                .anyMatch(i -> i instanceof Item.Entry e && e.table().equals("Security associations") && e.key().equals(" " + key)));
    }
}
