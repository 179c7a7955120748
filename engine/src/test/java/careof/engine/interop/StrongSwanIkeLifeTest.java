package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.interop.StrongSwanBench.Terms;
import careof.engine.ike.Demands;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of phase ones and SA pairs that our IKE and strongSwan's made: rekeying, deletion and dead peer detection, by either side. */
@Tag("interop")
@Timeout(120)
class StrongSwanIkeLifeTest {

    private static StrongSwanBench bench;

    @BeforeAll
    static void boot() throws Exception {
        bench = StrongSwanBench.ofPair();
    }

    @AfterAll
    static void stop() {
        if (bench != null) bench.close();
    }

    /** The old phase one stays for a while, with strongSwan until its lifetime is over; the pairs are not its own any more when it goes. */
    @ParameterizedTest
    @CsvSource({"us, them", "them, us"})
    void bothPhasesAreRekeyedByEitherSide(String initiator, String rekeys) throws Exception {
        establish(initiator, Terms.PSK, "", "delete_rekeyed = yes");
        bench.ping("us", StrongSwanBench.US, StrongSwanBench.THEM);
        assertTrue(bench.answered("us"), () -> bench.why("us"));
        newChild("we rekey", this::rekeyed);
        newChild("strongSwan rekeys", () -> bench.swanctl("--rekey --child c"));

        var old = bench.phaseOnes("us").getFirst().id();
        if (rekeys.equals("us")) {
            order(demands -> demands.rekeyPhaseOne("ss"));
        } else {
            bench.swanctl("--rekey --ike peer");
        }
        assertTrue(bench.lab().run(() -> established() > old, StrongSwanBench.PATIENCE), () -> bench.why("us"));
        // and a quick mode must not overtake our last message of phase one
        assertTrue(bench.logs("IKE_SA peer[[]2[]] established"), () -> bench.why("us"));
        newChild("we rekey under the new phase one", this::rekeyed);
        newChild("strongSwan rekeys under the new phase one", () -> bench.swanctl("--rekey --child c"));
        if (rekeys.equals("them")) bench.swanctl("--terminate --ike-id 1");
        assertTrue(bench.lab().run(() -> bench.phaseOnes("us").size() == 1, Duration.ofSeconds(30)), () -> bench.why("us"));
        assertTrue(established() > old);
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
        assertTrue(bench.answered("us"), () -> bench.why("us"));
        assertTrue(bench.lists(sas -> sas.lines().filter(line -> line.startsWith("peer: ")).count() == 1), () -> bench.why("us"));
    }

    /**
     * Before a pair's lifetime is over, whoever made it makes the next one. Where we are the responder no packet is lost, but what we sent with the old pair
     * while strongSwan's third message was on its way: it ends the old pair before, and its kernel counts what then comes. As responder, strongSwan has its SAs
     * only some time after the third message came, while ours are used at once.
     */
    @ParameterizedTest
    @ValueSource(strings = {"us", "them"})
    void pairsEndAfterTheirSuccessorsCame(String initiator) throws Exception {
        bench.peer.start("delete_rekeyed = yes");
        bench.lab(Terms.PSK, "", "", initiator.equals("us") ? ", \"lifetime\": { \"soft\": \"4s\", \"hard\": \"60s\" }" : "");
        bench.peer.load(Terms.PSK.withChild(initiator.equals("us") ? "rekey_time = 0s" : "rekey_time = 4s\n rand_time = 0s\n life_time = 60s").text());
        order(initiator);
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        bench.ping("us", StrongSwanBench.US, StrongSwanBench.THEM);
        assertTrue(bench.answered("us"), () -> bench.why("us"));
        var lost = bench.lab().lost("us");
        var unknown = bench.unknownSpis();
        for (var next : List.of("the second", "the third")) newChild(next, () -> null);
        assertEquals(initiator.equals("us"), bench.children("us").getLast().initiator());
        if (initiator.equals("them")) {
            var more = bench.lab().lost("us") - lost;
            var late = bench.unknownSpis() - unknown;
            assertTrue(more <= late, () -> more + " pings are lost, of which strongSwan's kernel did not know the SPI of " + late + "\n" + bench.why("us"));
        }
    }

    private static int established() {
        return bench.phaseOnes("us").stream().filter(sa -> sa.phase() == IkeSa.Phase.ESTABLISHED).mapToInt(IkeSa::id).max().orElse(0);
    }

