package careof.engine.traffic;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;

/**
 * The first octets of each packet's data.
 *
 * <pre>
 *   0       4           8          16
 *   | magic | sequence  | sent at  | filler: octet i is i mod 256
 * </pre>
 *
 * @param sequence from 0, modulo 2^32
 * @param sentAt   virtual nanoseconds
 */
public record FlowHeader(long sequence, long sentAt) {
    /** Octets of the header. */
    public static final int LENGTH = 16;
    /** "Cofl". */
    public static final long MAGIC = 0x436f_666cL;

    public static FlowHeader parse(Octets data) throws Malformed {
        OctetReader in = new OctetReader(data);
        if (in.u32() != MAGIC) {
            throw new Malformed("not a flow's packet", 0);
        }
        return new FlowHeader(in.u32(), in.u64());
    }

    /** Data of {@code length} octets in all. */
    public Octets data(int length) {
        OctetWriter out = new OctetWriter(length);
        out.u32(MAGIC).u32(sequence).u64(sentAt);
        for (int i = LENGTH; i < length; i++) {
            out.u8(i);
        }
        return out.toOctets();
    }
}
