package careof.engine.wire.isakmp;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import java.util.List;

/**
 * A proposal within a security association (RFC 2408 section 3.5).
 *
 * <pre>
 *   0   | 2, 0 in the last one (1) | reserved (1) | length (2), transforms included           |
 *   4   | number (1)               | protocol (1) | SPI size (1) | number of transforms (1)   |
 *   8   | SPI                                                                               |
 *       | transforms, each naming the next ...                                              |
 * </pre>
 *
 * @param number     0..255; proposals of one number are all to be taken or none
 * @param protocol   see {@link SecurityProtocol}
 * @param spi        up to 255 octets: none or ignored in phase one, 4 for AH and ESP, 2 or 4 for IPCOMP
 * @param transforms at most 255, in order of preference: one of them is to be taken
 */
public record Proposal(int number, int protocol, Octets spi, List<Transform> transforms) {
    public Proposal {
        Bits.fit(number, 8, "proposal number");
        Bits.fit(protocol, 8, "protocol");
        Bits.fit(spi.length(), 8, "SPI size");
        transforms = List.copyOf(transforms);
        Bits.fit(transforms.size(), 8, "number of transforms");
    }

    void emit(OctetWriter out, boolean last) {
        int at = out.length();
        out.u8(last ? Payload.NONE : Payload.PROPOSAL).u8(0).u16(0);
        out.u8(number).u8(protocol).u8(spi.length()).u8(transforms.size()).octets(spi);
        for (int i = 0; i < transforms.size(); i++) {
            transforms.get(i).emit(out, i + 1 == transforms.size());
        }
        out.patch16(at + 2, Bits.fit(out.length() - at, 16, "proposal length"));
    }
}
