package careof.engine.interop;

import careof.engine.base.Octets;
import java.util.Arrays;
import java.util.Random;

/** Ways in which a message is damaged or made on purpose: for everything that reads ISAKMP. */
public final class IkeMutation {

    /** Numbers that lengths, counts and types are apt to be set to. */
    private static final int[] EDGES = {0, 1, 2, 3, 4, 7, 8, 16, 127, 128, 132, 254, 255};
    private static final int LENGTH = 24;

    private IkeMutation() {
    }

    /** The message with one to three changes, its header's length right in most cases, so that more than that check is met. */
    public static Octets of(Octets message, Random random) {
        var octets = message.toArray();
        for (var changes = random.nextInt(1, 4); changes > 0; changes--) octets = change(octets, random);
        if (octets.length >= LENGTH + 4 && random.nextInt(8) != 0) {
            for (var i = 0; i < 4; i++) octets[LENGTH + i] = (byte) (octets.length >>> 24 - 8 * i);
        }
        return Octets.wrap(octets);
    }

    private static byte[] change(byte[] octets, Random random) {
        if (octets.length == 0) return octets;
        var at = random.nextInt(octets.length);
        var until = Math.min(octets.length, at + random.nextInt(1, 40));
        switch (random.nextInt(6)) {
            case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> octets[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 2 -> random.ints(at, until).limit(4).forEach(i -> octets[i] = (byte) random.nextInt());
            case 3 -> {
                return Arrays.copyOf(octets, at);
            }
            case 4 -> {
                return join(octets, until, at);
            }
            default -> {
                return join(octets, at, until);
            }
        }
        return octets;
    }

    /** What lies before {@code end}, then what starts at {@code again}: a piece twice, or missing. */
    private static byte[] join(byte[] octets, int end, int again) {
        var joined = Arrays.copyOf(octets, end + octets.length - again);
        System.arraycopy(octets, again, joined, end, octets.length - again);
        return joined;
    }
}
