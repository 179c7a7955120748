package careof.engine.stack;

import static careof.engine.stack.StackKit.MILLISECOND;
import static careof.engine.stack.StackKit.SECOND;
import static careof.engine.stack.StackKit.ip;
import static careof.engine.stack.StackKit.linkLocal;
import static careof.engine.stack.StackKit.mac;
import static careof.engine.stack.StackKit.own;
import static careof.engine.stack.StackKit.reachability;
import static careof.engine.stack.StackKit.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.state.Neighbour;
import careof.engine.state.Neighbour.Reachability;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp6Message.DestinationUnreachable;
import careof.engine.wire.icmp.Icmp6Message.NeighbourAdvertisement;
import careof.engine.wire.icmp.Icmp6Message.NeighbourSolicitation;
import careof.engine.wire.icmp.Icmp6Message.Redirect;
import careof.engine.wire.icmp.NdOption;
import careof.engine.wire.ip.Ip6Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Address resolution and unreachability detection, as ladders: our host A on the left, a scripted neighbour B on the right. */
class NeighbourDiscoveryTest {
    private static final Ip6Address A = ip("2001:db8::a");
    private static final Ip6Address B = ip("2001:db8::b");
    private static final int MAC_A = 1;

    private final StackKit kit = new StackKit();
    private final IpStack a = kit.host("a", "wire", MAC_A);
    private final StackKit.Probe b = kit.new Probe("wire", 2);

    {
        own(a, "p1", A.toString());
        kit.settle();
        b.forget();
    }

    private void aSends(int marker) {
        a.output().send(udp(A, B, 9, marker), 0, true);
        kit.settle();
    }

    private List<Integer> data() {
        return b.packets().stream().filter(p -> p.protocol() == 17).map(p -> p.payload().length() - 8).toList();
    }

    private void bAdvertises(boolean router, boolean solicited, boolean override, MacAddress mac) {
        List<NdOption> options = mac == null ? List.of() : List.of(new NdOption.TargetLinkLayer(mac));
        b.say(mac(MAC_A), B, A, new NeighbourAdvertisement(router, solicited, override, B, options));
    }

    private Neighbour neighbour() {
        return a.neighbours().get(a.port("p1"), B).orElseThrow();
    }

    @Test
    void resolution() {
        // A: thirty-four packets at once    A -> ff02::1:ff00:b  Neighbor Solicitation for B, with its own address
        for (int i = 1; i <= 34; i++) {
            aSends(i);
        }
        var asked = b.said(NeighbourSolicitation.class);
        assertEquals(1, asked.size());
        assertEquals(B, asked.getFirst().message().target());
        assertEquals(B.solicitedNode(), asked.getFirst().packet().destination());
        assertEquals(MacAddress.multicast(B.solicitedNode()), asked.getFirst().to());
        assertEquals(255, asked.getFirst().packet().header().hopLimit());
        assertEquals(Optional.of(mac(MAC_A)), asked.getFirst().message().option(NdOption.SourceLinkLayer.class).map(NdOption.SourceLinkLayer::address));
        assertEquals(List.of(), data());
        // thirty-two wait, the oldest made room
        assertEquals(2, kit.drops(Reason.RESOLUTION_QUEUE_FULL));
        assertEquals(32, neighbour().queued());
        assertEquals(Reachability.INCOMPLETE, neighbour().reachability());
        // B -> A  Neighbor Advertisement, solicited
        bAdvertises(false, true, true, b.mac);
        // A -> B  the thirty-two
        assertEquals(IntStream.rangeClosed(3, 34).boxed().toList(), data());
        assertEquals(new Neighbour("p1", B, Optional.of(b.mac), Reachability.REACHABLE, false, 0, 0), neighbour());
        aSends(35);
        assertEquals(IntStream.rangeClosed(3, 35).boxed().toList(), data());
        assertEquals(1, b.said(NeighbourSolicitation.class).size());
    }

    @Test
    void resolutionFails() {
        long start = kit.scheduler.now();
        aSends(1);
        aSends(2);
        kit.until(start + 10 * SECOND);
        assertEquals(LongStream.of(0, 1, 2).mapToObj(s -> start + s * SECOND).toList(),
                b.said(NeighbourSolicitation.class).stream().map(StackKit.Said::at).toList());
        assertEquals(2, kit.drops(Reason.UNREACHABLE));
        assertEquals(start + 3 * SECOND, kit.drops().getLast().at());
        assertEquals(Optional.empty(), a.neighbours().get(a.port("p1"), B));
        assertFalse(a.env().timers().isSet("neighbour p1 " + B));
    }

