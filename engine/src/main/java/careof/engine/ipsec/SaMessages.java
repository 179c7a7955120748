package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.wire.pfkey.PfKeyError;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyExtension.Address;
import careof.engine.wire.pfkey.PfKeyExtension.Association;
import careof.engine.wire.pfkey.PfKeyExtension.Hiding;
import careof.engine.wire.pfkey.PfKeyExtension.Key;
import careof.engine.wire.pfkey.PfKeyExtension.Lifetime;
import careof.engine.wire.pfkey.PfKeyExtension.NatPort;
import careof.engine.wire.pfkey.PfKeyExtension.NatType;
import careof.engine.wire.pfkey.PfKeyExtension.Sa2;
import careof.engine.wire.pfkey.PfKeyMessage;
import careof.engine.wire.pfkey.PolicyExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * SAs as PF_KEY messages, both ways.
 *
 * <p>The selector of a tunnel's SA is from the PROXY address to any of its family; without one from any to any of the outer family. That of a
 * transport SA is from source to destination with the protocol and ports of these address extensions. Another one is in our own selector
 * extension.
 */
public final class SaMessages {
    /** Lifetimes of PF_KEY are in whole seconds, see {@link #add}. */
    private static final long SECOND = VirtualTime.SECOND;
    private static final int MOST_REPLAY = 64;

    private SaMessages() {}

    /**
     * The request that makes an SA.
     *
     * @param sa its id, phase and time of making do not count; its lifetimes are rounded up to whole seconds
     */
    public static PfKeyMessage add(Sa sa) {
        return message(PfKeyMessage.ADD, sa);
    }

    /** As {@link #add}, for an SA whose SPI was got by GETSPI, or to change lifetimes. */
    public static PfKeyMessage update(Sa sa) {
        return message(PfKeyMessage.UPDATE, sa);
    }

    private static PfKeyMessage message(int type, Sa sa) {
        return PfKeyMessage.of(type, type(sa.protocol())).withExtensions(all(sa, Optional.empty(), true));
    }

    public static PfKeyMessage delete(Sa.Protocol protocol, long spi, IpAddress source, IpAddress destination) {
        return naming(PfKeyMessage.DELETE, protocol, spi, source, destination);
    }

    public static PfKeyMessage get(Sa.Protocol protocol, long spi, IpAddress source, IpAddress destination) {
        return naming(PfKeyMessage.GET, protocol, spi, source, destination);
    }

