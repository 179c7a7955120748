package careof.engine.metrics;

import static careof.engine.metrics.TraceBuilder.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import careof.engine.base.Progress;
import careof.engine.lab.Expectation;
import careof.engine.lab.Expectation.Range;
import careof.engine.lab.Lab;
import careof.engine.lab.LabNode;
import careof.engine.metrics.Verdict.Outcome;
import careof.engine.state.MovementState;
import careof.engine.trace.Reason;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunMetricsTest {
    private static final String HOME = "2001:db8:1::10";
    private static final String AGENT = "2001:db8:1::1";
    private static final String CN = "2001:db8:9::9";
    private static final String CARE_OF = "2001:db8:2::5";
    private static final long END = 10_000;
    private static final Expectation.Span WHOLE = Expectation.Span.whole(END * MS);

    private static Lab lab(Expectation... expect) {
        LabNode mn = LabNode.of("mn", LabNode.Role.MOBILE_NODE).withHome(Optional.of(new LabNode.Home("home", Ip6Address.parse(HOME), Optional.of("ha"))));
        return Lab.empty("lab").withNodes(List.of(mn, LabNode.of("cn", LabNode.Role.CORRESPONDENT))).withUntil(END * MS).withExpect(Arrays.asList(expect));
    }

    private static RunMetrics metrics(TraceBuilder builder, long reached, Expectation... expect) throws Exception {
        return RunMetrics.of(lab(expect), builder.trace, reached * MS, Progress.NONE);
    }

    private static Outcome outcome(TraceBuilder builder, long reached, Expectation expect) throws Exception {
        return metrics(builder, reached, expect).verdicts().getFirst().outcome();
    }

    @Test
    void flowsAreCountedPacketByPacket() throws Exception {
        TraceBuilder builder = new TraceBuilder()
                .sent(0, "f", "a-b", 0).arrived(10, "f", "a-b", 0)
                .sent(100, "f", "a-b", 1)
                .sent(200, "f", "a-b", 2).arrived(230, "f", "a-b", 2)
                .sent(300, "f", "a-b", 3)
                .sent(400, "f", "a-b", 4);
        assertEquals(new FlowResult("f", "a-b", 5, 2, 2, 1, 0, 0, 10 * MS, 20 * MS, 30 * MS, 220 * MS), metrics(builder, 420).flows().getFirst(),
                "packet 4 is still under way");
        assertEquals(3, metrics(builder, 430).flows().getFirst().lost());
        // a number that was never sent does not count
        builder.arrived(500, "f", "a-b", 77);
        assertEquals(3, metrics(builder, 600).flows().getFirst().lost());
    }

    @Test
    void aFlowThatNeverArrivesIsOneGap() throws Exception {
        FlowResult flow = metrics(new TraceBuilder().sent(0, "f", "a-b", 0).sent(700, "f", "a-b", 1), 1000).flows().getFirst();
        assertEquals(2, flow.lost());
        assertEquals(700 * MS, flow.gap());
    }

    @Test
    void bindingsAreJudgedOverTheWholeInterval() throws Exception {
        var held = new Expectation.BindingHeld("cn", Ip6Address.parse(HOME), Optional.of(Prefix.parse("2001:db8:2::/64")), new Expectation.Span(1000 * MS, 2000 * MS));
        assertEquals(Outcome.HOLDS, outcome(new TraceBuilder().bind(1000, "cn", HOME, CARE_OF), END, held), "changes at its first moment count");
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(1001, "cn", HOME, CARE_OF), END, held));
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(500, "ha", HOME, CARE_OF), END, held), "at another node");
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(500, "cn", HOME, "2001:db8:3::5"), END, held), "somewhere else");
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF).bind(1500, "cn", HOME, "2001:db8:3::5")
                .bind(1501, "cn", HOME, CARE_OF), END, held), "a moment elsewhere");
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF).remove(2000, "cn", TraceBuilder.binding(HOME, CARE_OF)), END, held));
        assertEquals(Outcome.HOLDS, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF).remove(2001, "cn", TraceBuilder.binding(HOME, CARE_OF)), END, held));
        assertEquals(Outcome.OPEN, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF), 1999, held));
        assertEquals(Outcome.HOLDS, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF), 2000, held));
        assertEquals(Outcome.OPEN, outcome(new TraceBuilder(), 999, held), "it may come yet");
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder(), 1500, held));
        var none = new Expectation.BindingHeld("cn", Ip6Address.parse(HOME), Optional.empty(), WHOLE);
        assertEquals(Outcome.HOLDS, outcome(new TraceBuilder(), END, none));
        assertEquals(Outcome.FAILS, outcome(new TraceBuilder().bind(500, "cn", HOME, CARE_OF), END, none));
    }

    /** Against the plain way: look at every millisecond. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void bindingVerdictsAgreeWithSampling(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            TraceBuilder builder = new TraceBuilder();
            String[] at = new String[40];
            String now = null;
            for (int t = 0; t < at.length; t++) {
                for (int changes = random.nextInt(8) / 6; changes > 0; changes--) {
                    String next = random.nextInt(3) == 0 ? null : "2001:db8:" + (2 + random.nextInt(2)) + "::5";
                    if (next != null) {
                        builder.bind(t, "cn", HOME, next);
                    } else if (now != null) {
                        builder.remove(t, "cn", TraceBuilder.binding(HOME, now));
                    }
                    now = next;
                }
                at[t] = now;
            }
            int from = random.nextInt(at.length);
            int to = from + random.nextInt(at.length - from);
            boolean none = random.nextInt(4) == 0;
            boolean right = true;
            for (int t = from; t <= to; t++) {
                right &= none ? at[t] == null : at[t] != null && at[t].startsWith("2001:db8:2:");
            }
            var held = new Expectation.BindingHeld("cn", Ip6Address.parse(HOME), none ? Optional.empty() : Optional.of(Prefix.parse("2001:db8:2::/64")),
                    new Expectation.Span(from * MS, to * MS));
            assertEquals(right ? Outcome.HOLDS : Outcome.FAILS, outcome(builder, END, held), "seed " + seed + " round " + round + ": " + Arrays.toString(at) + held);
        }
    }

    @Test
    void countsFailEarlyAndHoldLate() throws Exception {
        TraceBuilder builder = new TraceBuilder().drop(1, "a", Reason.NO_ROUTE).drop(2, "b", Reason.NO_ROUTE).drop(3, "a", Reason.RH0);
        var one = new Expectation.Drops("no-route", Optional.empty(), Range.exactly(1), WHOLE);
        assertEquals(Outcome.FAILS, outcome(builder, 5, one));
        var atA = new Expectation.Drops("no-route", Optional.of("a"), Range.exactly(1), WHOLE);
        assertEquals(Outcome.OPEN, outcome(builder, 5, atA));
        assertEquals(Outcome.HOLDS, outcome(builder, END, atA));
        assertEquals(Outcome.FAILS, outcome(builder, END, new Expectation.Drops("no-rout", Optional.empty(), Range.exactly(0), WHOLE)), "no such reason");
        assertEquals(2, metrics(builder, END).drops().get(Reason.NO_ROUTE));
    }

    @Test
    void flowsAreJudgedByLossesArrivalsGapAndDelay() throws Exception {
        TraceBuilder builder = new TraceBuilder().sent(0, "f", "a-b", 0).arrived(10, "f", "a-b", 0).sent(100, "f", "a-b", 1)
                .sent(200, "f", "a-b", 2).arrived(230, "f", "a-b", 2).sent(300, "f", "b-a", 0).arrived(350, "f", "b-a", 0);
        Optional<String> there = Optional.of("a-b");
        Optional<Range> any = Optional.empty();
        assertEquals(Outcome.HOLDS, outcome(builder, END, new Expectation.Flow("f", there, Optional.of(Range.exactly(1)), Optional.of(Range.exactly(2)),
                Optional.of(Range.exactly(220 * MS)), Optional.of(Range.exactly(20 * MS)), WHOLE)));
        assertEquals(Outcome.HOLDS, outcome(builder, END, new Expectation.Flow("f", any(), any, Optional.of(Range.exactly(3)), any, Optional.of(Range.exactly(50 * MS)), WHOLE)));
        assertEquals(Outcome.FAILS, outcome(builder, END, new Expectation.Flow("f", there, Optional.of(Range.exactly(0)), any, any, any, WHOLE)));
        assertEquals(Outcome.FAILS, outcome(builder, END, new Expectation.Flow("f", there, any, any, any, Optional.of(new Range(Optional.empty(), Optional.of(19 * MS))), WHOLE)));
        assertEquals(Outcome.OPEN, outcome(builder, 500, new Expectation.Flow("f", there, any, any, any, Optional.of(new Range(Optional.empty(), Optional.of(19 * MS))), WHOLE)));
        assertEquals(Outcome.FAILS, outcome(builder, 500, new Expectation.Flow("f", there, any, any, Optional.of(Range.exactly(219 * MS)), any, WHOLE)));
    }

    private static Optional<String> any() {
        return Optional.empty();
    }

    @Test
    void messagesCountWhereTheyOriginate() throws Exception {
        TraceBuilder builder = new TraceBuilder();
        var test = TraceBuilder.frame(HOME, CN, new MobilityMessage.HomeTestInit(7, List.of()));
        long tunnelled = builder.send(1, "mn", TraceBuilder.tunnel(CARE_OF, AGENT, test));
        long forwarded = builder.forward(2, "ra", tunnelled, TraceBuilder.tunnel(CARE_OF, AGENT, test));
        long inner = builder.derive(3, "ha", forwarded);
        builder.forward(3, "ha", inner, test);
        // an answer is a message of its own
        builder.forward(4, "cn", inner, TraceBuilder.frame(CN, HOME, new MobilityMessage.HomeTest(1, 7, 8, List.of())));
        builder.send(9, "mn", TraceBuilder.tunnel(CARE_OF, AGENT, test));
        assertEquals(Outcome.HOLDS, outcome(builder, END, new Expectation.Messages("HoTI", Optional.empty(), Range.exactly(2), WHOLE)));
        assertEquals(Outcome.HOLDS, outcome(builder, END, new Expectation.Messages("HoTI", Optional.of("ha"), Range.exactly(0), WHOLE)));
        assertEquals(Outcome.HOLDS, outcome(builder, END, new Expectation.Messages("HoT", Optional.of("cn"), Range.exactly(1), WHOLE)));
    }

    @Test
    void aHandoverHasItsPhases() throws Exception {
        TraceBuilder builder = new TraceBuilder().port(0, "mn", "home", true)
                .sent(10, "f", "mn-cn", 0).arrived(20, "f", "mn-cn", 0)
                .sent(10 + 85, "f", "cn-mn", 0)
                .port(100, "mn", "", false)
                .sent(110, "f", "mn-cn", 1)
                .port(115, "mn", "cell", false).port(130, "mn", "cell", true)
                .change(140, "mn", new MovementState(MovementState.Phase.AWAY, Optional.of(Ip6Address.parse(CARE_OF)), Optional.empty(), 140 * MS));
        builder.send(141, "mn", TraceBuilder.frame(HOME, AGENT, new MobilityMessage.BindingUpdate(1, true, true, false, false, 15, List.of())));
        builder.acknowledged(151, "mn", AGENT, HOME);
        builder.send(152, "mn", TraceBuilder.tunnel(CARE_OF, AGENT, TraceBuilder.frame(HOME, CN, new MobilityMessage.HomeTestInit(7, List.of()))));
        builder.send(153, "mn", TraceBuilder.frame(CARE_OF, CN, new MobilityMessage.CareOfTestInit(7, List.of())));
        builder.send(160, "cn", TraceBuilder.frame(CN, CARE_OF, new MobilityMessage.CareOfTest(1, 7, 8, List.of())));
        builder.arrive(161, "mn");
        builder.send(170, "cn", TraceBuilder.frame(CN, HOME, new MobilityMessage.HomeTest(1, 7, 8, List.of())));
        builder.arrive(171, "mn");
        builder.send(172, "mn", TraceBuilder.frame(HOME, CN, new MobilityMessage.BindingUpdate(1, false, false, false, false, 15, List.of())));
        builder.sent(180, "f", "cn-mn", 1).arrived(190, "f", "cn-mn", 1).sent(200, "f", "mn-cn", 2).arrived(210, "f", "mn-cn", 2);
        List<Handover> handovers = metrics(builder, END).handovers();
        assertEquals(1, handovers.size(), "starting at home is no movement");
        assertEquals(new Handover("mn", 1, "home", "cell", 100 * MS, Optional.of(130 * MS), Optional.empty(), Optional.of(140 * MS),
                Optional.of(Ip6Address.parse(CARE_OF)), Optional.of(141 * MS), Optional.of(151 * MS),
                List.of(new Handover.Peer(CN, Optional.of(152 * MS), Optional.of(153 * MS), Optional.of(171 * MS), Optional.of(161 * MS),
                                Optional.of(172 * MS), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0, 0),
                        new Handover.Peer("cn", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                                Optional.of(210 * MS), Optional.of(190 * MS), Optional.empty(), Optional.empty(), 1, 1))), handovers.getFirst(), "the packet sent at 95 was under way to the old link");
    }

    @Test
    void startingAwayFromHomeIsAMovement() throws Exception {
        List<Handover> handovers = metrics(new TraceBuilder().port(0, "mn", "cell", true), END).handovers();
        assertEquals(1, handovers.size());
        assertEquals("", handovers.getFirst().from());
        List<Handover> two = new ArrayList<>(metrics(new TraceBuilder().port(0, "mn", "cell", true).port(50, "mn", "home", true), END).handovers());
        assertEquals(List.of("cell", "home"), two.stream().map(Handover::to).toList());
        assertTrue(two.get(1).carrier().isPresent());
    }
}
