package careof.engine.ipsec;

import static careof.engine.ipsec.Door.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.Selector;
import careof.engine.state.Selector.Ports;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.pfkey.PfKeyExtension;
import careof.engine.wire.pfkey.PfKeyMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SAs are found as by a walk through all of them, and end when they must. */
class SadTest {
    private static final long SECOND = VirtualTime.SECOND;
    private static final Flow FLOW = new Flow(HOME, PEER, 17, 1, 2);

    private final Door door = new Door();

    private static IpAddress address(Arbitrary any) {
        return List.of(HOME, AGENT, PEER, CARE_OF).get(any.below(4));
    }

    private static Selector selector(Arbitrary any) {
        return new Selector(any.bool() ? AddressRange.ALL_IP6 : AddressRange.of(address(any)), any.bool() ? AddressRange.ALL_IP6 : AddressRange.of(address(any)),
                any.bool() ? 17 : Selector.ANY_PROTOCOL, any.bool() ? Ports.of(1) : Ports.ANY, Ports.ANY);
    }

    private static SpdEntry.Template template(Arbitrary any) {
        return new SpdEntry.Template(Sa.Protocol.ESP, any.bool() ? Sa.Mode.TUNNEL : Sa.Mode.TRANSPORT, address(any), address(any),
                any.bool() ? SpdEntry.Level.UNIQUE : SpdEntry.Level.REQUIRE, any.below(3));
    }

    /** By the words of {@link Sad#outbound}. */
    private Optional<Sa> walk(SpdEntry.Template t, Flow flow) {
        boolean tunnel = t.mode() == Sa.Mode.TUNNEL;
        List<Sa> fit = door.sad.all().stream().filter(sa -> sa.protocol() == t.protocol() && sa.mode() == t.mode()
                && sa.source().equals(tunnel ? t.source() : flow.source()) && sa.destination().equals(tunnel ? t.destination() : flow.destination())
                && (sa.phase() == Sa.Phase.MATURE || sa.phase() == Sa.Phase.DYING)
                && sa.selector().matches(flow.source(), flow.destination(), flow.protocol(), flow.sourcePort(), flow.destinationPort())).toList();
        Comparator<Sa> best = Comparator.<Sa, Boolean>comparing(sa -> sa.phase() == Sa.Phase.MATURE).thenComparing(Sa::id);
        Optional<Sa> exact = fit.stream().filter(sa -> t.requestId() == 0 || sa.requestId() == t.requestId()).max(best);
        return exact.isPresent() || t.level() == SpdEntry.Level.UNIQUE ? exact : fit.stream().filter(sa -> sa.requestId() == 0).max(best);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theIndexFindsWhatAWalkFinds(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int found = 0;
        for (int round = 0; round < 400; round++) {
            List<Sa> all = door.sad.all();
            if (any.below(3) == 0 && !all.isEmpty()) {
                door.sad.delete(all.get(any.below(all.size())), Reason.PF_KEY);
            } else {
                Sa sa = with(sa(0x1000 + round, any.bool() ? Sa.Mode.TUNNEL : Sa.Mode.TRANSPORT, address(any), address(any)), selector(any), any.below(3));
                door.sad.put(renamed(SaLifetimes.with(sa, Sa.Phase.values()[any.below(4)]), door.sad.newId()), Reason.PF_KEY);
            }
            for (int i = 0; i < 15; i++) {
                SpdEntry.Template template = template(any);
                Flow flow = new Flow(address(any), address(any), any.bool() ? 17 : 6, any.below(3) - 1, 2);
                for (int again = 0; again < 2; again++) {
                    Optional<Sa> right = walk(template, flow);
                    assertEquals(right, door.sad.outbound(template, flow), () -> template + " " + flow);
                    found += right.isPresent() ? 1 : 0;
                }
                Sa one = sa(0x1000 + any.below(400), Sa.Mode.TUNNEL, HOME, address(any));
                assertEquals(door.sad.all().stream().filter(sa -> sa.spi() == one.spi() && sa.destination().equals(one.destination())
                        && (sa.phase() == Sa.Phase.MATURE || sa.phase() == Sa.Phase.DYING)).findFirst(),
                        door.sad.inbound(Sa.Protocol.ESP, one.spi(), one.destination()));
            }
        }
        assertTrue(found > 1000, "only " + found + " found something");
    }

    private static Sa renamed(Sa sa, int id) {
        return new Sa(id, sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), sa.phase(),
                sa.created());
    }

