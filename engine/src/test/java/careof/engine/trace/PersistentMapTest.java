package careof.engine.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void behavesAsATreeMapAndKeepsOldVersions(long seed) {
        Random random = new Random(seed);
        PersistentMap<Integer, String> map = PersistentMap.empty();
        TreeMap<Integer, String> model = new TreeMap<>();
        List<PersistentMap<Integer, String>> versions = new ArrayList<>();
        List<TreeMap<Integer, String>> models = new ArrayList<>();
        int range = 1 + random.nextInt(500);
        for (int i = 0; i < 5_000; i++) {
            int key = i % 1000 < 300 ? i : random.nextInt(range);    // runs of rising keys lean the tree
            if (random.nextInt(5) < 3) {
                map = map.with(key, "v" + i);
                model.put(key, "v" + i);
            } else {
                map = map.without(key);
                model.remove(key);
            }
            assertEquals(model.size(), map.size());
            assertEquals(model.get(key), map.get(key));
            if (i % 100 == 0) {
                versions.add(map);
                models.add(new TreeMap<>(model));
            }
        }
        for (int i = 0; i < versions.size(); i++) {
            TreeMap<Integer, String> found = new TreeMap<>();
            List<Integer> order = new ArrayList<>();
            versions.get(i).forEach((key, value) -> {
                found.put(key, value);
                order.add(key);
            });
            assertEquals(models.get(i), found);
            assertEquals(List.copyOf(models.get(i).keySet()), order);
            int from = random.nextInt(range);
            int to = from + random.nextInt(range);
            List<Integer> part = new ArrayList<>();
            versions.get(i).forEach(from, to, (key, _) -> part.add(key));
            assertEquals(List.copyOf(models.get(i).subMap(from, to).keySet()), part);
        }
        assertEquals(true, map.depth() <= 1.45 * Math.log(map.size() + 2) / Math.log(2), "depth " + map.depth() + " of " + map.size());
    }
}
