package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Lab;
import careof.engine.state.Neighbour;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.Reason;
import careof.engine.trace.StateFields;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of each frame, in every sample: it comes to somebody, who says what it made of it, or it is dropped for a reason. */
class NoPacketVanishesTest {
    /** What stages say of packets that go on. */
    private static final Set<Reason> PASSING = EnumSet.of(Reason.SENT, Reason.FORWARDED, Reason.FRAGMENTED, Reason.IP4_FRAGMENTED, Reason.REASSEMBLED,
            Reason.OPTIMISTIC_VIA_ROUTER, Reason.HAO_VERIFIED, Reason.HAO_VERIFIED_BY_SA, Reason.HAO_FOR_BINDING_UPDATE, Reason.RH2_FINAL,
            Reason.TUNNEL_IN, Reason.TUNNEL_OUT, Reason.UDP_TUNNEL_IN, Reason.UDP_TUNNEL_OUT, Reason.INTERCEPTED, Reason.IPSEC_APPLIED,
            Reason.IPSEC_REMOVED, Reason.SPD_ACCEPTED, Reason.SPD_BYPASS, Reason.BINDING_UPDATE_AUTHENTICATED, Reason.ATTACK_REWRITTEN,
            Reason.ATTACK_DELAYED);

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

    /**
     * What becomes of each packet at each node that had it: it left in a frame, became another packet, was dropped, came to whom it was for, or
     * still waits for a neighbour when the run ends. What a stage says of a packet that goes on is no end.
     */
    @ParameterizedTest
    @MethodSource("careof.engine.run.Samples#files")
    void eachPacketHasAnEnd(Path sample) throws Exception {
        TraceStore trace = run(Samples.lab(sample));
        Map<At, TraceEvent> lastWords = new LinkedHashMap<>();
        Set<At> wentOn = new LinkedHashSet<>();
        Set<Long> seen = new TreeSet<>();
        TraceStore.Cursor events = trace.from(1);
        while (events.hasNext()) {
            TraceEvent event = events.next();
            At at = new At(event.node(), event.packet());
            switch (event) {
                case TraceEvent.FrameSent e -> {
                    wentOn.add(at);
                    wentOn.add(new At(e.node(), e.parent()));
                }
                case TraceEvent.Derived e -> {
                    wentOn.add(new At(e.node(), e.parent()));
                    lastWords.put(at, e);
                }
                case TraceEvent.Dropped _ -> wentOn.add(at);
                case TraceEvent.Decided _, TraceEvent.FrameArrived _ -> lastWords.put(at, event);
                case TraceEvent.Changed _, TraceEvent.Control _, TraceEvent.Started _, TraceEvent.Acted _ -> { }
            }
            seen.add(event.packet());
        }
        Projection end = new Projection(trace);
        Map<String, Integer> waiting = new LinkedHashMap<>();
        List<TraceEvent> unexplained = new ArrayList<>();
        lastWords.forEach((at, event) -> {
            Reason reason = event instanceof TraceEvent.Decided e ? e.reason() : null;
            if (!wentOn.contains(at) && (reason == Reason.PACKET_QUEUED || reason == Reason.ARP_QUEUED)) {
                waiting.merge(at.node, 1, Integer::sum);
            } else if (!wentOn.contains(at) && (reason == null || PASSING.contains(reason))) {
                unexplained.add(event);
            }
        });
        assertEquals(List.of(), unexplained, "the last that was said of packets which did not go on");
        waiting.forEach((node, packets) -> assertEquals(packets, end.at(trace.size()).rows(node, Neighbour.class).stream()
                .mapToInt(row -> row.state().queued()).sum(), node));
        seen.remove(0L);
        assertEquals(LongStream.rangeClosed(1, seen.size()).boxed().toList(), List.copyOf(seen), "packets that were made and never heard of");
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
