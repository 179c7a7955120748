package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.state.IkeSa;
import careof.engine.state.State;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods of first messages: what they cost is bounded, they leave nothing behind, and an honest peer gets in all the while. */
class FloodTest {
    private static final IpAddress ATTACKER = IpAddress.parse("2001:db8::bad");

    private static IkeBench bench(boolean aggressive) {
        return new IkeBench(side -> {
            side.rsa();
            if (aggressive) {
                side.aggressive();
            }
        });
    }

    /** A first message of the left node, which does not arrive itself. */
    private static Flight template(IkeBench bench) {
        bench.hold();
        bench.left.order();
        Flight first = bench.next();
        bench.left.ike.demands().deletePhaseOne(IkeBench.RIGHT);
        bench.run(40 * IkeBench.SECOND);    // it gives up
        bench.fate(flight -> flight.from().equals(IkeBench.RIGHT) && !flight.destination().equals(IkeBench.LEFT_IP) ? List.of() : List.of(flight));
        bench.release();
        bench.run(40 * IkeBench.SECOND);
        assertEquals(0, bench.right.halfOpen() + bench.left.halfOpen());
        return first;
    }

    private static Flight numbered(Flight first, int number) {
        IsakmpHeader h = first.isakmp().header();
        return first.with(new IsakmpHeader(0x7000_0000_0000_0000L + number, 0, h.nextPayload(), h.version(), h.exchange(), h.flags(), 0, h.length()));
    }

    /** Messages, one each so many milliseconds, while the left node connects. */
    private static void flood(IkeBench bench, Flight first, int count, long every, IntFunction<IpAddress> from) {
        long rows = 0;
        for (int i = 0; i < count; i++) {
            bench.send(numbered(first, i).from(from.apply(i)));
            bench.run(every);
            if (i % 50 == 0) {
                assertTrue(bench.right.halfOpen() <= HalfOpen.MOST);
                rows = Math.max(rows, bench.right.all(State.class).size());
            }
            if (i == count / 2) {
                bench.left.order();
            }
        }
        assertTrue(rows < 3000, rows + " rows");
    }

    /** Nothing of the flood is left, and all is as ever. */
    private static void over(IkeBench bench) {
        over(bench, 1);
    }

    private static void over(IkeBench bench, int pairs) {
        bench.run(40 * IkeBench.SECOND);
        assertEquals(0, bench.right.halfOpen());
        assertEquals(1, bench.right.phaseOnes().size());
        bench.agrees(pairs);
        bench.carries();
        bench.folds();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fromOneAddress(boolean aggressive) {
        IkeBench bench = bench(aggressive);
        Flight first = template(bench);
        flood(bench, first, 1000, VirtualTime.MILLISECOND, _ -> ATTACKER);
        assertTrue(bench.right.halfOpen() <= HalfOpen.MOST_EACH);
        assertTrue(bench.right.isEstablished());
        over(bench);
    }

    @Test
    void fromManyAddresses() {
        IkeBench bench = bench(false);
        Flight first = template(bench);
        flood(bench, first, 2000, VirtualTime.MILLISECOND, i -> IpAddress.parse("2001:db8::1:%x".formatted(i)));
        assertEquals(HalfOpen.MOST, bench.right.halfOpen());
        assertTrue(bench.right.isEstablished(), "two messages take 10 ms, in which 10 others came");
        over(bench);
    }

    /** Somebody sends under the honest peer's address. */
    @Test
    void fromTheHonestPeersAddress() {
        IkeBench bench = bench(false);
        Flight first = template(bench);
        flood(bench, first, 1000, 3 * VirtualTime.MILLISECOND, _ -> IkeBench.LEFT_IP);
        assertTrue(bench.right.isEstablished());
        over(bench);
    }

    /** Aggressive mode costs a computation at once: it has a limit of its own, and main mode has room besides. */
    @Test
    void aggressiveModeFromManyAddresses() {
        IkeBench bench = new IkeBench(side -> {
            side.rsa();
            side.exchange = IkeSa.Exchange.MAIN;
            if (side.name.equals(IkeBench.RIGHT)) {
                side.exchange = IkeSa.Exchange.AGGRESSIVE;
            }
        });
        IkeBench other = bench(true);
        Flight first = template(other);
        flood(bench, first, 400, VirtualTime.MILLISECOND, i -> IpAddress.parse("2001:db8::1:%x".formatted(i)));
        assertEquals(HalfOpen.MOST_AGGRESSIVE, bench.right.halfOpen());
        assertTrue(bench.right.drops().contains(Reason.IKE_HALF_OPEN_FULL));
        bench.run(IkeBench.SECOND);
        assertTrue(bench.right.isEstablished());
        over(bench);
    }

    /** Who answers with the right cookie keeps its place; so many real addresses may fill all there is, for half a minute. */
    @Test
    void whoShowedItsAddressKeepsItsPlace() {
        IkeBench bench = bench(false);
        Flight first = template(bench);
        bench.hold();
        Flight own = numbered(first, 1_000_000).from(ATTACKER);
        bench.deliver(own);
        bench.release();
        IkeBench honest = bench(false);
        honest.hold();
        honest.left.order();
        honest.arrows("left MM1", "right MM2");
        Flight third = honest.next("left MM3");
        long responder = bench.right.phaseOne().responderCookie();
        IsakmpHeader h = third.isakmp().header();
        bench.deliver(third.with(new IsakmpHeader(own.isakmp().header().initiatorCookie(), responder, h.nextPayload(), h.version(), h.exchange(), 0, 0, h.length())).from(ATTACKER));
        assertEquals("MM4 sent", bench.right.phaseOne().step());
        int id = bench.right.phaseOne().id();
        flood(bench, first, 600, VirtualTime.MILLISECOND, i -> IpAddress.parse("2001:db8::1:%x".formatted(i)));
        assertTrue(bench.right.phaseOnes().stream().anyMatch(sa -> sa.id() == id));
        flood(bench, first, 100, VirtualTime.MILLISECOND, _ -> ATTACKER);
        assertTrue(bench.right.phaseOnes().stream().anyMatch(sa -> sa.id() == id));
        over(bench, 2);    // the left node connected in each flood
    }

    /** Messages of an exchange that does not exist, of no exchange, of no phase one: no row at all. */
    @Test
    void ofNothing() {
        IkeBench bench = bench(false);
        bench.connect();
        bench.run(40 * IkeBench.SECOND);
        int before = bench.right.all(State.class).size();
        Flight third = bench.sent.get(2);
        Flight quick = bench.sent.get(6);
        for (int i = 0; i < 2000; i++) {
            for (Flight flight : List.of(third, quick)) {
                IsakmpHeader h = flight.isakmp().header();
                bench.send(flight.with(new IsakmpHeader(i % 2 == 0 ? h.initiatorCookie() : i, i, h.nextPayload(), h.version(), i % 40, h.flags(), h.messageId(), h.length())));
            }
            bench.run(VirtualTime.MILLISECOND);
        }
        bench.run(40 * IkeBench.SECOND);
        assertTrue(bench.right.all(State.class).size() <= before);
        assertEquals(1, bench.right.phaseOnes().size());
        bench.agrees(1);
        bench.carries();
    }
}