    /** A router tells the sender of each packet that waited in vain (RFC 4861 section 7.2.2). */
    @Test
    void aRouterReportsEachPacketThatItCouldNotDeliver() {
        IpStack r = kit.router("r");
        kit.plug(r, "p1", "wire", 3);
        kit.plug(r, "p2", "far", 4);
        own(r, "p1", "2001:db8::1");
        own(r, "p2", "2001:db8:f::1");
        Ip6Address gone = ip("2001:db8:f::9");
        for (int i = 0; i < 2; i++) {
            b.send(mac(3), udp(B, gone, 9, i));
        }
        kit.settle();
        answerFor(B, 3);
        kit.until(kit.scheduler.now() + 5 * SECOND);
        answerFor(B, 3);
        var errors = b.said(DestinationUnreachable.class);
        assertEquals(2, errors.size());
        for (var error : errors) {
            assertEquals(DestinationUnreachable.ADDRESS, error.message().code());
            assertEquals(B, error.packet().destination());
        }
    }

    private void answerFor(Ip6Address target, int mac) {
        b.say(mac(mac), target, linkLocal(mac), new NeighbourAdvertisement(false, true, true, target, List.of(new NdOption.TargetLinkLayer(b.mac))));
    }

    @Test
    void unreachabilityDetection() {
        aSends(1);
        bAdvertises(false, true, true, b.mac);
        long confirmed = kit.scheduler.now();
        // REACHABLE for 15 to 45 s ...
        kit.until(confirmed + 14 * SECOND);
        assertEquals(Optional.of(Reachability.REACHABLE), reachability(a, B));
        kit.until(confirmed + 46 * SECOND);
        // ... then STALE, for as long as nobody asks
        assertEquals(Optional.of(Reachability.STALE), reachability(a, B));
        kit.until(confirmed + 1000 * SECOND);
        b.forget();
        // the first packet starts the 5 s of DELAY, and goes out at once
        long start = kit.scheduler.now();
        aSends(7);
        assertEquals(List.of(7), data());
        assertEquals(Optional.of(Reachability.DELAY), reachability(a, B));
        kit.until(start + 5 * SECOND - 1);
        assertEquals(0, b.said(NeighbourSolicitation.class).size());
        // three unicast probes, a second apart, then it is gone
        kit.until(start + 30 * SECOND);
        var probes = b.said(NeighbourSolicitation.class);
        assertEquals(LongStream.of(5, 6, 7).mapToObj(s -> start + s * SECOND).toList(), probes.stream().map(StackKit.Said::at).toList());
        for (var probe : probes) {
            assertEquals(b.mac, probe.to());
            assertEquals(B, probe.packet().destination());
        }
        assertEquals(Optional.empty(), reachability(a, B));
    }

    @Test
    void anAnswerToAProbeMakesItReachableAgain() {
        aSends(1);
        bAdvertises(false, true, true, b.mac);
        kit.until(kit.scheduler.now() + 46 * SECOND);
        aSends(2);
        kit.until(kit.scheduler.now() + 6 * SECOND + 500 * MILLISECOND);
        assertEquals(Optional.of(Reachability.PROBE), reachability(a, B));
        bAdvertises(false, true, false, null);    // probes may be answered without a link-layer address
        assertEquals(Optional.of(Reachability.REACHABLE), reachability(a, B));
        kit.until(kit.scheduler.now() + 46 * SECOND);
        assertEquals(Optional.of(Reachability.STALE), reachability(a, B));
    }

