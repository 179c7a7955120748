package careof.app.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.lab.LabFiles;
import careof.engine.live.LiveLab;
import careof.engine.query.Query;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstMatchTest {
    private static final Path LAB = Path.of("../samples/live.json");

    @Test
    void whatIsGoneIsPassedOverAndWhatComesIsSeen() throws Exception {
        Simulation run = Simulation.live(LiveLab.of(LabFiles.read(LAB)), Detail.FULL, Octets.wrap(new byte[32]), TraceStore.LEAST_BOUND);
        TraceStore trace = run.trace();
        FirstMatch answer = new FirstMatch(trace, Query.parse("protocol == BA"));
        FirstMatch any = new FirstMatch(trace, Query.parse("kind == sent"));
        run.runUntil(VirtualTime.SECOND / 100);
        assertTrue(answer.find().isEmpty(), "nobody is registered yet");
        while (trace.first() == 1) {
            assertTrue(run.step());
        }
        assertTrue(any.find().orElseThrow().id() >= trace.first());
        while (answer.find().isPresent()) {
            // those of the past
        }
        long seen = trace.size();
        Optional<TraceEvent> next = answer.find();
        while (next.isEmpty()) {
            assertTrue(run.step());
            next = answer.find();
        }
        assertTrue(next.get().id() > seen);
    }
}
