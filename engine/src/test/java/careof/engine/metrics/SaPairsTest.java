package careof.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Half;
import careof.engine.lab.Expectation.Span;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabProtection;
import careof.engine.lab.TimedAction;
import careof.engine.base.Progress;
import careof.engine.policy.Recommendation;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mobile node with a tunnel to the correspondent starts in cell A and moves to cell B at 6 s. */
class SaPairsTest {
    private static final long S = VirtualTime.SECOND;

    private static Lab lab(boolean follows) throws Exception {
        return LabFiles.read(Path.of("../samples/experiments/F.json")).withExperiment(Optional.empty()).withExpect(List.of()).withUntil(9 * S)
                .withPolicy(new Lab.LabPolicy(follows ? List.of() : List.of(Recommendation.F), new LinkedHashMap<>()));
    }

    private static Lab with(Lab lab, Action action) {
        List<TimedAction> actions = new ArrayList<>(lab.actions());
        actions.add(new TimedAction(7 * S, action));
        return lab.withActions(actions);
    }

    private static SaPairs.Pair tunnel(Lab lab, long time) {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.runUntil(time);
        TraceStore trace = simulation.trace();
        SaPairs pairs = new SaPairs(lab);
        TraceStore.Cursor cursor = trace.from(1);
        while (cursor.hasNext()) {
            pairs.add(cursor.next());
        }
        List<SaPairs.Pair> all = pairs.at(new Projection(trace).at(trace.size()));
        assertEquals(lab.ipsec().stream().map(LabProtection::name).toList(), all.stream().map(SaPairs.Pair::protection).toList());
        return all.get(1);
    }

    private static String halves(SaPairs.Pair pair) {
        return pair.there().from() + ">" + pair.there().to() + " " + pair.there().state().text() + ", " + pair.back().from() + ">" + pair.back().to() + " "
                + pair.back().state().text();
    }

    @Test
    void aHalfThatStaysBehindIsStale() throws Exception {
        assertEquals("mn>cn good, cn>mn good", halves(tunnel(lab(false), 5 * S)));
        SaPairs.Pair after = tunnel(lab(false), 8 * S);
        assertEquals("mn>cn good, cn>mn stale", halves(after));
        assertTrue(after.back().why().startsWith("ends at 2001:db8:2:") && after.back().why().endsWith("which mn no longer has"), after.back().why());
        assertFalse(after.isGood());
        SaPairs.Pair followed = tunnel(lab(true), 8 * S);
        assertEquals("mn>cn good, cn>mn good", halves(followed));
        assertTrue(followed.isGood());
        assertTrue(followed.back().why().startsWith("ends at 2001:db8:3:"), followed.back().why());
    }

    @Test
    void whatIsGoneIsMissingOrExpired() throws Exception {
        SaPairs.Pair deleted = tunnel(with(lab(true), new Action.ChangeSas("cn", "tunnel", true, Optional.empty())), 8 * S);
        assertEquals("mn>cn missing, cn>mn missing", halves(deleted));
        assertTrue(deleted.there().why().startsWith("cn has no SA 0x") && deleted.there().sending().isPresent() && deleted.there().receiving().isEmpty(),
                deleted.there().toString());
        assertEquals("cn has no SA to send with", deleted.back().why());
        SaPairs.Pair expired = tunnel(with(lab(true), new Action.ChangeSas("cn", "tunnel", false,
                Optional.of(new LabProtection.Lifetime(7 * S, 7_500_000_000L, 0, 0)))), 8 * S);
        assertEquals("mn>cn expired, cn>mn expired", halves(expired));
        assertTrue(expired.back().why().endsWith("its lifetime ran out"), expired.back().why());
    }

    @Test
    void expectationsOnHalvesAreJudgedOverTheirWholeTime() throws Exception {
        Lab lab = lab(false).withExpect(List.of(half(Half.STALE, 6_100_000_000L, 9 * S), half(Half.GOOD, S, 5_900_000_000L), half(Half.GOOD, S, 9 * S),
                half(Half.STALE, 0, 9 * S), new Expectation.HalfIs("none", "cn-mn", Half.GOOD, Span.whole(9 * S))));
        assertEquals(List.of("HOLDS", "HOLDS", "FAILS", "FAILS", "FAILS"), outcomes(lab, 9 * S));
        assertEquals(List.of("OPEN", "HOLDS", "OPEN", "FAILS", "FAILS"), outcomes(lab, 5_950_000_000L));
    }

    private static Expectation half(Half state, long from, long to) {
        return new Expectation.HalfIs("tunnel", "cn-mn", state, new Span(from, to));
    }

    private static List<String> outcomes(Lab lab, long until) throws Exception {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.runUntil(until);
        return RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).verdicts().stream().map(verdict -> verdict.outcome().name()).toList();
    }
}
