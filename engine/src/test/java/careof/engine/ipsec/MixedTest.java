package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keys whose parts count up together have hash codes of their own: tables stay fast however many entries there are. */
class MixedTest {
    @Test
    void countingTogetherDoesNotCollide() {
        Set<Integer> hashes = new HashSet<>();
        Set<Integer> flows = new HashSet<>();
        Set<Integer> buckets = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            int hash = new Mixed().and(0).and(0x1000 + i).and(new Ip6Address(0x20010db8_00010000L + i, 5)).hash();
            hashes.add(hash);
            buckets.add((hash ^ hash >>> 16) & 0x1ffff);
            flows.add(new Flow(new Ip6Address(0x20010db8_00010000L + i % 10, 5), new Ip6Address(0x20010db8_00020000L + i, i), 17, 1024 + i % 50_000, i % 7).hashCode());
        }
        assertTrue(hashes.size() > 99_900 && flows.size() > 99_900, hashes.size() + " and " + flows.size());
        assertTrue(buckets.size() > 65_000, "as random ones fill 131,072 buckets: " + buckets.size());
    }
}
