package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabGenerator;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProtection;
import careof.engine.state.FlowEnd;
import careof.engine.state.InFlight;
import careof.engine.state.State;
import careof.engine.state.Transmitter;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLog;
import careof.engine.trace.LabState;
import careof.engine.trace.Projection;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every run of every lab; checked on each sample, with a user who interferes at random. */
class EngineLawsTest {
    private static final long SEED = 20260101;

    static List<Path> samples() throws Exception {
        List<Path> all = new ArrayList<>(Samples.files());
        all.add(Path.of("src/test/resources/careof/engine/run/ike-busy.json"));
        return all;
    }

    /** The same inputs give the same trace, octet for octet. */
    @ParameterizedTest
    @MethodSource("samples")
    void theSameRunTwiceIsTheSame(Path file) throws Exception {
        Lab lab = Samples.lab(file);
        Simulation first = new Simulation(lab, Detail.FULL);
        Simulation second = new Simulation(lab, Detail.FULL);
        first.run();
        while (second.step()) {
            // step by step comes to the same as in one go
        }
        assertEquals(first.trace().size(), second.trace().size());
        assertEquals(first.trace().digest(), second.trace().digest());
        Simulation other = new Simulation(lab.withSeed(lab.seed() + 1), Detail.FULL);
        other.run();
        assertTrue(!first.trace().digest().equals(other.trace().digest()), "another seed is another run");
    }

    /** What the trace tells of all tables is what the engine holds, at any boundary of tasks. */
    @ParameterizedTest
    @MethodSource("samples")
    void theFoldOfTheTraceIsTheStateOfTheEngine(Path file) throws Exception {
        Random random = new Random(SEED);
        Lab lab = Samples.lab(file);
        Simulation simulation = new Simulation(lab, Detail.FULL);
        Projection projection = new Projection(simulation.trace());
        folds(simulation, projection);
        User user = new User(lab, random);
        List<Long> points = new ArrayList<>();
        List<String> digests = new ArrayList<>();
        boolean more = true;
        for (int i = 0; more && i < 60; i++) {
            for (int turns = random.nextInt(2 * 600); turns > 0 && more; turns--) {
                more = simulation.step();
            }
            user.sometimes(simulation);
            points.add(simulation.trace().size());
            digests.add(folds(simulation, projection));
        }
        simulation.run();
        folds(simulation, projection);
        // The way back gives the same states as the way there.
        for (int i = points.size() - 1; i >= 0; i--) {
            assertEquals(digests.get(i), projection.at(points.get(i)).digest(), "back at event " + points.get(i));
        }
    }

    private static String folds(Simulation simulation, Projection projection) {
        LabState folded = projection.at(simulation.trace().size());
        SortedMap<LabState.Key, State> rows = simulation.rows();
        String digest = LabState.digest(rows);
        if (!folded.digest().equals(digest)) {
            SortedMap<LabState.Key, State> told = rows(folded, rows);
            for (LabState.Key key : rows.keySet()) {
                assertEquals(rows.get(key), told.get(key), key + " after event " + folded.event());
            }
            fail("the trace tells of rows that the engine does not hold, after event " + folded.event());
        }
        return digest;
    }

    private static SortedMap<LabState.Key, State> rows(LabState folded, SortedMap<LabState.Key, State> wanted) {
        SortedMap<LabState.Key, State> told = new TreeMap<>();
        wanted.forEach((key, state) -> folded.row(key.node(), state.getClass(), key.key()).ifPresent(row -> told.put(key, row.state())));
        return told;
    }

    /** A log of inputs, run again, gives the same trace; a fork is that run without what came later. */
    @ParameterizedTest
    @MethodSource("samples")
    void aReplayIsTheRunAndAForkItsBeginning(Path file) throws Exception {
        Random random = new Random(SEED + 1);
        Lab lab = Samples.lab(file);
        Simulation simulation = new Simulation(lab, Detail.FULL);
        User user = new User(lab, random);
        List<long[]> applied = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            simulation.runUntil(simulation.now() + random.nextLong(lab.until() / 10));
            applied.add(new long[] {simulation.trace().size(), simulation.inputs().inputs().size()});
            user.act(simulation);
        }
        simulation.run();
        assertEquals(12, simulation.inputs().inputs().size());

