package careof.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Expectation.Span;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What expectations of a protected run say: all signalling is under AH or ESP, data of "mn-cn" in a tunnel; one movement, at 6 s. */
class ExpectationsTest {
    private static Lab lab;
    private static Simulation simulation;
    private static Span whole;

    @BeforeAll
    static void run() throws Exception {
        lab = LabFiles.read(Path.of("../samples/experiments/F.json")).withExperiment(Optional.empty())
                .withPolicy(new Lab.LabPolicy(List.of(), new LinkedHashMap<>()));
        simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        whole = Span.whole(lab.until());
    }

    private static Verdict verdict(Expectation expectation) throws Exception {
        return RunMetrics.of(lab.withExpect(List.of(expectation)), simulation.trace(), simulation.now(), Progress.NONE).verdicts().getFirst();
    }

    private static void holds(Expectation expectation) throws Exception {
        Verdict verdict = verdict(expectation);
        assertEquals(Verdict.Outcome.HOLDS, verdict.outcome(), verdict.expected() + ": " + verdict.seen());
    }

    private static void fails(Expectation expectation, String seen) throws Exception {
        Verdict verdict = verdict(expectation);
        assertEquals(Verdict.Outcome.FAILS, verdict.outcome(), verdict.expected() + ": " + verdict.seen());
        assertTrue(verdict.seen().contains(seen), verdict.seen());
    }

    private static Span span(double from, double to) {
        return new Span((long) (from * 1e9), (long) (to * 1e9));
    }

    @Test
    void messagesUnderProtectionCount() throws Exception {
        holds(new Expectation.Messages("BU", Optional.of("mn"), Range.exactly(4), whole));
        holds(new Expectation.Messages("BU", Optional.of("mn"), Range.exactly(2), span(6, 12)));
        holds(new Expectation.Messages("BA", Optional.of("cn"), Range.exactly(2), whole));
        fails(new Expectation.Messages("HoTI", Optional.empty(), Range.exactly(1), whole), "0");
        holds(new Expectation.Signalling(Optional.of(Range.exactly(8)), Optional.of(Range.exactly(1008)), whole));
        holds(new Expectation.Signalling(Optional.of(Range.exactly(4)), Optional.empty(), span(6, 12)));
        fails(new Expectation.Signalling(Optional.empty(), Optional.of(Range.exactly(1)), whole), "1008 octets (4 BA, 4 BU)");
    }

    @Test
    void decisionsAndChangesCount() throws Exception {
        holds(new Expectation.Decisions("binding-update-authenticated", Optional.of("cn"), Optional.of("sa"), Range.exactly(2), whole));
        fails(new Expectation.Decisions("binding-update-authenticated", Optional.of("cn"), Optional.of("binding"), Range.exactly(2), whole), "0");
        fails(new Expectation.Decisions("binding-update-authenticatid", Optional.empty(), Optional.empty(), Range.exactly(0), whole), "there is no reason code");
        holds(new Expectation.Changes("sa", Optional.of("cn"), Optional.of("sa-migrated"), Range.exactly(0), span(2, 6)));
        holds(new Expectation.Changes("sa", Optional.of("cn"), Optional.of("sa-migrated"), Range.exactly(2), span(6, 12)));
        holds(new Expectation.Changes("binding", Optional.of("cn"), Optional.empty(), Range.exactly(0), span(6.5, 12)));
        fails(new Expectation.Changes("bindings", Optional.empty(), Optional.empty(), Range.exactly(0), whole), "there are no table rows of kind");
    }