    @Test
    void bothHalvesOfAPairAreFound() {
        Selector inner = Selector.between(AddressRange.of(HOME), AddressRange.ALL_IP6);
        SpdEntry entry = door.added(protect(SpdEntry.Direction.OUT, inner, tunnel(CARE_OF, AGENT, 5)));
        assertEquals(new SaPair(entry.templates().getFirst(), Optional.empty(), Optional.empty()), door.sad.pairs(entry).getFirst());
        Sa out = door.added(with(sa(0x1001, Sa.Mode.TUNNEL, CARE_OF, AGENT), inner, 5));
        Sa in = door.added(with(sa(0x2001, Sa.Mode.TUNNEL, AGENT, CARE_OF), inner.reversed(), 5));
        door.added(with(sa(0x2002, Sa.Mode.TUNNEL, AGENT, CARE_OF), inner.reversed(), 6));
        door.added(with(sa(0x2003, Sa.Mode.TUNNEL, AGENT, CARE_OF), Selector.between(AddressRange.of(AGENT), AddressRange.of(PEER)), 5));
        SaPair pair = door.sad.pairs(entry).getFirst();
        assertEquals(new SaPair(entry.templates().getFirst(), Optional.of(out), Optional.of(in)), pair);
        assertTrue(pair.isWhole());
        door.ok(SaMessages.delete(Sa.Protocol.ESP, 0x2001, AGENT, CARE_OF));
        assertTrue(!door.sad.pairs(entry).getFirst().isWhole());
    }

    // Lifetimes

    private PfKeyMessage expire(int index) {
        List<PfKeyMessage> expires = door.heard.stream().filter(m -> m.type() == PfKeyMessage.EXPIRE).toList();
        return expires.get(index);
    }

    private static boolean has(PfKeyMessage m, int lifetime) {
        return m.find(PfKeyExtension.Lifetime.class, lifetime).isPresent();
    }

