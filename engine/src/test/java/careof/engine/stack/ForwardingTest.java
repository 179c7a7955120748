package careof.engine.stack;

import static careof.engine.stack.StackKit.SECOND;
import static careof.engine.stack.StackKit.icmp;
import static careof.engine.stack.StackKit.ip;
import static careof.engine.stack.StackKit.linkLocal;
import static careof.engine.stack.StackKit.mac;
import static careof.engine.stack.StackKit.own;
import static careof.engine.stack.StackKit.ping;
import static careof.engine.stack.StackKit.route;
import static careof.engine.stack.StackKit.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Octets;
import careof.engine.state.PathMtu;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.Icmp6Message.DestinationUnreachable;
import careof.engine.wire.icmp.Icmp6Message.EchoReply;
import careof.engine.wire.icmp.Icmp6Message.EchoRequest;
import careof.engine.wire.icmp.Icmp6Message.NeighbourAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.PacketTooBig;
import careof.engine.wire.icmp.Icmp6Message.ParameterProblem;
import careof.engine.wire.icmp.Icmp6Message.TimeExceeded;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.ExtensionHeader.DestinationOptions;
import careof.engine.wire.ip.ExtensionHeader.HopByHop;
import careof.engine.wire.ip.ExtensionHeader.Type2Routing;
import careof.engine.wire.ip.ExtensionHeader.UnknownRouting;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Probe A on the link "near" - router R - link "far" with host B; what R and B make of packets from A.
 * The far link takes 1400 octets.
 */
class ForwardingTest {
    private static final Ip6Address A = ip("2001:db8:1::a");
    private static final Ip6Address R = ip("2001:db8:1::1");
    private static final Ip6Address B = ip("2001:db8:2::b");
    private static final Ip6Address NOBODY = ip("2001:db8:99::1");

    private final StackKit kit = new StackKit();
    private final StackKit.Probe a = kit.new Probe("near", 0xa);
    private final IpStack r = kit.router("r");
    private final IpStack b;
    private final StackKit.Probe far;

    {
        kit.link("far", 1400);
        kit.plug(r, "p1", "near", 1);
        kit.plug(r, "p2", "far", 2);
        own(r, "p1", R.toString());
        own(r, "p2", "2001:db8:2::1");
        b = kit.host("b", "far", 0xb);
        own(b, "p1", B.toString());
        route(b, "::/0", "p1", linkLocal(2));
        far = kit.new Probe("far", 0xf);
        kit.settle();
        // R knows A, and B knows R
        a.say(mac(1), A, R, icmpNs(R));
        b.output().send(ping(B, R, 8), 0, true);
        kit.settle();
        a.forget();
        far.forget();
        kit.mark();
    }

    private Icmp6Message icmpNs(Ip6Address target) {
        return new Icmp6Message.NeighbourSolicitation(target, List.of(new NdOption.SourceLinkLayer(a.mac)));
    }

    private void send(Ip6Packet packet) {
        a.send(mac(1), packet);
        kit.settle();
    }

    private <T extends Icmp6Message> StackKit.Said<T> theOne(Class<T> kind) {
        var said = a.said(kind);
        assertEquals(1, said.size(), () -> kind.getSimpleName() + " in " + a.packets());
        assertEquals(A, said.getFirst().packet().destination());
        return said.getFirst();
    }

    private static Ip6Packet with(Ip6Packet packet, ExtensionHeader... extensions) {
        return packet.withExtensions(List.of(extensions));
    }

    private static Ip6Packet hops(Ip6Packet packet, int hops) {
        return packet.withHeader(packet.header().withHopLimit(hops));
    }

