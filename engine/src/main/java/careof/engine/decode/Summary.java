package careof.engine.decode;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.Octets;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.PacketSummary.Wrap;
import careof.engine.ipsec.Unwrapped;
import careof.engine.state.Sa;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Arp;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.TcpHeader;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import careof.engine.wire.ipsec.UdpEncapsulation;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.IsakmpName;
import careof.engine.wire.mobility.BindingStatus;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one line that says what a frame is; never throws. */
public final class Summary {
    private String source = "";
    private String destination = "";
    private String innerAddresses = "";
    private int rings;
    private int layers;
    private final List<Wrap> wraps = new ArrayList<>();
    private final Opener opener;
    private boolean homeAddressOption;
    private boolean routingHeader;
    private Optional<IsakmpHeader> isakmp = Optional.empty();

    private Summary(Opener opener) {
        this.opener = opener;
    }

    /** What the innermost packet is. */
    private record Line(String protocol, Kind kind, String shortName, String info) {}

    /** The line for one frame as whoever has no keys sees it. */
    public static PacketSummary of(Octets frame, LinkType link) {
        return of(frame, link, Opener.NONE);
    }

    /** The line for one frame, also of what is encrypted where the key is known. */
    public static PacketSummary of(Octets frame, LinkType link, Opener opener) {
        Summary summary = new Summary(opener);
        Line line;
        try {
            line = summary.link(frame, link);
        } catch (Malformed e) {
            line = new Line("malformed", Kind.OTHER, "malformed", "malformed: " + e.getMessage());
        }
        String info = summary.rings == 0 ? line.info : line.info + ", inner " + summary.innerAddresses;
        return new PacketSummary(summary.source, summary.destination, line.protocol, info, line.kind, summary.rings, summary.wraps,
                summary.homeAddressOption, summary.routingHeader, line.shortName, summary.isakmp);
    }

    private Line link(Octets frame, LinkType link) throws Malformed {
        OctetReader in = new OctetReader(frame);
        return switch (link) {
            case ETHERNET -> {
                Ethernet ethernet = Ethernet.parse(in);
                source = ethernet.source().toString();
                destination = ethernet.destination().toString();
                yield network(ethernet.etherType(), in.rest());
            }
            case LINUX_SLL -> {
                in.skip(14);
                yield network(in.u16(), in.rest());
            }
            case LINUX_SLL2 -> {
                int protocol = in.u16();
                in.skip(18);
                yield network(protocol, in.rest());
            }
            case NULL, LOOP -> {
                in.skip(4);
                yield ip(in.rest(), 0);
            }
            case RAW_IP, IP4, IP6 -> ip(in.rest(), 0);
            case UNKNOWN -> new Line("unknown", Kind.OTHER, "frame", frame.length() + " octets of an unknown link type");
        };
    }

    private Line network(int etherType, Octets afterType) throws Malformed {
        int type = etherType;
        Octets payload = afterType;
        for (int tags = 0; Ethernet.isTag(type) && tags < Dissector.MAX_DEPTH; tags++) {
            OctetReader in = new OctetReader(payload);
            in.skip(2);
            type = in.u16();
            payload = in.rest();
        }
        return switch (type) {
            case Ethernet.IP6 -> ip6(payload, 0);
            case Ethernet.IP4 -> ip4(payload, 0);
            case Ethernet.ARP -> arp(payload);
            default -> new Line("Ethernet", Kind.OTHER, "frame", String.format(Locale.ROOT, "type 0x%04x, %d octets", type, payload.length()));
        };
    }

    private Line ip(Octets packet, int depth) throws Malformed {
        return new OctetReader(packet).u8() >>> 4 == 4 ? ip4(packet, depth) : ip6(packet, depth);
    }

    private static Line arp(Octets payload) throws Malformed {
        Arp arp = Arp.parse(new OctetReader(payload));
        return new Line("ARP", Kind.NEIGHBOUR_DISCOVERY, "ARP", switch (arp.operation()) {
            case Arp.REQUEST -> "who has " + arp.target() + "? tell " + arp.sender();
            case Arp.REPLY -> arp.sender() + " is at " + arp.senderMac();
            default -> "operation " + arp.operation();
        });
    }