    /** A message that names an SA and says no more of it. */
    static PfKeyMessage naming(int type, Sa.Protocol protocol, long spi, IpAddress source, IpAddress destination) {
        return PfKeyMessage.of(type, type(protocol), new Association(spi, 0, Association.MATURE, 0, 0, 0),
                SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, source), SelectorMessages.address(PfKeyExtension.ADDRESS_DST, destination));
    }

    /** The request for an SPI in a range, both inclusive. */
    public static PfKeyMessage getSpi(Sa.Protocol protocol, Sa.Mode mode, IpAddress source, IpAddress destination, long least, long most, long requestId) {
        return PfKeyMessage.of(PfKeyMessage.GETSPI, type(protocol), new PfKeyExtension.SpiRange(least, most), new Sa2(mode(mode), 0, requestId),
                SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, source), SelectorMessages.address(PfKeyExtension.ADDRESS_DST, destination));
    }

    static int type(Sa.Protocol protocol) {
        return switch (protocol) {
            case ESP -> PfKeyMessage.ESP;
            case AH -> PfKeyMessage.AH;
        };
    }

    static Sa.Protocol protocol(int saType) throws Refused {
        return switch (saType) {
            case PfKeyMessage.ESP -> Sa.Protocol.ESP;
            case PfKeyMessage.AH -> Sa.Protocol.AH;
            default -> throw new Refused(PfKeyError.EINVAL, "SA type " + saType + " is neither AH nor ESP");
        };
    }

    static int mode(Sa.Mode mode) {
        return switch (mode) {
            case TRANSPORT -> PolicyExtension.TRANSPORT;
            case TUNNEL -> PolicyExtension.TUNNEL;
        };
    }

    static Sa.Mode mode(int mode) throws Refused {
        return switch (mode) {
            case PolicyExtension.ANY_MODE, PolicyExtension.TRANSPORT -> Sa.Mode.TRANSPORT;
            case PolicyExtension.TUNNEL -> Sa.Mode.TUNNEL;
            default -> throw new Refused(PfKeyError.EINVAL, "mode " + mode + " is neither transport nor tunnel");
        };
    }

    /** All that there is to say of an SA. */
    static List<PfKeyExtension> all(Sa sa, Optional<SaUse> use, boolean keys) {
        List<PfKeyExtension> e = new ArrayList<>();
        e.add(association(sa));
        Sa.Lifetimes limits = sa.lifetimes();
        if (!limits.equals(Sa.Lifetimes.NONE)) {
            e.add(new Lifetime(PfKeyExtension.LIFETIME_HARD, 0, limits.hardOctets(), seconds(limits.hardTime()), 0));
            e.add(new Lifetime(PfKeyExtension.LIFETIME_SOFT, 0, limits.softOctets(), seconds(limits.softTime()), 0));
        }
        use.ifPresent(u -> e.add(current(sa, u)));
        addresses(sa, e);
        if (keys && !sa.authenticationKey().isEmpty()) {
            e.add(Key.of(PfKeyExtension.KEY_AUTH, sa.authenticationKey()));
        }
        if (keys && sa.encryption() != Encryption.NONE) {
            e.add(Key.of(PfKeyExtension.KEY_ENCRYPT, sa.encryptionKey()));
        }
        e.add(new Sa2(mode(sa.mode()), 0, sa.requestId()));
        if (!sa.udp().equals(Sa.UdpPorts.NONE)) {
            e.add(new NatType(NatType.ESP_IN_UDP));
            e.add(new NatPort(PfKeyExtension.X_NAT_T_SPORT, sa.udp().source()));
            e.add(new NatPort(PfKeyExtension.X_NAT_T_DPORT, sa.udp().destination()));
        }
        if (!sa.hiding().equals(Sa.Hiding.NONE)) {
            e.add(new Hiding(sa.hiding().padding(), sa.hiding().dummies()));
        }
        return e;
    }

    static Association association(Sa sa) {
        return new Association(sa.spi(), sa.replayWindow(), state(sa.phase()), sa.authentication().pfKey(), sa.encryption().pfKey(),
                sa.extendedSequence() ? Association.EXTENDED_SEQUENCE : 0);
    }

    private static int state(Sa.Phase phase) {
        return switch (phase) {
            case LARVAL -> Association.LARVAL;
            case MATURE -> Association.MATURE;
            case DYING -> Association.DYING;
            case DEAD -> Association.DEAD;
        };
    }

    /** How much of its life an SA has had; times in seconds of the run. */
    static Lifetime current(Sa sa, SaUse use) {
        return new Lifetime(PfKeyExtension.LIFETIME_CURRENT, 0, use.octets(), sa.created() / SECOND, use.usedAt() / SECOND);
    }

    static long seconds(long nanos) {
        return (nanos + SECOND - 1) / SECOND;
    }

    private static void addresses(Sa sa, List<PfKeyExtension> e) {
        Selector s = sa.selector();
        boolean plainPorts = sa.mode() == Sa.Mode.TRANSPORT;
        int protocol = plainPorts ? s.protocol() : 0;
        Address source = SelectorMessages.address(PfKeyExtension.ADDRESS_SRC, AddressRange.of(sa.source()), protocol, plainPorts ? single(s.sourcePorts()) : 0);
        Address destination = SelectorMessages.address(PfKeyExtension.ADDRESS_DST, AddressRange.of(sa.destination()), protocol,
                plainPorts ? single(s.destinationPorts()) : 0);
        e.add(source);
        e.add(destination);
        Optional<Address> proxy = Optional.empty();
        if (sa.mode() == Sa.Mode.TUNNEL && !plain(sa.mode(), source, destination, proxy).equals(s)) {
            proxy = Optional.of(SelectorMessages.address(PfKeyExtension.ADDRESS_PROXY, s.source(), 0, 0));
            e.add(proxy.get());
        }
        if (!plain(sa.mode(), source, destination, proxy).equals(s)) {
            e.add(SelectorMessages.exact(s));
        }
    }

    private static int single(Selector.Ports ports) {
        return ports.low() == ports.high() ? ports.low() : 0;
    }

    private static AddressRange any(IpAddress family) {
        return switch (family) {
            case Ip6Address _ -> AddressRange.ALL_IP6;
            case Ip4Address _ -> AddressRange.ALL_IP4;
        };
    }

    /** The selector that the address extensions say. */
    private static Selector plain(Sa.Mode mode, Address source, Address destination, Optional<Address> proxy) {
        return switch (mode) {
            case TRANSPORT -> new Selector(AddressRange.of(source.socket().address()), AddressRange.of(destination.socket().address()),
                    SelectorMessages.protocol(source), SelectorMessages.ports(source.socket().port()), SelectorMessages.ports(destination.socket().port()));
            case TUNNEL -> Selector.between(proxy.map(SelectorMessages::range).orElse(any(source.socket().address())),
                    any(proxy.orElse(source).socket().address()));
        };
    }

    /**
     * The SA that an ADD or UPDATE asks for.
     *
     * @param id  of its row
     * @param now nanoseconds
     */
    static Sa read(PfKeyMessage m, int id, long now, boolean desAllowed) throws Refused {
        Sa.Protocol protocol = protocol(m.saType());
        Association association = m.find(Association.class).orElseThrow(() -> new Refused(PfKeyError.EINVAL, "lacks SA"));
        Address source = end(m, PfKeyExtension.ADDRESS_SRC);
        Address destination = end(m, PfKeyExtension.ADDRESS_DST);
        SelectorMessages.sameFamily(source, destination);
        if (association.spi() < SaLifetimes.LEAST_SPI) {
            throw new Refused(PfKeyError.EINVAL, "SPI " + association.spi() + " is reserved (RFC 4303 section 2.1)");
        }
        if (association.state() != Association.MATURE) {
            throw new Refused(PfKeyError.EINVAL, "only mature SAs are added (RFC 2367 section 3.1.3)");
        }
        if (association.replayWindow() > MOST_REPLAY || (association.flags() & ~Association.EXTENDED_SEQUENCE) != 0) {
            throw new Refused(PfKeyError.EINVAL, "replay window or flags that this node cannot do");
        }
        Encryption encryption = Algorithms.encryption(protocol, association.encryption(), desAllowed);
        Authentication authentication = Algorithms.authentication(association.authentication());
        Algorithms.check(protocol, encryption, authentication);
        Optional<Sa2> sa2 = m.find(Sa2.class);
        Sa.Mode mode = sa2.isPresent() ? mode(sa2.get().mode()) : Sa.Mode.TRANSPORT;
        Optional<Address> proxy = m.address(PfKeyExtension.ADDRESS_PROXY);
        if (mode == Sa.Mode.TRANSPORT && proxy.isPresent()) {
            throw new Refused(PfKeyError.EINVAL, "a proxy address in transport mode");
        }
        Selector selector = SelectorMessages.exact(m, plain(mode, source, destination, proxy));
        return new Sa(id, association.spi(), protocol, mode, source.socket().address(), destination.socket().address(), selector, encryption,
                Algorithms.encryptionKey(m, encryption), authentication, Algorithms.authenticationKey(m, authentication),
                (association.flags() & Association.EXTENDED_SEQUENCE) != 0, association.replayWindow(), sa2.map(Sa2::requestId).orElse(0L),
                lifetimes(m), udp(m, protocol), Sa.Phase.MATURE, now, hiding(m, protocol, mode));
    }

    /** An address that an SA may end at. */
    static Address end(PfKeyMessage m, int type) throws Refused {
        Address address = SelectorMessages.require(m, type);
        if (!isEnd(address.socket().address())) {
            throw new Refused(PfKeyError.EINVAL, "no SA ends at " + address.socket().address());
        }
        return address;
    }

    /** Whether an SA may end there: neither unspecified nor multicast. */
    static boolean isEnd(IpAddress address) {
        return switch (address) {
            case Ip6Address a -> !a.isUnspecified() && !a.isMulticast();
            case Ip4Address a -> !a.equals(Ip4Address.ANY) && !a.isMulticast() && !a.equals(Ip4Address.BROADCAST);
        };
    }

    private static Sa.Lifetimes lifetimes(PfKeyMessage m) throws Refused {
        Optional<Lifetime> hard = m.find(Lifetime.class, PfKeyExtension.LIFETIME_HARD);
        Optional<Lifetime> soft = m.find(Lifetime.class, PfKeyExtension.LIFETIME_SOFT);
        if (hard.isPresent() != soft.isPresent()) {
            throw new Refused(PfKeyError.EINVAL, "hard and soft lifetime come together");
        }
        if (hard.isEmpty()) {
            return Sa.Lifetimes.NONE;
        }
        Lifetime h = hard.get();
        Lifetime s = soft.orElseThrow();
        if (h.allocations() != 0 || s.allocations() != 0 || h.useTime() != 0 || s.useTime() != 0) {
            throw new Refused(PfKeyError.EINVAL, "allocations and time from first use are no limits here");
        }
        return new Sa.Lifetimes(nanos(s.addTime()), nanos(h.addTime()), positive(s.octets()), positive(h.octets()));
    }

    private static long nanos(long seconds) throws Refused {
        if (seconds < 0 || seconds > Long.MAX_VALUE / SECOND) {
            throw new Refused(PfKeyError.EINVAL, "a lifetime of more than 292 years");
        }
        return seconds * SECOND;
    }

    private static long positive(long octets) throws Refused {
        if (octets < 0) {
            throw new Refused(PfKeyError.EINVAL, "a lifetime of more than 2^63 octets");
        }
        return octets;
    }

    private static Sa.Hiding hiding(PfKeyMessage m, Sa.Protocol protocol, Sa.Mode mode) throws Refused {
        Optional<Hiding> found = m.find(Hiding.class);
        if (found.isEmpty()) {
            return Sa.Hiding.NONE;
        }
        Hiding hiding = found.get();
        if (protocol != Sa.Protocol.ESP || mode != Sa.Mode.TUNNEL) {
            throw new Refused(PfKeyError.EINVAL, "only a tunnel of ESP hides how much it carries (RFC 4303 section 2.7)");
        }
        if (hiding.padding() > Sa.Hiding.MOST_PADDING || hiding.dummies() != 0 && hiding.dummies() < Sa.Hiding.LEAST_INTERVAL) {
            throw new Refused(PfKeyError.EINVAL, "padding of " + hiding.padding() + " octets, a dummy each " + hiding.dummies() + " ns");
        }
        return new Sa.Hiding((int) hiding.padding(), hiding.dummies());
    }

    private static Sa.UdpPorts udp(PfKeyMessage m, Sa.Protocol protocol) throws Refused {
        Optional<NatType> kind = m.find(NatType.class);
        if (kind.isEmpty()) {
            return Sa.UdpPorts.NONE;
        }
        Optional<NatPort> source = m.find(NatPort.class, PfKeyExtension.X_NAT_T_SPORT);
        Optional<NatPort> destination = m.find(NatPort.class, PfKeyExtension.X_NAT_T_DPORT);
        if (kind.get().kind() != NatType.ESP_IN_UDP || protocol != Sa.Protocol.ESP || source.isEmpty() || destination.isEmpty()
                || source.get().port() == 0 || destination.get().port() == 0) {
            throw new Refused(PfKeyError.EINVAL, "UDP carries ESP, and has two ports (RFC 3948)");
        }
        return new Sa.UdpPorts(source.get().port(), destination.get().port());
    }
}
