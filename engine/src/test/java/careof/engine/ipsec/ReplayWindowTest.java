package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
    /** A receiver as RFC 4303 section 3.4.3 has it in words: what came is a set. */
    private static final class Words {
        private final Set<Long> came = new HashSet<>();
        private long highest;

        private boolean fresh(long sequence, int size) {
            return sequence > 0 && !came.contains(sequence) && sequence > highest - size;
        }

        private void take(long sequence) {
            came.add(sequence);
            highest = Math.max(highest, sequence);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 31, 32, 33, 63, 64})
    void eachNumberComesOnceAndNoneFromLeftOfTheWindow(int size) {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            boolean extended = seed % 2 == 0;
            long start = extended ? random.nextLong(1L << 40) : 0;    // the first packet of an SA in use
            Words words = new Words();
            words.take(start + 1);
            long highest = start + 1;
            long seen = 1;
            long at = start;
            for (int i = 0; i < 400; i++) {
                at += random.nextInt(20) == 0 ? random.nextInt(200) : random.nextInt(4);
                long sequence = Math.max(0, at - random.nextInt(2 * size + 3));
                long inferred = ReplayWindow.infer(highest, size, sequence & 0xffff_ffffL, extended);
                String where = "seed " + seed + ", packet " + i + ", number " + sequence;
                boolean fresh = words.fresh(sequence, size);
                if (fresh) {
                    assertEquals(sequence, inferred, where);
                }
                boolean taken = inferred == sequence && ReplayWindow.isFresh(highest, seen, size, inferred);    // else the ICV will not verify
                assertEquals(fresh, taken, where);
                if (fresh && random.nextInt(10) > 0) {    // the rest did not verify
                    words.take(sequence);
                    seen = ReplayWindow.seen(highest, seen, sequence);
                    highest = ReplayWindow.highest(highest, sequence);
                    assertEquals(words.highest, highest, where);
                }
            }
        }
    }

    @Test
    void theFirstNumberIsOne() {
        assertFalse(ReplayWindow.isFresh(0, 0, 64, 0));
        assertFalse(ReplayWindow.isFresh(0, 0, 0, 0));
        assertTrue(ReplayWindow.isFresh(0, 0, 64, 1));
        assertEquals(1, ReplayWindow.seen(0, 0, 1));
        assertFalse(ReplayWindow.isFresh(1, 1, 64, 1));
        assertFalse(ReplayWindow.isFresh(1, 1, 64, 0));
    }

    @Test
    void theEdgesOfAWindowOf64() {
        assertTrue(ReplayWindow.isFresh(100, 1, 64, 37));
        assertFalse(ReplayWindow.isFresh(100, 1, 64, 36));
        assertEquals(1L << 63 | 1, ReplayWindow.seen(100, 1, 37));
        assertFalse(ReplayWindow.isFresh(100, 1L << 63 | 1, 64, 37));
        assertEquals(1L << 63 | 1, ReplayWindow.seen(37, 1, 100), "63 further: the old highest is the last in the window");
        assertEquals(1, ReplayWindow.seen(36, 1, 100), "64 further: it is out");
        assertEquals(1, ReplayWindow.seen(1, -1, 1L << 40));
    }

    @Test
    void aWindowOfOneTakesOnlyWhatIsHigher() {
        assertTrue(ReplayWindow.isFresh(5, 1, 1, 6));
        assertFalse(ReplayWindow.isFresh(5, 1, 1, 5));
        assertFalse(ReplayWindow.isFresh(5, 1, 1, 4));
    }

    @Test
    void withoutAWindowAnyNumberWillDo() {
        assertTrue(ReplayWindow.isFresh(5, 1, 0, 5));
        assertTrue(ReplayWindow.isFresh(5, 1, 0, 1));
    }

    @Test
    void theLastNumbersOf32And64Bits() {
        assertEquals(0xffff_ffffL, ReplayWindow.infer(0xffff_fffeL, 64, 0xffff_ffffL, false));
        assertFalse(ReplayWindow.isFresh(0xffff_ffffL, 1, 64, ReplayWindow.infer(0xffff_ffffL, 64, 0, false)));
        assertTrue(ReplayWindow.isFresh(-2, 1, 64, -1));
        assertEquals(-1, ReplayWindow.highest(-2, -1));
        assertEquals(0b11, ReplayWindow.seen(-2, 1, -1));
        assertFalse(ReplayWindow.isFresh(-1, 1, 64, 0));
    }

    /** RFC 4303 appendix A2.1, both cases, at each edge; numbers in hexadecimal. */
    @ParameterizedTest
    @CsvSource({
        // case A: the window lies within one half
        "500000100, 64, 000000c1, 5000000c1", "500000100, 64, 000000c0, 6000000c0", "500000100, 64, 00000100, 500000100",
        "500000100, 64, ffffffff, 5ffffffff", "500000100, 64, 00000000, 600000000", "50000003f, 64, 00000000, 500000000",
        "5ffffffff, 1, ffffffff, 5ffffffff", "5ffffffff, 1, fffffffe, 6fffffffe",
        // case B: it spans two
        "500000010, 64, ffffffd1, 4ffffffd1", "500000010, 64, ffffffd0, 5ffffffd0", "500000010, 64, 00000000, 500000000",
        "50000003e, 64, ffffffff, 4ffffffff", "500000000, 2, ffffffff, 4ffffffff", "500000000, 2, fffffffe, 5fffffffe",
        // nothing before the first, nothing after the last
        "00000000, 64, ffffffff, 0", "00000000, 64, 00000001, 1", "00000010, 64, ffffffd0, ffffffd0", "00000010, 64, ffffffd1, 0",
        "ffffffff00000100, 64, 00000001, 0", "ffffffff00000100, 64, ffffffff, ffffffffffffffff",
        // without a window as with the widest
        "500000100, 0, 000000c1, 5000000c1", "500000100, 0, 000000c0, 6000000c0",
    })
    void theHighHalfIsInferred(String highest, int size, String low, String sequence) {
        assertEquals(Long.parseUnsignedLong(sequence, 16),
                ReplayWindow.infer(Long.parseUnsignedLong(highest, 16), size, Long.parseLong(low, 16), true));
    }
}
