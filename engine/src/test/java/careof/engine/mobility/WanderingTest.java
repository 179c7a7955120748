package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.VirtualTime;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.lab.TimedAction;
import careof.engine.state.Binding;
import careof.engine.state.FlowEnd;
import careof.engine.state.ListEntry;
import careof.engine.state.MovementState;
import careof.engine.state.ProxyEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mobile nodes that wander at random over links that lose frames and go down, and change their modes: whatever happened, a while after
 * all is quiet again every binding is where its mobile node is, and packets flow.
 */
class WanderingTest {
    private static final long S = VirtualTime.SECOND;
    private static final long WANDERING = 100 * S;
    /** Longest back-off, twice, and the retry of a peer that refused. */
    private static final long QUIET = 140 * S;

    /** Lifetimes, duplicate address detection and discovery as the seed says. */
    private static Lab varied(Lab lab, long seed) {
        long[] lifetimes = {60, 8, 20};
        return lab.withSeed(seed).withNodes(lab.nodes().stream().map(n -> n.home().isEmpty() ? n : n
                .withHome(n.home().map(home -> seed % 4 == 0 ? new LabNode.Home(home.link(), home.address(), Optional.empty()) : home))
                .withLifetime(lifetimes[(int) (seed % 3)] * S).withOptimisticDad(seed % 2 == 0)).toList());
    }

    private static Lab wandering(Lab lab, List<String> nodes, List<String> links, List<String> peers, Random random) {
        List<TimedAction> actions = new ArrayList<>();
        for (String node : nodes) {
            for (long at = 2 * S; at < WANDERING; at += S * random.nextInt(1, 60) / 10 + random.nextInt(1000)) {
                int what = random.nextInt(10);
                Action action = what < 6 ? new Action.Move(node, Optional.of(links.get(random.nextInt(links.size()))))
                        : what == 6 ? new Action.Move(node, Optional.empty())
                        : what == 7 && !peers.isEmpty() ? new Action.SetMode(node, peers.get(random.nextInt(peers.size())), LabNode.Mode.values()[random.nextInt(3)])
                        : new Action.Link(lab.links().get(random.nextInt(lab.links().size())).name(), Optional.empty(), Optional.empty(),
                                Optional.of(random.nextInt(3) * 0.2), Optional.empty(), Optional.empty(), Optional.of(random.nextInt(4) == 0));
                actions.add(new TimedAction(at, action));
            }
            actions.add(new TimedAction(WANDERING, new Action.Move(node, Optional.of(links.get(random.nextInt(links.size()))))));
            peers.forEach(peer -> actions.add(new TimedAction(WANDERING, new Action.SetMode(node, peer, LabNode.Mode.OPTIMIZED))));
        }
        lab.links().forEach(link -> actions.add(new TimedAction(WANDERING, new Action.Link(link.name(), Optional.empty(), Optional.empty(),
                Optional.of(0.0), Optional.empty(), Optional.empty(), Optional.of(false)))));
        long until = WANDERING + QUIET;
        var traffic = lab.traffic().stream().map(t -> new careof.engine.lab.LabTraffic(t.name(), t.kind(), t.from(), t.to(), t.both(), S / 5, t.octets(), t.start(), until))
                .toList();
        return lab.withActions(actions.stream().sorted(java.util.Comparator.comparingLong(TimedAction::at)).toList()).withExpect(List.of()).withTraffic(traffic).withUntil(until);
    }

    private static Optional<IpAddress> careOf(Ladder ladder, String node) {
        MovementState state = ladder.rows(node, MovementState.class).getFirst();
        assertTrue(state.phase() == MovementState.Phase.AWAY || state.phase() == MovementState.Phase.AT_HOME, state.toString());
        return state.careOf();
    }

    private static Optional<IpAddress> bound(Ladder ladder, String holder, Ip6Address home) {
        return ladder.rows(holder, Binding.class).stream().filter(binding -> binding.home().equals(home)).map(Binding::careOf).findFirst();
    }

    private static void flows(Ladder ladder, long end) {
        for (String node : ladder.simulation.lab().nodes().stream().map(LabNode::name).toList()) {
            for (FlowEnd flow : ladder.rows(node, FlowEnd.class)) {
                if (!flow.sending()) {
                    assertTrue(flow.at() > end - S, node + " hears nothing any more: " + flow);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void oneMobileNode(long seed) throws Exception {
        Random random = new Random(seed);
        Ladder ladder = Ladder.of(wandering(varied(Ladder.sample("handover"), seed), List.of("mn"), List.of("home", "cell-a", "cell-b"), List.of("cn"), random));
        Ip6Address home = Ip6Address.parse("2001:db8:1::10");
        Optional<IpAddress> careOf = careOf(ladder, "mn");
        assertEquals(careOf, bound(ladder, "ha", home), "at the home agent, seed " + seed);
        assertEquals(careOf, bound(ladder, "cn", home), "at the correspondent, seed " + seed);
        assertEquals(careOf.isPresent() ? 1 : 0, ladder.rows("ha", ProxyEntry.class).size());
        if (careOf.isEmpty()) {
            assertTrue(ladder.rows("mn", ListEntry.class).isEmpty(), ladder.rows("mn", ListEntry.class).toString());
        }
        flows(ladder, ladder.simulation.now());
        ladder.messages().forEach(step -> step.toString()); // every Mobility Header on a link has its right checksum
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 332, 398})
    void twoMobileNodes(long seed) throws Exception {
        Random random = new Random(seed);
        Lab lab = wandering(varied(Ladder.sample("mn-to-mn"), seed), List.of("m1", "m2"), List.of("home-1", "home-2", "cell-a", "cell-b"), List.of(), random);
        Ladder ladder = Ladder.of(lab);
        Ip6Address home1 = Ip6Address.parse("2001:db8:1::10");
        Ip6Address home2 = Ip6Address.parse("2001:db8:4::10");
        Optional<IpAddress> careOf1 = careOf(ladder, "m1");
        Optional<IpAddress> careOf2 = careOf(ladder, "m2");
        assertEquals(careOf1, bound(ladder, "h1", home1), "seed " + seed);
        assertEquals(careOf2, bound(ladder, "h2", home2), "seed " + seed);
        assertEquals(careOf1, bound(ladder, "m2", home1), "seed " + seed);
        assertEquals(careOf2, bound(ladder, "m1", home2), "seed " + seed);
        flows(ladder, ladder.simulation.now());
        ladder.messages().forEach(step -> step.toString());
    }
}
