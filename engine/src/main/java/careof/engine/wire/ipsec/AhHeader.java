package careof.engine.wire.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;

/**
 * The IP Authentication Header (RFC 4302 section 2).
 *
 * <pre>
 *    0   | next header | length in 4 octets, less 2 | reserved |
 *    4   | SPI                                                 |
 *    8   | sequence number, low 32 bits                        |
 *   12   | ICV, and padding to a whole header                  |
 * </pre>
 *
 * @param nextHeader what follows, see {@link careof.engine.wire.ip.IpProtocol}
 * @param reserved   sent as 0; what came is covered by the ICV
 * @param spi        0..2^32-1; of a real SA 256 and up
 * @param sequence   0..2^32-1
 * @param icv        with its padding, a multiple of 4 octets, at most 1016
 */
public record AhHeader(int nextHeader, int reserved, long spi, long sequence, Octets icv) {
    /** Octets before the ICV. */
    public static final int FIXED = 12;

    public AhHeader {
        Bits.fit(nextHeader, 8, "next header");
        Bits.fit(reserved, 16, "reserved field of AH");
        Bits.fit32(spi, "SPI");
        Bits.fit32(sequence, "sequence number");
        if (icv.length() % 4 != 0 || icv.length() > 1016) {
            throw new IllegalArgumentException("an ICV of AH with its padding takes a multiple of 4 octets up to 1016, not " + icv.length());
        }
    }

    /**
     * Octets of the whole header: a multiple of 8 in IPv6, of 4 in IPv4 (RFC 4302 section 2.2).
     *
     * @param icv octets of the ICV alone
     */
    public static int length(int icv, boolean ip6) {
        int unit = ip6 ? 8 : 4;
        return (FIXED + icv + unit - 1) / unit * unit;
    }

    /** Octets of this header. */
    public int length() {
        return FIXED + icv.length();
    }

    public static AhHeader parse(OctetReader in) throws Malformed {
        int at = in.position();
        int nextHeader = in.u8();
        int length = 4 * (in.u8() + 2);
        if (length < FIXED || length - 2 > in.remaining()) {
            throw new Malformed("AH says " + length + " octets, " + (in.remaining() + 2) + " are left", at + 1);
        }
        return new AhHeader(nextHeader, in.u16(), in.u32(), in.u32(), in.octets(length - FIXED));
    }

    public void emit(OctetWriter out) {
        out.u8(nextHeader).u8(length() / 4 - 2).u16(reserved).u32(spi).u32(sequence).octets(icv);
    }
}
