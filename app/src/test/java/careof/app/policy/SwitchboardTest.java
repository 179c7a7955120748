package careof.app.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.Samples;
import careof.app.policy.Switch.Position;
import careof.app.session.Runs;
import careof.editor.command.History;
import careof.engine.lab.Lab;
import careof.engine.policy.Recommendation;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwitchboardTest {
    private final History history = new History();

    SwitchboardTest() {
        history.labProperty().set(Samples.sample("handover").orElseThrow().lab());
    }

    private Lab press(Optional<String> node, Recommendation letter, boolean on) {
        history.execute(Switchboard.edit(node, letter, on));
        return history.labProperty().get();
    }

    private static Switch of(Lab lab, Optional<String> node, Recommendation letter) {
        return Switchboard.of(Runs.at(new Simulation(lab, Detail.FULL), 0), node).get(letter.ordinal());
    }

    @Test
    void allAreOnAtFirst() {
        List<Switch> all = Switchboard.of(Runs.at("handover", 0), Optional.empty());
        assertEquals(21, all.size());
        assertTrue(all.stream().allMatch(s -> s.position() == Position.ON));
        assertTrue(all.getLast().tip().contains("draft section 3.4"), all.getLast().tip());
        assertTrue(all.getFirst().tip().contains("draft section 2.2"), all.getFirst().tip());
    }

    @Test
    void aPressAtOneNodeShowsAsADifferenceOfAll() {
        Lab lab = press(Optional.of("cn"), Recommendation.A, false);
        assertEquals(Position.OFF, of(lab, Optional.of("cn"), Recommendation.A).position());
        assertEquals(Position.ON, of(lab, Optional.of("ha"), Recommendation.A).position());
        assertEquals(List.of("cn"), of(lab, Optional.of("ha"), Recommendation.A).differing());
        Switch all = of(lab, Optional.empty(), Recommendation.A);
        assertEquals(Position.MIXED, all.position());
        assertEquals(List.of("cn"), all.differing());
        assertTrue(all.tip().contains("Off at cn"), all.tip());
        assertEquals(Position.ON, of(lab, Optional.empty(), Recommendation.B).position());
    }

    @Test
    void aPressForAllEndsDifferencesAndIsTakenBackByUndo() {
        Lab before = press(Optional.of("cn"), Recommendation.A, false);
        Lab lab = press(Optional.empty(), Recommendation.A, true);
        assertEquals(Lab.LabPolicy.ALL_ON, lab.policy());
        history.undo();
        assertEquals(before, history.labProperty().get());
        assertFalse(before.policy().nodes().isEmpty());
        Lab off = press(Optional.empty(), Recommendation.F, false);
        assertEquals(List.of(Recommendation.F), off.policy().off());
        assertEquals(List.of(Recommendation.A, Recommendation.F), off.policy().nodes().get("cn"));
    }
}