    private void addresses(IpAddress from, IpAddress to, int depth) throws Malformed {
        if (depth > Dissector.MAX_DEPTH) {
            throw new Malformed("more than " + Dissector.MAX_DEPTH + " packets inside each other", 0);
        }
        if (depth == 0) {
            source = from.toString();
            destination = to.toString();
        } else {
            rings = depth;
            wraps.add(Wrap.TUNNEL);
            innerAddresses = from + " → " + to;
        }
    }

    private Line ip4(Octets octets, int depth) throws Malformed {
        Ip4Packet packet = Ip4Packet.parse(octets);
        addresses(packet.source(), packet.destination(), depth);
        return carried(packet, depth);
    }

    private Line ip6(Octets octets, int depth) throws Malformed {
        Ip6Packet packet = Ip6Packet.parse(octets);
        addresses(packet.source(), packet.destination(), depth);
        return carried(packet, depth);
    }

    /** What the IP header carries; again once AH or ESP is taken off. */
    private Line carried(IpPacket ip, int depth) throws Malformed {
        switch (ip) {
            case Ip6Packet packet -> {
                homeAddressOption |= packet.homeAddressOption().isPresent();
                routingHeader |= packet.type2Routing().isPresent();
                for (ExtensionHeader extension : packet.extensions()) {
                    if (extension instanceof ExtensionHeader.Fragment f && !f.isWhole()) {
                        return fragment(packet.protocol(), f.offset(), f.more(), packet.payload());
                    }
                }
                return upper(packet, packet.originalSource(), packet.finalDestination(), depth);
            }
            case Ip4Packet packet -> {
                Ip4Header header = packet.header();
                if (header.moreFragments() || header.fragmentOffset() > 0) {
                    return fragment(header.protocol(), header.fragmentOffset(), header.moreFragments(), packet.payload());
                }
                return upper(packet, packet.source(), packet.destination(), depth);
            }
        }
    }

    private void wrap(Wrap wrap) throws Malformed {
        wraps.add(wrap);
        if (++layers > Dissector.MAX_DEPTH) {
            throw new Malformed("more than " + Dissector.MAX_DEPTH + " layers inside each other", 0);
        }
    }

    private Line without(IpPacket packet, int next, Octets payload, int depth) throws Malformed {
        IpPacket rest = packet.withPayload(next, payload);
        return carried(IpProtocol.isExtension(next) ? IpPacket.parse(rest.toOctets()) : rest, depth);
    }

    private Line ah(IpPacket packet, int depth) throws Malformed {
        wrap(Wrap.AH);
        AhHeader header = AhHeader.parse(new OctetReader(packet.payload()));
        return without(packet, header.nextHeader(), packet.payload().from(header.length()), depth);
    }

    private Line esp(IpPacket packet, IpAddress to, Octets esp, int depth) throws Malformed {
        wrap(Wrap.ESP);
        EspHeader header = EspHeader.parse(new OctetReader(esp));
        String name = "SPI " + Sa.spi(header.spi()) + " seq=" + header.sequence();
        return switch (opener.esp(packet.destination(), to, esp).map(Opener.Opened::what).orElse(null)) {
            case Unwrapped.Payload p when p.nextHeader() == IpProtocol.NONE -> new Line("ESP", Kind.OTHER, "dummy", name + ", a dummy packet");
            case Unwrapped.Payload p -> without(packet, p.nextHeader(), p.payload(), depth);
            case Unwrapped.BadIcv _ -> new Line("ESP", Kind.OTHER, "ESP", name + ", ICV wrong");
            case Unwrapped.BadPadding w -> new Line("ESP", Kind.OTHER, "ESP", name + ", padding wrong: " + w.what());
            case Unwrapped.Broken w -> new Line("ESP", Kind.OTHER, "ESP", name + ", malformed: " + w.what());
            case null -> new Line("ESP", Kind.OTHER, "ESP", name + " len=" + esp.length());
        };
    }

