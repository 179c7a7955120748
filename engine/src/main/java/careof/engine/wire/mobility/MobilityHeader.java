package careof.engine.wire.mobility;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Bits;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/**
 * A Mobility Header (RFC 6275 section 6.1.1). Its reserved octet is written as zero and not kept.
 *
 * <pre>
 *   0   | payload protocol | length in 8 octets, without the first 8 | MH type | reserved |
 *   4   | checksum         | message data ...                                             |
 * </pre>
 *
 * @param payloadProtocol 59 ({@link IpProtocol#NONE}) in all messages of today; a receiver refuses others (section 9.2)
 * @param message         of such size that the whole header is a multiple of 8 octets, at most 2048
 */
public record MobilityHeader(int payloadProtocol, MobilityMessage message) {

    public MobilityHeader {
        Bits.fit(payloadProtocol, 8, "payload protocol");
        if (message.size() % 8 != 0 || message.size() > 2048) {
            throw new IllegalArgumentException("a Mobility Header takes a multiple of 8 octets up to 2048, not " + message.size());
        }
    }

    /** A header around {@code message}, its options padded as {@link MobilityOption#padded} says. */
    public static MobilityHeader of(MobilityMessage message) {
        return new MobilityHeader(IpProtocol.NONE, message.withOptions(
                MobilityOption.padded(message.options(), MobilityMessage.fixedLength(message.type()))));
    }

    /**
     * Reads a whole Mobility Header, the last thing in its packet.
     *
     * @param source      of the pseudo-header: with a Home Address option the home address
     * @param destination of the pseudo-header: the final one
     * @throws Malformed at offset 4 if the checksum is wrong (RFC 6275 section 9.2: drop silently), at offset 1 if the
     *                   length is not that of the octets or too short for the type (answer with Parameter Problem)
     */
    public static MobilityHeader parse(Octets header, Ip6Address source, Ip6Address destination) throws Malformed {
        OctetReader in = new OctetReader(header);
        int payloadProtocol = in.u8();
        int length = 8 + 8 * in.u8();
        int type = in.u8();
        in.skip(3);
        if (length != header.length()) {
            throw new Malformed("Mobility Header length is " + length + ", " + header.length() + " octets are there", 1);
        }
        if (Checksum.ip6(source, destination, IpProtocol.MOBILITY, header) != 0) {
            throw new Malformed("Mobility Header checksum", 4);
        }
        if (length < MobilityMessage.fixedLength(type)) {
            throw new Malformed("Mobility Header of " + length + " octets is too short for a "
                    + MobilityMessage.name(type), 1);
        }
        return new MobilityHeader(payloadProtocol, MobilityMessage.parse(type, in));
    }

    /** The header with its checksum; addresses as for {@link #parse}. */
    public Octets toOctets(Ip6Address source, Ip6Address destination) {
        OctetWriter out = writer();
        return out.patch16(4, Checksum.ip6(source, destination, IpProtocol.MOBILITY, out.toOctets())).toOctets();
    }

    /** The header with a checksum field of zero. */
    public Octets toOctetsWithoutChecksum() {
        return writer().toOctets();
    }

    private OctetWriter writer() {
        OctetWriter out = new OctetWriter(message.size());
        out.u8(payloadProtocol).u8(message.size() / 8 - 1).u8(message.type()).u8(0).u16(0);
        message.emit(out);
        return out;
    }

    /**
     * "MH Data" of the authenticator (RFC 6275 section 6.2.7): the header with a checksum of zero, up to but without the
     * authenticator of its Binding Authorization Data option.
     *
     * @param header a whole Mobility Header as received, so that reserved bits count as the sender set them
     * @throws Malformed if the header has no such option, or it is not the last one
     */
    public static Octets authenticatedPart(Octets header) throws Malformed {
        OctetReader in = new OctetReader(header);
        in.skip(2);
        int type = in.u8();
        in.skip(Math.max(0, MobilityMessage.fixedLength(type) - in.position()));
        while (type <= MobilityMessage.BINDING_ERROR && !in.atEnd()) {
            int at = in.position();
            if (MobilityOption.parse(in) instanceof MobilityOption.BindingAuthorizationData) {
                if (!in.atEnd()) {
                    throw new Malformed("Binding Authorization Data is not the last option", at);
                }
                OctetWriter out = new OctetWriter(at + 2);
                return out.octets(header.slice(0, at + 2)).patch16(4, 0).toOctets();
            }
        }
        throw new Malformed("no Binding Authorization Data option", header.length());
    }

    /** {@link #authenticatedPart(Octets)} of this header; its Binding Authorization Data must be there and last. */
    public Octets authenticatedPart() {
        try {
            return authenticatedPart(toOctetsWithoutChecksum());
        } catch (Malformed e) {
            throw new IllegalStateException(e.getMessage());
        }
    }

    /**
     * The same header with this authenticator in its Binding Authorization Data option, of the same length as the one before.
     */
    public MobilityHeader withAuthenticator(Octets authenticator) {
        List<MobilityOption> options = new ArrayList<>(message.options());
        options.replaceAll(option -> option instanceof MobilityOption.BindingAuthorizationData
                ? new MobilityOption.BindingAuthorizationData(authenticator) : option);
        return new MobilityHeader(payloadProtocol, message.withOptions(options));
    }
}
