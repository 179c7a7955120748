package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.ipsec.SaMessages;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How phase ones and SA pairs end: deletes, and peers that are dead. */
class EndsTest {
    private static final long SECOND = IkeBench.SECOND;

    /*
     *   left                                    right
     *     INFO* HASH, D (SPI of left's SA)  -->       pair gone
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPairIsDeleted(boolean byResponder) {
        IkeBench bench = new IkeBench(side -> side.protections = 2);
        bench.left.order(0);
        bench.left.order(1);
        bench.run(SECOND);
        bench.agrees(2);
        BenchNode one = byResponder ? bench.right : bench.left;
        BenchNode other = byResponder ? bench.left : bench.right;
        bench.hold();
        one.ike.demands().delete(List.of(Side.REQUEST + 1));
        assertEquals(1, one.children().size());
        assertEquals(2, one.sas().size());
        assertEquals(2, other.children().size());
        bench.arrow(one.name + " INFO");
        bench.silence(SECOND);
        bench.agrees(1);
        assertTrue(other.changes().contains(Reason.IKE_CHILD_DELETED));
        assertTrue(one.isEstablished() && other.isEstablished());
        bench.carries();
        bench.folds();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPhaseOneIsDeletedAndItsPairsStay(boolean byResponder) {
        IkeBench bench = new IkeBench();
        bench.connect();
        BenchNode one = byResponder ? bench.right : bench.left;
        BenchNode other = byResponder ? bench.left : bench.right;
        bench.hold();
        one.ike.demands().deletePhaseOne(one.side.peer);
        assertEquals(List.of(), one.phaseOnes());
        assertTrue(other.isEstablished());
        bench.arrow(one.name + " INFO");
        assertEquals(List.of(), other.phaseOnes());
        bench.silence(SECOND);
        bench.agrees(1);
        bench.carries();
        // without a phase one nobody can be told; the next one is made when it is needed
        bench.release();
        other.rekey();
        bench.run(5 * SECOND);
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** The same delete again and again, by message ids of their own: nothing more happens (CVE-2023-38712). */
    @Test
    void aRepeatedDeleteIsNoHarm() {
        IkeBench bench = new IkeBench(side -> side.protections = 2);
        bench.left.order(0);
        bench.left.order(1);
        bench.run(SECOND);
        IsakmpSa sa = bench.left.secrets(1);
        long spi = bench.left.children().getFirst().inboundSpi();
        for (int i = 0; i < 3; i++) {
            bench.left.ike.informational().deleted(sa, Sa.Protocol.ESP, spi);
            bench.run(SECOND);
            assertEquals(1, bench.right.children().size());
            assertEquals(2, bench.right.sas().size());
        }
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.run(SECOND);
        bench.agrees(1);
        for (int i = 0; i < 3; i++) {
            bench.left.ike.informational().deleted(sa);
            bench.run(SECOND);
            assertEquals(List.of(), bench.right.phaseOnes());
        }
        bench.folds();
    }

    /** Somebody else at the kernel deletes an SA, or all: the other half goes, and the peer is told. */
    @ParameterizedTest
    @ValueSource(strings = {"inbound", "outbound", "flush"})
    void theKernelsOwnDeletes(String what) {
        IkeBench bench = new IkeBench();
        bench.connect();
        Sa sa = bench.left.sas().stream().filter(one -> one.destination().equals(IkeBench.LEFT_IP) == what.equals("inbound")).findFirst().orElseThrow();
        PfKeyMessage answer = bench.left.door.request(what.equals("flush") ? PfKeyMessage.of(PfKeyMessage.FLUSH, PfKeyMessage.ESP)
                : SaMessages.delete(sa.protocol(), sa.spi(), sa.source(), sa.destination()));
        assertEquals(0, answer.errno());
        bench.run(SECOND);
        bench.nothing();
        bench.left.say(0);
        bench.run(SECOND);
        bench.agrees(1);
        bench.folds();
    }

    // Dead peer detection (RFC 3706)

    private static IkeBench probing(long silence) {
        IkeBench bench = new IkeBench(side -> side.probe = side.name.equals(IkeBench.LEFT) ? silence : 0);
        bench.connect();
        return bench;
    }

