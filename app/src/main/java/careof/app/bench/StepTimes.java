package careof.app.bench;

import careof.app.Samples;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Lab;
import careof.engine.lab.LabTraffic;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import java.util.Arrays;
import java.util.List;

/** How long a step takes in a long run: the handover sample, its stream as dense as the number of events asks. */
public final class StepTimes {
    private static final int WARM = 200;
    private static final int STEPS = 2_000;
    /** About as many events as one second of the stream makes for each packet of it. */
    private static final long EVENTS_PER_PACKET = 12;

    private final Projection projection;
    private final long events;

    /**
     * Runs until the trace is long enough.
     *
     * @param events at least so many, 1,000 to 10,000,000
     */
    public StepTimes(long events) {
        Lab lab = Samples.sample("handover").orElseThrow().lab();
        long every = Math.clamp(16 * VirtualTime.SECOND * 2 * EVENTS_PER_PACKET / events, VirtualTime.MICROSECOND, 20 * VirtualTime.MILLISECOND);
        List<LabTraffic> dense = lab.traffic().stream()
                .map(t -> t.withEvery(every)).toList();
        Simulation simulation = new Simulation(lab.withTraffic(dense), Detail.FULL);
        while (simulation.trace().size() < events && simulation.step()) {
            // each turn runs one task
        }
        this.events = simulation.trace().size();
        this.projection = new Projection(simulation.trace());
        projection.at(this.events);
    }

    /** Events in the trace. */
    public long events() {
        return events;
    }

    /**
     * Nanoseconds of each of 2,000 steps, sorted.
     *
     * @param step 1: forwards, from the middle of the trace; -1: back from there
     */
    public long[] measure(int step) {
        long at = events / 2;
        projection.at(at);
        long[] times = new long[STEPS];
        for (int i = -WARM; i < STEPS && at + step >= 0 && at + step <= events; i++) {
            at += step;
            long start = System.nanoTime();
            projection.at(at);
            if (i >= 0) {
                times[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(times);
        return times;
    }
}
