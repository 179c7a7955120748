package careof.app.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.experiment.SideBySide.Row;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.TimedAction;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PING = 3 * SECOND + 1_234;

    private static TraceStore run(Lab lab) {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.runUntil(4 * SECOND);
        return simulation.trace();
    }

    private static Lab lab() {
        return Samples.sample("handover").orElseThrow().lab();
    }

    @Test
    void equalRunsNeverPart() {
        SideBySide both = SideBySide.of(run(lab()), run(lab()), () -> false);
        assertEquals(-1, both.parting());
        assertTrue(both.rows().size() > 50);
        assertTrue(both.rows().stream().allMatch(r -> r.same() && r.on().isPresent() && r.off().isPresent()));
    }

    @Test
    void oneEchoRequestMoreIsWhereTheyPartAndAllElseStandsBesideItsLike() {
        List<TimedAction> actions = new ArrayList<>(lab().actions());
        actions.addFirst(new TimedAction(PING, new Action.Ping("mn", "cn")));
        SideBySide both = SideBySide.of(run(lab().withActions(actions)), run(lab()), () -> false);
        Row first = both.rows().get(both.parting());
        assertEquals(PING, first.on().orElseThrow().at());
        assertTrue(first.off().isEmpty());
        assertTrue(both.rows().subList(0, both.parting()).stream().allMatch(Row::same));
        List<Row> alone = both.rows().stream().filter(r -> !r.same()).toList();
        assertEquals(List.of("ping 1", "pong 1"), alone.stream().map(r -> r.on().orElseThrow().words().substring(0, 6)).toList());
        assertTrue(alone.stream().allMatch(r -> r.off().isEmpty()));
        assertTrue(both.rows().subList(both.parting(), both.rows().size()).stream().filter(Row::same).count() > 20);
    }
}
