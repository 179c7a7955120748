package careof.engine.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Order of tasks, and randomness by ordinal. */
class SchedulerTest {
    private record Planned(long at, int number) {}

    /** A timer that is set again and again, its time far away, takes no more room than one. */
    @Test
    void cancelledTasksGoSoon() {
        Scheduler scheduler = new Scheduler();
        for (int i = 0; i < 100_000; i++) {
            scheduler.at(1_000_000_000_000L + i % 7, () -> { }).cancel();
        }
        assertTrue(scheduler.size() < 3000, () -> scheduler.size() + " entries");
        assertEquals(Long.MAX_VALUE, scheduler.nextAt());
        assertFalse(scheduler.runNext(Long.MAX_VALUE));
    }

    /** By time, then by making: whatever the order in which they were made, and though some are cancelled. */
    @Test
    void timeThenMaking() {
        Random random = new Random(3);
        Scheduler scheduler = new Scheduler();
        List<Planned> planned = new ArrayList<>();
        List<Planned> ran = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            Planned task = new Planned(random.nextInt(100), i);
            Scheduler.Entry entry = scheduler.at(task.at, () -> {
                assertEquals(task.at, scheduler.now());
                ran.add(task);
            });
            if (random.nextInt(4) == 0) {
                entry.cancel();
            } else {
                planned.add(task);
            }
        }
        while (scheduler.runNext(Long.MAX_VALUE)) {
            // runs all
        }
        planned.sort(Comparator.comparingLong(Planned::at).thenComparingInt(Planned::number));
        assertEquals(planned, ran);
        assertEquals(planned.size(), scheduler.tasks());
        assertEquals(Long.MAX_VALUE, scheduler.nextAt());
    }

    @Test
    void nothingRunsBeforeItsTimeAndThePastIsNow() {
        Scheduler scheduler = new Scheduler();
        List<String> ran = new ArrayList<>();
        scheduler.at(10, () -> {
            ran.add("ten");
            scheduler.at(3, () -> ran.add("late"));
            scheduler.at(10, () -> ran.add("same"));
        });
        assertFalse(scheduler.runNext(9));
        assertThrows(IllegalStateException.class, () -> scheduler.advanceTo(11));
        scheduler.advanceTo(7);
        assertEquals(7, scheduler.now());
        while (scheduler.runNext(10)) {
            // runs all that is due
        }
        assertEquals(List.of("ten", "late", "same"), ran);
        assertEquals(10, scheduler.now());
        scheduler.advanceTo(4);
        assertEquals(10, scheduler.now(), "never back");
    }

    /** Draws are evenly spread, and streams have nothing to do with each other. */
    @Test
    void draws() {
        Rng a = new Rng(1, "ha loss");
        Rng b = new Rng(1, "hb loss");
        int[] tenths = new int[10];
        int together = 0;
        for (int i = 0; i < 100_000; i++) {
            tenths[(int) (a.unit(i) * 10)]++;
            together += a.unit(i) < 0.1 && b.unit(i) < 0.1 ? 1 : 0;
            long value = a.between(5, 7, i);
            assertTrue(value >= 5 && value <= 7);
        }
        for (int count : tenths) {
            assertEquals(10_000, count, 400);
        }
        assertEquals(1000, together, 150);
        assertEquals(a.bits(17), new Rng(1, "ha loss").bits(17));
        assertNotEquals(a.bits(17), new Rng(2, "ha loss").bits(17));
    }
}
