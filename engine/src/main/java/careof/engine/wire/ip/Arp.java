package careof.engine.wire.ip;

import careof.engine.base.Ip4Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * <pre>
 *    0   | hardware 1 | protocol 0x0800 | 6 | 4 | operation |
 *    8   | sender hardware (6) | sender protocol (4)        |
 *   18   | target hardware (6) | target protocol (4)        |
 * </pre>
 *
 * @param operation {@link #REQUEST}, {@link #REPLY} or another, 0..65535
 */
public record Arp(int operation, MacAddress senderMac, Ip4Address sender, MacAddress targetMac, Ip4Address target) {
    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;

    private static final long ETHERNET_IP4 = 0x0001_0800_0604L;

    public Arp {
        Bits.fit(operation, 16, "ARP operation");
    }

    /** Reads 28 octets; other hardware or protocol types are {@link Malformed}. */
    public static Arp parse(OctetReader in) throws Malformed {
        int at = in.position();
        if (((long) in.u16() << 32 | in.u32()) != ETHERNET_IP4) {
            throw new Malformed("ARP for something else than IPv4 over Ethernet", at);
        }
        return new Arp(in.u16(), in.mac(), in.ip4(), in.mac(), in.ip4());
    }

    public void emit(OctetWriter out) {
        out.u16((int) (ETHERNET_IP4 >>> 32)).u32(ETHERNET_IP4).u16(operation)
                .mac(senderMac).address(sender).mac(targetMac).address(target);
    }
}