    private static Line fragment(int protocol, int offset, boolean more, Octets data) {
        Kind kind = switch (protocol) {
            case IpProtocol.MOBILITY -> Kind.MOBILITY;
            case IpProtocol.UDP, IpProtocol.TCP, IpProtocol.ICMP6, IpProtocol.ICMP4 -> Kind.DATA;
            default -> Kind.OTHER;
        };
        return new Line("fragment", kind, "fragment", "fragment of " + IpProtocol.name(protocol) + ", octets " + offset + "–"
                + (offset + data.length()) + (more ? ", more to come" : ", the last"));
    }

    private Line upper(IpPacket packet, IpAddress from, IpAddress to, int depth) throws Malformed {
        int protocol = packet.protocol();
        Octets payload = packet.payload();
        return switch (protocol) {
            case IpProtocol.AH -> ah(packet, depth);
            case IpProtocol.ESP -> esp(packet, to, payload, depth);
            case IpProtocol.IP6 -> ip6(payload, depth + 1);
            case IpProtocol.IP4 -> ip4(payload, depth + 1);
            case IpProtocol.UDP -> udp(packet, payload, to, depth);
            case IpProtocol.TCP -> tcp(payload);
            case IpProtocol.ICMP4 -> icmp4(payload);
            case IpProtocol.ICMP6 -> from instanceof Ip6Address s && to instanceof Ip6Address d
                    ? icmp6(payload, s, d) : other(protocol, payload);
            case IpProtocol.MOBILITY -> from instanceof Ip6Address s && to instanceof Ip6Address d
                    ? mobility(payload, s, d) : other(protocol, payload);
            default -> other(protocol, payload);
        };
    }

    private static Line other(int protocol, Octets payload) {
        String name = IpProtocol.name(protocol);
        return new Line(name, Kind.OTHER, name, name + ", " + payload.length() + " octets");
    }

    private Line udp(IpPacket packet, Octets payload, IpAddress finalDestination, int depth) throws Malformed {
        OctetReader in = new OctetReader(payload);
        int from = in.u16();
        int to = in.u16();
        int length = in.u16() - Udp.HEADER;
        in.skip(2);
        Octets data = in.octets(Math.clamp(length, 0, in.remaining()));
        if ((from == TransportDissector.MOBILE_PORT || to == TransportDissector.MOBILE_PORT) && !data.isEmpty()
                && (data.at(0) >>> 4 == 6 || data.at(0) >>> 4 == 4)) {
            return ip(data, depth + 1);
        }
        boolean encapsulation = from == UdpEncapsulation.PORT || to == UdpEncapsulation.PORT;
        if (encapsulation && !data.isEmpty() && UdpEncapsulation.parse(data) instanceof UdpEncapsulation.Esp e) {
            return esp(packet, finalDestination, e.packet(), depth);
        }
        if (opener.isEsp(from, to, data)) {
            return esp(packet, finalDestination, data, depth);
        }
        if (TransportDissector.isFlow(data)) {
            long sequence = new OctetReader(payload.from(Udp.HEADER + 4)).u32();
            return new Line("UDP", Kind.DATA, "data " + sequence, from + " → " + to + " len=" + length + " seq=" + sequence);
        }
        Optional<Octets> isakmp = IsakmpMessage.inUdp(from, to, data);
        return isakmp.isPresent() ? isakmp(packet.source(), isakmp.get())
                : new Line("UDP", encapsulation ? Kind.OTHER : Kind.DATA, encapsulation ? "keepalive" : "UDP", from + " → " + to + " len=" + length);
    }

    private Line isakmp(IpAddress from, Octets octets) {
        SeenIke seen;
        try {
            seen = SeenIke.of(IsakmpMessage.parse(octets), from, opener);
        } catch (Malformed e) {
            return new Line("ISAKMP", Kind.IKE, IsakmpName.IKE, "malformed: " + e.getMessage());
        }
        isakmp = Optional.of(seen.message().header());
        return new Line("ISAKMP", Kind.IKE, seen.name(), IsakmpWords.of(seen));
    }

