package careof.engine.wire.isakmp;

import careof.engine.base.Octets;
import java.util.Optional;

/** Vendor IDs that peers are known to send. Most are MD5 hashes of a text; what follows their first octets may be a version. */
public final class VendorIds {
    /** Dead peer detection, major version 1, minor version 0 (RFC 3706 section 5.1). */
    public static final Octets DPD = Octets.hex("afcad71368a1f1c96b8696fc77570100");
    /** NAT traversal (RFC 3947 section 3.1). */
    public static final Octets NAT_TRAVERSAL = Octets.hex("4a131c81070358455c5728f20e95452f");
    /** Fragments, MD5 of "FRAGMENTATION". */
    public static final Octets FRAGMENTATION = Octets.hex("4048b7d56ebce88525e7de7f00d6c2d3");
    public static final Octets XAUTH = Octets.hex("09002689dfd6b712");
    /** MD5 of "strongSwan". */
    public static final Octets STRONGSWAN = Octets.hex("882fe56d6fd20dbc2251613b2ebe5beb");
    public static final Octets CISCO_UNITY = Octets.hex("12f5f28c457168a9702d9fe274cc0100");
    private static final Octets NAT_TRAVERSAL_02 = Octets.hex("90cb80913ebb696e086381b5ec427b1f");
    private static final Octets NAT_TRAVERSAL_03 = Octets.hex("7d9419a65310ca6f2c179d9215529d56");

    private VendorIds() {}

    /** What a vendor ID stands for. */
    public static Optional<String> name(Octets data) {
        if (startsWith(data, DPD.slice(0, 14)) && data.length() == 16) {
            return Optional.of("dead peer detection " + data.at(14) + "." + data.at(15));
        }
        return Optional.ofNullable(
                startsWith(data, FRAGMENTATION) ? "fragmentation"
                : startsWith(data, XAUTH) ? "XAUTH"
                : startsWith(data, STRONGSWAN) ? "strongSwan"
                : data.equals(NAT_TRAVERSAL) ? "NAT traversal, RFC 3947"
                : data.equals(NAT_TRAVERSAL_02) ? "NAT traversal, draft 2"
                : data.equals(NAT_TRAVERSAL_03) ? "NAT traversal, draft 3"
                : data.equals(CISCO_UNITY) ? "Cisco Unity" : null);
    }

    private static boolean startsWith(Octets data, Octets start) {
        return data.length() >= start.length() && data.slice(0, start.length()).equals(start);
    }
}
