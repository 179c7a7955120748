package careof.engine.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Internet checksum is the same however many octets are added at once (RFC 1071). */
class ChecksumTest {
    /** Sixteen bits after sixteen bits, carries at once. */
    private static int plain(byte[] octets, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += (octets[from + i] & 0xff) << 8 | (i + 1 < length ? octets[from + i + 1] & 0xff : 0);
            sum = sum > 0xffff ? sum - 0xffff : sum;
        }
        return ~sum & 0xffff;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyRunOfOctetsAtAnyPlace(long seed) {
        var random = new Random(seed);
        var octets = new byte[1500];
        for (int i = 0; i < 2000; i++) {
            random.nextBytes(octets);
            if (i % 10 == 0) java.util.Arrays.fill(octets, (byte) 0xff);
            var from = random.nextInt(20);
            var length = random.nextInt(i % 2 == 0 ? 40 : octets.length - from);
            assertEquals(plain(octets, from, length), Checksum.of(Octets.wrap(octets.clone()).slice(from, from + length)), from + " " + length);
        }
    }
}
