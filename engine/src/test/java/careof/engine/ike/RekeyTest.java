package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.VirtualTime;
import careof.engine.crypto.DhGroup;
import careof.engine.policy.Recommendation;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lifetimes: successors come in time and no packet is lost; where none can come, SAs end. */
class RekeyTest {
    private static final long SECOND = VirtualTime.SECOND;

    /** Traffic both ways, a packet each 50 ms. */
    private static void flows(IkeBench bench, int packets) {
        bench.left.forget();
        bench.right.forget();
        for (int i = 0; i < packets; i++) {
            bench.left.say(0);
            bench.right.say(0);
            bench.run(50 * VirtualTime.MILLISECOND);
        }
        bench.run(2 * IkeBench.DELAY);
        assertEquals(packets, bench.right.heard(), "from left to right");
        assertEquals(packets, bench.left.heard(), "from right to left");
    }

    @ParameterizedTest
    @CsvSource({"TRANSPORT, false", "TRANSPORT, true", "TUNNEL, false", "TUNNEL, true"})
    void softLifetimesLoseNoPacket(Sa.Mode mode, boolean pfs) {
        IkeBench bench = new IkeBench(side -> {
            side.mode = mode;
            side.pfs = pfs ? Optional.of(DhGroup.ECP_256) : Optional.empty();
            side.lifetimes = new Sa.Lifetimes(0, 10 * SECOND, 0, 0);
        });
        bench.connect();
        bench.left.mark();
        bench.right.mark();
        int before = bench.sent.size();
        flows(bench, 1000);    // 50 s
        List<String> sent = bench.log(before);
        long rekeys = sent.stream().filter("left QM1"::equals).count();
        assertTrue(rekeys >= 5 && rekeys <= 7, sent::toString);
        assertEquals(0, sent.stream().filter("right QM1"::equals).count(), "one end makes successors");
        assertEquals(List.of(), bench.left.drops());
        assertEquals(List.of(), bench.right.drops());
        assertEquals(1, bench.left.phaseOnes().size());
        assertTrue(bench.left.children().size() <= 2);
        bench.folds();
    }

    @Test
    void softLifetimesOfOctetsLoseNoPacket() {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, 0, 0, 20 * 1024));
        bench.connect();
        flows(bench, 2000);
        assertTrue(bench.log(0).stream().filter(name -> name.endsWith("QM1")).count() >= 4);
        bench.folds();
    }

    /** The initiator is deaf while its SAs warn: the responder makes the successor. */
    @Test
    void theResponderMakesASuccessorWhereTheInitiatorDoesNot() {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, 100 * SECOND, 0, 0));
        bench.connect();
        bench.fate(flight -> flight.from().equals(IkeBench.LEFT) && !flight.name().equals("QM2") ? List.of() : List.of(flight));
        bench.run(95 * SECOND);
        assertTrue(bench.log(0).contains("right QM1"));
        bench.run(10 * SECOND);
        bench.carries();
    }

    /** Nothing can be said any more: at the hard lifetime all is gone, and the next packet asks for more. */
    @Test
    void hardLifetime() {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, 20 * SECOND, 0, 0));
        bench.connect();
        bench.fate(_ -> List.of());
        bench.run(18 * SECOND);
        bench.carries();
        bench.run(3 * SECOND);
        assertEquals(0, bench.left.sas().size() + bench.right.sas().size());
        assertEquals(0, bench.left.children().size() + bench.right.children().size());
        assertTrue(bench.left.changes().contains(Reason.SA_EXPIRED));
        bench.run(60 * SECOND);
        bench.fate(List::of);
        bench.nothing();
        bench.left.say(0);
        bench.run(35 * SECOND);
        bench.left.say(0);
        bench.run(5 * SECOND);
        bench.agrees(1);
        bench.folds();
    }

    @Test
    void hardLifetimeOfOctets() {
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(0, 0, 0, 2048));
        bench.connect();
        bench.fate(_ -> List.of());
        for (int i = 0; i < 200; i++) {
            bench.left.say(0);
        }
        bench.run(SECOND);
        assertTrue(bench.right.heard() > 10 && bench.right.heard() < 200);
        assertEquals(0, bench.left.sas().size());
        bench.folds();
    }

    /** By order: the old pair goes once the new one is there, and stays for packets on their way. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void byOrder(boolean ofTheResponder) {
        IkeBench bench = new IkeBench();
        bench.connect();
        List<Sa> old = bench.left.sas();
        (ofTheResponder ? bench.right : bench.left).rekey();
        bench.run(100 * VirtualTime.MILLISECOND);
        bench.agrees(2);
        bench.carries();
        bench.run(5 * SECOND);
        bench.agrees(1);
        assertTrue(bench.left.sas().stream().noneMatch(old::contains));
        bench.carries();
        // twice in a row: one successor
        bench.left.rekey();
        bench.left.rekey();
        bench.run(5 * SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Recommendation Q: lifetimes have nothing to do with each other. */
    @Test
    void phaseOneEndsAndPairsStay() {
        IkeBench bench = new IkeBench(side -> {
            side.lifetime = 60 * SECOND;
            side.lifetimes = new Sa.Lifetimes(0, 50 * SECOND, 0, 0);
        });
        bench.connect();
        int before = bench.sent.size();
        flows(bench, 4000);    // 200 s
        List<String> sent = bench.log(before);
        assertTrue(sent.stream().filter(name -> name.endsWith("MM6")).count() >= 2, "phase ones came and went: " + sent);
        bench.folds();
    }

    /** Recommendation Q off, first misreading: SA pairs end with the phase one that made them. */
    @Test
    void pairsEndWithTheirPhaseOneWithoutQ() {
        IkeBench bench = new IkeBench(side -> {
            side.off(Recommendation.Q);
            side.lifetime = 60 * SECOND;
        });
        bench.connect();
        bench.run(61 * SECOND);
        assertTrue(bench.left.changes().contains(Reason.IKE_CHILD_ENDS_WITH_PHASE_ONE));
        bench.nothing();
        bench.folds();
    }

    /** Recommendation Q off, second misreading: phase one ends with the pairs that it made. */
    @Test
    void phaseOneEndsWithItsPairWithoutQ() {
        IkeBench bench = new IkeBench(side -> {
            side.off(Recommendation.Q);
            side.lifetimes = new Sa.Lifetimes(0, 50 * SECOND, 0, 0);
        });
        bench.connect();
        String cookies = bench.left.phaseOne().cookies();
        bench.run(55 * SECOND);
        assertTrue(bench.left.changes().contains(Reason.IKE_PHASE_ONE_ENDS_WITH_CHILD));
        assertTrue(bench.left.phaseOnes().stream().map(IkeSa::cookies).noneMatch(cookies::equals));
        assertTrue(bench.left.children().stream().map(IkeChild::ikeSa).allMatch(id -> id > 1));
        bench.carries();
        bench.folds();
    }
}
