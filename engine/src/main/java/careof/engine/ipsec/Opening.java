package careof.engine.ipsec;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.stack.IpStack;
import careof.engine.stack.IpsecStages.Opened;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Packet;
import careof.engine.stack.Verdict;
import careof.engine.state.AddressEntry;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import careof.engine.wire.ipsec.UdpEncapsulation;
import java.util.List;
import java.util.Optional;

/**
 * Takes AH or ESP off a packet (RFC 4302 section 3.4, RFC 4303 section 3.4): find the SA, look for a replay, verify, decrypt, and only then
 * move the window; compare what came out with the SA's selectors.
 */
final class Opening {
    /** Layers of AH and ESP on one packet, tunnels included. */
    static final int MOST_LAYERS = SpdMessages.MOST_TEMPLATES;
    /** SPIs up to here are reserved (RFC 4303 section 2.1). */
    private static final long LAST_RESERVED = 255;

    private final IpStack stack;
    private final NodeEnv env;
    private final Sad sad;
    private final Transforms transforms;

    Opening(IpStack stack, Sad sad, Transforms transforms) {
        this.stack = stack;
        this.env = stack.env();
        this.sad = sad;
        this.transforms = transforms;
    }

    /** Whether AH or ESP is next, or ESP in UDP (RFC 3948 section 2.1). */
    static boolean isProtected(IpPacket whole) {
        int protocol = whole.protocol();
        return protocol == IpProtocol.ESP || protocol == IpProtocol.AH || protocol == IpProtocol.UDP && isInUdp(whole.payload());
    }

    private static boolean isInUdp(Octets datagram) {
        return datagram.length() >= Udp.HEADER + 4 && datagram.u16(2) == UdpEncapsulation.PORT && (datagram.u16(Udp.HEADER) | datagram.u16(Udp.HEADER + 2)) != 0;
    }

    /** One protected packet as far as it can be read without a key. */
    private record Header(Sa.Protocol protocol, long spi, long sequence, Octets octets, Sa.UdpPorts udp) {}

    Opened open(Packet packet, IpPacket whole, IpPacket wire, List<Sa> sas) {
        if (sas.size() >= MOST_LAYERS) {
            return ended(packet, Verdict.drop(Reason.IPSEC_NESTING, MOST_LAYERS));
        }
        if (isPiece(whole)) {
            return ended(packet, Verdict.drop(Reason.IPSEC_FRAGMENT));
        }
        Header header;
        try {
            header = header(whole);
        } catch (Malformed e) {
            return ended(packet, Verdict.drop(Reason.IPSEC_MALFORMED, e.getMessage()));
        }
        if (header.spi <= LAST_RESERVED) {
            return ended(packet, Verdict.drop(Reason.IPSEC_SPI_RESERVED, Sa.spi(header.spi)));
        }
        Optional<Sa> found = sad.inbound(header.protocol, header.spi, whole.destination()).or(() -> sad.inbound(header.protocol, header.spi, wire.destination()))
                .or(() -> elsewhere(header, whole.destination()));
        if (found.isEmpty()) {
            return ended(packet, Verdict.drop(Reason.IPSEC_UNKNOWN_SPI, Sa.spi(header.spi), whole.destination()));
        }
        Sa sa = found.get();
        if (sa.udp().equals(Sa.UdpPorts.NONE) != header.udp.equals(Sa.UdpPorts.NONE)) {
            String what = header.udp.equals(Sa.UdpPorts.NONE) ? "a packet without UDP" : "a packet in UDP";
            return ended(packet, Verdict.drop(Reason.IPSEC_SELECTOR, what).by(sa));
        }
        return verified(packet, whole, header, sa);
    }

    /**
     * An SPI is this node's own choice, and enough to name an SA (RFC 4301 section 4.1): a peer that lost sight of a mobile node sends to its home
     * address what the SA has for the care-of address.
     */
    private Optional<Sa> elsewhere(Header header, IpAddress destination) {
        return stack.isOwn(destination) ? stack.addresses().all().stream().map(AddressEntry::address)
                .flatMap(address -> sad.inbound(header.protocol, header.spi, address).stream()).findFirst() : Optional.empty();
    }

    private static boolean isPiece(IpPacket whole) {
        return switch (whole) {
            case Ip6Packet ip -> ip.fragment().isPresent() && !ip.fragment().get().isWhole();
            case Ip4Packet ip -> ip.header().moreFragments() || ip.header().fragmentOffset() > 0;
        };
    }

