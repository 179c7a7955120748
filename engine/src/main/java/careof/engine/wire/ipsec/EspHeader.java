package careof.engine.wire.ipsec;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * What of ESP can be read without a key (RFC 4303 section 2). All else depends on the SA: how long IV and ICV are, and what the rest decrypts
 * to.
 *
 * <pre>
 *    0   | SPI                                          |  -
 *    4   | sequence number, low 32 bits                 |  :
 *    8   | IV, as the SA's algorithm wants it           |  : covered by the ICV,
 *        | payload                             | -      |  : with an extended sequence
 *        | padding for the flow of traffic     | : en-  |  : number also its high
 *        | padding 1, 2, 3 ...                 | : cryp-|  : 32 bits
 *        | octets of padding | next header     | - ted  |  -
 *        | ICV, as the SA's algorithm wants it          |
 * </pre>
 *
 * @param spi      0..2^32-1; of a real SA 256 and up
 * @param sequence 0..2^32-1
 */
public record EspHeader(long spi, long sequence) {
    /** Octets. */
    public static final int LENGTH = 8;
    /** Octets of the two fields that end what is encrypted: length of the padding and next header. */
    public static final int TRAILER = 2;

    public EspHeader {
        Bits.fit32(spi, "SPI");
        Bits.fit32(sequence, "sequence number");
    }

    public static EspHeader parse(OctetReader in) throws Malformed {
        return new EspHeader(in.u32(), in.u32());
    }

    public void emit(OctetWriter out) {
        out.u32(spi).u32(sequence);
    }
}
