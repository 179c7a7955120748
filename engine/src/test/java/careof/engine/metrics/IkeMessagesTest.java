package careof.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.decode.Dissector;
import careof.engine.decode.KnownSas;
import careof.engine.decode.LinkType;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Expectation.Span;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.LabJson;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages of IKE of a run, encrypted ones among them, in the ladder, in expectations and in what signalling costs. */
class IkeMessagesTest {
    private static Lab lab;
    private static Simulation simulation;

    @BeforeAll
    static void run(@TempDir Path folder) throws Exception {
        String keyed = Files.readString(Path.of("../samples/protected-registration-esp.json"))
                .replace("\"traffic\": \"registration\"", "\"traffic\": \"registration\", \"keying\": \"ike\"");
        lab = LabFiles.read(Files.writeString(folder.resolve("ike.json"), keyed)).withUntil(9_000_000_000L);
        simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
    }

    /** All six and all three, each by who sends it, though most of them are encrypted. */
    @Test
    void theLadderNumbersThem() {
        List<String> seen = new ArrayList<>();
        for (Ladder.Row row : Ladder.of(lab, simulation.trace()).rows()) {
            if (row instanceof Ladder.Arrow arrow && arrow.name().matches("[MQ]M.*")) {
                seen.add(arrow.name() + " " + arrow.from() + " " + arrow.to().orElse("?"));
            }
        }
        assertEquals(List.of("MM1 mn ha", "MM2 ha mn", "MM3 mn ha", "MM4 ha mn", "MM5 mn ha", "MM6 ha mn", "QM1 mn ha", "QM2 ha mn", "QM3 mn ha"),
                seen.subList(0, 9));
    }

    private static String count(String message, Optional<String> from) throws Exception {
        Expectation expectation = new Expectation.Messages(message, from, new Range(Optional.of(0L), Optional.empty()), Span.whole(lab.until()));
        return RunMetrics.of(lab.withExpect(List.of(expectation)), simulation.trace(), simulation.now(), Progress.NONE).verdicts().getFirst().seen();
    }

    @Test
    void expectationsCountFamiliesAndEach() throws Exception {
        assertEquals(List.of("6", "3", "1", "0"), List.of(count("MM", Optional.empty()), count("MM", Optional.of("ha")), count("MM5", Optional.of("mn")),
                count("MM5", Optional.of("ha"))));
        long all = Long.parseLong(count("MM", Optional.empty())) + Long.parseLong(count("QM", Optional.empty())) + Long.parseLong(count("INFO", Optional.empty()));
        assertEquals(all, Long.parseLong(count("IKE", Optional.empty())));
        assertTrue(all >= 9);
        SignallingCost.Meter meter = new SignallingCost.Meter();
        Sight sight = new Sight(lab, simulation.trace());
        for (TraceStore.Cursor events = simulation.trace().from(1); events.hasNext(); ) {
            TraceEvent event = events.next();
            sight.add(event);
            meter.add(event, sight);
        }
        assertEquals(1, meter.cost().byMessage().get("MM6"));
        assertTrue(meter.cost().messages() > all);
    }

    /** A message with certificates that its packet's fragments carry counts once, with the octets of all of them. */
    @Test
    void messagesInFragmentsCount() throws Exception {
        String exchanges = Files.readString(Path.of("../samples/comparisons/exchanges.json"));
        SignallingCost one = aggressive(exchanges);
        SignallingCost other = aggressive(exchanges.replace(", \"mtu\": 9000", ""));
        assertEquals(List.of(1L, 1L, 1L), List.of(one.byMessage().get("AM1"), one.byMessage().get("AM2"), one.byMessage().get("AM3")));
        assertEquals(one.byMessage(), other.byMessage());
        assertEquals(one.octets() + 40 + 2 * 8, other.octets(), "one header more, and a Fragment header in each");
    }

    private static SignallingCost aggressive(String exchanges) throws Exception {
        Lab all = LabJson.read("exchanges.json", exchanges);
        Lab lab = all.comparison().orElseThrow().variants().get(2).of(all).withExpect(List.of()).withUntil(5_000_000_000L);
        Simulation run = new Simulation(lab, Detail.FULL);
        run.run();
        return RunMetrics.of(lab, run.trace(), run.now(), Progress.NONE).signalling();
    }

    /** The rows of its trace open every encrypted message, also a frame looked at by itself, with what is known at the end. */
    @Test
    void theTraceOpensEveryFrame() {
        KnownSas known = KnownSas.of(simulation.trace());
        int encrypted = 0;
        for (TraceStore.Cursor events = simulation.trace().from(1); events.hasNext(); ) {
            if (events.next() instanceof TraceEvent.FrameSent sent) {
                int[] flagAndPlain = new int[2];
                Dissector.dissect(sent.frame(), LinkType.ETHERNET, known).walk(field -> {
                    flagAndPlain[0] += field.abbreviation().equals("isakmp.flag_e") && field.value().equals("1") ? 1 : 0;
                    flagAndPlain[1] += field.abbreviation().equals("isakmp.decrypted") ? 1 : 0;
                });
                assertEquals(flagAndPlain[0], flagAndPlain[1], () -> "frame of event " + sent.id());
                encrypted += flagAndPlain[0];
            }
        }
        assertTrue(encrypted >= 10, encrypted + " encrypted messages");
    }
}