    private static Header header(IpPacket whole) throws Malformed {
        if (whole.protocol() == IpProtocol.AH) {
            AhHeader ah = AhHeader.parse(new OctetReader(whole.payload()));
            return new Header(Sa.Protocol.AH, ah.spi(), ah.sequence(), whole.payload(), Sa.UdpPorts.NONE);
        }
        Octets octets = whole.payload();
        Sa.UdpPorts ports = Sa.UdpPorts.NONE;
        if (whole.protocol() == IpProtocol.UDP) {
            Udp datagram = Udp.parse(octets, whole.source(), whole.destination());
            octets = datagram.data();
            ports = new Sa.UdpPorts(datagram.sourcePort(), datagram.destinationPort());
        }
        EspHeader esp = EspHeader.parse(new OctetReader(octets));
        return new Header(Sa.Protocol.ESP, esp.spi(), esp.sequence(), octets, ports);
    }

    /** With the keys of its SA: replay, ICV, padding. Only a packet that passes changes anything. */
    private Opened verified(Packet packet, IpPacket whole, Header header, Sa sa) {
        SaUse use = sad.use(sa);
        // Without an ICV anybody could move the window, so there is none (RFC 4303 section 2.2).
        int window = sa.authenticates() ? sa.replayWindow() : 0;
        long sequence = ReplayWindow.infer(use.sequence(), window, header.sequence, sa.extendedSequence());
        if (window > 0 && !ReplayWindow.isFresh(use.sequence(), use.window(), window, sequence)) {
            return ended(packet, Verdict.drop(Reason.IPSEC_REPLAY, Long.toUnsignedString(sequence), Long.toUnsignedString(use.sequence())).by(sa));
        }
        Unwrapped unwrapped = switch (sa.protocol()) {
            case ESP -> transforms.esp(sa).open(header.octets, sequence);
            case AH -> transforms.ah(sa).open(packet.octets(), sequence);
        };
        return switch (unwrapped) {
            case Unwrapped.BadIcv _ -> ended(packet, Verdict.drop(Reason.IPSEC_BAD_ICV, Long.toUnsignedString(sequence)).by(sa));
            case Unwrapped.BadPadding bad -> ended(packet, Verdict.drop(Reason.IPSEC_BAD_PADDING, bad.what()).by(sa));
            case Unwrapped.Broken broken -> ended(packet, Verdict.drop(Reason.IPSEC_MALFORMED, broken.what()).by(sa));
            case Unwrapped.Payload payload -> {
                sad.received(sa, ReplayWindow.highest(use.sequence(), sequence), ReplayWindow.seen(use.sequence(), use.window(), sequence),
                        octets(sa, header, whole));
                if (env.recorder().records(packet.significant())) {
                    env.said(packet, Verdict.pass(Reason.IPSEC_REMOVED, sa, Long.toUnsignedString(sequence)).by(sa));
                }
                yield payload.nextHeader() == IpProtocol.NONE ? ended(packet, Verdict.drop(Reason.IPSEC_DUMMY).by(sa)) : opened(packet, whole, payload, sa);
            }
        };
    }

    /** What a lifetime counts: octets that were encrypted, or covered by the ICV (RFC 4301 section 4.4.2.1). */
    private int octets(Sa sa, Header header, IpPacket whole) {
        return switch (sa.protocol()) {
            case ESP -> header.octets.length() - transforms.esp(sa).payloadOffset() - sa.encryption().icv() - sa.authentication().icv();
            case AH -> whole.length();
        };
    }

    private Opened opened(Packet packet, IpPacket whole, Unwrapped.Payload payload, Sa sa) {
        if (sa.mode() == Sa.Mode.TUNNEL) {
            return tunnel(packet, whole, payload, sa);
        }
        IpPacket inner = whole.withPayload(payload.nextHeader(), payload.payload());
        boolean nested = payload.nextHeader() == IpProtocol.AH || payload.nextHeader() == IpProtocol.ESP;
        Flow flow = nested ? Flow.of(inner) : Flow.of(read(inner));
        if (!matches(sa, flow, flow.source(), nested) && !(nested && isAroundTunnel(inner)) && !matchesError(sa, inner)) {
            return ended(packet, Verdict.drop(Reason.IPSEC_SELECTOR, Words.packet(flow)).by(sa));
        }
        return new Opened.Transport(payload.nextHeader(), payload.payload(), sa);
    }

