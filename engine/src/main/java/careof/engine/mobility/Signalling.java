package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Packets that carry Mobility Headers, and the extension headers of mobility. */
final class Signalling {
    /** Payload length that leaves room for a home address option and a type 2 routing header, 24 octets each, in a packet's 16 bits of it. */
    static final int LONGEST = 0xffff - 48;

    private Signalling() {}

    /**
     * A packet with a Mobility Header, in final form.
     *
     * @param source      home address of a mobile sender, so that the checksum is right (RFC 6275 section 6.1.1)
     * @param destination home address of a mobile receiver
     */
    static Ip6Packet packet(Ip6Address source, Ip6Address destination, MobilityHeader header) {
        return Ip6Packet.of(source, destination, IpProtocol.MOBILITY, header.toOctets(source, destination));
    }

    static Ip6Packet packet(Ip6Address source, Ip6Address destination, MobilityMessage message) {
        return packet(source, destination, MobilityHeader.of(message));
    }

    /**
     * From final form to wire form (RFC 6275 sections 9.3.2 and 11.3.1): the home addresses go into a type 2 routing header and a
     * home address option behind it, the care-of addresses into the IPv6 header.
     *
     * @param careOf  of the source; empty: the source stays
     * @param routing care-of address of the destination; empty: the destination stays
     */
    static Ip6Packet extended(Ip6Packet plain, Optional<Ip6Address> careOf, Optional<Ip6Address> routing) {
        List<ExtensionHeader> extensions = new ArrayList<>(plain.extensions());
        int at = !extensions.isEmpty() && extensions.getFirst() instanceof ExtensionHeader.HopByHop ? 1 : 0;
        if (careOf.isPresent()) {
            extensions.add(at, ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(plain.source())));
        }
        if (routing.isPresent()) {
            extensions.add(at, new ExtensionHeader.Type2Routing(1, plain.destination()));
        }
        return plain.withExtensions(extensions)
                .withHeader(plain.header().withSource(careOf.orElse(plain.source())).withDestination(routing.orElse(plain.destination())));
    }

    /**
     * A header around a message whose last option is binding authorization data.
     *
     * @param careOf        that the binding is for; of a deletion the home address
     * @param correspondent its home address, where it is mobile itself
     */
    static MobilityHeader authorized(MobilityMessage message, Octets bindingKey, Ip6Address careOf, Ip6Address correspondent) {
        List<MobilityOption> options = new ArrayList<>(message.options());
        options.add(new MobilityOption.BindingAuthorizationData(Octets.zeros(MobilityOption.BindingAuthorizationData.AUTHENTICATOR)));
        MobilityHeader header = MobilityHeader.of(message.withOptions(options));
        return header.withAuthenticator(Tokens.authenticator(bindingKey, careOf, correspondent, header.authenticatedPart()));
    }
}
