package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.VirtualTime;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends begin the same thing at the same time. */
class CrossingTest {
    /*
     *   left                 right
     *     MM1 -->      <-- MM1
     *     MM2 -->      <-- MM2      two phase ones, each made by one end
     *     ...
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void phaseOnes(boolean aggressive) {
        IkeBench bench = new IkeBench(side -> {
            if (aggressive) {
                side.aggressive();
            }
        });
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.right.ike.demands().start(IkeBench.LEFT, List.of(), Optional.empty(), Optional.empty());
        bench.run(IkeBench.SECOND);
        List<String> cookies = bench.left.phaseOnes().stream().map(IkeSa::cookies).sorted().toList();
        assertEquals(cookies, bench.right.phaseOnes().stream().map(IkeSa::cookies).sorted().toList());
        assertTrue(!cookies.isEmpty());
        assertTrue(bench.left.phaseOnes().stream().allMatch(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED));
        assertTrue(bench.right.phaseOnes().stream().allMatch(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED));
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Traffic both ways asks both ends for the same pair at once. */
    @Test
    void demands() {
        IkeBench bench = new IkeBench();
        bench.left.say(0);
        bench.right.say(0);
        bench.run(30 * IkeBench.SECOND);
        settled(bench);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void quickModes(boolean late) {
        IkeBench bench = established();
        bench.left.order();
        if (late) {
            bench.run(IkeBench.DELAY / 2);
        }
        bench.right.order();
        bench.run(5 * IkeBench.SECOND);
        settled(bench);
    }

    @Test
    void rekeys() {
        IkeBench bench = established();
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.left.rekey();
        bench.right.rekey();
        bench.run(10 * IkeBench.SECOND);
        settled(bench);
        // and once more, whatever there is now
        bench.right.rekey();
        bench.left.rekey();
        bench.run(10 * IkeBench.SECOND);
        settled(bench);
    }

    @Test
    void rekeysOfPhaseOne() {
        IkeBench bench = established();
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.left.ike.demands().rekeyPhaseOne(IkeBench.RIGHT);
        bench.right.ike.demands().rekeyPhaseOne(IkeBench.LEFT);
        bench.run(30 * IkeBench.SECOND);
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
        assertEquals(bench.left.phaseOnes().stream().map(IkeSa::cookies).sorted().toList(), bench.right.phaseOnes().stream().map(IkeSa::cookies).sorted().toList());
        bench.left.rekey();
        bench.run(10 * IkeBench.SECOND);
        settled(bench);
    }

    /** One end deletes what the other one is about to replace. */
    @Test
    void aDeleteAndARekey() {
        IkeBench bench = established();
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.left.rekey();
        bench.right.ike.demands().delete(List.of(Side.REQUEST));
        bench.run(10 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** One end ends the phase one under which the other one has just begun: what it wanted comes under another one. */
    @Test
    void anEndOfPhaseOneAndAQuickMode() {
        IkeBench bench = established();
        bench.hold();
        bench.left.order();
        bench.next("left QM1");
        bench.right.ike.demands().deletePhaseOne(IkeBench.LEFT);
        bench.arrow("right INFO");
        assertTrue(bench.left.changes().contains(Reason.IKE_DELETED));
        bench.release();
        bench.run(5 * IkeBench.SECOND);
        assertEquals(1, bench.left.phaseOnes().size());
        settled(bench);
    }

    /** Both ends delete the same pair, both delete the same phase one. */
    @Test
    void deletes() {
        IkeBench bench = established();
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.right.ike.demands().delete(List.of(Side.REQUEST));
        bench.run(IkeBench.SECOND);
        bench.nothing();
        bench.left.ike.demands().deletePhaseOne(IkeBench.RIGHT);
        bench.right.ike.demands().deletePhaseOne(IkeBench.LEFT);
        bench.run(IkeBench.SECOND);
        assertEquals(0, bench.left.phaseOnes().size() + bench.right.phaseOnes().size());
        bench.folds();
    }

    /** Traffic never stops while both ends make successors at the same soft lifetime. */
    @Test
    void softLifetimesAtTheSameTime() {
        long second = VirtualTime.SECOND;
        IkeBench bench = new IkeBench(side -> side.lifetimes = new Sa.Lifetimes(10 * second, 20 * second, 0, 0));
        bench.left.say(0);
        bench.right.say(0);
        bench.run(second);
        long packets = 0;
        bench.left.forget();
        bench.right.forget();
        for (; packets < 400; packets++) {
            bench.left.say(0);
            bench.right.say(0);
            bench.run(100 * VirtualTime.MILLISECOND);
        }
        assertEquals(packets, bench.right.heard());
        assertEquals(packets, bench.left.heard());
        assertTrue(bench.left.children().size() <= 4, () -> bench.left.children().toString());
        bench.folds();
    }

    private static IkeBench established() {
        IkeBench bench = new IkeBench();
        bench.left.ike.demands().start(IkeBench.RIGHT, List.of(), Optional.empty(), Optional.empty());
        bench.run(IkeBench.SECOND);
        return bench;
    }

    /** All pairs are there at both ends, and packets pass. */
    private static void settled(IkeBench bench) {
        int pairs = bench.left.children().size();
        assertTrue(pairs >= 1 && pairs <= 2, () -> bench.left.children().stream().map(IkeChild::toString).toList().toString());
        bench.agrees(pairs);
        bench.carries();
        bench.folds();
    }
}
