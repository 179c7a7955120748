package careof.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How the benchmark of tunnels looks for what one carries, and how it clears up. */
class TunnelBenchTest {
    private static double found(double carries, int disturbed) {
        var search = new RateSearch();
        for (int turn = 1; !search.isOver(); turn++) {
            search.tried(search.next() <= carries && turn % disturbed != 0, search.next() - 1);
        }
        return search.best();
    }

    @Test
    void theLargestRateThatIsCarriedIsFound() {
        for (double carries : new double[] {20_000, 41_000, 123_456}) {
            var best = found(carries, Integer.MAX_VALUE);
            assertTrue(best < carries && best > carries / 1.11, best + " of " + carries);
        }
        assertEquals(0, found(1000, Integer.MAX_VALUE));
    }

    @Test
    void aTurnThatSomethingElseDisturbsIsNoEnd() {
        assertTrue(found(50_000, 2) > 50_000 / 1.22);
        assertTrue(found(50_000, 3) > 50_000 / 1.22);
    }

    /** Linux allows no less than 2304 octets. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theBuffersOfSocketsAreKnownWhole() throws IOException {
        for (var name : List.of("rmem_max", "wmem_max")) assertTrue(TunnelMeasure.limit(name) >= 2304, name);
    }

    @Test
    void whatWasSetUpLastGoesFirstAndOnce() {
        var gone = new ArrayList<Integer>();
        var teardown = new Teardown();
        teardown.add(() -> gone.add(1));
        teardown.add(() -> gone.add(2));
        teardown.close();
        teardown.close();
        assertEquals(List.of(2, 1), gone);
    }
}
