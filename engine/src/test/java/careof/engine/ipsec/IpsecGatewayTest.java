package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.IpsecKit.Layer;
import careof.engine.ipsec.IpsecKit.Node;
import careof.engine.state.AddressRange;
import careof.engine.state.PathMtu;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two hosts, each behind a gateway, and a router with a narrow link between the gateways: a -left- g -wide- m -narrow- h -right- b. */
class IpsecGatewayTest {
    private static final String A = "2001:db8:1::a";
    private static final String B = "2001:db8:5::b";
    private static final Ip6Address G = IpsecKit.ip("2001:db8:2::1");
    private static final Ip6Address H = IpsecKit.ip("2001:db8:3::1");
    private static final Selector THERE = Selector.between(AddressRange.of(Prefix.parse("2001:db8:1::/64")), AddressRange.of(Prefix.parse("2001:db8:5::/64")));
    private static final Layer GCM = Layer.esp(Encryption.AES_GCM, Authentication.NULL);
    /** IPv6 header, ESP header, IV, at most 5 octets of padding and trailer, ICV. */
    private static final int OVERHEAD = 40 + 8 + 8 + 5 + 16;

    private final IpsecKit kit = new IpsecKit();
    private final Node a = kit.host("a", "left", A).route("2001:db8::/32", "p1", "2001:db8:1::1");
    private final Node g = kit.node("g", true).on("left", "2001:db8:1::1").on("wide", "2001:db8:2::1").route("2001:db8::/32", "p2", "2001:db8:2::2");
    private final Node m = kit.node("m", true).on("wide", "2001:db8:2::2").on("narrow", "2001:db8:3::2", 1400)
            .route("2001:db8:1::/64", "p1", "2001:db8:2::1").route("2001:db8:5::/64", "p2", "2001:db8:3::1");
    private final Node h = kit.node("h", true).on("narrow", "2001:db8:3::1", 1400).on("right", "2001:db8:5::1").route("2001:db8::/32", "p1", "2001:db8:3::2");
    private final Node b = kit.host("b", "right", B).route("2001:db8::/32", "p1", "2001:db8:5::1");

    @BeforeEach
    void resolve() {
        a.send(IpsecKit.udp(A, B, 1));
        b.send(IpsecKit.udp(B, A, 1));
        a.arrived.clear();
        b.arrived.clear();
        kit.mark();
    }

    private Sa tunnel() {
        Sa sa = kit.protect(g, h, THERE, GCM.tunnel(G, H)).getFirst();
        kit.mark();
        return sa;
    }

    @Test
    void gatewaysProtectWhatTheyForward() {
        tunnel();
        Ip6Packet packet = IpsecKit.udp(A, B, 100);
        packet = packet.withHeader(new Ip6Header(0xb8 | 1, 0xabcde, packet.header().payloadLength(), IpProtocol.UDP, 20, packet.source(), packet.destination()));
        a.send(packet);
        assertEquals(List.of(), kit.drops());
        Ip6Packet outer = kit.wire("wide").getFirst();
        assertEquals(new Ip6Header(0xb8 | 1, 0xabcde, outer.header().payloadLength(), IpProtocol.ESP, 64, G, H), outer.header(), "DSCP, ECN and flow label are copied");
        IpPacket got = b.arrived.getFirst().ip();
        assertEquals(18, got.hopLimit(), "each gateway is a hop, the tunnel is none");
        assertEquals(packet.payload(), got.payload());
        assertEquals(0xb9, got.trafficClass());
        kit.folds();
    }

    @Test
    void aHopLimitEndsBeforeTheTunnel() {
        tunnel();
        Ip6Packet packet = IpsecKit.udp(A, B, 100);
        a.send(packet.withHeader(packet.header().withHopLimit(1)));
        assertEquals(List.of(Reason.HOP_LIMIT), kit.dropReasons());
        assertEquals("g", kit.drops().getFirst().node());
    }

