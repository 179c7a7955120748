package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.ipsec.IpsecKit.Layer;
import careof.engine.ipsec.IpsecKit.Node;
import careof.engine.policy.Policy;
import careof.engine.policy.Recommendation;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.state.SpdEntry.Action;
import careof.engine.state.SpdEntry.Direction;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What security policies let pass, discard and want, and which addresses of a tunnel are looked at. */
class IpsecPolicyTest {
    private static final String A = "2001:db8:1::a";
    private static final String B = "2001:db8:1::b";
    private static final Selector THERE = IpsecKit.any(A, B);
    private static final Selector ALL = Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6);

    private final IpsecKit kit = new IpsecKit();
    private final Node a = kit.host("a", "lan", A);
    private final Node b = kit.host("b", "lan", B);

    private TraceEvent.Dropped drop(Reason reason) {
        assertEquals(List.of(reason), kit.dropReasons());
        assertEquals(reason.names().size(), kit.drops().getFirst().args().size());
        assertTrue(b.arrived.isEmpty());
        return kit.drops().getFirst();
    }

    @Test
    void whatMatchesNoEntryPasses() {
        b.policy(Direction.IN, IpsecKit.any(B, A), Action.DISCARD);
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(1, b.arrived.size());
    }

    @Test
    void discardedOnTheWayOut() {
        SpdEntry entry = a.policy(Direction.OUT, THERE, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals("spd-entry " + entry.id(), drop(Reason.SPD_DISCARD).entry());
        assertEquals(List.of(), kit.wire("lan"));
    }

    @Test
    void discardedOnTheWayIn() {
        SpdEntry entry = b.policy(Direction.IN, THERE, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals("spd-entry " + entry.id(), drop(Reason.SPD_DISCARD).entry());
    }

    @Test
    void theFirstEntryRules() {
        SpdEntry bypass = b.policy(Direction.IN, THERE, Action.BYPASS);
        b.policy(Direction.IN, ALL, Action.DISCARD);
        SpdEntry out = a.policy(Direction.OUT, THERE, Action.BYPASS);
        a.policy(Direction.OUT, ALL, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(1, b.arrived.size());
        assertEquals("spd-entry " + bypass.id(), kit.decisions(b, Reason.SPD_BYPASS).getFirst().entry());
        assertEquals("spd-entry " + out.id(), kit.decisions(a, Reason.SPD_BYPASS).getFirst().entry());
    }

    /** Else nobody could be found who has the keys. */
    @Test
    void neighbourDiscoveryIsNotAskedAbout() {
        b.policy(Direction.IN, ALL, Action.DISCARD);
        b.policy(Direction.OUT, ALL, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(List.of(Reason.SPD_DISCARD), kit.dropReasons(), "b was found, and only then discarded the packet");
    }

    @Test
    void unprotectedWhereProtectionIsWanted() {
        b.policy(Direction.IN, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.esp(), Layer.ah()));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(List.of("ESP transport within AH transport", "unprotected"), drop(Reason.SPD_UNPROTECTED).args());
    }

    @Test
    void otherProtectionThanIsWanted() {
        Sa ah = kit.secure(a, b, THERE, Layer.ah()).getFirst();
        a.policy(Direction.OUT, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.ah()));
        b.policy(Direction.IN, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.esp()));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(List.of("ESP transport", "under AH transport"), drop(Reason.SPD_UNPROTECTED).args());
        assertEquals(1, a.use(ah).packets());
    }

    @Test
    void theOrderOfTransformsCounts() {
        kit.secure(a, b, THERE, Layer.ah(), Layer.esp());
        a.policy(Direction.OUT, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.ah(), Layer.esp()));
        b.policy(Direction.IN, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.esp(), Layer.ah()));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        drop(Reason.SPD_UNPROTECTED);
    }

    @Test
    void theModeCounts() {
        Layer tunnel = Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B));
        kit.secure(a, b, THERE, tunnel);
        a.policy(Direction.OUT, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, tunnel));
        b.policy(Direction.IN, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.esp()));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        drop(Reason.SPD_UNPROTECTED);
    }

    @Test
    void theRequestIdCounts() {
        kit.secure(a, b, THERE, Layer.esp().request(7));
        a.policy(Direction.OUT, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.UNIQUE, Layer.esp().request(7)));
        b.policy(Direction.IN, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.UNIQUE, Layer.esp().request(8)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        drop(Reason.SPD_UNPROTECTED);
    }

    @Test
    void withoutAnSaOneIsAskedForAndThePacketEnds() {
        a.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        SpdEntry entry = a.policy(Direction.OUT, THERE, Action.PROTECT, IpsecKit.templates(SpdEntry.Level.REQUIRE, Layer.esp()));
        a.heard.clear();
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        TraceEvent.Dropped drop = drop(Reason.SA_MISSING);
        assertEquals("spd-entry " + entry.id(), drop.entry());
        assertEquals(List.of("ESP transport"), drop.args());
        assertEquals(List.of(PfKeyMessage.ACQUIRE), a.heard.stream().map(PfKeyMessage::type).toList());
        kit.folds();
    }

    /** The selector of a policy is the packet's own port; a policy for one port leaves others alone. */
    @Test
    void portsTellFlowsApart() {
        Selector port = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(9));
        a.policy(Direction.OUT, port, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(1, b.arrived.size());
        a.send(IpsecKit.udp(A, B, 9, 1));
        assertEquals(List.of(Reason.SPD_DISCARD), kit.dropReasons());
    }

    /** One's own packets are cut before they go into a tunnel, and after transport mode. */
    @Test
    void fragmentsBeforeAndAfter() {
        kit.protect(a, b, THERE, Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 3000));
        assertEquals(List.of(), kit.drops());
        assertTrue(kit.wire("lan").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP && packet.fragment().isEmpty() && packet.length() <= 1500));
        assertEquals(IpsecKit.udp(A, B, 3000).payload(), b.arrived.getFirst().ip().payload());
        assertEquals(1, b.arrived.getFirst().sas().size());

        Selector back = IpsecKit.any(B, A);
        kit.protect(b, a, back, Layer.esp());
        kit.mark();
        b.send(IpsecKit.udp(B, A, 3000));
        assertEquals(List.of(), kit.drops());
        assertEquals(3, kit.wire("lan").size());
        assertTrue(kit.wire("lan").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP && packet.fragment().isPresent()));
        assertEquals(IpsecKit.udp(B, A, 3000).payload(), a.arrived.getFirst().ip().payload());
        kit.folds();
    }

    /** An SA for one port can carry no fragments: such packets are cut once they are in the tunnel. */
    @Test
    void fragmentsAfterTheTunnelOfOnePort() {
        Selector port = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(IpsecKit.PORT));
        kit.protect(a, b, port, Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 3000));
        assertEquals(List.of(), kit.drops());
        assertTrue(kit.wire("lan").stream().allMatch(packet -> packet.protocol() == IpProtocol.ESP && packet.fragment().isPresent()));
        assertEquals(IpsecKit.udp(A, B, 3000).payload(), b.arrived.getFirst().ip().payload());
    }

    @Test
    void whatGrowsBeyondAPacketIsNotSent() {
        kit.protect(a, b, THERE, Layer.esp());
        kit.mark();
        a.send(IpsecKit.udp(A, B, 65_500));
        drop(Reason.TOO_BIG);
        assertEquals(0, a.use(a.sa(Sa.Protocol.ESP)).packets());
    }

    @Test
    void norWhatGrowsBeyondOneInATunnel() {
        Selector port = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(IpsecKit.PORT));
        kit.protect(a, b, port, TUNNEL);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 65_440));
        drop(Reason.TOO_BIG);
        assertEquals(0, a.use(a.sa(Sa.Protocol.ESP)).packets());
    }

    /** What one flow got is not what the next one gets. */
    @Test
    void eachFlowHasItsOwnAnswer() {
        Selector port = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(IpsecKit.PORT));
        kit.protect(a, b, port, Layer.esp());
        SpdEntry rest = a.policy(Direction.OUT, THERE, Action.DISCARD);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        a.send(IpsecKit.udp(A, B, 9, 1));
        assertEquals(List.of(Reason.SPD_DISCARD), kit.dropReasons());
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(2, b.arrived.size());
        a.ok(SpdMessages.delete(rest.id()));
        a.spd.entries().forEach(entry -> a.ok(SpdMessages.delete(entry.id())));
        a.policy(Direction.OUT, THERE, Action.DISCARD);
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(2, b.arrived.size(), "an answer is forgotten with the entry that gave it");
    }

    // Addresses of tunnels

    private static final Layer TUNNEL = Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B));
    private static final String HOME = "2001:db8:7::7";
    private static final Selector FROM_HOME = Selector.between(AddressRange.of(IpsecKit.ip(HOME)), AddressRange.of(IpsecKit.ip(B)));

    /** A packet from one inner source in a tunnel from one outer source. */
    private void tunnelled(String outer, String inner, long sequence) {
        Sa sa = b.sa(Sa.Protocol.ESP);
        Octets sealed = new EspTransform(sa).seal(IpProtocol.IP6, IpsecKit.udp(inner, B, 4).toOctets(), 0, sequence, ordinal -> ordinal);
        kit.mark();
        b.arrived.clear();
        kit.say("lan", b, Ip6Packet.of(IpsecKit.ip(outer), IpsecKit.ip(B), IpProtocol.ESP, sealed).toOctets());
    }

    private void off(Node node, Recommendation recommendation) {
        node.env.policy(Policy.without(List.of(recommendation)), Reason.USER_ACTION);
    }

    @Test
    void theInnerSourceIsCompared() {
        kit.protect(a, b, FROM_HOME, TUNNEL);
        tunnelled(A, HOME, 1);
        assertEquals(1, b.arrived.size());
        tunnelled(A, "2001:db8:7::8", 2);
        drop(Reason.IPSEC_SELECTOR);
        tunnelled(A, A, 3);
        drop(Reason.IPSEC_SELECTOR);
    }

    @Test
    void theOuterSourceIsComparedInstead() {
        kit.protect(a, b, FROM_HOME, TUNNEL);
        off(b, Recommendation.C1);
        tunnelled(A, HOME, 1);
        assertEquals(List.of(A, HOME), drop(Reason.OUTER_SOURCE_SELECTOR).args());
        // At home outer and inner source are the same, and then nobody looks at the inner one.
        tunnelled(HOME, HOME, 2);
        assertEquals(1, b.arrived.size());
        b.spd.entries().forEach(entry -> b.ok(SpdMessages.delete(entry.id())));
        tunnelled(HOME, "2001:db8:7::8", 3);
        assertEquals(1, b.arrived.size());
    }

    @Test
    void theOuterSourceDoesNotMatter() {
        kit.protect(a, b, FROM_HOME, TUNNEL);
        tunnelled("2001:db8:1::cc", HOME, 1);
        assertEquals(1, b.arrived.size());
    }

    @Test
    void theOuterSourceIsPinned() {
        kit.protect(a, b, FROM_HOME, TUNNEL);
        off(b, Recommendation.C2);
        tunnelled(A, HOME, 1);
        assertEquals(1, b.arrived.size());
        tunnelled("2001:db8:1::cc", HOME, 2);
        assertEquals(List.of("2001:db8:1::cc", A), drop(Reason.OUTER_SOURCE_PINNED).args());
    }

    /** A node that has left the address where its tunnel starts goes on from where it is. */
    @Test
    void anAddressThatIsGoneIsReplaced() {
        String gone = "2001:db8:1::99";
        kit.protect(a, b, THERE, Layer.esp().tunnel(IpsecKit.ip(gone), IpsecKit.ip(B)));
        kit.mark();
        a.send(IpsecKit.udp(A, B, 1));
        assertEquals(List.of(), kit.drops());
        assertEquals(Ip6Address.parse(A), kit.wire("lan").getFirst().source());
        assertEquals(1, b.arrived.size());
    }
}