    /** Pairs outlive their phase one with us (recommendation Q); strongSwan ends them with it, and tells nobody of those whose phase one the peer ended. */
    @ParameterizedTest
    @ValueSource(strings = {"us", "them"})
    void eitherSideDeletesAPairAndThenThePhaseOne(String who) throws Exception {
        establish("us", Terms.RSA, "", "");
        if (who.equals("us")) {
            order(demands -> demands.delete(bench.requestIds("pair")));
            assertTrue(bench.logs("received DELETE for ESP CHILD_SA with SPI"), () -> bench.why("us"));
        } else {
            bench.swanctl("--terminate --child c");
        }
        assertTrue(bench.has("us", 1, 0), () -> bench.why("us"));
        assertTrue(bench.lists(sas -> !sas.contains("INSTALLED")), () -> bench.why("us"));
        bench.start("us", "pair");
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
        if (who.equals("us")) {
            order(demands -> demands.deletePhaseOne("ss"));
            assertTrue(bench.logs("received DELETE for IKE_SA peer"), () -> bench.why("us"));
            assertTrue(bench.has("us", 0, 1), () -> bench.why("us"));
        } else {
            bench.swanctl("--terminate --ike peer");
            assertTrue(bench.has("us", 0, 0), () -> bench.why("us"));
        }
        assertTrue(bench.lists(String::isEmpty), () -> bench.why("us"));
    }

    @Test
    void eachSideAsksWhetherTheOtherIsThere() throws Exception {
        establish("us", Terms.PSK, "", "", "dpd_delay = 1s");
        assertTrue(bench.logs("parsed INFORMATIONAL_V1 request [0-9]* [[] HASH N(DPD_ACK) []]"), () -> bench.why("us"));
        order(demands -> demands.probe("ss"));
        assertTrue(bench.decides("us", Reason.IKE_NOTIFIED, "R-U-THERE-ACK"), () -> bench.why("us"));
        assertTrue(bench.has("us", 1, 1));
    }

    @Test
    void eachSideFindsTheOtherDead() throws Exception {
        establish("us", Terms.PSK, ", \"dpd\": \"1s\"", "");
        bench.peer.guest().run("kill -9 $(cat /run/charon.pid); rm /run/charon.pid");
        assertTrue(bench.lab().run(() -> bench.phaseOnes("us").isEmpty() && bench.children("us").isEmpty(), Duration.ofSeconds(30)), () -> bench.why("us"));
        assertTrue(bench.decides("us", Reason.IKE_PEER_DEAD, ""));

        establish("us", Terms.PSK, "", "", "dpd_delay = 1s", "dpd_timeout = 3s");
        assertTrue(bench.peer.logs("DPD check timed out", Duration.ofSeconds(30)), () -> bench.why("us"));    // the lab stands still
        assertTrue(bench.lists(String::isEmpty), () -> bench.why("us"));
    }

    /** The only pair is another one than before, on both sides, and carries pings. */
    private void newChild(String what, SocketLab.Work<?> rekeying) throws IOException {
        var before = bench.children("us").getLast().id();
        rekeying.run();
        assertTrue(bench.lab().run(() -> bench.children("us").size() == 1 && bench.children("us").getFirst().id() > before, StrongSwanBench.PATIENCE),
                () -> what + "\n" + bench.why("us"));
        assertTrue(bench.agrees("us"), () -> what + "\n" + bench.why("us"));
        assertTrue(bench.answered("us"), () -> what + "\n" + bench.why("us"));
    }

    private Void rekeyed() {
        order(demands -> demands.rekey(bench.requestIds("pair")));
        return null;
    }

    private static void order(Consumer<Demands> order) {
        bench.lab().act(() -> order.accept(bench.lab().node("us").keyManagement().orElseThrow()));
    }

    private static void establish(String initiator, Terms terms, String ofPeer, String settings, String... lines) throws Exception {
        bench.peer.start(settings);
        bench.lab(terms, ofPeer, "", "");
        if (terms.authentication().equals("rsa")) bench.certify("ss");
        var config = terms.withChild();
        for (var line : lines) config.with(line);
        bench.peer.load(config.text());
        order(initiator);
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        // charon works on two messages at once: what comes next must not overtake the last message of the quick mode there
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
    }

    private static void order(String initiator) throws IOException {
        if (initiator.equals("us")) {
            bench.start("us", "pair");
        } else {
            assertTrue(bench.initiate("c"), () -> bench.why("us"));
        }
    }
}
