package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabFiles;
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
