package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.ipsec.IpsecKit.Layer;
import careof.engine.ipsec.IpsecKit.Node;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both IP versions within both: a -left- g =middle= h -right- b, each node with addresses of both. */
class IpsecFamiliesTest {
    private static final String A = "2001:db8:1::a";
    private static final String B = "2001:db8:5::b";
    private static final String A4 = "192.0.2.10";
    private static final String B4 = "198.51.100.10";
    private static final String G = "2001:db8:2::1";
    private static final String H = "2001:db8:2::2";
    private static final String G4 = "203.0.113.1";
    private static final String H4 = "203.0.113.2";
    private static final Selector SIX = Selector.between(AddressRange.of(Prefix.parse("2001:db8:1::/64")), AddressRange.of(Prefix.parse("2001:db8:5::/64")));
    private static final Selector FOUR = Selector.between(AddressRange.of(Ip4Prefix.parse("192.0.2.0/24")), AddressRange.of(Ip4Prefix.parse("198.51.100.0/24")));
    private static final Layer GCM = Layer.esp(Encryption.AES_GCM, Authentication.NULL);

    private final IpsecKit kit = new IpsecKit();
    private final Node a = kit.host("a", "left", A).route("2001:db8::/32", "p1", "2001:db8:1::1").on4("p1", A4).route4("0.0.0.0/0", "p1", "192.0.2.1");
    private final Node g = kit.node("g", true).on("left", "2001:db8:1::1").on("middle", G).route("2001:db8::/32", "p2", H)
            .on4("p1", "192.0.2.1").on4("p2", G4).route4("0.0.0.0/0", "p2", H4);
    private final Node h = kit.node("h", true).on("middle", H).on("right", "2001:db8:5::1").route("2001:db8::/32", "p1", G)
            .on4("p1", H4).on4("p2", "198.51.100.1").route4("0.0.0.0/0", "p1", G4);
    private final Node b = kit.host("b", "right", B).route("2001:db8::/32", "p1", "2001:db8:5::1").on4("p1", B4).route4("0.0.0.0/0", "p1", "198.51.100.1");

    @BeforeEach
    void begin() {
        kit.settle();    // each port's own Neighbor Discovery
    }

    private static Layer tunnel(Layer layer, int outer) {
        return layer.tunnel(IpAddress.parse(outer == 6 ? G : G4), IpAddress.parse(outer == 6 ? H : H4));
    }

    private void send(int inner, int octets) {
        kit.mark();
        if (inner == 6) {
            a.send(IpsecKit.udp(A, B, octets));
        } else {
            a.send(IpsecKit.udp4(A4, B4, octets, true));
        }
    }

