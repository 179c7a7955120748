package careof.app.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Ids;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class TimeScaleTest {
    private static final long SECOND = 1_000_000_000L;
    private final TimeScale scale = new TimeScale(0, 20 * SECOND, 100, 1100);

    @Test
    void pixelsAndTimesAreEachOthersInverse() {
        assertEquals(100, scale.x(0));
        assertEquals(600, scale.x(10 * SECOND));
        assertEquals(1100, scale.x(40 * SECOND), "what lies beyond stays at the edge");
        for (long t = 0; t <= 20 * SECOND; t += SECOND / 4) {
            assertEquals(t, scale.time(scale.x(t)), 1_000);
        }
        assertEquals(0, scale.time(-50));
        assertEquals(20 * SECOND, scale.time(5_000));
    }

    @Test
    void labelledTimesAreRoundAndFarEnoughApart() {
        assertEquals(2 * SECOND, scale.tick(70));
        assertEquals(500_000_000L, new TimeScale(0, 3 * SECOND, 0, 1000).tick(120));
        for (double pixels : new double[] {20, 70, 333}) {
            assertTrue(scale.x(scale.tick(pixels)) - scale.x(0) >= pixels);
        }
        assertEquals("0 s", TimeScale.label(0));
        assertEquals("2 s", TimeScale.label(2 * SECOND));
        assertEquals("500 ms", TimeScale.label(SECOND / 2));
    }

    @Test
    void everyEventHasItsPixelHoweverTheListGrows() {
        Ids ids = new Ids();
        Ticks ticks = new Ticks();
        for (long i = 0; i < 1000; i++) {
            ids.add(i);
            ticks.columns(ids, scale, id -> id * SECOND / 50);
        }
        BitSet columns = ticks.columns(ids, scale, id -> id * SECOND / 50);
        for (long i = 0; i < 1000; i++) {
            assertTrue(columns.get((int) Math.floor(scale.x(i * SECOND / 50))), "event " + i);
        }
        assertEquals(500, ticks.columns(ids, new TimeScale(0, 20 * SECOND, 0, 500), id -> id * SECOND / 50).cardinality());
    }
}
