package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabTraffic;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A step either way stays quick in a long run: the handover sample, its voice stream a hundred times as dense. */
class StepTimeTest {
    private static final int EVENTS = 120_000;
    private static final long MOST = 50_000_000;

    @Test
    void stepsAtAHundredThousandEvents() throws Exception {
        Lab lab = Samples.lab(Path.of("../samples/handover.json"));
        List<LabTraffic> dense = lab.traffic().stream().map(t -> new LabTraffic(t.name(), t.kind(), t.from(), t.to(), t.both(),
                VirtualTime.SECOND / 5000, t.octets(), t.start(), t.stop())).toList();
        Simulation simulation = new Simulation(lab.withTraffic(dense), Detail.FULL);
        while (simulation.trace().size() < EVENTS) {
            assertTrue(simulation.step(), "the run is long enough");
        }
        Projection projection = new Projection(simulation.trace());
        projection.at(simulation.trace().size());
        long at = EVENTS - 1;
        long[] times = new long[400];
        for (int i = 0; i < times.length; i++) {
            at += i < times.length / 2 ? -1 : 1;
            long start = System.nanoTime();
            assertEquals(at, projection.at(at).event());
            times[i] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        assertTrue(times[times.length * 9 / 10] < MOST, () -> "nine of ten steps took up to " + times[times.length * 9 / 10] + " ns");
    }
}
