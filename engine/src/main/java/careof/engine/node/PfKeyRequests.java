package careof.engine.node;

import careof.engine.base.IpAddress;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.VirtualTime;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import careof.engine.wire.pfkey.SelectorExtension;
import careof.engine.wire.pfkey.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** PF_KEY requests for rows as they shall be. */
final class PfKeyRequests {
    private PfKeyRequests() {}

    /** X_SPDADD. */
    static PfKeyMessage add(SpdEntry entry) {
        Selector selector = entry.selector();
        List<PfKeyExtension> extensions = new ArrayList<>(List.of(
                address(PfKeyExtension.ADDRESS_SRC, selector.source(), selector.protocol(), selector.sourcePorts()),
                address(PfKeyExtension.ADDRESS_DST, selector.destination(), selector.protocol(), selector.destinationPorts()),
                new PolicyExtension(policy(entry.action()), direction(entry.direction()), 0, entry.priority(),
                        entry.templates().stream().map(PfKeyRequests::request).toList())));
        if (!isPlain(selector)) {
            extensions.add(whole(selector));
        }
        if (!entry.port().isEmpty()) {
            extensions.add(new PfKeyExtension.Interface(entry.port()));
        }
        return PfKeyMessage.of(PfKeyMessage.X_SPDADD, PfKeyMessage.ANY_SA).withExtensions(extensions);
    }

    private static int policy(SpdEntry.Action action) {
        return switch (action) {
            case PROTECT -> PolicyExtension.IPSEC;
            case BYPASS -> PolicyExtension.NONE;
            case DISCARD -> PolicyExtension.DISCARD;
        };
    }

    private static int direction(SpdEntry.Direction direction) {
        return switch (direction) {
            case IN -> PolicyExtension.INBOUND;
            case OUT -> PolicyExtension.OUTBOUND;
        };
    }

    private static PolicyExtension.Request request(SpdEntry.Template template) {
        Optional<PolicyExtension.Ends> ends = template.mode() == Sa.Mode.TUNNEL
                ? Optional.of(new PolicyExtension.Ends(new SocketAddress(template.source(), 0), new SocketAddress(template.destination(), 0))) : Optional.empty();
        int level = switch (template.level()) {
            case USE -> 1;
            case REQUIRE -> 2;
            case UNIQUE -> 3;
        };
        return new PolicyExtension.Request(template.protocol().number(), mode(template.mode()), level, template.requestId(), ends);
    }

    private static int mode(Sa.Mode mode) {
        return switch (mode) {
            case TRANSPORT -> PolicyExtension.TRANSPORT;
            case TUNNEL -> PolicyExtension.TUNNEL;
        };
    }

    private static int type(Sa sa) {
        return switch (sa.protocol()) {
            case ESP -> PfKeyMessage.ESP;
            case AH -> PfKeyMessage.AH;
        };
    }

    /** ADD. */
    static PfKeyMessage add(Sa sa) {
        List<PfKeyExtension> extensions = new ArrayList<>(List.of(
                new PfKeyExtension.Association(sa.spi(), sa.replayWindow(), PfKeyExtension.Association.MATURE, sa.authentication().pfKey(), sa.encryption().pfKey(),
                        sa.extendedSequence() ? PfKeyExtension.Association.EXTENDED_SEQUENCE : 0),
                new PfKeyExtension.Sa2(mode(sa.mode()), 0, sa.requestId()),
                end(PfKeyExtension.ADDRESS_SRC, sa.source()),
                end(PfKeyExtension.ADDRESS_DST, sa.destination())));
        if (sa.mode() == Sa.Mode.TUNNEL) {
            // RFC 2367 section 3.1.4: the inner source; who is behind the other end, only our own extension can say
            extensions.add(address(PfKeyExtension.ADDRESS_PROXY, sa.selector().source(), sa.selector().protocol(), Selector.Ports.ANY));
        }
        extensions.addAll(lifetimes(sa.lifetimes()));
        key(extensions, PfKeyExtension.KEY_AUTH, sa.authenticationKey());
        key(extensions, PfKeyExtension.KEY_ENCRYPT, sa.encryptionKey());
        extensions.add(whole(sa.selector()));
        return PfKeyMessage.of(PfKeyMessage.ADD, type(sa)).withExtensions(extensions);
    }

    /** DELETE of one SA. */
    static PfKeyMessage delete(Sa sa) {
        return PfKeyMessage.of(PfKeyMessage.DELETE, type(sa),
                new PfKeyExtension.Association(sa.spi(), 0, 0, 0, 0, 0), end(PfKeyExtension.ADDRESS_SRC, sa.source()), end(PfKeyExtension.ADDRESS_DST, sa.destination()));
    }

    /** UPDATE: the same SA with other lifetimes. */
    static PfKeyMessage update(Sa sa) {
        PfKeyMessage add = add(sa);
        return PfKeyMessage.of(PfKeyMessage.UPDATE, add.saType()).withExtensions(add.extensions());
    }

    /** Seconds in whole; what is 0 both in time and octets is no limit. */
    private static List<PfKeyExtension> lifetimes(Sa.Lifetimes lifetimes) {
        List<PfKeyExtension> extensions = new ArrayList<>();
        if (lifetimes.hardTime() > 0 || lifetimes.hardOctets() > 0) {
            extensions.add(new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_HARD, 0, lifetimes.hardOctets(), lifetimes.hardTime() / VirtualTime.SECOND, 0));
        }
        if (lifetimes.softTime() > 0 || lifetimes.softOctets() > 0) {
            extensions.add(new PfKeyExtension.Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, lifetimes.softOctets(), lifetimes.softTime() / VirtualTime.SECOND, 0));
        }
        return extensions;
    }

    private static void key(List<PfKeyExtension> extensions, int type, Octets key) {
        if (key.length() > 0) {
            extensions.add(PfKeyExtension.Key.of(type, key));
        }
    }

    private static PfKeyExtension end(int type, IpAddress address) {
        return new PfKeyExtension.Address(type, 0, address instanceof Ip6Address ? 128 : 32, new SocketAddress(address, 0));
    }

    /** As PF_KEY has selectors: a prefix and one port, or any. */
    private static PfKeyExtension address(int type, AddressRange range, int protocol, Selector.Ports ports) {
        int length = Math.max(0, range.prefixLength());
        return new PfKeyExtension.Address(type, protocol, length, new SocketAddress(range.low(), isOne(ports) ? ports.low() : 0));
    }

    private static boolean isOne(Selector.Ports ports) {
        return ports.low() == ports.high();
    }

    /** Whether PF_KEY's own extensions say all of it: port 0 means any there. */
    private static boolean isPlain(Selector selector) {
        return selector.source().prefixLength() >= 0 && selector.destination().prefixLength() >= 0
                && isPlain(selector.sourcePorts()) && isPlain(selector.destinationPorts());
    }

    private static boolean isPlain(Selector.Ports ports) {
        return ports.equals(Selector.Ports.ANY) || isOne(ports) && ports.low() != 0;
    }

    private static SelectorExtension whole(Selector selector) {
        return new SelectorExtension(selector.protocol(), selector.sourcePorts().low(), selector.sourcePorts().high(), selector.destinationPorts().low(),
                selector.destinationPorts().high(), selector.source().low(), selector.source().high(), selector.destination().low(), selector.destination().high());
    }
}