        Simulation replay = Simulation.of(simulation.inputs());
        replay.run();
        assertEquals(simulation.trace().digest(), replay.trace().digest(), "replayed");
        assertEquals(simulation.inputs(), replay.inputs());

        long[] before = applied.get(random.nextInt(applied.size()));
        Simulation fork = simulation.fork(before[0], () -> false, _ -> { }).orElseThrow();
        assertTrue(fork.trace().size() >= before[0]);
        assertEquals(before[1], fork.inputs().inputs().size(), "inputs after the fork are dropped");
        fork.run();
        Simulation dropped = Simulation.of(new InputLog(lab, Detail.FULL, simulation.inputs().inputs().subList(0, (int) before[1])));
        dropped.run();
        assertEquals(dropped.trace().digest(), fork.trace().digest(), "forked at event " + before[0]);
    }

    /** Causes come before effects, frames arrive that were sent, and nobody speaks of packets that nobody knows. */
    @ParameterizedTest
    @MethodSource("samples")
    void everyEventHangsTogether(Path file) throws Exception {
        Lab lab = Samples.lab(file);
        Simulation simulation = new Simulation(lab, Detail.FULL);
        User user = new User(lab, new Random(SEED + 2));
        for (int i = 0; i < 6; i++) {
            simulation.runUntil(lab.until() * i / 6);
            user.act(simulation);
        }
        simulation.run();
        TraceStore trace = simulation.trace();
        BitSet known = new BitSet();
        BitSet named = new BitSet();
        TraceStore.Cursor cursor = trace.from(1);
        long at = 0;
        for (long id = 1; id <= trace.size(); id++) {
            TraceEvent event = cursor.next();
            assertEquals(id, event.id());
            assertTrue(event.at() >= at, () -> "time goes back at " + event);
            at = event.at();
            assertTrue(event.cause() < id, () -> "cause after effect: " + event);
            named.set((int) event.packet());
            switch (event) {
                case TraceEvent.FrameSent e -> {
                    known.set((int) e.packet());
                    assertTrue(e.parent() < e.packet(), () -> "parent is younger: " + e);
                    assertTrue(e.departs() >= e.at() && e.arrivals().stream().allMatch(a -> a.at() >= e.departs()), e::toString);
                }
                case TraceEvent.FrameArrived e -> {
                    TraceEvent.FrameSent sent = (TraceEvent.FrameSent) trace.get(e.sent());
                    assertEquals(sent.packet(), e.packet(), e::toString);
                    assertTrue(sent.arrivals().contains(new TraceEvent.Arrival(e.node() + "/" + e.port(), e.at())), () -> sent + " and " + e);
                    assertEquals(e.sent(), e.cause());
                }
                case TraceEvent.Derived e -> {
                    known.set((int) e.packet());
                    known.set((int) e.parent());
                }
                case TraceEvent.Dropped e -> {
                    known.set((int) e.packet());
                    assertTrue(e.packet() != 0, () -> "a drop of no packet: " + e);
                    assertTrue(!e.octets().isEmpty() || trace.frameOf(e.packet()).isPresent(), () -> "nobody knows what was dropped: " + e);
                }
                // what IKE decides may follow from an order, or from time
                case TraceEvent.Decided e -> assertTrue(e.packet() != 0 || e.reason().code().startsWith("ike-"), () -> "a decision about no packet: " + e);
                case TraceEvent.Changed e -> {
                    assertTrue(e.previous() < id);
                    if (e.previous() != 0) {
                        TraceEvent.Changed previous = (TraceEvent.Changed) trace.get(e.previous());
                        assertEquals(previous.now(), e.old(), () -> "old value of " + e);
                        assertEquals(previous.node(), e.node());
                    } else {
                        assertEquals(Optional.empty(), e.old(), e::toString);
                    }
                }
                case TraceEvent.Started _, TraceEvent.Acted _, TraceEvent.Control _ -> { }
            }
        }
        named.clear(0);
        named.andNot(known);
        waiting(trace, named);
        assertEquals(new BitSet(), named, "packets without octets");
    }

    /** Packets that wait for their neighbour's address have no frame yet; those that a node sends to itself never have. */
    private static void waiting(TraceStore trace, BitSet unknown) {
        TraceStore.Cursor cursor = trace.from(1);
        while (cursor.hasNext()) {
            TraceEvent event = cursor.next();
            if (event instanceof TraceEvent.Decided decided && (decided.reason() == Reason.SENT || decided.reason() == Reason.LOOPED)) {
                unknown.clear((int) decided.packet());
            }
        }
    }

    /** A summary leaves out frames and decisions, never state. */
    @ParameterizedTest
    @MethodSource("samples")
    void aSummaryRunsAsTheFullRunDoes(Path file) throws Exception {
        Lab lab = Samples.lab(file);
        Simulation full = new Simulation(lab, Detail.FULL);
        Simulation summary = new Simulation(lab, Detail.SUMMARY);
        for (int i = 1; i <= 5; i++) {
            full.runUntil(lab.until() * i / 5);
            summary.runUntil(lab.until() * i / 5);
            assertEquals(tables(full), tables(summary));
            LabState folded = new Projection(summary.trace()).at(summary.trace().size());
            assertEquals(tables(summary), rows(folded, tables(summary)), "a summary's fold has all tables too");
        }
        assertTrue(summary.trace().octets() < full.trace().octets());
        long flows = full.rows().values().stream().filter(FlowEnd.class::isInstance).count();
        assertTrue(lab.traffic().isEmpty() || flows > 0, "something flowed");
    }

    private static SortedMap<LabState.Key, State> tables(Simulation simulation) {
        SortedMap<LabState.Key, State> rows = simulation.rows();
        rows.values().removeIf(state -> state instanceof InFlight || state instanceof Transmitter);
        return rows;
    }

    /**
     * Whatever lab a person draws: it runs, and the trace tells all of it. {@code -Dcareof.labs} and {@code -Dcareof.turns} make more of it
     * than each build can wait for.
     */
    @Test
    void anyLabRuns() {
        int most = 500 * Integer.getInteger("careof.turns", 1);
        for (int seed = 0; seed < Integer.getInteger("careof.labs", 75); seed++) {
            Random random = new Random(seed);
            Lab lab = LabGenerator.quickToRun(new LabGenerator(random).lab());
            try {
                Simulation simulation = new Simulation(lab, Detail.FULL);
                Projection projection = new Projection(simulation.trace());
                User user = new User(lab, random);
                for (int i = 0; i < 4; i++) {
                    for (int turns = 0; turns < most && simulation.step(); turns++) {
                        // on it goes
                    }
                    folds(simulation, projection);
                    user.act(simulation);
                }
                folds(simulation, projection);
                Simulation again = Simulation.of(simulation.inputs());
                while (again.trace().size() < simulation.trace().size() && again.step()) {
                    // up to where the other one is
                }
                assertEquals(simulation.trace().digest(), again.trace().digest());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** Logs that no run wrote: their inputs wait for what is due before them, or never come; nothing breaks. */
    @ParameterizedTest
    @MethodSource("samples")
    void aForgedLogRuns(Path file) throws Exception {
        Lab lab = Samples.lab(file);
        Random random = new Random(SEED + 3);
        User user = new User(lab, random);
        for (int i = 0; i < 5; i++) {
            long after = random.nextLong(20_000);
            List<InputLog.Input> forged = List.of(new InputLog.Input(0, random.nextLong(lab.until()), user.any()),
                    new InputLog.Input(after, lab.until() - 1, user.any()), new InputLog.Input(after + random.nextInt(3), 2 * lab.until(), user.any()));
            Simulation simulation = Simulation.of(new InputLog(lab, Detail.SUMMARY, forged));
            for (int part = 1; part <= 10; part++) {
                simulation.runUntil(lab.until() / 10 * part);
            }
            simulation.run();
            assertEquals(lab.until(), simulation.now());
            assertTrue(simulation.inputs().inputs().size() < 3, "the last one is after the end");
            Simulation again = Simulation.of(simulation.inputs());
            again.run();
            assertEquals(simulation.trace().digest(), again.trace().digest());
        }
    }

    /** Somebody who does whatever the lab allows. */
    /** An action about what the lab does not have leaves no mark. */
    @Test
    void unknownNamesAreRefused() throws Exception {
        Simulation simulation = new Simulation(Samples.lab(Path.of("../samples/handover.json")), Detail.FULL);
        simulation.runUntil(1_000_000_000);
        String before = simulation.trace().digest();
        for (Action action : List.of(new Action.Move("nobody", Optional.of("home")), new Action.Move("mn", Optional.of("nowhere")),
                new Action.Ping("mn", "nobody"), new Action.SetMode("mn", "nobody", LabNode.Mode.OPTIMIZED),
                new Action.Link("nowhere", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true)))) {
            org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, () -> simulation.apply(action));
        }
        assertEquals(before, simulation.trace().digest());
        assertEquals(List.of(), simulation.inputs().inputs());
    }

    private static final class User {
        private final Lab lab;
        private final Random random;

        private User(Lab lab, Random random) {
            this.lab = lab;
            this.random = random;
        }

        void sometimes(Simulation simulation) {
            if (random.nextInt(4) == 0) {
                act(simulation);
            }
        }

        void act(Simulation simulation) {
            Action action = any();
            try {
                simulation.apply(action);
            } catch (IllegalArgumentException e) {
                assertTrue(lab.nodes().stream().anyMatch(node -> node.outside() && e.getMessage().equals("node \"" + node.name() + "\" is outside")), e::toString);
            }
        }

        private Action any() {
            List<LabNode> mobiles = lab.nodes().stream().filter(node -> node.role() == LabNode.Role.MOBILE_NODE).toList();
            LabNode mobile = mobiles.get(random.nextInt(mobiles.size()));
            String link = lab.links().get(random.nextInt(lab.links().size())).name();
            String node = lab.nodes().get(random.nextInt(lab.nodes().size())).name();
            List<LabProtection> keyed = lab.ipsec().stream().filter(LabProtection::isKeyedByIke).toList();
            return switch (random.nextInt(keyed.isEmpty() ? 6 : 9)) {
                case 6, 7, 8 -> order(keyed.get(random.nextInt(keyed.size())));
                case 0, 1 -> new Action.Move(mobile.name(), random.nextInt(8) == 0 ? Optional.empty() : Optional.of(link));
                case 2 -> new Action.Link(link, Optional.empty(), Optional.empty(), Optional.of(random.nextInt(4) / 20.0),
                        Optional.of(random.nextLong(5_000_000)), Optional.of(random.nextInt(3) * 1_000_000L), Optional.of(random.nextInt(5) == 0));
                case 3 -> new Action.Link(link, Optional.of(node), Optional.empty(), Optional.of(random.nextInt(4) / 10.0), Optional.empty(),
                        Optional.empty(), Optional.empty());
                case 4 -> mobile.modes().isEmpty() ? new Action.Ping(mobile.name(), node)
                        : new Action.SetMode(mobile.name(), mobile.modes().firstEntry().getKey(), LabNode.Mode.values()[random.nextInt(3)]);
                default -> new Action.Ping(mobile.name(), node);
            };
        }

        /** To key management, at either end. */
        private Action order(LabProtection protection) {
            boolean first = random.nextBoolean();
            Action.Ike.Order order = Action.Ike.Order.values()[random.nextInt(Action.Ike.Order.values().length)];
            return new Action.Ike(first ? protection.first() : protection.second(), first ? protection.second() : protection.first(), order,
                    order.isOfProtection() ? Optional.of(protection.name()) : Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
    }
}