    /** Congestion met by the outer header is told to an inner packet that can hear of it; the outer DSCP is nobody's. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 3, 0", "1, 3, 3", "2, 3, 3", "3, 0, 3", "1, 0, 1", "2, 1, 2", "185, 3, 187", "1, 255, 3"})
    void congestionOfTheTunnel(int inner, int outer, int expected) {
        tunnel();
        Sa sa = h.sa(Sa.Protocol.ESP);
        Ip6Packet packet = IpsecKit.udp(A, B, 4);
        packet = packet.withHeader(new Ip6Header(inner, 0x12345, packet.header().payloadLength(), IpProtocol.UDP, 20, packet.source(), packet.destination()));
        Octets sealed = new EspTransform(sa).seal(IpProtocol.IP6, packet.toOctets(), 0, 1, ordinal -> ordinal);
        Ip6Header around = new Ip6Header(outer, 0, sealed.length(), IpProtocol.ESP, 64, G, H);
        kit.say("narrow", h, new Ip6Packet(around, List.of(), IpProtocol.ESP, sealed).toOctets());
        assertEquals(expected, b.arrived.getFirst().ip().trafficClass());
        assertEquals(0x12345, ((Ip6Packet) b.arrived.getFirst().ip()).header().flowLabel());
    }

    @Test
    void paddingThatHidesTheLengthIsCutOff() {
        tunnel();
        Sa sa = h.sa(Sa.Protocol.ESP);
        Octets sealed = new EspTransform(sa).seal(IpProtocol.IP6, IpsecKit.udp(A, B, 4).toOctets(), 300, 1, ordinal -> ordinal);
        kit.say("narrow", h, Ip6Packet.of(G, H, IpProtocol.ESP, sealed).toOctets());
        assertEquals(List.of(), kit.drops());
        assertEquals(IpsecKit.udp(A, B, 4).payload(), b.arrived.getFirst().ip().payload());
    }

    @Test
    void whatDoesNotFitTheTunnelIsToldToItsSender() {
        tunnel();
        a.send(IpsecKit.udp(A, B, 1500 - 48));
        assertEquals(List.of(Reason.TOO_BIG), kit.dropReasons());
        assertEquals(1500 - OVERHEAD, mtu(a, B));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1500 - OVERHEAD - 48));
        assertEquals("m", kit.drops().getFirst().node(), "it fits the first link now, and not the narrow one");
    }

    /** RFC 4301 section 8.2: the router between the gateways tells g, which remembers, and tells a with its next packet. */
    @Test
    void theTunnelsPathTellsTheGatewayWhichTellsTheSender() {
        tunnel();
        a.send(IpsecKit.udp(A, B, 1270));
        assertEquals(List.of(), kit.drops());
        int octets = 1400 - 48;
        a.send(IpsecKit.udp(A, B, octets));
        assertEquals(List.of(Reason.TOO_BIG), kit.dropReasons());
        assertEquals("m", kit.drops().getFirst().node());
        assertEquals(1400, mtu(g, H.toString()));
        kit.mark();
        a.send(IpsecKit.udp(A, B, octets));
        assertEquals("g", kit.drops().getFirst().node());
        assertEquals(1400 - OVERHEAD, mtu(a, B));
        kit.mark();
        b.arrived.clear();
        a.send(IpsecKit.udp(A, B, octets));
        assertEquals(List.of(), kit.drops());
        assertEquals(octets + 8, b.arrived.getFirst().ip().payload().length());
        kit.folds();
    }

