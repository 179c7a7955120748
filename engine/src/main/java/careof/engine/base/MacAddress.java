package careof.engine.base;

import java.util.HexFormat;

/**
 * An Ethernet address.
 *
 * @param bits the 48 bits, first octet highest
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    public MacAddress {
        bits &= 0xffff_ffff_ffffL;
    }

    /** The group address for an IPv6 multicast destination: 33:33 and its last 32 bits (RFC 2464 section 7). */
    public static MacAddress multicast(Ip6Address group) {
        return new MacAddress(0x3333_0000_0000L | group.low() & 0xffff_ffffL);
    }

    /** Reads {@code 02:00:00:00:00:01}. */
    public static MacAddress parse(String text) {
        if (!text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")) {
            throw new IllegalArgumentException("not an Ethernet address: \"" + text + "\"");
        }
        return new MacAddress(HexFormat.fromHexDigitsToLong(text.replace(":", "")));
    }

    /** The modified EUI-64 interface identifier (RFC 4291 appendix A). */
    public long interfaceId() {
        long upper = bits >>> 24 ^ 0x02_0000L;
        return upper << 40 | 0xff_fe00_0000L | bits & 0xff_ffffL;
    }

    /** Group bit set: multicast or broadcast. */
    public boolean isGroup() {
        return (bits >>> 40 & 1) == 1;
    }

    @Override
    public int compareTo(MacAddress other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(new OctetWriter(6).mac(this).toOctets().toArray());
    }
}