    @Test
    void oneHopLess() {
        send(hops(udp(A, B, 9, 100), 2));
        Ip6Packet arrived = far.packets().stream().filter(p -> p.protocol() == IpProtocol.UDP).findFirst().orElseThrow();
        assertEquals(hops(udp(A, B, 9, 100), 1), arrived);
        assertEquals(2, kit.decisions(Reason.FORWARDED), "there, and the error back");
        var refused = theOne(DestinationUnreachable.class);
        assertEquals(DestinationUnreachable.PORT, refused.message().code());
        assertEquals(B, refused.packet().source());
        assertEquals(arrived.toOctets(), refused.message().invoking());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hopLimitRunsOut(int hops) {
        send(hops(udp(A, B, 9, 100), hops));
        var error = theOne(TimeExceeded.class);
        assertEquals(TimeExceeded.HOP_LIMIT, error.message().code());
        assertEquals(R, error.packet().source());
        assertEquals(hops(udp(A, B, 9, 100), hops).toOctets(), error.message().invoking());
        assertEquals(List.of(), far.packets().stream().filter(p -> p.protocol() == IpProtocol.UDP).toList());
        assertEquals(List.of(Reason.HOP_LIMIT), kit.dropReasons());
    }

    /** A packet to the router itself needs no hop more. */
    @Test
    void hopLimitOneReachesTheRouter() {
        send(hops(ping(A, R, 8), 1));
        theOne(EchoReply.class);
    }

    @Test
    void noRoute() {
        send(udp(A, NOBODY, 9, 100));
        assertEquals(DestinationUnreachable.NO_ROUTE, theOne(DestinationUnreachable.class).message().code());
        assertEquals(List.of(Reason.NO_ROUTE), kit.dropReasons());
    }

    @Test
    void linkLocalAddressesStayOnTheirLink() {
        send(udp(a.linkLocal(), B, 9, 100));
        // the error goes back to the link-local address, on the link where the packet came in
        answer(a.linkLocal());
        var error = a.said(DestinationUnreachable.class);
        assertEquals(1, error.size());
        assertEquals(DestinationUnreachable.BEYOND_SCOPE, error.getFirst().message().code());
        assertEquals(linkLocal(1), error.getFirst().packet().source());
        send(udp(A, linkLocal(0xb), 9, 100));
        assertEquals(2, kit.drops(Reason.SCOPE));
        assertEquals(List.of(), far.packets().stream().filter(p -> p.protocol() == IpProtocol.UDP).toList());
    }

    private void answer(Ip6Address target) {
        a.say(mac(1), target, linkLocal(1), new NeighbourAdvertisement(false, true, true, target, List.of(new NdOption.TargetLinkLayer(a.mac))));
    }

    /** A node with two links answers to a link-local address on the link where it was asked. */
    @Test
    void linkLocalPingsAreAnsweredOnTheirLink() {
        far.send(mac(2), ping(far.linkLocal(), linkLocal(2), 8));
        kit.settle();
        far.say(mac(2), far.linkLocal(), linkLocal(2), new NeighbourAdvertisement(false, true, true, far.linkLocal(), List.of(new NdOption.TargetLinkLayer(far.mac))));
        assertEquals(1, far.said(EchoReply.class).size());
        assertEquals(0, a.said(EchoReply.class).size());
    }

    @Test
    void addressesThatNoPacketMayHave() {
        send(udp(ip("ff02::1"), B, 9, 1));
        send(udp(Ip6Address.LOOPBACK, B, 9, 1));
        send(udp(A, Ip6Address.LOOPBACK, 9, 1));
        send(udp(A, Ip6Address.ANY, 9, 1));
        send(udp(Ip6Address.ANY, B, 9, 1));
        assertEquals(List.of(Reason.BAD_SOURCE, Reason.BAD_SOURCE, Reason.BAD_SOURCE, Reason.NOT_FOR_US, Reason.NOT_FOR_US), kit.dropReasons());
        assertEquals(List.of(), a.heard);
    }

    @Test
    void aHostForwardsNothing() {
        far.send(mac(0xb), udp(ip("2001:db8:2::9"), NOBODY, 9, 1));
        kit.settle();
        assertEquals(List.of(Reason.NOT_FOR_US), kit.dropReasons());
        assertEquals(1, far.heard.size() + 1, "no error from a host");
    }

    @Test
    void tooBigForTheNextLink() {
        send(ping(A, B, 1400 - 48));
        assertEquals(List.of(), a.said(PacketTooBig.class));
        send(ping(A, B, 1401 - 48));
        var error = theOne(PacketTooBig.class);
        assertEquals(1400, error.message().mtu());
        assertEquals(1280, error.packet().length(), "as much as fits the least MTU");
        assertEquals(List.of(Reason.TOO_BIG), kit.dropReasons());
    }

    /** A host learns from that, and sends fragments from then on; ten minutes later it tries again. */
    @Test
    void pathMtuIsLearntAndForgotten() {
        IpStack c = kit.host("c", "near", 0xc);
        own(c, "p1", "2001:db8:1::c");
        route(c, "::/0", "p1", linkLocal(1));
        Ip6Address from = ip("2001:db8:1::c");
        List<Integer> replies = new ArrayList<>();
        c.upper().listen((_, message) -> message instanceof EchoReply reply && replies.add(reply.data().length()));
        c.output().send(ping(from, B, 1450), 0, true);
        kit.settle();
        assertEquals(List.of(), replies);
        assertEquals(Optional.of(new PathMtu(B, 1400, 0).mtu()), mtu(c));
        c.output().send(ping(from, B, 1450), 0, true);
        c.output().send(ping(from, B, 5000), 0, true);
        kit.settle();
        assertEquals(List.of(1450, 5000), replies);
        assertTrue(far.packets().stream().filter(p -> p.source().equals(from)).allMatch(p -> p.length() <= 1400));
        kit.until(601 * SECOND);
        assertEquals(Optional.empty(), mtu(c));
        // nobody else than a router about a packet of ours: a forged one for a path that we do not use changes nothing
        a.send(mac(0xc), icmp(A, from, 64, new PacketTooBig(1300, udp(A, B, 9, 100).toOctets())));
        // below the least of IPv6: ignored (RFC 8201 section 4)
        a.send(mac(0xc), icmp(A, from, 64, new PacketTooBig(1279, udp(from, B, 9, 100).toOctets())));
        kit.settle();
        assertEquals(Optional.empty(), mtu(c));
        a.send(mac(0xc), icmp(A, from, 64, new PacketTooBig(1300, udp(from, B, 9, 100).toOctets())));
        a.send(mac(0xc), icmp(A, from, 64, new PacketTooBig(1400, udp(from, B, 9, 100).toOctets())));
        kit.settle();
        assertEquals(Optional.of(1300), mtu(c), "never upwards");
    }

    private static Optional<Integer> mtu(IpStack stack) {
        List<PathMtu> rows = new ArrayList<>();
        stack.env().rows((_, row) -> {
            if (row instanceof PathMtu mtu) {
                rows.add(mtu);
            }
        });
        return rows.stream().findFirst().map(PathMtu::mtu);
    }

    // Extension headers.

    /** The first two bits of an unknown option's type say what happens (RFC 8200 section 4.2). */
    @ParameterizedTest
    @CsvSource({"0x1e, false, true, 0", "0x5e, false, false, 0", "0x9e, false, false, 1", "0xde, false, false, 1",
        "0x1e, true, true, 0", "0x5e, true, false, 0", "0x9e, true, false, 1", "0xde, true, false, 0"})
    void unknownOptions(String type, boolean multicast, boolean goesOn, int errors) {
        Ip6Option option = new Ip6Option.Unknown(Integer.decode(type), Octets.of(1, 2, 3, 4));
        Ip6Address to = multicast ? Ip6Address.ALL_NODES : R;
        Ip6Packet packet = with(udp(A, to, 9, 20), DestinationOptions.of(new Ip6Option.TunnelEncapsulationLimit(4), option));
        a.send(multicast ? MacAddress.multicast(to) : mac(1), packet);
        kit.settle();
        assertEquals(goesOn ? 0 : 1, kit.drops(Reason.UNKNOWN_OPTION));
        assertEquals(goesOn ? 1 : 0, kit.drops(Reason.NO_LISTENER));
        assertEquals(errors, a.said(ParameterProblem.class).size());
        if (errors == 1) {
            ParameterProblem error = theOne(ParameterProblem.class).message();
            assertEquals(ParameterProblem.OPTION, error.code());
            assertEquals(Integer.decode(type), packet.toOctets().at((int) error.pointer()), "points at the option");
        }
    }

    /** Hop-by-hop options concern the routers on the way, destination options do not. */
    @Test
    void routersLookAtHopByHopOptionsOnly() {
        Ip6Option unknown = new Ip6Option.Unknown(0x9e, Octets.of(1, 2, 3, 4));
        send(with(udp(A, B, 9, 20), HopByHop.of(unknown)));
        assertEquals(R, theOne(ParameterProblem.class).packet().source());
        assertEquals(42, a.said(ParameterProblem.class).getFirst().message().pointer());
        a.forget();
        send(with(udp(A, B, 9, 20), DestinationOptions.of(unknown)));
        assertEquals(B, theOne(ParameterProblem.class).packet().source());
        a.forget();
        // a home address has no place in front of every hop
        send(with(udp(A, B, 9, 20), HopByHop.of(new Ip6Option.HomeAddress(NOBODY))));
        assertEquals(R, theOne(ParameterProblem.class).packet().source());
    }

    /** What is wrong behind the hop-by-hop options is for the destination to find: here options that run past their header. */
    @Test
    void routersReadNoFurther() {
        Ip6Packet packet = with(udp(A, B, 9, 20), HopByHop.of(new Ip6Option.RouterAlert(0)), DestinationOptions.of());
        byte[] octets = packet.toOctets().toArray();
        octets[48 + 2] = 0x1e;
        octets[48 + 3] = (byte) 200;
        a.send(mac(1), new Ip6Packet(packet.header(), List.of(), IpProtocol.HOP_BY_HOP, Octets.wrap(octets).from(40)));
        kit.settle();
        assertEquals(1, kit.decisions(Reason.FORWARDED));
        assertEquals(1, kit.drops(Reason.MALFORMED), "at B");
    }

    /** To a node without mobility a home address option is an unknown one (RFC 6275 section 6.3). */
    @Test
    void homeAddressOptionAtAPlainHost() {
        Ip6Packet packet = with(udp(A, B, 9, 20), DestinationOptions.of(new Ip6Option.HomeAddress(NOBODY)));
        send(packet);
        ParameterProblem error = theOne(ParameterProblem.class).message();
        assertEquals(ParameterProblem.OPTION, error.code());
        assertEquals(Ip6Option.HOME_ADDRESS, packet.toOctets().at((int) error.pointer()));
    }

    /** RFC 5095 and RFC 8200 section 4.4: refused while it asks for something, else passed over. */
    @ParameterizedTest
    @CsvSource({"0, 1, RH0", "0, 0, NO_LISTENER", "253, 2, UNKNOWN_ROUTING_TYPE", "253, 0, NO_LISTENER"})
    void unknownRoutingHeaders(int type, int segments, Reason reason) {
        Ip6Packet packet = with(udp(A, B, 9, 20), DestinationOptions.of(), new UnknownRouting(type, segments, Octets.zeros(20)));
        send(packet);
        assertEquals(List.of(reason), kit.dropReasons());
        if (segments > 0) {
            ParameterProblem error = theOne(ParameterProblem.class).message();
            assertEquals(ParameterProblem.HEADER_FIELD, error.code());
            assertEquals(40 + 8 + 2, error.pointer(), "the routing type");
        } else {
            assertEquals(List.of(), a.said(ParameterProblem.class));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, UNKNOWN_ROUTING_TYPE", "0, NO_LISTENER"})
    void type2RoutingAtAPlainHost(int segments, Reason reason) {
        send(with(udp(A, B, 9, 20), new Type2Routing(segments, B)));
        assertEquals(List.of(reason), kit.dropReasons());
        assertEquals(segments, a.said(ParameterProblem.class).stream().filter(s -> s.message().pointer() == 42).count());
    }

    @Test
    void unknownNextHeaders() {
        for (int extensions = 0; extensions < 3; extensions++) {
            a.forget();
            List<ExtensionHeader> headers = new ArrayList<>();
            for (int i = 0; i < extensions; i++) {
                headers.add(DestinationOptions.of(new Ip6Option.PadN(2 + 8 * i)));
            }
            Ip6Packet packet = new Ip6Packet(udp(A, B, 9, 20).header(), headers, 253, Octets.zeros(8));
            send(packet);
            ParameterProblem error = theOne(ParameterProblem.class).message();
            assertEquals(ParameterProblem.NEXT_HEADER, error.code());
            assertEquals(253, packet.toOctets().at((int) error.pointer()), extensions + " extension headers");
        }
        assertEquals(3, kit.drops(Reason.UNKNOWN_NEXT_HEADER));
        a.forget();
        send(Ip6Packet.of(A, B, IpProtocol.MOBILITY, Octets.hex("3b00010000000000")));
        assertEquals(6, theOne(ParameterProblem.class).message().pointer(), "no mobility at a plain host");
        a.forget();
        send(Ip6Packet.of(A, B, IpProtocol.NONE, Octets.zeros(3)));
        assertEquals(List.of(), a.said(ParameterProblem.class), "nothing follows, nothing is wrong");
        // a tunnel that nobody set up
        send(Ip6Packet.of(A, B, IpProtocol.IP6, udp(A, B, 9, 1).toOctets()));
        assertEquals(6, theOne(ParameterProblem.class).message().pointer());
    }

    // RFC 4443 section 2.4 (e) and (f).

    @Test
    void noErrorsAboutErrors() {
        for (Icmp6Message message : List.of(new DestinationUnreachable(0, Octets.zeros(40)), new PacketTooBig(1300, Octets.zeros(40)),
                new TimeExceeded(0, Octets.zeros(40)), new ParameterProblem(0, 0, Octets.zeros(40)),
                new Icmp6Message.Unknown(100, 0, Octets.zeros(8)), new Icmp6Message.Redirect(A, B, List.of()))) {
            send(icmp(A, NOBODY, 64, message));
        }
        assertEquals(6, kit.drops(Reason.NO_ROUTE));
        assertEquals(6, kit.decisions(Reason.ERROR_FORBIDDEN));
        assertEquals(List.of(), a.heard);
        send(icmp(A, NOBODY, 64, new EchoRequest(1, 1, Octets.EMPTY)));
        theOne(DestinationUnreachable.class);
    }

    @Test
    void noErrorsToWhomNobodyCanAnswer() {
        a.send(MacAddress.multicast(Ip6Address.ALL_NODES), udp(A, Ip6Address.ALL_NODES, 9, 1));    // to a group
        a.send(mac(1), udp(Ip6Address.ANY, R, 9, 1));                                               // from nobody
        a.send(MacAddress.multicast(Ip6Address.ALL_NODES), udp(A, R, 9, 1));                        // unicast to everybody on the link
        a.send(MacAddress.BROADCAST, udp(A, NOBODY, 9, 1));
        kit.settle();
        assertEquals(List.of(), a.heard);
        assertEquals(2, kit.drops(Reason.UNICAST_TO_ALL));
    }

    /** Ten at once, ten a second; what is not sent is told. */
    @Test
    void errorsAreFew() {
        for (int i = 0; i < 100; i++) {
            a.send(mac(1), udp(A, NOBODY, 9, i));
        }
        kit.settle();
        assertEquals(10, a.said(DestinationUnreachable.class).size());
        assertEquals(90, kit.decisions(Reason.ERROR_RATE));
        a.forget();
        long start = kit.scheduler.now();
        for (int i = 0; i < 80; i++) {    // one each 50 ms for four seconds
            kit.until(start + i * SECOND / 20);
            a.send(mac(1), udp(A, NOBODY, 9, i));
        }
        kit.settle();
        int count = a.said(DestinationUnreachable.class).size();
        assertTrue(count >= 38 && count <= 41, count + " errors");
    }

    @Test
    void echo() {
        send(ping(A, B, 1000));
        var reply = theOne(EchoReply.class);
        assertEquals(new EchoReply(1, 1, Octets.zeros(1000)), reply.message());
        assertEquals(B, reply.packet().source());
        assertEquals(63, reply.packet().header().hopLimit());
        // echo requests to groups are not answered, which RFC 4443 leaves open
        a.send(MacAddress.multicast(Ip6Address.ALL_NODES), ping(A, Ip6Address.ALL_NODES, 8));
        kit.settle();
        assertEquals(1, a.said(EchoReply.class).size());
    }

    /** A packet to one's own address comes back without a link. */
    @Test
    void toOneself() {
        List<Icmp6Message> heard = new ArrayList<>();
        b.upper().listen((_, message) -> heard.add(message));
        b.output().send(ping(B, B, 8), 0, true);
        kit.settle();
        assertEquals(List.of(new EchoReply(1, 1, Octets.zeros(8))), heard);
        assertEquals(List.of(), far.said(EchoRequest.class));
        assertEquals(2, kit.decisions(Reason.LOOPED));
    }

    @Test
    void aPortDownIsNoWay() {
        r.port("p2").attach(null, false);
        send(udp(A, B, 9, 1));
        assertEquals(DestinationUnreachable.NO_ROUTE, theOne(DestinationUnreachable.class).message().code());
        assertEquals(List.of(Reason.NO_CARRIER), kit.dropReasons());
    }

    /** Octets after the packet's end, such as the padding of a short frame, are not passed on. */
    @Test
    void paddingStaysBehind() {
        Octets packet = udp(A, B, 9, 3).toOctets();
        byte[] padded = new byte[packet.length() + 9];
        packet.copyTo(padded, 0);
        a.send(mac(1), Octets.wrap(padded));
        kit.settle();
        assertEquals(packet.length() + 14, far.heard.stream().filter(h -> h.packet().protocol() == IpProtocol.UDP).findFirst().orElseThrow().frame().length());
        assertEquals(List.of(Reason.NO_LISTENER), kit.dropReasons());
    }

    @Test
    void otherEtherTypesAndShortFrames() {
        byte[] other = new byte[60];
        for (int i = 0; i < 6; i++) {
            other[i] = (byte) 0xff;
        }
        other[12] = 8;
        other[13] = 7;
        a.send(Octets.wrap(other));
        a.send(Octets.wrap(StackKit.frame(mac(1), a.mac, Octets.EMPTY)));
        a.send(Octets.wrap(StackKit.frame(mac(1), a.mac, udp(A, B, 9, 3).toOctets().slice(0, 45))));
        kit.settle();
        assertEquals(List.of(Reason.UNKNOWN_ETHER_TYPE, Reason.MALFORMED, Reason.MALFORMED), kit.dropReasons());
    }

    /** An attacker's port takes all frames, its stack only its own. */
    @Test
    void overheardFramesAreNotDealtWith() {
        IpStack spy = new IpStack(kit.env("spy"), false, false);
        spy.addPort("p1", mac(0x66), true).attach(kit.link("near"), true);
        own(spy, "p1", A.toString());    // even with the address of another
        far.send(mac(2), ping(ip("2001:db8:2::f"), R, 8));
        send(udp(A, R, 9, 1));
        assertTrue(kit.decisions(Reason.OVERHEARD) > 0);
        assertEquals(1, kit.drops(Reason.NO_LISTENER));
    }
}
