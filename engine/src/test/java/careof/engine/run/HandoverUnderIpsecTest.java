package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
import careof.engine.lab.TimedAction;
import careof.engine.metrics.Handover;
import careof.engine.metrics.RunMetrics;
import careof.engine.trace.Detail;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The phases of a handover whose signalling is protected, tunnelled or carried over IPv4. */
class HandoverUnderIpsecTest {
    private static List<Handover> handovers(String sample) throws Exception {
        Lab lab = LabFiles.read(Path.of("../samples", sample + ".json"));
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        return RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).handovers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"protected-registration-esp", "protected-registration-ah", "combined-tunnel-ha", "combined-tunnel-cn", "mn-mn-combined",
        "ipv4-foreign-link"})
    void theHomeUpdateLeavesBetweenAddressAndAcknowledgement(String sample) throws Exception {
        List<Handover> handovers = handovers(sample);
        assertFalse(handovers.isEmpty());
        for (Handover handover : handovers) {
            assertTrue(handover.homeUpdate().isPresent(), handover.toString());
            assertTrue(handover.usable().orElseThrow() <= handover.homeUpdate().get(), handover.toString());
            assertTrue(handover.homeUpdate().get() < handover.homeAcknowledgement().orElseThrow(), handover.toString());
        }
    }

    /**
     * A mobile node that joins its peer's cell: the binding update is for a neighbour whom nobody may be asked for from an optimistic address, and goes
     * by the router at once instead of waiting a second for duplicate address detection.
     */
    @Test
    void aPeerInTheSameCellHearsAtOnce() throws Exception {
        Lab lab = LabFiles.read(Path.of("../samples/mn-mn-combined.json"));
        List<TimedAction> one = lab.actions().stream().filter(timed -> timed.at() < 12 * VirtualTime.SECOND || ((Action.Move) timed.action()).node().equals("m1"))
                .toList();
        assertEquals(lab.actions().size() - 1, one.size());
        Simulation simulation = new Simulation(lab.withActions(one), Detail.FULL);
        simulation.run();
        Handover last = RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).handovers().getLast();
        assertEquals("cell-b", last.to());
        Handover.Peer peer = last.peers().stream().filter(each -> each.peer().equals("m2")).findFirst().orElseThrow();
        assertTrue(peer.acknowledgement().orElseThrow() - last.usable().orElseThrow() < 20 * VirtualTime.MILLISECOND, last.toString());
        assertTrue(peer.firstIn().orElseThrow() - last.detach() < 100 * VirtualTime.MILLISECOND, last.toString());
    }

    @Test
    void theCorrespondentsUpdateShowsInItsTunnel() throws Exception {
        for (Handover handover : handovers("combined-tunnel-cn")) {
            Handover.Peer cn = handover.peers().stream().filter(peer -> peer.peer().equals("cn")).findFirst().orElseThrow();
            assertTrue(cn.update().isPresent(), handover.toString());
            assertTrue(cn.update().get() < cn.acknowledgement().orElseThrow(), handover.toString());
            assertEquals(Optional.empty(), cn.homeTestInit(), "an SA vouches, nothing is tested");
        }
    }
}
