package careof.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.trace.Detail;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The benchmark measures what it says: every packet goes through all routers, and the trace tells it. */
class ForwardChainTest {

    @Test
    void everyPacketArrives() {
        for (var detail : Detail.values()) {
            var chain = new ForwardChain(detail);
            chain.send(1000);
            chain.send(0);
            assertEquals(0, chain.drops());
            // eleven links of 1 ms: the last 110 of 10,000 a second are under way
            assertTrue(chain.arrived() >= 885 && chain.arrived() <= 895, detail + ": " + chain.arrived());
        }
    }

    @Test
    void fullTraceHoldsEachPacketAndSummaryDoesNot() {
        var full = new ForwardChain(Detail.FULL);
        var summary = new ForwardChain(Detail.SUMMARY);
        full.send(1000);
        summary.send(1000);
        assertTrue(full.traceOctets() > 1000 * ForwardChain.OCTETS, "full: " + full.traceOctets());
        assertTrue(summary.traceOctets() < 1000 * ForwardChain.OCTETS / 2, "summary: " + summary.traceOctets());
    }

    @Test
    void hotspotsNameTheEnginesParts() throws Exception {
        var hotspots = Hotspots.of(Detail.SUMMARY, Duration.ofMillis(500), 5);
        assertTrue(!hotspots.isEmpty() && hotspots.size() <= 5, hotspots.toString());
        assertTrue(hotspots.getFirst().share() >= hotspots.getLast().share() && hotspots.getFirst().share() <= 1, hotspots.toString());
    }
}
