package careof.engine.wire.isakmp;

import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.OptionalLong;

/**
 * A data attribute (RFC 2408 section 3.3), short or long.
 *
 * <pre>
 *   0   | 1 (1 bit) | type (15 bits) | value (2)  |
 *
 *   0   | 0 (1 bit) | type (15 bits) | length (2) |
 *   4   | value ...                               |
 * </pre>
 *
 * @param type    0..32767, see {@link PhaseOneAttribute} and {@link IpsecAttribute}
 * @param isShort type and value alone
 * @param value   two octets if short, else up to 65535
 */
public record Attribute(int type, boolean isShort, Octets value) {
    private static final int FORMAT = 0x8000;

    public Attribute {
        Bits.fit(type, 15, "attribute type");
        Bits.fit(value.length(), 16, "attribute length");
        if (isShort && value.length() != 2) {
            throw new IllegalArgumentException("a short attribute has two octets, not " + value.length());
        }
    }

    /**
     * A number: short if it fits 16 bits, else long with 4 octets, or with 8.
     *
     * @param value 0 and up
     */
    public static Attribute of(int type, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("attribute value " + value + " is negative");
        }
        OctetWriter out = new OctetWriter(8);
        return value < 0x10000 ? new Attribute(type, true, out.u16((int) value).toOctets())
                : new Attribute(type, false, value >>> 32 == 0 ? out.u32(value).toOctets() : out.u64(value).toOctets());
    }

    /** A long attribute. */
    public static Attribute of(int type, Octets value) {
        return new Attribute(type, false, value);
    }

    /**
     * The value as a number, of either form: lifetimes may come in both and in any length (RFC 2407 section 4.5).
     *
     * @return empty if there is no octet or the number does not fit 63 bits
     */
    public OptionalLong longValue() {
        int leading = 0;
        while (leading < value.length() && value.at(leading) == 0) {
            leading++;
        }
        if (value.isEmpty() || value.length() - leading > 8) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = leading; i < value.length(); i++) {
            number = number << 8 | value.at(i);
        }
        return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** Reads one attribute. */
    public static Attribute parse(OctetReader in) throws Malformed {
        int first = in.u16();
        boolean isShort = (first & FORMAT) != 0;
        return new Attribute(first & ~FORMAT, isShort, in.octets(isShort ? 2 : in.u16()));
    }

    void emit(OctetWriter out) {
        out.u16(isShort ? type | FORMAT : type);
        if (!isShort) {
            out.u16(value.length());
        }
        out.octets(value);
    }
}
