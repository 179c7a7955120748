package careof.engine.wire;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Arp;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.TcpHeader;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.AhHeader;
import careof.engine.wire.ipsec.EspHeader;
import careof.engine.wire.ipsec.UdpEncapsulation;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Any legal value of every record of the wire, from a seed. */
public final class Arbitrary {
    private final Random random;

    public Arbitrary(long seed) {
        random = new Random(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean bool() {
        return random.nextBoolean();
    }

    public int u8() {
        return random.nextInt(256);
    }

    public int u16() {
        return random.nextInt(65536);
    }

    public long u32() {
        return random.nextLong() >>> 32;
    }

    public long u64() {
        return random.nextLong();
    }

    public Octets octets(int length) {
        byte[] array = new byte[length];
        random.nextBytes(array);
        return Octets.wrap(array);
    }

    public Ip6Address ip6() {
        return new Ip6Address(bool() ? 0x20010db8L << 32 | u16() : u64(), bool() ? u16() : u64());
    }

    public Ip4Address ip4() {
        return new Ip4Address(random.nextInt());
    }

    public MacAddress mac() {
        return new MacAddress(random.nextLong());
    }

    private <T> List<T> list(int most, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int count = below(most + 1); count > 0; count--) {
            list.add(one.get());
        }
        return list;
    }

    /** {@code octets} with some of them changed, cut or repeated. */
    public Octets mutated(Octets octets) {
        byte[] array = octets.toArray();
        for (int changes = 1 + below(4); changes > 0 && array.length > 0; changes--) {
            int at = below(array.length);
            switch (below(4)) {
                case 0 -> array[at] ^= (byte) (1 << below(8));
                case 1 -> array[at] = (byte) u8();
                case 2 -> array[at] = (byte) (bool() ? 0 : -1);
                default -> {
                    byte[] other = new byte[bool() ? at : array.length + below(16)];
                    System.arraycopy(array, 0, other, 0, Math.min(array.length, other.length));
                    array = other;
                }
            }
        }
        return Octets.wrap(array);
    }

    public Ethernet ethernet() {
        return new Ethernet(mac(), mac(), u16());
    }

    public Arp arp() {
        return new Arp(u16(), mac(), ip4(), mac(), ip4());
    }

    public Ip6Header ip6Header() {
        return new Ip6Header(u8(), below(1 << 20), u16(), u8(), u8(), ip6(), ip6());
    }

    public Ip4Header ip4Header(int payload) {
        Octets options = octets(4 * below(11));
        return new Ip4Header(u8(), Ip4Header.LENGTH + options.length() + payload, u16(), bool(), bool(), 8 * below(8192), u8(),
                u8(), ip4(), ip4(), options);
    }

    public Udp udp() {
        return new Udp(u16(), u16(), octets(below(100)));
    }

    public EspHeader esp() {
        return new EspHeader(u32(), u32());
    }

    public AhHeader ah() {
        return new AhHeader(u8(), bool() ? 0 : u16(), u32(), u32(), octets(4 * below(20)));
    }

    public UdpEncapsulation udpEncapsulation() {
        return switch (below(3)) {
            case 0 -> new UdpEncapsulation.Keepalive();
            case 1 -> new UdpEncapsulation.Ike(octets(below(100)));
            default -> new UdpEncapsulation.Esp(new OctetWriter().u32(1 + below(1 << 30)).octets(octets(4 + below(100))).toOctets());
        };
    }

    public TcpHeader tcp() {
        return new TcpHeader(u16(), u16(), u32(), u32(), u8(), u16(), u16(), u16(), octets(4 * below(11)));
    }

    public Ip6Option ip6Option() {
        return switch (below(6)) {
            case 0 -> new Ip6Option.Pad1();
            case 1 -> new Ip6Option.PadN(below(6));
            case 2 -> new Ip6Option.HomeAddress(ip6());
            case 3 -> new Ip6Option.TunnelEncapsulationLimit(u8());
            case 4 -> new Ip6Option.RouterAlert(u16());
            default -> new Ip6Option.Unknown(new int[] {2, 0x1e, 0x5e, 0x9e, 0xde}[below(5)], octets(below(20)));
        };
    }

    /** Options as they may come from anyone: in any order and misaligned, the header's size whole. */
    private List<Ip6Option> looseOptions() {
        List<Ip6Option> options = list(4, this::ip6Option);
        while ((2 + Ip6Option.size(options)) % 8 != 0) {
            options.add(new Ip6Option.Pad1());
        }
        return options;
    }

    public ExtensionHeader extension(boolean first) {
        return switch (below(first ? 6 : 5)) {
            case 0 -> new ExtensionHeader.DestinationOptions(looseOptions());
            case 1 -> ExtensionHeader.DestinationOptions.of(list(3, this::ip6Option).toArray(new Ip6Option[0]));
            case 2 -> new ExtensionHeader.Type2Routing(u8(), ip6());
            case 3 -> new ExtensionHeader.UnknownRouting(new int[] {0, 1, 3, 4, 255}[below(5)], u8(), octets(4 + 8 * below(6)));
            case 4 -> new ExtensionHeader.Fragment(0, false, u32());
            default -> new ExtensionHeader.HopByHop(looseOptions());
        };
    }

    public Ip6Packet ip6Packet() {
        List<ExtensionHeader> extensions = new ArrayList<>();
        int homes = 0;
        int routes = 0;
        for (int count = below(4); count > 0; count--) {
            ExtensionHeader extension = extension(extensions.isEmpty());
            routes += extension instanceof ExtensionHeader.Type2Routing ? 1 : 0;
            if (extension instanceof ExtensionHeader.DestinationOptions options) {
                homes += (int) options.options().stream().filter(o -> o instanceof Ip6Option.HomeAddress).count();
            }
            if (homes > 1 || routes > 1) {
                break;
            }
            extensions.add(extension);
        }
        int protocol = new int[] {IpProtocol.UDP, IpProtocol.ICMP6, IpProtocol.MOBILITY, IpProtocol.ESP, IpProtocol.AH, IpProtocol.NONE,
            253}[below(7)];
        if (below(5) == 0) {
            extensions.add(new ExtensionHeader.Fragment(8 * below(8192), true, u32()));
            protocol = below(256);
        }
        return new Ip6Packet(ip6Header(), extensions, protocol, octets(below(80)));
    }

    public Icmp4Message icmp4() {
        return switch (below(6)) {
            case 0 -> new Icmp4Message.EchoRequest(u16(), u16(), octets(below(40)));
            case 1 -> new Icmp4Message.EchoReply(u16(), u16(), octets(below(40)));
            case 2 -> new Icmp4Message.DestinationUnreachable(u8(), u16(), octets(below(40)));
            case 3 -> new Icmp4Message.TimeExceeded(u8(), octets(below(40)));
            case 4 -> new Icmp4Message.ParameterProblem(u8(), u8(), octets(below(40)));
            default -> new Icmp4Message.Unknown(13 + below(240), u8(), octets(below(40)));
        };
    }

    public NdOption ndOption() {
        return switch (below(8)) {
            case 0 -> new NdOption.SourceLinkLayer(mac());
            case 1 -> new NdOption.TargetLinkLayer(mac());
            case 2 -> new NdOption.PrefixInformation(u8(), bool(), bool(), bool(), u32(), u32(), ip6());
            case 3 -> new NdOption.RedirectedHeader(octets(8 * below(8)));
            case 4 -> new NdOption.Mtu(u32());
            case 5 -> new NdOption.AdvertisementInterval(u32());
            case 6 -> new NdOption.HomeAgentInformation(u16(), u16());
            default -> new NdOption.Unknown(9 + below(240), octets(6 + 8 * below(5)));
        };
    }

    /** Number of kinds that {@link #icmp6(int)} knows. */
    public static final int ICMP6_KINDS = 16;

    public Icmp6Message icmp6(int kind) {
        List<NdOption> options = list(4, this::ndOption);
        return switch (kind) {
            case 0 -> new Icmp6Message.EchoRequest(u16(), u16(), octets(below(40)));
            case 1 -> new Icmp6Message.EchoReply(u16(), u16(), octets(below(40)));
            case 2 -> new Icmp6Message.DestinationUnreachable(u8(), octets(below(90)));
            case 3 -> new Icmp6Message.PacketTooBig(u32(), octets(below(90)));
            case 4 -> new Icmp6Message.TimeExceeded(u8(), octets(below(90)));
            case 5 -> new Icmp6Message.ParameterProblem(u8(), u32(), octets(below(90)));
            case 6 -> new Icmp6Message.RouterSolicitation(options);
            case 7 -> new Icmp6Message.RouterAdvertisement(u8(), bool(), bool(), bool(), below(4), u16(), u32(), u32(), options);
            case 8 -> new Icmp6Message.NeighbourSolicitation(ip6(), options);
            case 9 -> new Icmp6Message.NeighbourAdvertisement(bool(), bool(), bool(), ip6(), options);
            case 10 -> new Icmp6Message.Redirect(ip6(), ip6(), options);
            case 11 -> new Icmp6Message.HomeAgentDiscoveryRequest(u16());
            case 12 -> new Icmp6Message.HomeAgentDiscoveryReply(u16(), list(4, this::ip6));
            case 13 -> new Icmp6Message.MobilePrefixSolicitation(u16());
            case 14 -> new Icmp6Message.MobilePrefixAdvertisement(u16(), bool(), bool(), options);
            default -> new Icmp6Message.Unknown(new int[] {100, 130, 131, 132, 138, 143, 200}[below(7)], u8(), octets(below(40)));
        };
    }

    public Icmp6Message icmp6() {
        return icmp6(below(ICMP6_KINDS));
    }

    public MobilityOption mobilityOption() {
        return switch (below(11)) {
            case 0 -> new MobilityOption.Pad1();
            case 1 -> new MobilityOption.PadN(below(6));
            case 2 -> new MobilityOption.BindingRefreshAdvice(u16());
            case 3 -> new MobilityOption.AlternateCareOfAddress(ip6());
            case 4 -> new MobilityOption.NonceIndices(u16(), u16());
            case 5 -> new MobilityOption.BindingAuthorizationData(octets(12));
            case 6 -> new MobilityOption.Ip4HomeAddress(below(64), bool(), ip4());
            case 7 -> new MobilityOption.Ip4AddressAcknowledgement(u8(), below(64), ip4());
            case 8 -> new MobilityOption.NatDetection(bool(), u32());
            case 9 -> new MobilityOption.Ip4CareOfAddress(ip4());
            default -> new MobilityOption.Unknown(bool() ? 6 + below(23) : 33 + below(223), octets(below(20)));
        };
    }

    /** Number of kinds that {@link #mobility(int)} knows. */
    public static final int MOBILITY_KINDS = 9;

    /** A message whose options are padded as they should, or, as often, in any way that makes the header whole. */
    public MobilityHeader mobility(int kind) {
        List<MobilityOption> options = list(4, this::mobilityOption);
        MobilityMessage message = switch (kind) {
            case 0 -> new MobilityMessage.BindingRefreshRequest(options);
            case 1 -> new MobilityMessage.HomeTestInit(u64(), options);
            case 2 -> new MobilityMessage.CareOfTestInit(u64(), options);
            case 3 -> new MobilityMessage.HomeTest(u16(), u64(), u64(), options);
            case 4 -> new MobilityMessage.CareOfTest(u16(), u64(), u64(), options);
            case 5 -> new MobilityMessage.BindingUpdate(u16(), bool(), bool(), bool(), bool(), u16(), options);
            case 6 -> new MobilityMessage.BindingAcknowledgement(u8(), bool(), u16(), u16(), options);
            case 7 -> new MobilityMessage.BindingError(u8(), ip6(), options);
            default -> new MobilityMessage.Unknown(8 + below(248), octets(2 + 8 * below(6)));
        };
        if (bool()) {
            return MobilityHeader.of(message);
        }
        while (message.size() % 8 != 0) {
            options.add(new MobilityOption.Pad1());
            message = message.withOptions(options);
        }
        return new MobilityHeader(u8(), message);
    }

    public MobilityHeader mobility() {
        return mobility(below(MOBILITY_KINDS));
    }

    /** A whole packet with something in it that the engine knows, right checksums, at times in tunnels. */
    public Ip6Packet talking(int depth) {
        Ip6Packet shell = ip6Packet();
        if (shell.extensions().stream().anyMatch(e -> e instanceof ExtensionHeader.Fragment f && !f.isWhole())) {
            return shell;
        }
        var source = shell.originalSource();
        var destination = shell.finalDestination();
        return switch (below(depth > 0 ? 6 : 5)) {
            case 0 -> shell.withPayload(IpProtocol.ICMP6, icmp6().toOctets(source, destination));
            case 1 -> shell.withPayload(IpProtocol.MOBILITY, mobility().toOctets(source, destination));
            case 2 -> shell.withPayload(IpProtocol.UDP, udp().toOctets(source, destination));
            case 3 -> shell.withPayload(IpProtocol.TCP, tcp().segment(octets(below(30)), source, destination));
            case 4 -> shell.withPayload(IpProtocol.ICMP6,
                    new Icmp6Message.TimeExceeded(0, talking(0).toOctets()).toOctets(source, destination));
            default -> shell.withPayload(IpProtocol.IP6, talking(depth - 1).toOctets());
        };
    }
}