    /**
     * RFC 4861 section 7.2.5, all of it. Before: B is known at address 2 in some state, as a router. Then an advertisement
     * comes with or without a link-layer address, the same or another.
     */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,   solicited, override, address, then state,   then address, still a router
            REACHABLE, true,      true,     same,    REACHABLE,    same,         no
            REACHABLE, true,      false,    same,    REACHABLE,    same,         no
            REACHABLE, false,     true,     same,    REACHABLE,    same,         no
            REACHABLE, false,     false,    same,    REACHABLE,    same,         no
            REACHABLE, true,      true,     other,   REACHABLE,    other,        no
            REACHABLE, false,     true,     other,   STALE,        other,        no
            REACHABLE, true,      false,    other,   STALE,        same,         yes
            REACHABLE, false,     false,    other,   STALE,        same,         yes
            REACHABLE, true,      false,    none,    REACHABLE,    same,         no
            REACHABLE, false,     true,     none,    REACHABLE,    same,         no
            STALE,     true,      true,     same,    REACHABLE,    same,         no
            STALE,     false,     true,     same,    STALE,        same,         no
            STALE,     true,      true,     other,   REACHABLE,    other,        no
            STALE,     false,     true,     other,   STALE,        other,        no
            STALE,     true,      false,    other,   STALE,        same,         yes
            STALE,     true,      false,    none,    REACHABLE,    same,         no
            DELAY,     true,      true,     same,    REACHABLE,    same,         no
            DELAY,     false,     false,    other,   DELAY,        same,         yes
            DELAY,     false,     true,     other,   STALE,        other,        no
            DELAY,     false,     false,    same,    DELAY,        same,         no
            PROBE,     true,      false,    other,   PROBE,        same,         yes
            PROBE,     true,      false,    none,    REACHABLE,    same,         no
            PROBE,     false,     true,     other,   STALE,        other,        no
            PROBE,     false,     false,    same,    PROBE,        same,         no
            """)
    void advertisementRules(Reachability state, boolean solicited, boolean override, String address, Reachability then, String thenAddress, String router) {
        MacAddress other = mac(0x77);
        bring(state);
        bAdvertises(false, solicited, override, switch (address) {
            case "same" -> b.mac;
            case "other" -> other;
            default -> null;
        });
        Neighbour now = neighbour();
        assertEquals(then, now.reachability());
        assertEquals(Optional.of(thenAddress.equals("other") ? other : b.mac), now.mac());
        assertEquals(router.equals("yes"), now.router());
    }

    private void bring(Reachability state) {
        aSends(1);
        bAdvertises(true, true, true, b.mac);
        if (state != Reachability.REACHABLE) {
            kit.until(kit.scheduler.now() + 46 * SECOND);
        }
        if (state == Reachability.DELAY || state == Reachability.PROBE) {
            aSends(2);
        }
        if (state == Reachability.PROBE) {
            kit.until(kit.scheduler.now() + 6 * SECOND + 500 * MILLISECOND);
        }
        assertEquals(state, neighbour().reachability());
        assertTrue(neighbour().router());
    }

    @ParameterizedTest
    @CsvSource({"true, true, REACHABLE", "true, false, REACHABLE", "false, true, STALE", "false, false, STALE"})
    void anIncompleteEntryTakesAnyAddress(boolean solicited, boolean override, Reachability then) {
        aSends(1);
        bAdvertises(true, solicited, override, null);
        assertEquals(Reachability.INCOMPLETE, neighbour().reachability(), "nothing to learn from that");
        assertEquals(1, kit.drops(Reason.ND_INVALID));
        bAdvertises(true, solicited, override, b.mac);
        // what waited goes out; where the entry is only stale, that starts the delay before a probe
        assertEquals(then == Reachability.STALE ? Reachability.DELAY : then, neighbour().reachability());
        assertTrue(neighbour().router());
        assertEquals(List.of(1), data());
    }

    /** No answer makes an entry of its own; an unsolicited one prolongs nothing. */
    @Test
    void advertisementsThatNobodyAskedFor() {
        bAdvertises(false, true, true, b.mac);
        assertEquals(Optional.empty(), reachability(a, B));
        aSends(1);
        bAdvertises(false, true, true, b.mac);
        long confirmed = kit.scheduler.now();
        for (int i = 1; i < 60; i++) {
            kit.until(confirmed + i * SECOND);
            bAdvertises(false, false, true, b.mac);
        }
        assertEquals(Optional.of(Reachability.STALE), reachability(a, B));
    }

    @Test
    void solicitationsAreAnsweredAndTeach() {
        // B -> A's group  Neighbor Solicitation, B's address in it
        b.say(MacAddress.multicast(A.solicitedNode()), B, A.solicitedNode(), new NeighbourSolicitation(A, List.of(new NdOption.SourceLinkLayer(b.mac))));
        // A -> B  Neighbor Advertisement, solicited, override, its own address
        var answers = b.said(NeighbourAdvertisement.class);
        assertEquals(1, answers.size());
        assertEquals(new NeighbourAdvertisement(false, true, true, A, List.of(new NdOption.TargetLinkLayer(mac(MAC_A)))), answers.getFirst().message());
        assertEquals(B, answers.getFirst().packet().destination());
        assertEquals(b.mac, answers.getFirst().to());
        assertEquals(new Neighbour("p1", B, Optional.of(b.mac), Reachability.STALE, false, 0, 0), neighbour());
        // For another's address, or a multicast one: nothing, and nothing learnt.
        b.forget();
        Ip6Address stranger = ip("2001:db8::5");
        b.say(mac(MAC_A), stranger, A, new NeighbourSolicitation(ip("2001:db8::77"), List.of(new NdOption.SourceLinkLayer(mac(5)))));
        b.say(mac(MAC_A), stranger, A, new NeighbourSolicitation(Ip6Address.ALL_NODES, List.of(new NdOption.SourceLinkLayer(mac(5)))));
        assertEquals(List.of(), b.heard);
        assertEquals(Optional.empty(), reachability(a, stranger));
    }

    /** Neighbor Discovery from further away than one hop is forged (RFC 4861 section 6.1, 7.1, 8.1). */
    @Test
    void hopLimit255() {
        b.send(mac(MAC_A), StackKit.icmp(B, A, 254, new NeighbourSolicitation(A, List.of(new NdOption.SourceLinkLayer(b.mac)))));
        b.send(mac(MAC_A), StackKit.icmp(B, A, 64, new NeighbourAdvertisement(false, true, true, B, List.of(new NdOption.TargetLinkLayer(b.mac)))));
        kit.settle();
        assertEquals(List.of(Reason.ND_BAD_HOP_LIMIT, Reason.ND_BAD_HOP_LIMIT), kit.dropReasons());
        assertEquals(List.of(), b.heard);
        assertEquals(Optional.empty(), reachability(a, B));
    }

    /** Redirects change nothing here, which the trace tells. */
    @Test
    void redirectsAreIgnored() {
        aSends(1);
        bAdvertises(false, true, true, b.mac);
        b.say(mac(MAC_A), b.linkLocal(), A, new Redirect(linkLocal(9), B, List.of(new NdOption.TargetLinkLayer(mac(9)))));
        assertEquals(1, kit.drops(Reason.ND_IGNORED));
        assertEquals(Optional.of(b.mac), neighbour().mac());
        aSends(2);
        assertEquals(List.of(1, 2), data());
    }

    @Test
    void theCacheIsBounded() {
        Ip6Address mine = ip("2001:db8::b");
        aSends(1);
        bAdvertises(false, true, true, b.mac);
        for (int i = 0; i < 3000; i++) {
            Ip6Address forged = new Ip6Address(mine.high(), 0x10_0000 + i);
            b.send(mac(MAC_A), StackKit.icmp(forged, A, 255, new NeighbourSolicitation(A, List.of(new NdOption.SourceLinkLayer(b.mac)))));
            a.output().send(udp(A, new Ip6Address(mine.high(), 0x20_0000 + i), 9, 1), 0, true);
        }
        kit.settle();
        long entries = rows(Neighbour.class);
        assertTrue(entries <= 1024, entries + " entries");
        assertEquals(Reachability.REACHABLE, neighbour().reachability(), "who answers is not pushed out");
        kit.until(kit.scheduler.now() + 10 * SECOND);
        assertEquals(3000, kit.drops(Reason.NEIGHBOUR_CACHE_FULL) + kit.drops(Reason.UNREACHABLE), "each packet has its end");
    }

    private long rows(Class<?> kind) {
        List<Object> rows = new ArrayList<>();
        a.env().rows((_, row) -> rows.add(row));
        return rows.stream().filter(kind::isInstance).count();
    }

    /** A port that leaves its link forgets its neighbours; what waited is told of. */
    @Test
    void leavingForgets() {
        aSends(1);
        a.port("p1").attach(null, false);
        kit.until(kit.scheduler.now() + 10 * SECOND);
        assertEquals(Optional.empty(), reachability(a, B));
        assertEquals(List.of(Reason.NO_CARRIER), kit.dropReasons());
        assertEquals(List.<Ip6Packet>of(), b.packets().stream().filter(p -> p.protocol() == 17).toList());
    }
}
