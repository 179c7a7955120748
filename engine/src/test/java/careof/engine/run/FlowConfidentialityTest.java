package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.trace.Detail;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.IpProtocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tunnels of ESP that hide how much they carry (RFC 4303 sections 2.6 and 2.7), in a whole run with handovers. */
class FlowConfidentialityTest {
    private static final long S = 1_000_000_000L;
    private static final long DUMMIES = S / 10;
    private static final int VOICE = 40 + 8 + 172;

    private static Simulation run(int padding, long dummies) throws Exception {
        Lab lab = Samples.lab(Path.of("../samples/combined-tunnel-ha.json"));
        Simulation run = new Simulation(lab.withIpsec(lab.ipsec().stream().map(p -> p.mayHide() ? p.withHiding(padding, dummies) : p).toList()), Detail.FULL);
        run.run();
        assertEquals(List.of(), RunMetrics.of(run.lab(), run.trace(), run.now(), Progress.NONE).verdicts().stream()
                .filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).toList());
        return run;
    }

    /** IPv6 packets that carry ESP, as a node sent them, but for the registration's, which are short. */
    private static List<Octets> tunnelled(Simulation run, String node) {
        List<Octets> sent = new ArrayList<>();
        for (long i = 0; i < run.trace().frameCount(); i++) {
            TraceEvent.FrameSent frame = (TraceEvent.FrameSent) run.trace().get(run.trace().frameEvent(i));
            Octets ip = frame.frame().from(14);
            if (frame.node().equals(node) && ip.at(0) >>> 4 == 6 && ip.at(6) == IpProtocol.ESP) {
                sent.add(ip);
            }
        }
        return sent;
    }

    private static long dropped(Simulation run, String node, Reason reason) {
        long count = 0;
        for (long id = 1; id <= run.trace().size(); id++) {
            count += run.trace().get(id) instanceof TraceEvent.Dropped drop && drop.node().equals(node) && drop.reason() == reason ? 1 : 0;
        }
        return count;
    }

    /** Header, SPI and sequence number, IV, then what is encrypted to a multiple of 16, and the ICV. */
    private static int outer(int inner) {
        return 40 + 8 + 16 + (inner + 2 + 15) / 16 * 16 + 12;
    }

    @Test
    void packetsAreAsLongAsPaddingSays() throws Exception {
        for (String node : List.of("mn", "ha")) {
            List<Integer> plain = tunnelled(run(0, 0), node).stream().map(Octets::length).distinct().toList();
            assertTrue(plain.contains(outer(VOICE)) && !plain.contains(outer(1280)), node + ": " + plain);
            assertEquals(List.of(outer(1280)), tunnelled(run(1280, 0), node).stream().map(Octets::length).distinct().toList(), node);
        }
    }

    @Test
    void noPacketIsLongerThanItsPathCarries() throws Exception {
        Simulation run = run(9000, DUMMIES);
        for (String node : List.of("mn", "ha")) {
            List<Integer> lengths = tunnelled(run, node).stream().map(Octets::length).distinct().toList();
            assertTrue(lengths.stream().allMatch(length -> length > 1440 && length <= 1500), node + ": " + lengths);
            assertEquals(0, dropped(run, node, Reason.TOO_BIG));
        }
    }

    @Test
    void packetsThatCarryNothingLookLikeOthers() throws Exception {
        Simulation run = run(1280, DUMMIES);
        for (String node : List.of("mn", "ha")) {
            List<Octets> all = tunnelled(run, node);
            assertEquals(List.of(outer(1280)), all.stream().map(Octets::length).distinct().toList(), node);
            int without = tunnelled(run(1280, 0), node).size();
            assertTrue(all.size() - without > 150, node + " sends " + all.size() + ", without dummies " + without);
            assertTrue(dropped(run, node, Reason.IPSEC_DUMMY) > 150, node);
        }
    }
}