    /*
     *   left                             right
     *     INFO* HASH, R-U-THERE      -->
     *                                <--  INFO* HASH, R-U-THERE-ACK
     */
    @Test
    void aLivingPeerAnswers() {
        IkeBench bench = probing(30 * SECOND);
        bench.hold();
        bench.left.mark();
        bench.arrow("left INFO");
        long asked = bench.scheduler.now();
        bench.arrow("right INFO");
        assertTrue(bench.left.decisions().contains(Reason.IKE_NOTIFIED));
        bench.arrow("left INFO");
        assertTrue(bench.scheduler.now() - asked >= 30 * SECOND, "the answer was heard, so there is silence only from then on");
        bench.arrow("right INFO");
        bench.release();
        bench.run(600 * SECOND);
        bench.agrees(1);
        assertTrue(bench.left.isEstablished());
        bench.folds();
    }

    @Test
    void aDeadPeerIsGivenUpWithAllThatWasMadeWithIt() {
        IkeBench bench = probing(30 * SECOND);
        int before = bench.sent.size();
        bench.fate(_ -> List.of());
        bench.run(35 * SECOND);
        assertEquals(1, bench.left.children().size());
        bench.run(15 * SECOND);
        assertEquals(Liveness.MOST, bench.sent.size() - before, () -> bench.log(before).toString());
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(List.of(), bench.left.children());
        assertEquals(List.of(), bench.left.sas());
        assertTrue(bench.left.changes().contains(Reason.IKE_PEER_DEAD));
        // it is back, and all begins anew
        bench.fate(List::of);
        bench.left.say(0);
        bench.run(SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** One question lost is no death. */
    @Test
    void aLostProbeIsAskedAgain() {
        IkeBench bench = probing(30 * SECOND);
        int[] lost = new int[1];
        bench.fate(flight -> lost[0]++ < 4 ? List.of() : List.of(flight));
        bench.run(100 * SECOND);
        assertTrue(lost[0] > 4);
        assertTrue(bench.left.isEstablished());
        bench.agrees(1);
    }

    /** Questions by hand, many at once, are one question. */
    @Test
    void probesByOrder() {
        IkeBench bench = probing(0);
        bench.hold();
        for (int i = 0; i < 20; i++) {
            bench.left.ike.demands().probe(IkeBench.RIGHT);
        }
        bench.arrow("left INFO");
        bench.arrow("right INFO");
        bench.silence(20 * SECOND);
        assertTrue(bench.left.isEstablished());
        bench.agrees(1);
        bench.fate(_ -> List.of());
        bench.left.ike.demands().probe(IkeBench.RIGHT);
        bench.release();
        bench.run(20 * SECOND);
        assertFalse(bench.left.isEstablished());
        assertEquals(List.of(), bench.left.sas());
    }

    /** An answer to another question is none. */
    @Test
    void anOldAnswerIsNone() {
        IkeBench bench = probing(0);
        bench.hold();
        bench.left.ike.demands().probe(IkeBench.RIGHT);
        bench.arrow("left INFO");
        Flight answer = bench.next("right INFO");
        bench.deliver(answer);
        bench.left.ike.demands().probe(IkeBench.RIGHT);
        for (int i = 0; i < 20; i++) {
            bench.deliver(answer);    // recorded and played again
        }
        bench.release();
        bench.fate(_ -> List.of());
        bench.run(20 * SECOND);
        assertEquals(List.of(), bench.left.phaseOnes());
    }

    /** With R off and no demand, a peer that ended all is not asked: there is nobody to ask under. */
    @Test
    void nobodyIsAskedWithoutAPhaseOne() {
        IkeBench bench = new IkeBench();
        bench.left.ike.demands().probe(IkeBench.RIGHT);
        bench.left.ike.demands().deletePhaseOne(IkeBench.RIGHT);
        bench.left.ike.demands().delete(List.of(Side.REQUEST));
        bench.left.rekey();
        bench.left.ike.demands().start("nobody", List.of(77L), Optional.empty(), Optional.empty());
        bench.run(SECOND);
        assertEquals(List.of(), bench.sent);
    }
}
