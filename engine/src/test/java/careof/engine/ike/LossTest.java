package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.state.IkeExchange;
import careof.engine.state.IkeSa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message of each exchange lost, doubled or late: in the end both ends agree, and no message follows from itself. */
class LossTest {
    private static Consumer<Side> sides(String message) {
        return message.startsWith("AM") ? Side::aggressive : _ -> { };
    }

    /** Arrives this often; a late one after what follows it. */
    private static IkeBench bench(String message) {
        return new IkeBench(sides(message));
    }

    @ParameterizedTest
    @CsvSource({"MM1, left", "MM2, left", "MM3, left", "MM4, left", "MM5, left", "MM6, left", "AM1, left", "AM2, left", "AM3, right", "QM1, left", "QM2, left", "QM3, right"})
    void aLostMessageIsSentAgain(String lost, String repeats) {
        IkeBench bench = bench(lost);
        boolean[] gone = new boolean[1];
        bench.fate(flight -> {
            boolean first = flight.name().equals(lost) && !gone[0];
            gone[0] |= first;
            return first ? List.of() : List.of(flight);
        });
        bench.left.order();
        bench.run(30 * IkeBench.SECOND);
        assertTrue(gone[0]);
        bench.agrees(1);
        bench.carries();
        List<String> honest = lost.startsWith("AM") ? List.of("left AM1", "right AM2", "left AM3", "left INFO", "left QM1", "right QM2", "left QM3")
                : List.of("left MM1", "right MM2", "left MM3", "right MM4", "left MM5", "right MM6", "left QM1", "right QM2", "left QM3");
        List<String> sent = bench.log(0);
        assertEquals(honest, sent.stream().distinct().toList());
        // AM3 lost: its sender goes on with QM1, which has to wait for it
        int repeated = sent.size() - honest.size();
        assertTrue(repeated >= 1 && repeated <= 3, sent::toString);
        String waits = lost.equals(honest.getFirst().substring(5)) || repeats.equals("left") && lost.equals("QM1") ? lost : "";
        assertTrue(waits.isEmpty() || sent.stream().filter(("left " + lost)::equals).count() == 2, sent::toString);
        bench.run(30 * IkeBench.SECOND);
        bench.agrees(1);
        bench.folds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "QM1", "QM2", "QM3"})
    void aDoubledMessageIsAnsweredOnceMoreAtMost(String doubled) {
        IkeBench bench = bench(doubled);
        bench.fate(flight -> flight.name().equals(doubled) && count(bench, doubled) == 1 ? List.of(flight, flight, flight) : List.of(flight));
        bench.left.order();
        bench.run(30 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        List<String> sent = bench.log(0);
        assertTrue(sent.size() <= 9 + 2, sent::toString);
        bench.folds();
    }

    private static long count(IkeBench bench, String name) {
        return bench.sent.stream().filter(flight -> flight.name().equals(name)).count();
    }

    /** Each message once more after the whole exchange: by whoever recorded it. */
    @ParameterizedTest
    @ValueSource(strings = {"MM", "AM"})
    void anOldMessageChangesNothing(String exchange) {
        IkeBench bench = bench(exchange);
        bench.connect();
        List<Flight> all = List.copyOf(bench.sent);
        for (long wait : List.of(0L, 25 * IkeBench.SECOND, 40 * IkeBench.SECOND)) {
            bench.run(wait);
            int before = bench.sent.size();
            List<Object> rows = rows(bench);
            for (Flight flight : all) {
                bench.deliver(flight);
                bench.run(4 * IkeBench.DELAY);
            }
            assertTrue(bench.sent.size() <= before + all.size(), () -> bench.log(before).toString());
            assertEquals(rows, rows(bench));
            bench.run(60 * IkeBench.SECOND);
            bench.agrees(1);
            assertEquals(1, bench.left.phaseOnes().size());
            assertEquals(1, bench.right.phaseOnes().size());
        }
        bench.carries();
        bench.folds();
    }

    private static List<Object> rows(IkeBench bench) {
        List<Object> rows = new ArrayList<>();
        for (BenchNode node : List.of(bench.left, bench.right)) {
            rows.addAll(node.phaseOnes().stream().filter(sa -> sa.phase() != IkeSa.Phase.NEGOTIATING).toList());
            rows.addAll(node.children());
            rows.addAll(node.sas());
        }
        return rows;
    }

    /** Two messages change places wherever that can be. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void lateMessages(int late) {
        IkeBench bench = new IkeBench();
        int[] seen = new int[1];
        List<Flight> kept = new ArrayList<>();
        bench.fate(flight -> {
            int ordinal = seen[0]++;
            if (ordinal == late) {
                kept.add(flight);
                return List.of();
            }
            List<Flight> now = new ArrayList<>(List.of(flight));
            now.addAll(kept);
            kept.clear();
            return now;
        });
        bench.left.order();
        bench.run(40 * IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** Repetitions come after 1, 2, 4, 8 seconds, and end after 31. */
    @Test
    void aSilentPeerIsGivenUp() {
        IkeBench bench = new IkeBench();
        bench.fate(_ -> List.of());
        bench.left.say(0);
        long start = bench.scheduler.now();
        for (long second : new long[] {0, 1, 3, 7, 15}) {
            bench.run(start + second * IkeBench.SECOND + 4 * IkeBench.DELAY - bench.scheduler.now());    // the first one waits for its neighbour
            long wanted = Long.bitCount(second) + 1;
            assertEquals(wanted, bench.sent.size(), "at " + second + " s");
            assertEquals(wanted - 1, bench.left.phaseOne().retransmissions());
        }
        bench.run(15 * IkeBench.SECOND);
        assertEquals(1, bench.left.phaseOnes().size());
        bench.run(IkeBench.SECOND);
        assertEquals(List.of(), bench.left.phaseOnes());
        assertEquals(5, bench.sent.size());
        assertTrue(bench.sent.stream().allMatch(flight -> flight.toString().equals("left MM1")));
        bench.nothing();
        // Once the kernel asks again, all begins again.
        bench.fate(List::of);
        bench.left.say(0);
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.folds();
    }

    /** The responder never hears QM3: what it had reserved goes, and the initiator learns it. */
    @Test
    void aQuickModeWithoutItsEndIsGivenUp() {
        IkeBench bench = new IkeBench();
        bench.fate(flight -> flight.name().equals("QM3") ? List.of() : List.of(flight));
        bench.left.order();
        bench.run(60 * IkeBench.SECOND);
        bench.nothing();
        assertEquals(List.of(), bench.right.all(IkeExchange.class));
        bench.fate(List::of);
        bench.left.order();
        bench.run(IkeBench.SECOND);
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }

    /** The other end forgot its phase one, and whoever begins under it gets no answer: a new one is made. */
    @Test
    void aPhaseOneThatTheOtherEndHasNoMoreIsNotUsedForEver() {
        IkeBench bench = new IkeBench();
        bench.connect();
        bench.fate(_ -> List.of());
        bench.right.ike.demands().deletePhaseOne(bench.right.side.peer);
        bench.run(IkeBench.SECOND);
        bench.fate(List::of);
        bench.left.rekey();
        bench.run(40 * IkeBench.SECOND);
        assertEquals(1, bench.left.phaseOnes().size());
        assertTrue(bench.left.isEstablished() && bench.right.isEstablished());
        bench.agrees(1);
        bench.carries();
        bench.folds();
    }
}
