package careof.engine.ike;

import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.Ip4Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Selector;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.Identification;
import java.util.Optional;

/**
 * Selectors as identities of quick mode, both ways (RFC 2407 section 4.6.2). An identity has one port or any, and no types of messages: what a selector
 * says more than that stays with the policy, which both ends have.
 */
final class Selectors {
    private Selectors() {}

    /** What of a selector two identities can say. */
    static Selector negotiable(Selector s) {
        boolean typed = s.protocol() == IpProtocol.MOBILITY || s.protocol() == IpProtocol.ICMP6 || s.protocol() == 1;
        return new Selector(s.source(), s.destination(), s.protocol(), typed ? Selector.Ports.ANY : single(s.sourcePorts()),
                typed ? Selector.Ports.ANY : single(s.destinationPorts()));
    }

    private static Selector.Ports single(Selector.Ports ports) {
        return ports.low() == ports.high() ? ports : Selector.Ports.ANY;
    }

    /** The identity of a selector's source side. */
    static Identification source(Selector s) {
        return identity(s.source(), s.protocol(), negotiable(s).sourcePorts());
    }

    /** The identity of a selector's destination side. */
    static Identification destination(Selector s) {
        return identity(s.destination(), s.protocol(), negotiable(s).destinationPorts());
    }

    private static Identification identity(AddressRange range, int protocol, Selector.Ports ports) {
        return addresses(range).withSelector(protocol == Selector.ANY_PROTOCOL ? 0 : protocol, ports.equals(Selector.Ports.ANY) ? 0 : ports.low());
    }

    private static Identification addresses(AddressRange range) {
        int length = range.prefixLength();
        if (range.isSingle()) {
            return Identification.of(range.low());
        } else if (length < 0) {
            return Identification.of(new Identification.Range(range.low(), range.high()));
        }
        return switch (range.low()) {
            case Ip6Address low -> Identification.of(new Prefix(low, length));
            case Ip4Address low -> Identification.of(new Ip4Prefix(low, length));
        };
    }

    /** The addresses that an identity denotes; empty: none. */
    static Optional<AddressRange> addresses(Identification identity) {
        return identity.range().map(range -> new AddressRange(range.low(), range.high()));
    }

    /** The selector from one identity's addresses to another's; of two different protocols the more special one. */
    static Selector between(AddressRange from, Identification source, AddressRange to, Identification destination) {
        int protocol = Math.max(source.protocol(), destination.protocol());
        return new Selector(from, to, protocol == 0 ? Selector.ANY_PROTOCOL : protocol, ports(source), ports(destination));
    }

    /**
     * What two identities say that goes from one to the other. One that denotes no addresses stands for an address that nobody has.
     *
     * @param family that of this address
     */
    static Selector said(Identification source, Identification destination, IpAddress family) {
        return between(addresses(source).orElse(nobody(family)), source, addresses(destination).orElse(nobody(family)), destination);
    }

    private static Selector.Ports ports(Identification identity) {
        return identity.port() == 0 ? Selector.Ports.ANY : Selector.Ports.of(identity.port());
    }

    /** No packet has these addresses. */
    private static AddressRange nobody(IpAddress family) {
        return AddressRange.of(switch (family) {
            case Ip6Address _ -> Ip6Address.ANY;
            case Ip4Address _ -> Ip4Address.ANY;
        });
    }
}
