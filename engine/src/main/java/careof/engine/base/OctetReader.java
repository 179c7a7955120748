package careof.engine.base;

/** Reads network-order values from {@link Octets}; reading past the end is {@link Malformed}, never an index error. */
public final class OctetReader {
    private final Octets octets;
    private int position;

    public OctetReader(Octets octets) {
        this.octets = octets;
    }

    /** Octets read so far. */
    public int position() {
        return position;
    }

    public int remaining() {
        return octets.length() - position;
    }

    public boolean atEnd() {
        return remaining() == 0;
    }

    private int take(int count) throws Malformed {
        if (count < 0 || count > remaining()) {
            throw new Malformed("needs " + count + " octets, " + remaining() + " left", position);
        }
        int start = position;
        position += count;
        return start;
    }

    public int u8() throws Malformed {
        return octets.at(take(1));
    }

    public int u16() throws Malformed {
        return octets.u16(take(2));
    }

    public int u24() throws Malformed {
        int at = take(3);
        return octets.at(at) << 16 | octets.u16(at + 1);
    }

    /** Thirty-two bits, 0..2^32-1. */
    public long u32() throws Malformed {
        int at = take(4);
        return (long) octets.u16(at) << 16 | octets.u16(at + 2);
    }

    public long u64() throws Malformed {
        return u32() << 32 | u32();
    }

    public Ip6Address ip6() throws Malformed {
        return new Ip6Address(u64(), u64());
    }

    public Ip4Address ip4() throws Malformed {
        return new Ip4Address((int) u32());
    }

    public MacAddress mac() throws Malformed {
        return new MacAddress((long) u16() << 32 | u32());
    }

    public Octets octets(int count) throws Malformed {
        int start = take(count);
        return octets.slice(start, start + count);
    }

    /** All that is left. */
    public Octets rest() {
        Octets rest = octets.from(position);
        position = octets.length();
        return rest;
    }

    public void skip(int count) throws Malformed {
        take(count);
    }
}
