package careof.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
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
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.TcpHeader;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * tshark reads every kind of message we write: nothing malformed, no bad checksum, and it names each kind as we do.
 * It does not judge Mobility Header checksums; scapy's packets and a second computation do.
 */
@Tag("interop")
class TsharkInteropTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");
    private static final Ip6Address H = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address C = Ip6Address.parse("2001:db8:4::4");
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    @TempDir
    Path directory;

    private final List<Octets> frames = new ArrayList<>();

    private void add(int etherType, Octets payload) {
        OctetWriter out = new OctetWriter();
        new Ethernet(MAC, new MacAddress(MAC.bits() + 1), etherType).emit(out);
        frames.add(out.octets(payload).toOctets());
    }

    private void add(Ip6Packet packet) {
        add(Ethernet.IP6, packet.toOctets());
    }

    private void add(Icmp6Message message) {
        Ip6Packet packet = Ip6Packet.of(S, D, IpProtocol.ICMP6, message.toOctets(S, D));
        add(packet.withHeader(packet.header().withHopLimit(255)));
    }

    private void add(MobilityMessage message, boolean homeAddress, boolean routing) {
        List<ExtensionHeader> extensions = new ArrayList<>();
        if (routing) {
            extensions.add(new ExtensionHeader.Type2Routing(1, C));
        }
        if (homeAddress) {
            extensions.add(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(H)));
        }
        Octets header = MobilityHeader.of(message).toOctets(homeAddress ? H : S, routing ? C : D);
        add(Ip6Packet.of(S, D, IpProtocol.MOBILITY, header).withExtensions(extensions));
    }

    private void add4(int protocol, Octets payload) {
        OctetWriter out = new OctetWriter();
        Ip4Header.of(Ip4Address.parse("192.0.2.1"), Ip4Address.parse("192.0.2.2"), protocol, payload.length()).emit(out);
        add(Ethernet.IP4, out.octets(payload).toOctets());
    }

    @Test
    void tsharkAgreesWithEveryMessage() throws Exception {
        Octets invoking = Ip6Packet.of(D, S, IpProtocol.UDP, new Udp(1, 2, Octets.zeros(16)).toOctets(D, S)).toOctets();
        NdOption source = new NdOption.SourceLinkLayer(MAC);
        NdOption target = new NdOption.TargetLinkLayer(MAC);
        add(new Icmp6Message.EchoRequest(1, 2, Octets.zeros(56)));
        add(new Icmp6Message.EchoReply(1, 2, Octets.zeros(56)));
        add(new Icmp6Message.DestinationUnreachable(3, invoking));
        add(new Icmp6Message.PacketTooBig(1280, invoking));
        add(new Icmp6Message.TimeExceeded(0, invoking));
        add(new Icmp6Message.ParameterProblem(1, 6, invoking));
        add(new Icmp6Message.RouterSolicitation(List.of(source)));
        add(new Icmp6Message.RouterAdvertisement(64, false, false, true, 0, 1800, 0, 0, List.of(source, new NdOption.Mtu(1500),
                new NdOption.PrefixInformation(64, true, true, true, 86400, 14400, S), new NdOption.AdvertisementInterval(70),
                new NdOption.HomeAgentInformation(10, 1800))));
        add(new Icmp6Message.NeighbourSolicitation(D, List.of(source)));
        add(new Icmp6Message.NeighbourAdvertisement(true, true, true, D, List.of(target)));
        add(new Icmp6Message.Redirect(C, D, List.of(target, NdOption.RedirectedHeader.of(invoking, 1000))));
        add(new Icmp6Message.HomeAgentDiscoveryRequest(7));
        add(new Icmp6Message.HomeAgentDiscoveryReply(7, List.of(S, C)));
        add(new Icmp6Message.MobilePrefixSolicitation(8));
        add(new Icmp6Message.MobilePrefixAdvertisement(8, true, false,
                List.of(new NdOption.PrefixInformation(64, true, true, false, 86400, 14400, S))));
        int icmp = frames.size();

        Octets authenticator = Octets.hex("0102030405060708090a0b0c");
        add(new MobilityMessage.BindingRefreshRequest(List.of()), false, true);
        add(new MobilityMessage.HomeTestInit(1, List.of()), false, false);
        add(new MobilityMessage.CareOfTestInit(2, List.of()), false, false);
        add(new MobilityMessage.HomeTest(3, 4, 5, List.of()), false, false);
        add(new MobilityMessage.CareOfTest(3, 4, 5, List.of()), false, false);
        add(new MobilityMessage.BindingUpdate(9, true, true, true, false, 10, List.of(
                new MobilityOption.AlternateCareOfAddress(C))), true, false);
        add(new MobilityMessage.BindingUpdate(9, true, false, false, false, 10, List.of(new MobilityOption.NonceIndices(1, 2),
                new MobilityOption.BindingAuthorizationData(authenticator))), true, true);
        add(new MobilityMessage.BindingAcknowledgement(0, true, 9, 10, List.of(
                new MobilityOption.BindingRefreshAdvice(5))), false, true);
        add(new MobilityMessage.BindingError(1, H, List.of()), false, false);
        int mobility = frames.size();

        Octets datagram = new Udp(1000, 2000, Octets.zeros(101)).toOctets(S, D);
        add(Ip6Packet.of(S, D, IpProtocol.UDP, datagram));
        Ip6Packet inner = Ip6Packet.of(S, D, IpProtocol.UDP, datagram);
        add(Ip6Packet.of(C, H, IpProtocol.IP6, inner.toOctets()).withExtensions(List.of(
                ExtensionHeader.DestinationOptions.of(new Ip6Option.TunnelEncapsulationLimit(4)))));
        add(Ip6Packet.of(S, D, IpProtocol.UDP, datagram).withExtensions(List.of(
                ExtensionHeader.HopByHop.of(new Ip6Option.RouterAlert(0), new Ip6Option.Unknown(0x1e, Octets.zeros(3))))));
        add(Ip6Packet.of(S, D, IpProtocol.UDP, datagram.slice(0, 64)).withExtensions(List.of(
                new ExtensionHeader.Fragment(0, true, 77))));
        add(Ip6Packet.of(S, D, IpProtocol.UDP, datagram.from(64)).withExtensions(List.of(
                new ExtensionHeader.Fragment(64, false, 77))));
        add(Ip6Packet.of(S, D, IpProtocol.TCP, tcp(S, D)));
        add4(IpProtocol.UDP, new Udp(1, 2, Octets.zeros(5)).toOctets(Ip4Address.parse("192.0.2.1"), Ip4Address.parse("192.0.2.2")));
        add4(IpProtocol.TCP, tcp(Ip4Address.parse("192.0.2.1"), Ip4Address.parse("192.0.2.2")));
        add4(IpProtocol.ICMP4, new Icmp4Message.EchoRequest(1, 2, Octets.zeros(9)).toOctets());
        add4(IpProtocol.ICMP4, new Icmp4Message.EchoReply(1, 2, Octets.zeros(9)).toOctets());
        OctetWriter quoted = new OctetWriter();
        Ip4Header.of(Ip4Address.parse("192.0.2.2"), Ip4Address.parse("192.0.2.1"), 253, 8).emit(quoted);
        add4(IpProtocol.ICMP4, new Icmp4Message.DestinationUnreachable(4, 1400, quoted.zeros(8).toOctets()).toOctets());
        add4(IpProtocol.ICMP4, new Icmp4Message.TimeExceeded(0, quoted.toOctets()).toOctets());
        OctetWriter arp = new OctetWriter();
        new Arp(Arp.REQUEST, MAC, Ip4Address.parse("192.0.2.1"), new MacAddress(0), Ip4Address.parse("192.0.2.2")).emit(arp);
        add(Ethernet.ARP, arp.toOctets());

        assertEquals("", tshark("_ws.malformed || _ws.expert.severity == error || ip.checksum.status == 0 || udp.checksum.status == 0"
                + " || tcp.checksum.status == 0 || icmpv6.checksum.status == 0 || icmp.checksum.status == 0",
                "frame.number"));
        assertEquals(frames.size(), tshark("frame", "frame.number").lines().count());
        assertEquals("128 129 1 2 3 4 133 134 135 136 137 144 145 146 147",
                tshark("icmpv6 && frame.number <= " + icmp, "icmpv6.type").replace("\n", " ").trim());
        assertEquals("0 1 2 3 4 5 5 6 7",
                tshark("mip6.mhtype && frame.number > " + icmp + " && frame.number <= " + mobility, "mip6.mhtype").replace("\n", " ").trim());
        assertEquals(3, tshark("ipv6.opt.mipv6.home_address == 2001:db8:3::3 || icmpv6.mip6.home_agent_address == 2001:db8:1::1",
                "frame.number").lines().count());
        assertEquals(3, tshark("ipv6.routing.type == 2", "frame.number").lines().count());
    }

    private static Octets tcp(IpAddress source, IpAddress destination) {
        return new TcpHeader(80, 81, 1, 0, TcpHeader.SYN, 1000, 0, 0, Octets.hex("020405a0"))
                .segment(Octets.EMPTY, source, destination);
    }

    /** The field of all frames that the filter lets through, one line each; no tshark is a failure. */
    private String tshark(String filter, String field) throws IOException, InterruptedException {
        OctetWriter pcap = new OctetWriter();
        pcap.u32(0xa1b2c3d4L).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(1);
        for (int i = 0; i < frames.size(); i++) {
            pcap.u32(i).u32(0).u32(frames.get(i).length()).u32(frames.get(i).length()).octets(frames.get(i));
        }
        Path file = Files.write(directory.resolve("wire.pcap"), pcap.toOctets().toArray());
        Process process = new ProcessBuilder("tshark", "-r", file.toString(), "-o", "ip.check_checksum:TRUE",
                "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-Y", filter, "-T", "fields", "-E", "occurrence=f",
                "-e", field).redirectError(directory.resolve("errors").toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int exit = process.waitFor();
        String errors = Files.readString(directory.resolve("errors"));
        assertTrue(exit == 0, () -> "tshark says: " + errors);
        return out;
    }
}
