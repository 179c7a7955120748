package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Address;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.SelectorExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Selectors as PF_KEY has them: address extensions with prefix length, protocol and port, where ICMP and the Mobility Header have types in the
 * place of ports and 0 is any. What these cannot say is in a {@link SelectorExtension} beside them; they then hold the smallest prefixes around.
 */
final class SelectorMessages {
    private SelectorMessages() {}

    /** For a policy: source, destination, and more if it must be. */
    static List<PfKeyExtension> write(Selector selector) {
        List<PfKeyExtension> extensions = new ArrayList<>();
        extensions.add(address(PfKeyExtension.ADDRESS_SRC, selector.source(), selector.protocol(), port(selector.sourcePorts())));
        extensions.add(address(PfKeyExtension.ADDRESS_DST, selector.destination(), selector.protocol(), port(selector.destinationPorts())));
        if (!plain(selector).equals(selector)) {
            extensions.add(exact(selector));
        }
        return extensions;
    }

    /** What remains of a selector when address extensions alone say it. */
    private static Selector plain(Selector s) {
        return new Selector(prefix(s.source()), prefix(s.destination()), s.protocol(), ports(port(s.sourcePorts())), ports(port(s.destinationPorts())));
    }

    static SelectorExtension exact(Selector s) {
        return new SelectorExtension(s.protocol(), s.sourcePorts().low(), s.sourcePorts().high(), s.destinationPorts().low(), s.destinationPorts().high(),
                s.source().low(), s.source().high(), s.destination().low(), s.destination().high());
    }

    static Address address(int type, AddressRange range, int protocol, int port) {
        return new Address(type, protocol, SpdIndex.commonBits(range), new SocketAddress(prefix(range).low(), port));
    }

    /** One whole address. */
    static Address address(int type, IpAddress address) {
        return address(type, AddressRange.of(address), 0, 0);
    }

    /** The smallest prefix around. */
    private static AddressRange prefix(AddressRange range) {
        return prefix(range.low(), SpdIndex.commonBits(range));
    }

    private static AddressRange prefix(IpAddress address, int bits) {
        return switch (address) {
            case Ip6Address a -> AddressRange.of(new Prefix(a, bits));
            case Ip4Address a -> AddressRange.of(new Ip4Prefix(a, bits));
        };
    }

    private static int port(Ports ports) {
        return ports.low() == ports.high() ? ports.low() : 0;
    }

    static Ports ports(int port) {
        return port == 0 ? Ports.ANY : Ports.of(port);
    }

    /** The prefix of an address extension. */
    static AddressRange range(Address address) {
        return prefix(address.socket().address(), address.prefixLength());
    }

    static int protocol(Address address) {
        return address.protocol() == 0 ? Selector.ANY_PROTOCOL : address.protocol();
    }

    /** The selector of a policy. */
    static Selector read(PfKeyMessage message) throws Refused {
        Address source = require(message, PfKeyExtension.ADDRESS_SRC);
        Address destination = require(message, PfKeyExtension.ADDRESS_DST);
        sameFamily(source, destination);
        if (protocol(source) != protocol(destination)) {
            throw new Refused(PfKeyError.EINVAL, "source and destination name two protocols");
        }
        Selector plain = new Selector(range(source), range(destination), protocol(source), ports(source.socket().port()), ports(destination.socket().port()));
        Selector exact = exact(message, plain);
        if (!plain.source().contains(exact.source()) || !plain.destination().contains(exact.destination())) {
            throw new Refused(PfKeyError.EINVAL, "the selector is not within its address extensions");
        }
        return exact;
    }

    /** The selector extension, or what else there is. */
    static Selector exact(PfKeyMessage message, Selector otherwise) throws Refused {
        SelectorExtension e = message.find(SelectorExtension.class).orElse(null);
        if (e == null) {
            return otherwise;
        }
        if (e.sourceLow().getClass() != e.destinationLow().getClass()) {
            throw new Refused(PfKeyError.EINVAL, "a selector of two families");
        }
        return new Selector(new AddressRange(e.sourceLow(), e.sourceHigh()), new AddressRange(e.destinationLow(), e.destinationHigh()),
                e.protocol() == 0 ? Selector.ANY_PROTOCOL : e.protocol(), new Ports(e.sourcePortLow(), e.sourcePortHigh()),
                new Ports(e.destinationPortLow(), e.destinationPortHigh()));
    }

    static Address require(PfKeyMessage message, int type) throws Refused {
        return message.address(type).orElseThrow(() -> new Refused(PfKeyError.EINVAL, "lacks " + PfKeyExtension.name(type)));
    }

    static void sameFamily(Address source, Address destination) throws Refused {
        if (source.socket().bits() != destination.socket().bits()) {
            throw new Refused(PfKeyError.EINVAL, "source and destination are of two families");
        }
    }
}
