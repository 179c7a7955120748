package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.PacketFacts.Column;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the index of a run keeps while the run's beginning goes. */
class ForgettingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void idsKeepTheirPlaces(long seed) {
        Random random = new Random(seed);
        Ids ids = new Ids();
        long[] all = new long[20_000];
        long last = 0;
        long gone = 0;
        for (int i = 0; i < all.length; i++) {
            last += 1 + random.nextInt(5);
            all[i] = last;
            ids.add(last);
            if (random.nextInt(300) == 0) {
                gone = Math.max(gone, last - random.nextInt(3_000));
                ids.forget(gone);
            }
            assertTrue(ids.size() - ids.first() <= 2 * 3_000 + 64);
        }
        assertEquals(all.length, ids.size());
        assertTrue(ids.first() > 10_000);
        for (int i = 0; i < all.length; i++) {
            assertEquals(i < ids.first() ? 0 : all[i], ids.get(i));
            assertTrue(all[i] >= gone || !ids.has(all[i]) || i >= ids.first());
        }
        for (int i = ids.first(); i < all.length; i++) {
            assertEquals(i + 1, ids.upTo(all[i]));
            assertTrue(ids.has(all[i]));
        }
        assertEquals(ids.first(), ids.upTo(0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void packetsAreKnownFarApartAndUntilTheirLastEvent(long seed) {
        Random random = new Random(seed);
        PacketFacts table = new PacketFacts();
        Map<Long, Long> last = new TreeMap<>();
        long packet = 0;
        for (long event = 1; event < 60_000; event++) {
            packet += random.nextInt(10) == 0 ? 1 + random.nextLong(1L << 30) : 1;
            long about = random.nextInt(4) == 0 && packet > 40 ? packet - random.nextInt(40) : packet;
            table.put(about, Column.LAST, event);
            table.put(about, Column.PARENT, about - 1);
            last.put(about, event);
            if (event % 7_000 == 0) {
                long first = event - 5_000;
                table.forget(first);
                last.values().removeIf(e -> e < first);
                assertEquals(last.size(), table.size());
            }
        }
        for (Map.Entry<Long, Long> entry : last.entrySet()) {
            assertEquals(entry.getValue(), table.get(entry.getKey(), Column.LAST));
            assertEquals(entry.getKey() - 1, table.get(entry.getKey(), Column.PARENT));
            assertEquals(0, table.get(entry.getKey(), Column.END));
        }
        assertEquals(0, table.get(1, Column.LAST));
        assertEquals(0, table.get(0, Column.LAST));
        assertEquals(0, table.get(-1, Column.LAST));
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertEquals(0, new PacketFacts().get(1, Column.FIRST));
        assertEquals(0, new Ids().first());
    }
}
