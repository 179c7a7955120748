package careof.engine.stack;

import static careof.engine.stack.StackKit.SECOND;
import static careof.engine.stack.StackKit.icmp;
import static careof.engine.stack.StackKit.ip;
import static careof.engine.stack.StackKit.mac;
import static careof.engine.stack.StackKit.own;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.state.Reassembly;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.icmp.Icmp6Message.EchoReply;
import careof.engine.wire.icmp.Icmp6Message.EchoRequest;
import careof.engine.wire.icmp.Icmp6Message.ParameterProblem;
import careof.engine.wire.icmp.Icmp6Message.TimeExceeded;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.ExtensionHeader.DestinationOptions;
import careof.engine.wire.ip.ExtensionHeader.Fragment;
import careof.engine.wire.ip.ExtensionHeader.Type2Routing;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments that a probe A sends to a host B, which answers echo requests that came whole. */
class FragmentTest {
    private static final Ip6Address A = ip("2001:db8::a");
    private static final Ip6Address B = ip("2001:db8::b");

    private final StackKit kit = new StackKit();
    private final IpStack b = kit.host("b", "wire", 0xb);
    private final StackKit.Probe a = kit.new Probe("wire", 0xa);

    {
        own(b, "p1", B.toString());
        a.say(mac(0xb), A, B, new Icmp6Message.NeighbourSolicitation(B, List.of(new NdOption.SourceLinkLayer(a.mac))));
        a.forget();
        kit.mark();
    }

