package careof.engine.wire.pfkey;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.wire.Bits;

/**
 * A selector that PF_KEY's own address extensions cannot say: ranges of addresses that are no prefix, ranges of ports, port or type 0, and the
 * inner destination of a tunnel's SA. Our own: where it is present, it rules, and a kernel ignores it, which then takes the address
 * extensions alone.
 *
 * <pre>
 *   0 | length (host, 2) | 0x8001 (host, 2) | protocol (1) | reserved (3)                       |
 *   8 | source port low (2) | high (2)      | destination port low (2) | high (2)               | network order
 *  16 | socket addresses: lowest source, highest source, lowest destination, highest destination, zeros to a multiple of 8 octets ...
 * </pre>
 *
 * <p>The ports within the socket addresses are 0.
 *
 * @param protocol 255: any
 */
public record SelectorExtension(int protocol, int sourcePortLow, int sourcePortHigh, int destinationPortLow, int destinationPortHigh,
        IpAddress sourceLow, IpAddress sourceHigh, IpAddress destinationLow, IpAddress destinationHigh) implements PfKeyExtension {
    public SelectorExtension {
        Bits.fit(protocol, 8, "protocol");
        Bits.fit(sourcePortHigh, 16, "source port");
        Bits.fit(destinationPortHigh, 16, "destination port");
        if (sourcePortLow < 0 || sourcePortLow > sourcePortHigh || destinationPortLow < 0 || destinationPortLow > destinationPortHigh) {
            throw new IllegalArgumentException("a range of ports that ends before it begins");
        }
        range(sourceLow, sourceHigh);
        range(destinationLow, destinationHigh);
    }

    private static void range(IpAddress low, IpAddress high) {
        if (low.getClass() != high.getClass() || low.compareTo(high) > 0) {
            throw new IllegalArgumentException("no range of addresses: " + low + " to " + high);
        }
    }

    int octetCount() {
        return 16 + PfKeyExtension.align(2 * new SocketAddress(sourceLow, 0).size() + 2 * new SocketAddress(destinationLow, 0).size());
    }

    void emitBody(OctetWriter out) {
        out.u8(protocol).u24(0).u16(sourcePortLow).u16(sourcePortHigh).u16(destinationPortLow).u16(destinationPortHigh);
        for (IpAddress address : new IpAddress[] {sourceLow, sourceHigh, destinationLow, destinationHigh}) {
            new SocketAddress(address, 0).emit(out);
        }
    }

    static SelectorExtension readBody(OctetReader in) throws Malformed {
        int protocol = in.u8();
        in.skip(3);
        int sourcePortLow = in.u16();
        int sourcePortHigh = in.u16();
        int destinationPortLow = in.u16();
        int destinationPortHigh = in.u16();
        SocketAddress[] source = PolicyExtension.pair(in);
        SocketAddress[] destination = PolicyExtension.pair(in);
        try {
            return new SelectorExtension(protocol, sourcePortLow, sourcePortHigh, destinationPortLow, destinationPortHigh, source[0].address(),
                    source[1].address(), destination[0].address(), destination[1].address());
        } catch (IllegalArgumentException e) {
            throw new Malformed(e.getMessage(), 4);
        }
    }
}
