package careof.app.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpeedsTest {
    @Test
    void theSliderGoesFromAHundredthToAHundredAndThenAsFastAsPossible() {
        assertEquals(0.01, Speeds.factor(Speeds.LEAST), 1e-12);
        assertEquals(1, Speeds.factor(0.05), "near a round number it is that number");
        assertEquals(100, Speeds.factor(2), 1e-9);
        assertTrue(Double.isInfinite(Speeds.factor(Speeds.MOST)));
        for (double place = Speeds.LEAST; place <= 2; place += 0.1) {
            assertEquals(Speeds.factor(place), Speeds.factor(Speeds.place(Speeds.factor(place))), 1e-9);
        }
    }

    @Test
    void speedsReadAsPeopleSayThem() {
        assertEquals("1×", Speeds.text(1));
        assertEquals("1/100×", Speeds.text(0.01));
        assertEquals("3.2×", Speeds.text(Math.sqrt(10)));
        assertEquals("100×", Speeds.text(100));
        assertEquals("max", Speeds.text(Double.POSITIVE_INFINITY));
    }
}