    /** An echo request of {@code octets} data, cut at the given places. */
    private static List<Ip6Packet> pieces(int octets, long id, int... cuts) {
        Octets body = new EchoRequest(1, (int) id & 0xffff, data(octets)).toOctets(A, B);
        List<Ip6Packet> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : body.length();
            pieces.add(piece(body, from, to, id));
            from = to;
        }
        return pieces;
    }

    private static Ip6Packet piece(Octets body, int from, int to, long id) {
        return piece(List.of(new Fragment(from, to < body.length(), id)), IpProtocol.ICMP6, body.slice(from, to));
    }

    private static Ip6Packet piece(List<ExtensionHeader> headers, int protocol, Octets part) {
        return new Ip6Packet(new Ip6Header(0, 0, 0, 0, 64, A, B), headers, protocol, part);
    }

    private static Octets data(int octets) {
        byte[] data = new byte[octets];
        new Random(octets).nextBytes(data);
        return Octets.wrap(data);
    }

    private void send(List<Ip6Packet> packets) {
        packets.forEach(packet -> a.send(mac(0xb), packet));
        kit.settle();
    }

    private List<Octets> replies() {
        return a.said(EchoReply.class).stream().map(s -> s.message().data()).toList();
    }

    private List<Reassembly> held() {
        List<Reassembly> rows = new ArrayList<>();
        b.env().rows((_, row) -> {
            if (row instanceof Reassembly reassembly) {
                rows.add(reassembly);
            }
        });
        return rows;
    }

    @Test
    void inAnyOrder() {
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            a.forget();
            List<Ip6Packet> pieces = pieces(1000, i, 8, 400, 408, 992);
            Collections.shuffle(pieces, random);
            send(pieces);
            assertEquals(List.of(data(1000)), replies(), "turn " + i);
            assertEquals(List.of(), held());
        }
        assertEquals(List.of(), kit.drops());
    }

    @Test
    void severalAtOnceAndFromSeveral() {
        List<Ip6Packet> first = pieces(500, 1, 256);
        List<Ip6Packet> second = pieces(600, 2, 256);
        send(List.of(first.get(0), second.get(1), second.get(0)));
        assertEquals(List.of(data(600)), replies());
        assertEquals(1, held().size());
        Ip6Packet foreign = first.get(1).withHeader(first.get(1).header().withSource(ip("2001:db8::cc")));
        send(List.of(foreign));
        assertEquals(2, held().size(), "another source, another packet");
        send(List.of(first.get(1)));
        assertEquals(List.of(data(600), data(500)), replies());
    }

    /** The network may duplicate (RFC 8200 section 4.5): an exact copy does no harm. */
    @Test
    void exactDuplicates() {
        List<Ip6Packet> pieces = pieces(1000, 1, 400, 800);
        send(List.of(pieces.get(0), pieces.get(0), pieces.get(2), pieces.get(2), pieces.get(1)));
        assertEquals(List.of(data(1000)), replies());
        assertEquals(2, kit.drops(Reason.FRAGMENT_DUPLICATE));
        assertEquals(2, kit.drops().size());
    }

    /** RFC 5722 section 4: one overlap ends the packet, and nothing that comes later brings it back. */
    @ParameterizedTest
    @ValueSource(strings = {"392-800", "408-816", "0-8", "792-1008", "400-408", "792-1000", "0-408", "400-800"})
    void overlaps(String range) {
        int from = Integer.parseInt(range.replaceAll("-.*", ""));
        int to = Integer.parseInt(range.replaceAll(".*-", ""));
        Octets body = new EchoRequest(1, 1, data(1000)).toOctets(A, B);
        byte[] other = body.toArray();
        other[from] ^= 1;
        send(List.of(piece(body, 0, 400, 1), piece(body, 400, 800, 1)));
        send(List.of(piece(Octets.wrap(other), from, to, 1)));
        assertEquals(1, kit.drops(Reason.FRAGMENT_OVERLAP));
        send(List.of(piece(body, 800, 1008, 1), piece(body, 0, 400, 1), piece(body, 400, 800, 1)));
        assertEquals(List.of(), replies());
        kit.until(kit.scheduler.now() + 61 * SECOND);
        assertEquals(List.of(), held());
        assertEquals(List.of(), a.said(TimeExceeded.class), "silently");
    }

    /** What contradicts the end that the last fragment told. */
    @Test
    void pastTheEnd() {
        Octets body = new EchoRequest(1, 1, data(1000)).toOctets(A, B);
        send(List.of(piece(body, 800, 1008, 1), piece(List.of(new Fragment(1008, true, 1)), IpProtocol.ICMP6, Octets.zeros(8))));
        assertEquals(1, kit.drops(Reason.FRAGMENT_OVERLAP));
        send(List.of(piece(body, 800, 1008, 2), piece(List.of(new Fragment(408, false, 2)), IpProtocol.ICMP6, Octets.zeros(8))));
        assertEquals(2, kit.drops(Reason.FRAGMENT_OVERLAP), "two ends");
    }

    /** Atomic fragments pass by all others, even with the same identification (RFC 6946, RFC 8200 section 4.5). */
    @Test
    void atomicFragments() {
        Octets body = new EchoRequest(1, 1, data(100)).toOctets(A, B);
        send(List.of(pieces(1000, 1, 400).get(0)));
        send(List.of(piece(List.of(new Fragment(0, false, 1)), IpProtocol.ICMP6, body)));
        assertEquals(List.of(data(100)), replies());
        send(List.of(pieces(1000, 1, 400).get(1)));
        assertEquals(List.of(data(100), data(1000)), replies());
        // with more headers after it
        a.forget();
        send(List.of(piece(List.of(new Fragment(0, false, 1), DestinationOptions.of(new Ip6Option.PadN(2))), IpProtocol.ICMP6, body)));
        send(List.of(piece(List.of(new Fragment(0, false, 1), new Fragment(0, false, 2)), IpProtocol.ICMP6, body)));
        assertEquals(List.of(data(100), data(100)), replies());
        assertEquals(List.of(), kit.drops());
    }

    @Test
    void bounds() {
        send(List.of(piece(List.of(new Fragment(0, true, 1)), IpProtocol.UDP, Octets.zeros(1001))));
        var error = a.said(ParameterProblem.class);
        assertEquals(1, error.size());
        assertEquals(ParameterProblem.HEADER_FIELD, error.getFirst().message().code());
        assertEquals(4, error.getFirst().message().pointer(), "the payload length");
        a.forget();
        send(List.of(piece(List.of(new Fragment(65528, false, 2)), IpProtocol.ICMP6, Octets.zeros(8))));
        assertEquals(42, a.said(ParameterProblem.class).getFirst().message().pointer(), "the fragment offset");
        send(List.of(piece(List.of(new Fragment(80, true, 3)), IpProtocol.ICMP6, Octets.EMPTY)));
        assertEquals(3, kit.drops(Reason.FRAGMENT_BOUNDS));
        assertEquals(List.of(), held());
        // the largest that there is
        a.forget();
        send(pieces(65535 - 8, 4, cuts(65535, 1400)));
        assertEquals(3, kit.drops().size());
        assertEquals(List.of(), held());
        assertEquals(1, kit.decisions(Reason.REASSEMBLED));
    }

    /** A first fragment that hides what it is the beginning of (RFC 8200 section 4.5, RFC 7112). */
    @Test
    void firstFragmentsHoldAllHeaders() {
        Octets options = Octets.hex("1102" + "01120000000000000000000000000000000000000000");    // 24 octets, then UDP
        send(List.of(piece(List.of(new Fragment(0, true, 1)), IpProtocol.DESTINATION_OPTIONS, options.slice(0, 16)),
                piece(List.of(new Fragment(0, true, 2)), IpProtocol.DESTINATION_OPTIONS, options.slice(0, 24)),
                piece(List.of(new Fragment(0, true, 3)), IpProtocol.TCP, Octets.zeros(16)),
                piece(List.of(new Fragment(0, true, 4)), IpProtocol.DESTINATION_OPTIONS, Octets.hex("3affffffffffffff"))));
        assertEquals(4, kit.drops(Reason.FRAGMENT_BOUNDS));
        assertEquals(List.of(), held());
        assertEquals(List.of(3, 3, 3, 3), a.said(ParameterProblem.class).stream().map(s -> s.message().code()).toList());
        send(List.of(piece(List.of(new Fragment(0, true, 5)), IpProtocol.UDP, Octets.zeros(8))));
        assertEquals(1, held().size());
    }

    private static int[] cuts(int length, int step) {
        int[] cuts = new int[(length - 1) / step];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = (i + 1) * step;
        }
        return cuts;
    }

    /** After 60 s; the sender hears of it if the first fragment came (RFC 8200 section 4.5). */
    @Test
    void timeouts() {
        send(List.of(pieces(1000, 1, 400).get(0)));
        kit.until(kit.scheduler.now() + 30 * SECOND);
        keep();
        send(List.of(pieces(1000, 2, 400).get(1)));
        kit.until(kit.scheduler.now() + 29 * SECOND);
        assertEquals(2, held().size());
        keep();
        kit.until(kit.scheduler.now() + SECOND);
        assertEquals(1, held().size(), "60 s after the first to come");
        var error = a.said(TimeExceeded.class);
        assertEquals(1, error.size());
        assertEquals(TimeExceeded.REASSEMBLY, error.getFirst().message().code());
        assertEquals(pieces(1000, 1, 400).get(0).toOctets(), error.getFirst().message().invoking());
        a.forget();
        kit.until(kit.scheduler.now() + 30 * SECOND);
        assertEquals(List.of(), held());
        assertEquals(List.of(), a.said(TimeExceeded.class), "without the first fragment nobody knows whom to tell of what");
        send(List.of(pieces(1000, 1, 400).get(1)));
        assertEquals(1, held().size(), "late ones start anew");
    }

    /** The neighbour is there. */
    private void keep() {
        a.say(mac(0xb), A, B, new Icmp6Message.NeighbourAdvertisement(false, true, true, A, List.of(new NdOption.TargetLinkLayer(a.mac))));
    }

    @Test
    void aFloodIsBounded() {
        for (int i = 0; i < 5000; i++) {
            a.send(mac(0xb), piece(List.of(new Fragment(8, true, i)), IpProtocol.ICMP6, Octets.zeros(1400)));
        }
        kit.settle();
        assertEquals(64, held().size());
        assertTrue(held().stream().mapToInt(Reassembly::received).sum() <= 1 << 20);
        assertEquals(5000 - 64, kit.drops(Reason.REASSEMBLY_FULL));
        kit.until(kit.scheduler.now() + 61 * SECOND);
        assertEquals(List.of(), held());
        // tiny ones of one packet
        kit.mark();
        for (int i = 0; i < 5000; i++) {
            a.send(mac(0xb), piece(List.of(new Fragment(8 * i, true, 1)), IpProtocol.ICMP6, Octets.zeros(8)));
        }
        kit.settle();
        assertEquals(128, held().getFirst().fragments());
        assertEquals(5000 - 128, kit.drops(Reason.REASSEMBLY_FULL));
        kit.until(kit.scheduler.now() + 61 * SECOND);
        a.forget();
        send(pieces(1000, 1, 400));
        assertEquals(List.of(data(1000)), replies(), "all is well again");
    }

    /** What stands before the fragment header stands before the whole; what is within it is read when all is there. */
    @Test
    void headersBeforeAndWithin() {
        Ip6Address home = ip("2001:db8:1::10");
        Ip6Address homeOfB = ip("2001:db8:1::b");
        List<Inbound> seen = new ArrayList<>();
        b.mobility(new Believer());
        b.upper().listen((packet, message) -> message instanceof Icmp6Message.Unknown && seen.add(packet));
        Octets body = new Icmp6Message.Unknown(200, 0, data(800)).toOctets(home, homeOfB);
        List<ExtensionHeader> mobile = List.of(DestinationOptions.of(new Ip6Option.HomeAddress(home)), new Type2Routing(1, homeOfB));
        // before: a home address option (in its order after the routing header of type 2 on the wire)
        List<ExtensionHeader> before = List.of(new Type2Routing(1, homeOfB), DestinationOptions.of(new Ip6Option.HomeAddress(home)));
        send(List.of(piece(with(before, new Fragment(0, true, 1)), IpProtocol.ICMP6, body.slice(0, 400)),
                piece(with(before, new Fragment(400, false, 1)), IpProtocol.ICMP6, body.slice(400, body.length()))));
        assertEquals(1, seen.size());
        assertEquals(home, seen.getFirst().source());
        assertEquals(homeOfB, seen.getFirst().destination());
        assertEquals(Optional.of(A), seen.getFirst().careOf());
        assertEquals(Optional.of(B), seen.getFirst().routed());
        // within: the same headers in the fragmented part
        Octets whole = new Ip6Packet(new Ip6Header(0, 0, 0, 0, 64, A, B), mobile, IpProtocol.ICMP6, body).toOctets().from(Ip6Header.LENGTH);
        send(List.of(piece(List.of(new Fragment(0, true, 2)), IpProtocol.DESTINATION_OPTIONS, whole.slice(0, 56)),
                piece(List.of(new Fragment(56, false, 2)), IpProtocol.DESTINATION_OPTIONS, whole.slice(56, whole.length()))));
        assertEquals(2, seen.size());
        assertEquals(home, seen.getLast().source());
        assertEquals(Optional.of(B), seen.getLast().routed());
        assertEquals(List.of(), kit.drops());
        assertEquals(List.of(), held());
        // an error about it quotes what came, not what it was turned into, and goes to where it came from
        a.forget();
        send(List.of(piece(with(before, new Fragment(0, true, 3)), 253, Octets.zeros(16)), piece(with(before, new Fragment(16, false, 3)), 253, Octets.zeros(3))));
        var error = a.said(ParameterProblem.class);
        assertEquals(1, error.size());
        assertEquals(A, error.getFirst().packet().destination());
        assertEquals(A.octets(), error.getFirst().message().invoking().slice(8, 24), "the source on the wire");
        assertEquals(253, error.getFirst().message().invoking().at((int) error.getFirst().message().pointer()));
    }

    private static List<ExtensionHeader> with(List<ExtensionHeader> headers, ExtensionHeader last) {
        List<ExtensionHeader> all = new ArrayList<>(headers);
        all.add(last);
        return all;
    }

    /** A node that believes every home address. */
    private static final class Believer implements MobilityStages {
        @Override
        public boolean understandsMobility() {
            return true;
        }

        @Override
        public Verdict homeAddressOption(Inbound packet, Ip6Address careOf) {
            return Verdict.pass(Reason.HAO_VERIFIED, packet.source());
        }

        @Override
        public Verdict type2Routing(Ip6Header header, Ip6Address home) {
            return Verdict.pass(Reason.RH2_FINAL, home);
        }

        @Override
        public Carriage carry(Ip6Packet packet, List<Sa> sas) {
            return Carriage.PLAIN;
        }

        @Override
        public Carriage carry(Ip4Packet packet) {
            return Carriage.PLAIN;
        }

        @Override
        public Optional<Carriage.Tunnel> intercept(IpAddress destination) {
            return Optional.empty();
        }

        @Override
        public Verdict decapsulate(IpAddress remote, IpAddress source, IpAddress destination) {
            return Verdict.drop(Reason.TUNNEL_UNKNOWN, remote, destination);
        }

        @Override
        public void mobilityHeader(Inbound packet) {
            throw new AssertionError("none was sent");
        }

        @Override
        public boolean icmp(Inbound packet, Icmp6Message message) {
            return false;
        }
    }

    /** Sender's side: each piece fits, all but the last are multiples of eight octets, identifications differ. */
    @Test
    void cutting() {
        for (int octets : List.of(1452, 1453, 2000, 8000)) {
            a.forget();
            Ip6Packet whole = icmp(B, A, 64, new EchoRequest(1, 1, data(octets)));
            b.output().send(whole, 0, true);
            kit.settle();
            List<Ip6Packet> cut = a.packets().stream().filter(p -> p.destination().equals(A)).toList();
            if (octets == 1452) {
                assertEquals(List.of(whole), cut);
                continue;
            }
            assertTrue(cut.size() > 1);
            for (int i = 0; i < cut.size(); i++) {
                assertTrue(cut.get(i).length() <= 1500);
                assertEquals(i < cut.size() - 1, cut.get(i).fragment().orElseThrow().more());
                assertTrue(i == cut.size() - 1 || cut.get(i).payload().length() % 8 == 0);
            }
            assertEquals(1, cut.stream().map(p -> p.fragment().orElseThrow().identification()).distinct().count());
        }
    }
}