    static Stream<Arguments> pairs() {
        return Stream.of(6, 4).flatMap(inner -> Stream.of(6, 4).flatMap(outer -> Stream.of(GCM, Layer.esp(), Layer.ah(), Layer.esp().inUdp())
                .map(layer -> Arguments.of(inner, outer, layer))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void oneInTheOther(int inner, int outer, Layer layer) {
        Sa sa = kit.protect(g, h, inner == 6 ? SIX : FOUR, tunnel(layer, outer)).getFirst();
        for (int octets : new int[] {0, 33, 1000}) {
            b.arrived.clear();
            send(inner, octets);
            assertEquals(List.of(), kit.drops());
            assertEquals(1, b.arrived.size());
            assertEquals(octets + 8, b.arrived.getFirst().ip().payload().length());
            assertEquals(62, b.arrived.getFirst().ip().hopLimit());
            List<? extends IpPacket> wire = outer == 6 ? kit.wire("middle") : kit.wire4("middle");
            assertEquals(sa.source(), wire.getFirst().source());
            assertEquals(layer.udp().equals(Sa.UdpPorts.NONE) ? layer.protocol().number() : IpProtocol.UDP, wire.getFirst().protocol());
        }
        assertEquals(3, g.use(sa).packets());
        kit.folds();
    }

    @ParameterizedTest
    @CsvSource({"6, 6", "6, 4", "4, 6", "4, 4"})
    void withoutTunnelsAcrossFamilies(int inner, int outer) {
        kit.protect(g, h, inner == 6 ? SIX : FOUR, tunnel(GCM, outer));
        g.env.policy(Policy.without(List.of(Recommendation.D)), Reason.USER_ACTION);
        send(inner, 10);
        assertEquals(inner == outer ? List.of() : List.of(Reason.TUNNEL_FAMILY), kit.dropReasons());
        if (inner != outer) {
            assertEquals("no tunnel of IPv%d in IPv%d".formatted(inner, outer).toLowerCase(Locale.ROOT),
                    kit.drops().getFirst().reason().text(kit.drops().getFirst().args()).toLowerCase(Locale.ROOT));
        }
        g.env.policy(Policy.ALL_ON, Reason.USER_ACTION);
        h.env.policy(Policy.without(List.of(Recommendation.D)), Reason.USER_ACTION);
        b.arrived.clear();
        send(inner, 10);
        assertEquals(inner == outer ? List.of() : List.of(Reason.TUNNEL_FAMILY), kit.dropReasons());
        assertEquals(inner == outer ? 1 : 0, b.arrived.size());
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void transportModeOfIp4(Layer layer) {
        Selector near = IpsecKit.any(G4, H4);
        kit.protect(g, h, near, layer);
        for (int octets : new int[] {0, 1, 500, 3000}) {
            kit.mark();
            h.arrived.clear();
            g.send(IpsecKit.udp4(G4, H4, octets, false));
            assertEquals(List.of(), kit.drops());
            assertEquals(octets + 8, h.arrived.getFirst().ip().payload().length());
            assertEquals(1, h.arrived.getFirst().sas().size());
        }
        assertEquals(3, kit.wire4("middle").size(), "3000 octets are cut after they are protected");
        assertTrue(kit.wire4("middle").stream().allMatch(packet -> packet.protocol() == layer.protocol().number() || packet.protocol() == IpProtocol.UDP));
        kit.folds();
    }

    static Stream<Layer> transforms() {
        return Stream.of(GCM, Layer.esp(), Layer.ah(), Layer.ah(Authentication.AES_XCBC_96), Layer.esp().inUdp());
    }

    @Test
    void onesOwnIp4PacketsAreCutBeforeATunnel() {
        kit.protect(g, h, IpsecKit.any(G4, H4), tunnel(Layer.esp(), 6));
        kit.mark();
        g.send(IpsecKit.udp4(G4, H4, 3000, false));
        assertEquals(List.of(), kit.drops());
        assertEquals(3008, h.arrived.getFirst().ip().payload().length());
        assertEquals(3, kit.wire("middle").size());
        assertTrue(kit.wire("middle").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP && packet.fragment().isEmpty()));
    }

    @Test
    void orAfterItWhenTheSaIsForOnePort() {
        Selector near = IpsecKit.any(G4, H4);
        Selector port = new Selector(near.source(), near.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(IpsecKit.PORT));
        kit.protect(g, h, port, tunnel(Layer.esp(), 4));
        kit.mark();
        g.send(IpsecKit.udp4(G4, H4, 3000, false));
        assertEquals(List.of(), kit.drops());
        assertEquals(3008, h.arrived.getFirst().ip().payload().length());
        assertTrue(kit.wire4("middle").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP));
    }

    /** RFC 4301 section 5.1.2.1: an outer IPv4 header may be cut as the inner one may. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void dontFragmentIsCopied(boolean whole) {
        kit.protect(g, h, FOUR, tunnel(GCM, 4));
        kit.mark();
        a.send(IpsecKit.udp4(A4, B4, 10, whole));
        assertEquals(whole, kit.wire4("middle").getFirst().header().dontFragment());
        assertEquals(64, kit.wire4("middle").getFirst().hopLimit());
    }

    @Test
    void whatDoesNotFitIsToldAcrossFamilies() {
        kit.protect(g, h, FOUR, tunnel(GCM, 6));
        send(4, 1450);
        assertEquals(1, kit.drops().size());
        Ip4Packet error = kit.wire4("left").getLast();
        assertEquals(IpProtocol.ICMP4, error.protocol());
        assertEquals(1500 - 77, error.payload().u16(6), "the MTU of the tunnel");
    }

    /** Congestion of an outer header of one version is told to an inner one of the other, whose checksum stays right. */
    @Test
    void congestionAcrossFamilies() {
        kit.protect(g, h, FOUR, tunnel(GCM, 6));
        Sa sa = h.sa(Sa.Protocol.ESP);
        Ip4Packet plain = IpsecKit.udp4(A4, B4, 4, true);
        Ip4Header header = new Ip4Header(0xb9, plain.length(), 0, true, false, 0, 20, IpProtocol.UDP, Ip4Address.parse(A4), Ip4Address.parse(B4), Octets.EMPTY);
        Octets sealed = new EspTransform(sa).seal(IpProtocol.IP4, new Ip4Packet(header, plain.payload()).toOctets(), 0, 1, ordinal -> ordinal);
        Ip6Header around = new Ip6Header(3, 0, sealed.length(), IpProtocol.ESP, 64, IpsecKit.ip(G), IpsecKit.ip(H));
        kit.say("middle", h, new Ip6Packet(around, List.of(), IpProtocol.ESP, sealed).toOctets());
        assertEquals(0xbb, b.arrived.getFirst().ip().trafficClass());
    }
}
