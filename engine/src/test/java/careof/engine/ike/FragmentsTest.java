package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in pieces (payload 132): honest ones are put together, others cost a bounded number of octets for a bounded time. */
class FragmentsTest {
    /** A message in pieces of so many octets, as strongSwan cuts them. */
    static List<Flight> cut(Flight whole, int id, int size) {
        List<Flight> pieces = new ArrayList<>();
        Octets octets = whole.message();
        for (int at = 0, number = 1; at < octets.length(); at += size, number++) {
            int end = Math.min(octets.length(), at + size);
            pieces.add(piece(whole, id, number, end == octets.length() ? Payload.Fragment.LAST : 0, octets.slice(at, end)));
        }
        return pieces;
    }

    static Flight piece(Flight of, int id, int number, int flags, Octets data) {
        IsakmpHeader header = of.isakmp().header();
        return of.with(IsakmpMessage.clear(header.withFlags(0), List.of(new Payload.Fragment(id, number, flags, data))).toOctets());
    }

    private static boolean isCut(Flight flight) {
        return List.of("MM5", "MM6", "QM1", "QM2", "QM3").contains(flight.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"in order", "backwards", "shuffled", "doubled", "one lost"})
    void messagesInPiecesArePutTogether(String how) {
        IkeBench bench = new IkeBench(Side::rsa);
        Random random = new Random(7);
        List<String> robbed = new ArrayList<>();
        bench.fate(flight -> {
            if (!isCut(flight)) {
                return List.of(flight);
            }
            List<Flight> pieces = new ArrayList<>(cut(flight, 1, 100));
            switch (how) {
                case "backwards" -> Collections.reverse(pieces);
                case "shuffled" -> Collections.shuffle(pieces, random);
                case "doubled" -> pieces.addAll(pieces);
                case "one lost" -> {
                    if (!robbed.contains(flight.toString())) {
                        robbed.add(flight.toString());
                        pieces.remove(random.nextInt(pieces.size()));
                    }
                }
                default -> { }
            }
            return pieces;
        });
        bench.left.order();
        bench.run(40 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        assertEquals(0, bench.left.ike.fragments().octets());
        assertEquals(0, bench.right.ike.fragments().octets());
        assertTrue(!how.equals("one lost") || robbed.size() == 5);
        bench.folds();
    }

    @Test
    void piecesComeInAnyOrderAndAnyNumberOfTimes() {
        Pieces pieces = new Pieces();
        assertEquals("", pieces.add(1, 3, true, "cc"));
        assertEquals("", pieces.add(1, 1, false, "aa"));
        assertEquals("", pieces.add(1, 1, false, "aa"));
        assertEquals("aabbcc", pieces.add(1, 2, false, "bb"));
    }

    /** What strongSwan sends in pieces has one and the same id in every message. */
    @Test
    void whatIsLeftOfOneMessageIsNoPartOfTheNext() {
        Pieces pieces = new Pieces();
        assertEquals("", pieces.add(1, 1, false, "aa"));
        assertEquals("aabb", pieces.add(1, 2, true, "bb"));
        assertEquals("", pieces.add(1, 1, false, "aa"), "once more, late");
        assertEquals("", pieces.add(1, 1, false, "a1"));
        assertEquals("a1b1", pieces.add(1, 2, true, "b1"));
        assertEquals("", pieces.add(1, 1, false, "aa"));
        assertEquals("", pieces.add(2, 2, true, "b2"), "another id");
        assertEquals("a2b2", pieces.add(2, 1, false, "a2"));
    }

    /** A piece that says otherwise than an earlier one is of another message, of which the rest is still to come. */
    @Test
    void whatContradictsBeginsAnew() {
        Pieces pieces = new Pieces();
        assertEquals("", pieces.add(1, 1, false, "a1"));
        assertEquals("", pieces.add(1, 2, false, "a2"));
        assertEquals("", pieces.add(1, 1, false, "b1"));
        assertEquals("", pieces.add(1, 3, true, "b3"), "the second is of the message before");
        assertEquals("b1b2b3", pieces.add(1, 2, false, "b2"));
        assertEquals(0, pieces.bench.left.ike.fragments().octets());
    }

    /** One phase one has no more than one message, in one piece or in many. */
    @Test
    void onePhaseOneKeepsNoMoreThanAMessage() {
        Pieces pieces = new Pieces();
        assertEquals("", pieces.add(1, 1, false, "00".repeat(Fragments.MOST + 1)));
        assertEquals(0, pieces.bench.left.ike.fragments().octets());
        for (int number = 1; number <= 60; number++) {
            assertEquals("", pieces.add(1, number, false, "00".repeat(1000)));
            assertTrue(pieces.bench.left.ike.fragments().octets() <= Fragments.MOST);
        }
    }

    private static final class Pieces {
        private final IkeBench bench = new IkeBench();
        private final IsakmpSa sa;

        private Pieces() {
            bench.connect();
            sa = bench.left.secrets(1);
        }

        private String add(int id, int number, boolean last, String data) {
            return bench.left.ike.fragments().add(sa, new Payload.Fragment(id, number, last ? Payload.Fragment.LAST : 0, Octets.hex(data))).map(Octets::toHex).orElse("");
        }
    }

    /** Pieces of a message that never got whole do not spoil the next one of the same id. */
    @Test
    void staleForeignPiecesDoNotSpoilAMessage() {
        IkeBench bench = new IkeBench(Side::rsa);
        bench.hold();
        bench.left.order();
        bench.arrows("left MM1", "right MM2", "left MM3", "right MM4");
        Flight fifth = bench.next("left MM5");
        List<Flight> honest = cut(fifth, 1, 300);
        bench.deliver(piece(fifth, 1, honest.size() - 1, 0, Octets.zeros(300)));
        bench.deliver(piece(fifth, 1, 60, Payload.Fragment.LAST, Octets.zeros(300)));
        honest.forEach(bench::deliver);
        honest.forEach(bench::deliver);    // the first time a piece told the wrong end
        bench.release();
        bench.run(5 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
    }

    /** Without a phase one there is nothing to put together; from elsewhere neither. */
    @Test
    void piecesOfNobody() {
        IkeBench bench = new IkeBench();
        bench.hold();
        bench.left.order();
        Flight first = bench.next("left MM1");
        for (Flight piece : cut(first, 1, 50)) {
            bench.deliver(piece);
        }
        assertTrue(bench.right.drops().contains(Reason.IKE_NO_PHASE_ONE));
        assertEquals(List.of(), bench.right.phaseOnes());
        bench.deliver(first);
        bench.arrows("right MM2", "left MM3");
        bench.next("right MM4");
        bench.right.mark();
        for (Flight piece : cut(bench.sent.get(2), 1, 50)) {
            bench.deliver(piece.from(IpAddress.parse("2001:db8::66")));
        }
        assertEquals(0, bench.right.ike.fragments().octets());
        assertTrue(bench.right.drops().stream().allMatch(reason -> reason == Reason.IKE_NO_PHASE_ONE));
    }

    /** Bombs: many pieces, huge ones, empty ones, ends that contradict each other, pieces within pieces. */
    @Test
    void bombs() {
        IkeBench bench = new IkeBench();
        bench.connect();
        Flight any = bench.sent.get(bench.sent.size() - 1);
        Random random = new Random(8);
        List<Object> before = new ArrayList<>(bench.right.phaseOnes());
        for (int i = 0; i < 3000; i++) {
            Octets data = switch (random.nextInt(6)) {
                case 0 -> Octets.EMPTY;
                case 1 -> Octets.zeros(8000);
                case 2 -> piece(any, 1, 1, 1, Octets.zeros(100)).message();    // a piece that is one again
                case 3 -> any.message();
                default -> Octets.zeros(random.nextInt(600));
            };
            bench.send(piece(any, random.nextInt(3), random.nextInt(256), random.nextInt(8) == 0 ? 1 : 0, data));
            if (i % 20 == 0) {
                bench.run(IkeBench.DELAY);
                assertTrue(bench.right.ike.fragments().octets() <= Fragments.MOST, () -> bench.right.ike.fragments().octets() + " octets");
            }
        }
        bench.run(IkeBench.SECOND);
        assertEquals(before, new ArrayList<>(bench.right.phaseOnes()));
        bench.agrees(1);
        bench.run(20 * IkeBench.SECOND);
        assertEquals(0, bench.right.ike.fragments().octets(), "after a while nothing is kept");
        bench.carries();
        bench.folds();
    }

    /** As many half-open phase ones as there may be, each with as many pieces as there may be. */
    @Test
    void piecesOfManyAreBoundedInAll() {
        IkeBench bench = new IkeBench(Side::rsa);
        bench.hold();
        bench.left.order();
        Flight first = bench.next("left MM1");
        for (int i = 0; i < 40; i++) {
            IsakmpHeader header = first.isakmp().header();
            Flight flood = first.with(new IsakmpHeader(1000 + i, 0, header.nextPayload(), header.version(), header.exchange(), 0, 0, header.length()))
                    .from(IpAddress.parse("2001:db8::1:" + i));
            bench.deliver(flood);
            long cookie = bench.right.phaseOne().responderCookie();
            Flight open = flood.with(flood.isakmp().header().withResponderCookie(cookie));
            for (int number = 2; number < 6; number++) {
                bench.send(piece(open, 1, number, 0, Octets.zeros(7000)));
            }
            bench.run(IkeBench.DELAY);
        }
        assertEquals(40, bench.right.halfOpen());
        assertTrue(bench.right.ike.fragments().octets() > Fragments.MOST_IN_ALL - 7000);
        assertTrue(bench.right.ike.fragments().octets() <= Fragments.MOST_IN_ALL);
        bench.run(20 * IkeBench.SECOND);
        assertEquals(0, bench.right.ike.fragments().octets());
        bench.run(20 * IkeBench.SECOND);
        assertEquals(0, bench.right.halfOpen());
        bench.folds();
    }
}
