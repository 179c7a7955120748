package careof.engine.base;

import java.util.Arrays;

/** Builds octets in network order; grows as needed. Values are cut to their field's width. */
public final class OctetWriter {
    private byte[] array;
    private int length;

    public OctetWriter() {
        this(64);
    }

    public OctetWriter(int capacity) {
        array = new byte[capacity];
    }

    public int length() {
        return length;
    }

    private int grow(int count) {
        int start = length;
        length += count;
        if (length > array.length) {
            array = Arrays.copyOf(array, Math.max(length, 2 * array.length));
        }
        return start;
    }

    public OctetWriter u8(int value) {
        int start = grow(1);    // first: it may replace the array
        array[start] = (byte) value;
        return this;
    }

    public OctetWriter u16(int value) {
        return u8(value >> 8).u8(value);
    }

    public OctetWriter u24(int value) {
        return u8(value >> 16).u16(value);
    }

    public OctetWriter u32(long value) {
        return u16((int) (value >> 16)).u16((int) value);
    }

    public OctetWriter u64(long value) {
        return u32(value >>> 32).u32(value);
    }

    public OctetWriter address(IpAddress address) {
        return switch (address) {
            case Ip6Address a -> u64(a.high()).u64(a.low());
            case Ip4Address a -> u32(a.bits());
        };
    }

    public OctetWriter mac(MacAddress mac) {
        return u16((int) (mac.bits() >> 32)).u32(mac.bits());
    }

    public OctetWriter octets(Octets octets) {
        int start = grow(octets.length());
        octets.copyTo(array, start);
        return this;
    }

    public OctetWriter zeros(int count) {
        int start = grow(count);
        Arrays.fill(array, start, length, (byte) 0);
        return this;
    }

    /** Writes sixteen bits over what stands at {@code at}: lengths and checksums known only at the end. */
    public OctetWriter patch16(int at, int value) {
        java.util.Objects.checkFromIndexSize(at, 2, length);
        array[at] = (byte) (value >> 8);
        array[at + 1] = (byte) value;
        return this;
    }

    /** Writes one octet over what stands at {@code at}. */
    public OctetWriter patch8(int at, int value) {
        array[java.util.Objects.checkIndex(at, length)] = (byte) value;
        return this;
    }

    /** The octets so far, as a copy. */
    public Octets toOctets() {
        return Octets.wrap(Arrays.copyOf(array, length));
    }
}