    @Test
    void eventsCountThatAQueryAsksFor() throws Exception {
        Optional<String> cn = Optional.of("cn");
        holds(new Expectation.Events("row == sa and reason == sa-migrated and now.selector.source == 2001:db8:1::10", Optional.empty(), cn, Range.exactly(1), whole));
        holds(new Expectation.Events("row == sa and reason == sa-migrated and now.selector == \"2001:db8:1::10 > 2001:db8:9::9\"", Optional.empty(), cn, Range.exactly(1), whole));
        holds(new Expectation.Events("row == sa and reason == sa-migrated", Optional.empty(), Optional.empty(), Range.exactly(4), span(6, 12)));
        // what ESP hides is opened
        holds(new Expectation.Events("kind == sent and node == mn and protocol == BU", Optional.empty(), Optional.empty(), Range.exactly(4), whole));
        fails(new Expectation.Events("kind == sent and protocol == HoTI", Optional.empty(), Optional.empty(), Range.exactly(1), whole), "0");
        fails(new Expectation.Events("kind = snt", Optional.empty(), Optional.empty(), Range.exactly(0), whole), "no kind of event \"snt\"");
        assertEquals("nothing is lost: 0", verdict(new Expectation.Events("kind == dropped", Optional.of("nothing is lost"), cn, Range.exactly(0), whole)).expected());
        assertEquals("events where kind == dropped at cn: at most 3 from 2s to 3s",
                verdict(new Expectation.Events("kind == dropped", Optional.empty(), cn, new Range(Optional.empty(), Optional.of(3L)), span(2, 3))).expected());
    }

    @Test
    void overheadHoldsForEachPacket() throws Exception {
        holds(new Expectation.Overhead("data", "mn-cn", "cell-a", Range.exactly(84), whole));
        fails(new Expectation.Overhead("data", "mn-cn", "cell-a", Range.exactly(83), whole), "84 octets each");
        fails(new Expectation.Overhead("data", "mn-cn", "home", Range.exactly(84), whole), "no packet");
        fails(new Expectation.Overhead("data", "mn-cn", "cell-b", Range.exactly(84), span(2, 6)), "no packet");
    }

    @Test
    void plainPacketsAreThoseBehindTheTunnel() throws Exception {
        List<String> seen = new ArrayList<>();
        for (String link : List.of("cell-a", "backbone", "cn-wire")) {
            Verdict verdict = verdict(new Expectation.Packets("data", "mn-cn", link, span(2.1, 5.9)));
            assertEquals(Verdict.Outcome.HOLDS, verdict.outcome());
            seen.add(verdict.seen().replaceFirst("\\d+ packets", ""));
        }
        // the inner packet is the same on every link, though the first and the last may see one packet more or less in that time
        assertTrue(seen.getFirst().contains("SHA-256"), seen.toString());
        fails(new Expectation.Packets("data", "cn-mn", "home", whole), "no packet");
    }

    @Test
    void anOutageCountsFromTheBindingUpdate() throws Exception {
        holds(new Expectation.Outage("data", "cn-mn", new Range(Optional.of(40_000_000L), Optional.of(80_000_000L)), whole));
        fails(new Expectation.Outage("data", "cn-mn", Range.exactly(0), whole), "ms");
        fails(new Expectation.Outage("data", "cn-mn", new Range(Optional.empty(), Optional.of(80_000_000L)), span(7, 12)), "no movement");
        RunMetrics metrics = RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE);
        assertEquals(List.of("mn-cn true", "cn-mn true"), metrics.outages().stream().map(outage -> outage.direction() + " " + outage.ended()).toList());
    }

    @Test
    void flowsWithinATime() throws Exception {
        holds(new Expectation.Flow("data", Optional.of("mn-cn"), Optional.of(Range.exactly(0)), Optional.of(Range.exactly(100)), Optional.empty(), Optional.empty(),
                span(3, 4.99)));
        fails(new Expectation.Flow("data", Optional.of("cn-mn"), Optional.of(Range.exactly(0)), Optional.empty(), Optional.empty(), Optional.empty(), span(5.9, 6.2)), "lost 5");
        holds(new Expectation.Flow("data", Optional.of("cn-mn"), Optional.of(Range.exactly(0)), Optional.empty(),
                Optional.of(new Range(Optional.empty(), Optional.of(21_000_000L))), Optional.empty(), span(7, 12)));
    }
}
