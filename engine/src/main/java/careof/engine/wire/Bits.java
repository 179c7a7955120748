package careof.engine.wire;

/** Range checks of record components: a value that does not fit its field is a bug of the caller, never of a peer. */
public final class Bits {
    private Bits() {}

    /** Returns {@code value}, or throws {@code IllegalArgumentException} if it does not fit {@code bits} unsigned bits. */
    public static int fit(int value, int bits, String field) {
        if (value < 0 || value >>> bits != 0) {
            throw new IllegalArgumentException(field + " does not fit " + bits + " bits: " + value);
        }
        return value;
    }

    /** As {@link #fit} for thirty-two bits held in a {@code long}. */
    public static long fit32(long value, String field) {
        if (value >>> 32 != 0) {
            throw new IllegalArgumentException(field + " does not fit 32 bits: " + value);
        }
        return value;
    }
}
