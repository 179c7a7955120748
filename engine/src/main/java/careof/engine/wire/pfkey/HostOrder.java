package careof.engine.wire.pfkey;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;

/** Numbers in host byte order: little-endian, whatever machine this is. */
final class HostOrder {
    private HostOrder() {}

    static int u16(OctetReader in) throws Malformed {
        return Short.toUnsignedInt(Short.reverseBytes((short) in.u16()));
    }

    static long u32(OctetReader in) throws Malformed {
        return Integer.toUnsignedLong(Integer.reverseBytes((int) in.u32()));
    }

    static long u64(OctetReader in) throws Malformed {
        return Long.reverseBytes(in.u64());
    }

    static void u16(OctetWriter out, int value) {
        out.u16(Short.reverseBytes((short) value));
    }

    static void u32(OctetWriter out, long value) {
        out.u32(Integer.reverseBytes((int) value));
    }

    static void u64(OctetWriter out, long value) {
        out.u64(Long.reverseBytes(value));
    }
}