    @Test
    void timeEndsAnSaInTwoSteps() {
        door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        door.until(10 * SECOND);
        Sa sa = door.added(with(sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER), new Sa.Lifetimes(50 * SECOND, 60 * SECOND, 0, 0)));
        door.until(60 * SECOND - 1);
        assertEquals(Sa.Phase.MATURE, door.sad.find(sa.id()).orElseThrow().phase());
        door.until(60 * SECOND);
        assertEquals(Sa.Phase.DYING, door.sad.find(sa.id()).orElseThrow().phase());
        assertTrue(door.sad.inbound(Sa.Protocol.ESP, 0x1001, PEER).isPresent(), "still in use");
        assertTrue(has(expire(0), PfKeyExtension.LIFETIME_SOFT) && has(expire(0), PfKeyExtension.LIFETIME_CURRENT));
        door.until(70 * SECOND - 1);
        assertEquals(1, door.sad.size());
        door.until(70 * SECOND);
        assertEquals(0, door.sad.size());
        assertTrue(has(expire(1), PfKeyExtension.LIFETIME_HARD));
        assertEquals(List.of(Sa.Phase.MATURE, Sa.Phase.DYING, Sa.Phase.DEAD), phases());
    }

    /** Phases of SA rows in the trace. */
    private List<Sa.Phase> phases() {
        List<Sa.Phase> phases = new ArrayList<>();
        for (TraceStore.Cursor cursor = door.trace.from(1); cursor.hasNext();) {
            if (cursor.next() instanceof TraceEvent.Changed changed && changed.now().orElse(null) instanceof Sa sa) {
                phases.add(sa.phase());
            }
        }
        return phases;
    }

    @Test
    void octetsEndAnSaInTwoSteps() {
        door.ok(PfKeyMessage.of(PfKeyMessage.REGISTER, PfKeyMessage.ESP));
        Sa sa = door.added(with(sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER), new Sa.Lifetimes(0, 0, 1000, 2000)));
        door.sad.sent(sa, 1, 999);
        assertEquals(Sa.Phase.MATURE, door.sad.find(sa.id()).orElseThrow().phase());
        door.sad.received(sa, 2, 3, 1);
        assertEquals(Sa.Phase.DYING, door.sad.find(sa.id()).orElseThrow().phase());
        door.sad.sent(sa, 3, 999);
        assertEquals(1, door.heard.size(), "told once");
        assertEquals(1999, door.sad.use(sa).octets());
        door.sad.sent(sa, 4, 1);
        assertEquals(0, door.sad.size());
        assertEquals(2000, expire(1).find(PfKeyExtension.Lifetime.class, PfKeyExtension.LIFETIME_CURRENT).orElseThrow().octets());
        door.sad.sent(sa, 5, 1);
        assertTrue(door.sad.use(sa) == null, "what is still under way does not bring it back");
    }

    @Test
    void nobodyIsToldWhoDidNotRegister() {
        door.added(with(sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER), new Sa.Lifetimes(SECOND, 2 * SECOND, 0, 0)));
        door.until(5 * SECOND);
        assertTrue(door.heard.isEmpty());
        assertEquals(0, door.sad.size());
    }

    @Test
    void aDeletedSaLeavesNoTimer() {
        door.added(with(sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER), new Sa.Lifetimes(50 * SECOND, 60 * SECOND, 0, 0)));
        door.ok(SaMessages.delete(Sa.Protocol.ESP, 0x1001, HOME, PEER));
        assertEquals(Long.MAX_VALUE, door.scheduler.nextAt());
    }

    @Test
    void sequenceNumbersEndTheSa() {
        for (boolean extended : new boolean[] {false, true}) {
            Sa base = sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER);
            Sa sa = door.added(new Sa(0, base.spi(), base.protocol(), base.mode(), base.source(), base.destination(), base.selector(), base.encryption(),
                    base.encryptionKey(), base.authentication(), base.authenticationKey(), extended, 64, 0, base.lifetimes(), base.udp(), base.phase(), 0));
            assertEquals(extended, sa.extendedSequence());
            assertEquals(1, door.sad.next(sa).orElseThrow());
            assertEquals(1, door.sad.next(sa).orElseThrow(), "counts only when it was sent");
            door.sad.sent(sa, 0xffff_fffeL, 1);
            assertEquals(0xffff_ffffL, door.sad.next(sa).orElseThrow());
            door.sad.sent(sa, 0xffff_ffffL, 1);
            if (extended) {
                assertEquals(0x1_0000_0000L, door.sad.next(sa).orElseThrow());
                door.sad.sent(sa, -1L, 1);
            }
            assertTrue(door.sad.next(sa).isEmpty());
            assertEquals(0, door.sad.size());
        }
    }

    @Test
    void aNewerSaGoesBeforeAnOlderOneAndAMatureBeforeADyingOne() {
        SpdEntry.Template any = new SpdEntry.Template(Sa.Protocol.ESP, Sa.Mode.TRANSPORT, HOME, PEER, SpdEntry.Level.REQUIRE, 0);
        Sa old = door.added(sa(0x1001, Sa.Mode.TRANSPORT, HOME, PEER));
        assertEquals(old, door.sad.outbound(any, FLOW).orElseThrow());
        Sa short_ = door.added(with(sa(0x1002, Sa.Mode.TRANSPORT, HOME, PEER), new Sa.Lifetimes(SECOND, 5 * SECOND, 0, 0)));
        assertEquals(short_, door.sad.outbound(any, FLOW).orElseThrow());
        door.until(SECOND);
        assertEquals(old, door.sad.outbound(any, FLOW).orElseThrow());
        door.ok(SaMessages.delete(Sa.Protocol.ESP, 0x1001, HOME, PEER));
        assertEquals(short_.id(), door.sad.outbound(any, FLOW).orElseThrow().id());
    }
}