    /** What g's policy wants for everything does not keep routers without an SA from telling it of its path. */
    @Test
    void aPolicyForAllLetsThePathSpeak() {
        Sa sa = tunnel();
        Selector all = Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6);
        g.policy(SpdEntry.Direction.IN, Selector.between(AddressRange.ALL_IP6, AddressRange.of(G)), SpdEntry.Action.DISCARD);
        g.policy(SpdEntry.Direction.IN, all, SpdEntry.Action.BYPASS);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1400 - 48));
        assertEquals(1400, mtu(g, H.toString()));
        assertEquals("sa " + sa.id(), kit.decisions(g, Reason.ICMP_ABOUT_SA).getFirst().entry());
    }

    @Test
    void aPathIsNotBelievedAboutAnSaThatIsNotThere() {
        tunnel();
        Octets quoted = Ip6Packet.of(G, H, IpProtocol.ESP, new careof.engine.base.OctetWriter().u32(0x0bad0bad).u32(1).zeros(1300).toOctets()).toOctets();
        Ip6Address router = IpsecKit.ip("2001:db8:2::2");
        Octets error = new Icmp6Message.PacketTooBig(1280, quoted.slice(0, 1200)).toOctets(router, G);
        kit.say("wide", g, Ip6Packet.of(router, G, IpProtocol.ICMP6, error).toOctets());
        assertEquals(List.of(Reason.ICMP_ABOUT_NO_SA), kit.dropReasons());
        assertEquals(1500, mtu(g, H.toString()));
    }

    /** One for the hosts that are behind a gateway goes by: whose SA it is about, the gateway cannot know. */
    @Test
    void aPathOfOthersIsNotOurs() {
        tunnel();
        Octets quoted = Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), IpProtocol.ESP, new careof.engine.base.OctetWriter().u32(0x0bad0bad).u32(1).zeros(1300).toOctets())
                .toOctets();
        Ip6Address router = IpsecKit.ip("2001:db8:2::2");
        Octets error = new Icmp6Message.PacketTooBig(1280, quoted.slice(0, 1200)).toOctets(router, IpsecKit.ip(A));
        kit.say("wide", g, Ip6Packet.of(router, IpsecKit.ip(A), IpProtocol.ICMP6, error).toOctets());
        assertEquals(List.of(), kit.drops());
    }

    private static int mtu(Node node, String destination) {
        return node.rows().stream().filter(PathMtu.class::isInstance).map(PathMtu.class::cast).filter(row -> row.destination().toString().equals(destination))
                .map(PathMtu::mtu).findFirst().orElse(1500);
    }

    /** RFC 4301 section 6.2: an error about what came through the tunnel goes back through it, though no entry is about ICMP. */
    @Test
    void anErrorGoesTheWayOfWhatItIsAbout() throws Malformed {
        Selector udp = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(9));
        kit.protect(g, h, udp, GCM.tunnel(G, H));
        Sa back = kit.protect(h, g, udp.reversed(), GCM.tunnel(H, G)).getFirst();
        kit.mark();
        a.send(IpsecKit.udp(A, B, 9, 10));
        assertEquals(List.of(Reason.NO_LISTENER), kit.dropReasons());
        assertEquals(List.of(IpProtocol.ESP, IpProtocol.ESP), kit.wire("wide").stream().map(Ip6Packet::protocol).toList());
        assertEquals(1, h.use(back).packets());
        Ip6Packet error = kit.wire("left").getLast();
        assertTrue(Icmp6Message.parse(error.payload(), error.source(), error.destination()) instanceof Icmp6Message.DestinationUnreachable);

        // About another port it may not come through this tunnel.
        Octets quoted = IpsecKit.udp(A, B, 10, 4).toOctets();
        Octets forged = new Icmp6Message.DestinationUnreachable(4, quoted).toOctets(IpsecKit.ip(B), IpsecKit.ip(A));
        Sa there = g.sad.inbound(back.protocol(), back.spi(), G).orElseThrow();
        Octets sealed = new EspTransform(there).seal(IpProtocol.IP6, Ip6Packet.of(IpsecKit.ip(B), IpsecKit.ip(A), IpProtocol.ICMP6, forged).toOctets(), 0, 5,
                ordinal -> ordinal);
        kit.mark();
        kit.say("wide", g, Ip6Packet.of(H, G, IpProtocol.ESP, sealed).toOctets());
        assertEquals(List.of(Reason.IPSEC_SELECTOR), kit.dropReasons());
    }

    @Test
    void aGatewayForwardsNothingThatShouldHaveBeenProtected() {
        h.policy(SpdEntry.Direction.IN, THERE, SpdEntry.Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, GCM.tunnel(G, H)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 10));
        assertEquals(List.of(Reason.SPD_UNPROTECTED), kit.dropReasons());
        assertEquals("the security policy wants it protected by ESP tunnel, and it came unprotected",
                kit.drops().getFirst().reason().text(kit.drops().getFirst().args()));
    }

    @Test
    void fragmentsOfAnotherPassThroughTheTunnelAsTheyAre() {
        tunnel();
        for (int i = 0; i < 4; i++) {    // what the gateway says, what the router says to the gateway, what that says then
            kit.mark();
            a.send(IpsecKit.udp(A, B, 2000));
        }
        assertEquals(List.of(), kit.drops());
        assertEquals(2008, b.arrived.getLast().ip().payload().length());
        assertTrue(kit.wire("narrow").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP && packet.fragment().isEmpty()));
    }
}
