package careof.app.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.editor.model.Decoration;
import careof.engine.base.Ip6Address;
import careof.engine.decode.PacketSummary;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation.Half;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final long MILLISECOND = 1_000_000L;

    @Test
    void aBindingThatPointsToTheOldLinkIsStaleUntilTheUpdateArrives() {
        List<Picture.Arc> during = Picture.arcs(Runs.at("handover", Runs.secondUpdate() + 5 * MILLISECOND));
        assertEquals(List.of(new Picture.Arc("ha", "mn", "cell-b", true, false), new Picture.Arc("cn", "mn", "cell-a", false, true)), during);
        List<Picture.Arc> after = Picture.arcs(Runs.at("handover", 10_400 * MILLISECOND));
        assertTrue(after.stream().noneMatch(Picture.Arc::stale), after.toString());
        assertEquals(List.of(), Picture.arcs(Runs.at("handover", 4_000 * MILLISECOND)), "at home there is no binding");
    }

    @Test
    void everyFrameOnALinkIsShownOnItsWay() {
        SessionState state = Runs.at("handover", Runs.secondUpdate() + 5 * MILLISECOND);
        List<Flight> flights = new Picture().flights(state);
        assertFalse(flights.isEmpty());
        assertTrue(flights.stream().allMatch(f -> f.fraction() >= 0 && f.fraction() <= 1));
        TreeSet<String> names = new TreeSet<>();
        flights.forEach(f -> names.add(f.summary().shortName()));
        assertTrue(names.contains("BU"), names.toString());
        Flight bu = flights.stream().filter(f -> f.summary().shortName().equals("BU")).findFirst().orElseThrow();
        assertEquals(PacketSummary.Kind.MOBILITY, bu.summary().kind());
        assertTrue(bu.summary().homeAddressOption());
    }

    @Test
    void nodesTellTheirAddressesAndWhereTheMobileNodeIs() {
        SessionState away = Runs.at("handover", 8_000 * MILLISECOND);
        assertEquals("cell-a", Picture.attachments(away).get("mn"));
        List<Decoration> texts = Picture.decorations(away).get("mn");
        assertTrue(texts.contains(new Decoration(Decoration.Kind.BADGE, "H@ 2001:db8:1::10")), texts.toString());
        assertTrue(texts.stream().anyMatch(d -> d.text().startsWith("Co@ 2001:db8:2:")), texts.toString());
        assertTrue(Picture.decorations(Runs.at("handover", 4_000 * MILLISECOND)).get("mn").stream().anyMatch(d -> d.text().equals("at home")));
    }

    @Test
    void dropsStayForAMomentWithTheirReason() {
        SessionState state = Runs.at("handover", 5_060 * MILLISECOND);
        List<Drop> drops = Picture.drops(state);
        assertFalse(drops.isEmpty());
        assertEquals("mn", drops.getFirst().node());
        assertTrue(drops.getFirst().words().contains("no route"), drops.getFirst().words());
        assertEquals(List.of(), Picture.drops(Runs.at("handover", 8_000 * MILLISECOND)));
    }

    @Test
    void onlyLinksThatDifferFromTheFileAreTold() {
        Simulation simulation = new Simulation(Samples.sample("handover").orElseThrow().lab(), Detail.FULL);
        simulation.runUntil(MILLISECOND);
        assertTrue(Picture.links(Runs.at(simulation, 2 * MILLISECOND)).isEmpty());
        simulation.apply(new Action.Link("cn-link", Optional.empty(), Optional.empty(), Optional.of(0.25), Optional.empty(), Optional.empty(), Optional.empty()));
        var changed = Picture.links(Runs.at(simulation, 3 * MILLISECOND));
        assertEquals(0.25, changed.get("cn-link").loss().orElseThrow());
        assertEquals(1, changed.size());
    }

    @Test
    void longAddressesAreShortenedInTheMiddle() {
        assertEquals("2001:db8:1::10", Picture.brief(Ip6Address.parse("2001:db8:1::10")));
        assertEquals("2001:db8:3:…601", Picture.brief(Ip6Address.parse("2001:db8:3::ff:fe00:601")));
    }

    @Test
    void aStaleHalfLeadsToTheLinkThatTheMobileNodeLeft() {
        Lab lab = Samples.experiments().stream().map(Samples.Sample::lab).filter(l -> l.experiment().orElseThrow().letter() == Recommendation.F).findFirst().orElseThrow();
        Lab off = lab.experiment().orElseThrow().switched(lab.withExperiment(Optional.empty()), false);
        SessionState state = Runs.at(new Simulation(off, Detail.FULL), lab.until());
        String now = Picture.attachments(state).get("mn");
        List<SaLine.Way> stale = Picture.saLines(state).stream().flatMap(l -> Stream.of(l.forth(), l.back())).filter(w -> w.state() == Half.STALE).toList();
        assertFalse(stale.isEmpty());
        for (SaLine.Way way : stale) {
            assertTrue(way.link().isPresent() && !way.link().get().equals(now), way.toString());
            assertTrue(way.words().contains("stale: "), way.words());
        }
        SessionState before = Runs.at(new Simulation(off, Detail.FULL), 4_000 * MILLISECOND);
        assertTrue(Picture.saLines(before).stream().allMatch(l -> l.forth().state() == Half.GOOD && l.back().state() == Half.GOOD), Picture.saLines(before).toString());
    }
}
