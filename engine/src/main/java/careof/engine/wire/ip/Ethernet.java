package careof.engine.wire.ip;

import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * An Ethernet II header (RFC 2464 section 3 for IPv6 in it). The frame check sequence never appears in our octets.
 *
 * <pre>
 *   0          6          12     14
 *   | destination | source | type | payload ...
 * </pre>
 *
 * @param etherType {@link #IP6}, {@link #IP4}, {@link #ARP} or anything else, 0..65535
 */
public record Ethernet(MacAddress destination, MacAddress source, int etherType) {
    /** Octets of the header. */
    public static final int HEADER = 14;
    public static final int IP6 = 0x86dd;
    public static final int IP4 = 0x0800;
    public static final int ARP = 0x0806;
    /** A tag of IEEE 802.1Q follows, then another type. */
    public static final int VLAN = 0x8100;
    /** The same by a provider, IEEE 802.1ad. */
    public static final int SERVICE_VLAN = 0x88a8;

    /** Whether a type says that a tag and another type follow. */
    public static boolean isTag(int etherType) {
        return etherType == VLAN || etherType == SERVICE_VLAN;
    }

    public Ethernet {
        Bits.fit(etherType, 16, "Ethernet type");
    }

    /** Reads {@link #HEADER} octets; the reader then stands at the payload. */
    public static Ethernet parse(OctetReader in) throws Malformed {
        return new Ethernet(in.mac(), in.mac(), in.u16());
    }

    public void emit(OctetWriter out) {
        out.mac(destination).mac(source).u16(etherType);
    }
}