    /**
     * Whether what AH or ESP in transport mode covered is a tunnel's. Its addresses are the tunnel's outer ones then, and the tunnel decides what they
     * must be (recommendation C2): the packet that tells of a move comes from an address that neither SA has yet.
     */
    private boolean isAroundTunnel(IpPacket covered) {
        try {
            Header header = header(covered);
            return sad.inbound(header.protocol, header.spi, covered.destination()).or(() -> elsewhere(header, covered.destination()))
                    .filter(sa -> sa.mode() == Sa.Mode.TUNNEL).isPresent();
        } catch (Malformed e) {
            return false;
        }
    }

    /** With the extension headers that AH or ESP covered as such; one that cannot be read stays as it is, and is found out further up. */
    private static IpPacket read(IpPacket packet) {
        try {
            return packet instanceof Ip6Packet && IpProtocol.isExtension(packet.protocol()) ? Ip6Packet.parse(packet.toOctets()) : packet;
        } catch (Malformed e) {
            return packet;
        }
    }

    private Opened tunnel(Packet packet, IpPacket whole, Unwrapped.Payload payload, Sa sa) {
        IpPacket inner;
        try {
            inner = switch (payload.nextHeader()) {
                case IpProtocol.IP6 -> Ip6Packet.parsePassing(payload.payload());
                case IpProtocol.IP4 -> Ip4Packet.parse(payload.payload());
                default -> throw new Malformed(IpProtocol.name(payload.nextHeader()) + " in tunnel mode", payload.start());
            };
        } catch (Malformed e) {
            return ended(packet, Verdict.drop(Reason.IPSEC_MALFORMED, e.getMessage()).by(sa));
        }
        Optional<Verdict.Drop> refused = addresses(whole, inner, sa);
        if (refused.isPresent()) {
            return ended(packet, refused.get().by(sa));
        }
        // What is longer than the packet says hides its length (RFC 4303 section 2.7).
        Octets exact = payload.payload().slice(0, inner.length());
        return new Opened.Tunnel(TunnelHeaders.inner(exact, inner, whole.trafficClass()), sa);
    }

    /** Which addresses, outer or inner, are compared with what (recommendations C1, C2 and D). */
    private Optional<Verdict.Drop> addresses(IpPacket outer, IpPacket inner, Sa sa) {
        Flow flow = Flow.of(inner);
        if (!TunnelHeaders.fit(env.policy(), inner, outer.source())) {
            return Optional.of(TunnelHeaders.misfit(inner, outer.source()));
        }
        if (env.policy().pinsOuterSource() && !outer.source().equals(sa.source())) {
            return Optional.of(Verdict.drop(Reason.OUTER_SOURCE_PINNED, outer.source(), sa.source()));
        }
        boolean nested = flow.protocol() == IpProtocol.AH || flow.protocol() == IpProtocol.ESP;
        if (env.policy().checksInnerSource()) {
            return matches(sa, flow, flow.source(), nested) || matchesError(sa, inner) ? Optional.empty()
                    : Optional.of(Verdict.drop(Reason.IPSEC_SELECTOR, Words.packet(flow)));
        }
        if (!sa.selector().source().contains(outer.source())) {
            return Optional.of(Verdict.drop(Reason.OUTER_SOURCE_SELECTOR, outer.source(), sa.selector().source()));
        }
        return matches(sa, flow, sa.selector().source().low(), nested) ? Optional.empty() : Optional.of(Verdict.drop(Reason.IPSEC_SELECTOR, Words.packet(flow)));
    }

    /**
     * @param source that is compared with the selector
     * @param nested AH or ESP is next: what it covers is its own SA's to compare
     */
    private static boolean matches(Sa sa, Flow flow, IpAddress source, boolean nested) {
        return nested ? sa.selector().source().contains(source) && sa.selector().destination().contains(flow.destination())
                : sa.selector().matches(source, flow.destination(), flow.protocol(), flow.sourcePort(), flow.destinationPort());
    }

    /** An ICMP error may come the way of what it is about (RFC 4301 section 6.2). */
    private static boolean matchesError(Sa sa, IpPacket packet) {
        return IcmpQuote.of(packet).map(quote -> Sad.matches(sa.selector(), quote.back())).orElse(false);
    }

    private Opened ended(Packet packet, Verdict why) {
        env.said(packet, why);
        return new Opened.Ended();
    }
}
