package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Exchanges arrow by arrow. */
class ExchangesTest {
    @Test
    void mainModeWithAPreSharedKey() {
        IkeBench bench = new IkeBench();
        bench.hold();
        bench.left.order();
        bench.arrow("left MM1");
        bench.arrow("right MM2");
        bench.arrow("left MM3");
        bench.arrow("right MM4");
        bench.arrow("left MM5");
        bench.arrow("right MM6");
        bench.arrow("left QM1");
        bench.arrow("right QM2");
        bench.arrow("left QM3");
        bench.silence(10 * IkeBench.SECOND);
        assertTrue(bench.left.isEstablished());
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }
}
