package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real exchanges, damaged in flight at random places: ours between two nodes, and those of strongSwan with the cookies of ours. Whatever comes, nothing
 * fails, both ends know the same keys for the same names or know nothing, what is unfinished is bounded, and once the damage ends all is as ever.
 */
class MutationTest {
    @Test
    void aThousandMutations() {
        mutations(0, 1_000);
    }

    @Test
    @Tag("nightly")
    void aHundredThousandMutations() {
        mutations(1_000_000, 100_000);
    }

    private static void mutations(long first, int wanted) {
        int done = 0;
        long established = 0;
        long seed = first;
        for (; done < wanted; seed++) {
            try {
                MutatedRun run = new MutatedRun(seed);
                run.run();
                done += run.mutations();
                established += run.established();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        long runs = seed - first;
        assertTrue(done < wanted + 1_000, "mutations are spread over runs");
        assertTrue(established > runs / 4, established + " of " + runs + " came through in spite of all");
        assertEquals(wanted, Math.min(done, wanted));
    }
}
