package careof.engine.wire.pfkey;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * A socket address as Linux has it. Flow information, scope and the zeros of IPv4 are written as zeros and not kept.
 *
 * <pre>
 *   IPv4   0 | 2 (host order, 2) | port (2) | address (4) |
 *          8 | zeros (8)                                  |    16 octets
 *   IPv6   0 | 10 (host, 2)      | port (2) | flow (4)    |
 *          8 | address (16)                               |
 *         24 | scope (4)                                  |    28 octets
 * </pre>
 *
 * @param port 0..65535, network order; 0: any. ICMP and the Mobility Header have types here.
 */
public record SocketAddress(IpAddress address, int port) {
    static final int INET = 2;
    static final int INET6 = 10;

    public SocketAddress {
        Bits.fit(port, 16, "port");
    }

    /** Octets, without what aligns it. */
    public int size() {
        return address instanceof Ip6Address ? 28 : 16;
    }

    void emit(OctetWriter out) {
        switch (address) {
            case Ip6Address a -> {
                HostOrder.u16(out, INET6);
                out.u16(port).u32(0).address(a).u32(0);
            }
            case Ip4Address a -> {
                HostOrder.u16(out, INET);
                out.u16(port).address(a).u64(0);
            }
        }
    }

    static SocketAddress parse(OctetReader in) throws Malformed {
        int at = in.position();
        int family = HostOrder.u16(in);
        int port = in.u16();
        switch (family) {
            case INET6 -> {
                in.skip(4);
                Ip6Address address = in.ip6();
                in.skip(4);
                return new SocketAddress(address, port);
            }
            case INET -> {
                Ip4Address address = in.ip4();
                in.skip(8);
                return new SocketAddress(address, port);
            }
            default -> throw new Malformed("address family " + family + " is neither IPv4 (2) nor IPv6 (10)", at);
        }
    }

    boolean sameFamily(SocketAddress other) {
        return address.getClass() == other.address.getClass();
    }

    /** Bits of the whole address. */
    public int bits() {
        return address instanceof Ip6Address ? 128 : 32;
    }
}
