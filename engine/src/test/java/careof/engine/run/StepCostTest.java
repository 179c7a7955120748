package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A step in a long run costs a bounded number of events; {@code careof bench step} tells what that is in time. */
class StepCostTest {
    private static final int MOST = 1024;

    @Test
    void aStepEitherWayFoldsAFewEvents() throws Exception {
        Simulation simulation = new Simulation(Samples.lab(Path.of("../samples/handover.json")), Detail.FULL);
        simulation.run();
        Projection projection = new Projection(simulation.trace());
        long at = simulation.trace().size();
        projection.at(at);
        for (int i = 0; i < 400; i++) {
            at += i < 200 ? -1 : 1;
            long before = projection.folded();
            assertEquals(at, projection.at(at).event());
            long cost = projection.folded() - before;
            assertTrue(cost <= (i < 200 ? MOST : 1), () -> "a step folded " + cost + " events");
        }
    }
}
