package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Lab;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.StateFields;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of each frame, in every sample: it comes to somebody, who says what it made of it, or it is dropped for a reason. */
class NoPacketVanishesTest {
    private record At(String node, long packet) {}

    @ParameterizedTest
    @MethodSource("careof.engine.run.Samples#files")
    void eachFrameHasItsFate(Path sample) throws Exception {
        TraceStore trace = run(Samples.lab(sample));
        Map<At, TraceEvent> unsaid = new LinkedHashMap<>();
        List<Long> lost = new ArrayList<>();
        List<TraceEvent.FrameSent> met = new ArrayList<>();
        TraceStore.Cursor events = trace.from(1);
        while (events.hasNext()) {
            switch (events.next()) {
                case TraceEvent.FrameArrived e -> unsaid.put(new At(e.node(), e.packet()), e);
                case TraceEvent.Decided e -> unsaid.remove(new At(e.node(), e.packet()));
                case TraceEvent.Dropped e -> {
                    unsaid.remove(new At(e.node(), e.packet()));
                    lost.add(e.packet());
                    assertFalse(e.reason().section().isEmpty(), () -> "a drop without a section: " + e);
                }
                case TraceEvent.FrameSent e when e.arrivals().isEmpty() && (e.frame().at(0) & 1) == 0 -> met.add(e);
                default -> { }
            }
        }
        assertEquals(List.of(), List.copyOf(unsaid.values()), "frames that came and of which nothing was said");
        assertEquals(List.of(), met.stream().filter(sent -> !lost.contains(sent.packet())).toList(), "frames that came to nobody and were not dropped");
    }

    /** A reason's sentence has a value for each of its placeholders, and no value is without one. */
    @ParameterizedTest
    @MethodSource("careof.engine.run.Samples#files")
    void eachReasonHasItsArguments(Path sample) throws Exception {
        TraceStore.Cursor events = run(Samples.lab(sample)).from(1);
        while (events.hasNext()) {
            TraceEvent event = events.next();
            switch (event) {
                case TraceEvent.Decided e -> assertEquals(e.reason().names().size(), e.args().size(), event::toString);
                case TraceEvent.Dropped e -> assertEquals(e.reason().names().size(), e.args().size(), event::toString);
                case TraceEvent.Changed e -> assertEquals(e.reason().names().size(), e.args().size(), event::toString);
                default -> { }
            }
        }
    }

    /** The row that a verdict names is there, as it was when the verdict fell. */
    @ParameterizedTest
    @MethodSource("careof.engine.run.Samples#files")
    void theRowThatDecidedIsThere(Path sample) throws Exception {
        TraceStore trace = run(Samples.lab(sample));
        Projection projection = new Projection(trace);
        int seen = 0;
        for (long id = 1; id <= trace.size(); id++) {
            String entry = switch (trace.get(id)) {
                case TraceEvent.Decided e -> e.entry();
                case TraceEvent.Dropped e -> e.entry();
                default -> "";
            };
            if (!entry.isEmpty() && seen++ % 50 == 0) {
                assertTrue(has(projection.at(id), trace.get(id).node(), entry), entry + " at event " + id);
            }
        }
        assertTrue(seen > 20, "verdicts that a row decided: " + seen);
    }

    private static boolean has(LabState tables, String node, String entry) {
        String[] kindAndKey = entry.split(" ", 2);
        return Stream.of(State.class.getPermittedSubclasses()).map(kind -> kind.asSubclass(State.class)).filter(kind -> StateFields.kind(kind).equals(kindAndKey[0]))
                .anyMatch(kind -> tables.row(node, kind, kindAndKey[1]).isPresent());
    }

    private static TraceStore run(Lab lab) {
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        return simulation.trace();
    }
}
