package careof.engine.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable run of octets: what a frame, a header's body or an opaque field holds. A slice shares its parent's
 * storage; nothing that hands out an {@code Octets} may change the array beneath it afterwards.
 */
public final class Octets {
    /** No octets at all. */
    public static final Octets EMPTY = new Octets(new byte[0], 0, 0);

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Octets(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Wraps an array that the caller gives away and will not change any more. */
    public static Octets wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Octets(array, 0, array.length);
    }

    /** The octets given as int literals, for instance {@code Octets.of(0x3b, 0x00)}; each must be within 0..255. */
    public static Octets of(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            if (values[i] < 0 || values[i] > 255) {
                throw new IllegalArgumentException("not an octet: " + values[i]);
            }
            bytes[i] = (byte) values[i];
        }
        return wrap(bytes);
    }

    /** {@code length} octets of zero. */
    public static Octets zeros(int length) {
        return wrap(new byte[length]);
    }

    /** Reads hexadecimal; blanks and colons between octets are skipped. */
    public static Octets hex(String text) {
        return wrap(HexFormat.of().parseHex(text.replaceAll("[\\s:]", "")));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** The octet at {@code index}, 0..255. */
    public int at(int index) {
        return array[offset + java.util.Objects.checkIndex(index, length)] & 0xff;
    }

    /** The sixteen bits at {@code index}, network order. */
    public int u16(int index) {
        return at(index) << 8 | at(index + 1);
    }

    /** Octets {@code from} (inclusive) to {@code to} (exclusive), sharing storage. */
    public Octets slice(int from, int to) {
        java.util.Objects.checkFromToIndex(from, to, length);
        return from == to ? EMPTY : from == 0 && to == length ? this : new Octets(array, offset + from, to - from);
    }

    /** All octets from {@code from} to the end, sharing storage. */
    public Octets from(int from) {
        return slice(from, length);
    }

    /** A fresh array with these octets. */
    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** Copies all octets into {@code target} at {@code at}. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, offset, target, at, length);
    }

    /** Copies all octets to the start of {@code target}. */
    public void copyTo(MemorySegment target) {
        MemorySegment.copy(array, offset, target, ValueLayout.JAVA_BYTE, 0, length);
    }

    /** Number of octets at the end that both have in common. */
    public int commonTail(Octets other) {
        int most = Math.min(length, other.length);
        int mine = offset + length;
        int theirs = other.offset + other.length;
        int count = 0;
        for (int step = 64; step > 0; step = step == 64 ? 8 : step == 8 ? 1 : 0) {    // long steps compare many octets at once
            while (count + step <= most && Arrays.equals(array, mine - count - step, mine - count, other.array, theirs - count - step, theirs - count)) {
                count += step;
            }
        }
        return count;
    }

    /** Adds these octets to a running one's complement sum (RFC 1071), the first one as a high octet. */
    long addTo(long sum) {
        int i = offset;
        int end = offset + length;
        for (; i + 7 < end; i += 8) {    // a half of 32 bits counts as the sum of its halves: 2^16 is 1 in this arithmetic
            long eight = (long) EIGHT.get(array, i);
            sum += (eight >>> 32) + (eight & 0xffff_ffffL);
        }
        for (; i + 1 < end; i += 2) {
            sum += (array[i] & 0xff) << 8 | array[i + 1] & 0xff;
        }
        return i < end ? sum + ((array[i] & 0xff) << 8) : sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets o
                && Arrays.equals(array, offset, offset + length, o.array, o.offset, o.offset + o.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Lower-case hexadecimal without separators. */
    public String toHex() {
        return HexFormat.of().formatHex(array, offset, offset + length);
    }

    @Override
    public String toString() {
        return toHex();
    }
}
