package careof.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the benchmark of IKE runs does what it says. */
class IkeBenchTest {
    @Test
    void eachTurnMakesOnePair() {
        IkePairs pairs = new IkePairs();
        assertEquals("1", pairs.next());
        assertEquals("2", pairs.next());
    }

    @Test
    void aCrowdComesAndStays() {
        IkeCrowd crowd = new IkeCrowd(3);
        crowd.come();
        crowd.come();
        assertEquals(2, crowd.phaseOnes());
        crowd.knock();
        assertEquals(3, crowd.phaseOnes());
        crowd.settle();
        assertEquals(2, crowd.phaseOnes());
        assertEquals(4, crowd.associations());
        assertTrue(crowd.traceOctets() > 0);
    }
}