    private static Line tcp(Octets payload) throws Malformed {
        OctetReader in = new OctetReader(payload);
        TcpHeader header = TcpHeader.parse(in);
        return new Line("TCP", Kind.DATA, "TCP", header.sourcePort() + " → " + header.destinationPort() + " "
                + TransportDissector.flags(header.flags()) + " len=" + in.remaining());
    }

    private static Line icmp4(Octets payload) throws Malformed {
        return switch (Icmp4Message.parse(payload)) {
            case Icmp4Message.EchoRequest m -> ping("ICMP", "ping", m.identifier(), m.sequence());
            case Icmp4Message.EchoReply m -> ping("ICMP", "pong", m.identifier(), m.sequence());
            case Icmp4Message.DestinationUnreachable m ->
                    new Line("ICMP", Kind.ICMP_ERROR, "unreachable", "Destination Unreachable, code " + m.code());
            case Icmp4Message.ParameterProblem m ->
                    new Line("ICMP", Kind.ICMP_ERROR, "parameter problem", "Parameter Problem at octet " + m.pointer());
            case Icmp4Message.TimeExceeded m -> new Line("ICMP", Kind.ICMP_ERROR, "time exceeded", "Time Exceeded, code " + m.code());
            case Icmp4Message.Unknown m -> new Line("ICMP", Kind.OTHER, "ICMP " + m.type(), "type " + m.type() + " code " + m.code());
        };
    }

    private static Line ping(String protocol, String word, int identifier, int sequence) {
        return new Line(protocol, Kind.DATA, word + " " + sequence,
                (word.equals("ping") ? "Echo Request" : "Echo Reply") + String.format(Locale.ROOT, " id=0x%04x seq=%d", identifier, sequence));
    }

    private static Line icmp6(Octets payload, Ip6Address from, Ip6Address to) throws Malformed {
        Icmp6Message message = Icmp6Message.parse(payload, from, to);
        String name = Icmp6Message.name(message.type());
        return switch (message) {
            case Icmp6Message.EchoRequest m -> ping("ICMPv6", "ping", m.identifier(), m.sequence());
            case Icmp6Message.EchoReply m -> ping("ICMPv6", "pong", m.identifier(), m.sequence());
            case Icmp6Message.DestinationUnreachable m -> error("unreachable", name + Icmp6Dissector.code(m.type(), m.code()), m.invoking());
            case Icmp6Message.PacketTooBig m -> error("too big", name + ", MTU " + m.mtu(), m.invoking());
            case Icmp6Message.TimeExceeded m -> error("time exceeded", name + Icmp6Dissector.code(m.type(), m.code()), m.invoking());
            case Icmp6Message.ParameterProblem m -> error("parameter problem",
                    name + Icmp6Dissector.code(m.type(), m.code()) + " at " + m.pointer(), m.invoking());
            case Icmp6Message.RouterSolicitation _ -> discovery("RS", name);
            case Icmp6Message.RouterAdvertisement m -> discovery("RA", name + flags(m.homeAgent(), "H", m.managed(), "M", m.other(), "O")
                    + " lifetime=" + m.routerLifetime() + " s" + prefixes(m.options()));
            case Icmp6Message.NeighbourSolicitation m -> discovery("NS", name + " for " + m.target());
            case Icmp6Message.NeighbourAdvertisement m -> discovery("NA", name + " of " + m.target()
                    + flags(m.router(), "R", m.solicited(), "S", m.override(), "O"));
            case Icmp6Message.Redirect m -> discovery("redirect", name + ": " + m.destination() + " by " + m.target());
            case Icmp6Message.HomeAgentDiscoveryRequest _ -> signalling("ICMPv6", "DHAAD?", name);
            case Icmp6Message.HomeAgentDiscoveryReply m -> signalling("ICMPv6", "DHAAD", name + " " + m.homeAgents());
            case Icmp6Message.MobilePrefixSolicitation _ -> signalling("ICMPv6", "MPS", name);
            case Icmp6Message.MobilePrefixAdvertisement m -> signalling("ICMPv6", "MPA", name + prefixes(m.options()));
            case Icmp6Message.Unknown m -> new Line("ICMPv6", Kind.OTHER, "ICMPv6 " + m.type(), name + " code " + m.code());
        };
    }

