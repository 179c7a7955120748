package careof.engine.ipsec;

/**
 * Which sequence numbers a receiver still takes (RFC 4303 section 3.4.3 and appendix A): a number comes once, and none that is left of the
 * window. Numbers are unsigned, of 64 bits where they are extended, else of 32; no packet has number 0.
 *
 * <p>State is {@code highest}, the highest number verified so far (0: none), and {@code seen}, whose bit n is set when {@code highest - n}
 * came: {@link careof.engine.state.SaUse}. First {@link #infer}, then {@link #isFresh}, then verify the packet, and only then the window
 * moves: {@link #highest} and {@link #seen}.
 */
public final class ReplayWindow {
    /** Widest window. */
    public static final int MOST = 64;
    private static final long LOW = 0xffff_ffffL;

    private ReplayWindow() {}

    /**
     * The number that the 32 bits in a packet stand for. Of an extended one the high half is the one that brings it nearest to the window
     * (RFC 4303 appendix A2.2).
     *
     * @param size packets, 0..64; without a window (0) the widest decides
     * @param low  what the packet says, 0..2^32-1
     * @return 0: there is no such number
     */
    public static long infer(long highest, int size, long low, boolean extended) {
        if (!extended) {
            return low;
        }
        long high = highest >>> 32;
        long bottom = (highest & LOW) - (size == 0 ? MOST : size) + 1;    // the window's left edge, within the low half if it is not negative
        if (bottom >= 0) {
            high += low >= bottom ? 0 : 1;
        } else {
            high -= low >= bottom + LOW + 1 ? 1 : 0;
        }
        return high < 0 || high > LOW ? 0 : high << 32 | low;
    }

    /**
     * Whether a number is right of the window, or in it and did not come yet.
     *
     * @param size     packets, 0..64; 0: any number but 0 will do
     * @param sequence as {@link #infer} has it
     */
    public static boolean isFresh(long highest, long seen, int size, long sequence) {
        if (sequence == 0) {
            return false;
        }
        if (size == 0 || Long.compareUnsigned(sequence, highest) > 0) {
            return true;
        }
        long back = highest - sequence;
        return Long.compareUnsigned(back, size) < 0 && (seen >>> back & 1) == 0;
    }

    /** The highest number, once {@code sequence} is verified. */
    public static long highest(long highest, long sequence) {
        return Long.compareUnsigned(sequence, highest) > 0 ? sequence : highest;
    }

    /** What came, once {@code sequence} is verified; relative to the new {@link #highest(long, long)}. */
    public static long seen(long highest, long seen, long sequence) {
        if (Long.compareUnsigned(sequence, highest) > 0) {
            long ahead = sequence - highest;
            return Long.compareUnsigned(ahead, MOST) < 0 ? seen << ahead | 1 : 1;
        }
        long back = highest - sequence;
        return Long.compareUnsigned(back, MOST) < 0 ? seen | 1L << back : seen;
    }
}