    private static Line error(String shortName, String what, Octets invoking) {
        String about = "";
        if (invoking.length() >= 40 && invoking.at(0) >>> 4 == 6) {
            OctetReader in = new OctetReader(invoking.slice(8, 40));
            try {
                about = ", about " + in.ip6() + " → " + in.ip6();
            } catch (Malformed e) {
                throw new IllegalStateException(e.getMessage());
            }
        }
        return new Line("ICMPv6", Kind.ICMP_ERROR, shortName, what + about);
    }

    private static Line discovery(String shortName, String info) {
        return new Line("ICMPv6", Kind.NEIGHBOUR_DISCOVERY, shortName, info);
    }

    private static Line signalling(String protocol, String shortName, String info) {
        return new Line(protocol, Kind.MOBILITY, shortName, info);
    }

    private static String prefixes(List<NdOption> options) {
        StringBuilder text = new StringBuilder();
        for (NdOption option : options) {
            if (option instanceof NdOption.PrefixInformation p) {
                text.append(' ').append(p.prefix()).append('/').append(p.prefixLength());
            }
        }
        return text.toString();
    }

    /** The names of the flags that are set, in brackets. */
    private static String flags(Object... flagsAndNames) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < flagsAndNames.length; i += 2) {
            if ((boolean) flagsAndNames[i]) {
                text.append(text.isEmpty() ? " [" : " ").append(flagsAndNames[i + 1]);
            }
        }
        return text.isEmpty() ? "" : text + "]";
    }

    private static Line mobility(Octets payload, Ip6Address from, Ip6Address to) throws Malformed {
        MobilityMessage message;
        try {
            message = MobilityHeader.parse(payload, from, to).message();
        } catch (Malformed e) {
            int type = payload.length() > 2 ? payload.at(2) : -1;
            String word = type < 0 ? "malformed" : MobilityMessage.shortName(type);
            return signalling("MIPv6", word, "malformed: " + e.getMessage());
        }
        String name = MobilityMessage.name(message.type());
        String more = switch (message) {
            case MobilityMessage.BindingUpdate m -> flags(m.acknowledge(), "A", m.homeRegistration(), "H",
                    m.linkLocalCompatibility(), "L", m.keyManagement(), "K") + " seq=" + m.sequence() + lifetime(m.lifetime())
                    + m.option(MobilityOption.AlternateCareOfAddress.class).map(o -> " care-of " + o.address()).orElse("");
            case MobilityMessage.BindingAcknowledgement m -> " seq=" + m.sequence() + lifetime(m.lifetime()) + ", "
                    + BindingStatus.name(m.status());
            case MobilityMessage.BindingError m -> ": " + BindingStatus.errorName(m.status()) + " " + m.home();
            case MobilityMessage.HomeTest m -> " index=" + m.nonceIndex();
            case MobilityMessage.CareOfTest m -> " index=" + m.nonceIndex();
            case MobilityMessage.BindingRefreshRequest _, MobilityMessage.HomeTestInit _, MobilityMessage.CareOfTestInit _,
                 MobilityMessage.Unknown _ -> "";
        };
        return signalling("MIPv6", MobilityMessage.shortName(message.type()), name + more);
    }

    private static String lifetime(int units) {
        return units == 0 ? " lifetime=0" : units == MobilityMessage.INFINITE_LIFETIME ? " lifetime=infinite"
                : " lifetime=" + units * MobilityMessage.LIFETIME_UNIT + " s";
    }
}
