package careof.app.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LineageTest {
    private static final long SECOND = 1_000_000_000L;

    private static PacketSummary summary(SessionState state, FrameSent sent) {
        return Summary.of(sent.frame(), LinkType.ETHERNET, state.index().opener());
    }

    @Test
    void aMessageGoesOnToItsReceiverAndNotAsItsAnswer() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 4 * SECOND);
        Series ike = state.index().ike();
        assertEquals(12, ike.size(), "main mode and two quick modes");
        for (int i = 0; i < ike.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(ike.get(i));
            List<Long> onward = state.index().lineage().onward(sent.packet());
            assertEquals(2, onward.size(), "on the cell and on the backbone");
            String name = summary(state, sent).shortName();
            assertEquals(new TreeSet<>(List.of(name)), new TreeSet<>(onward.stream().map(p -> summary(state, state.trace().frameOf(p).orElseThrow()).shortName()).toList()));
            assertEquals(0, state.index().lineage().endOf(sent.packet()));
        }
    }

    @Test
    void twoQuickModesInARowAreTwoTalksThoughOneBeganWithTheOther() {
        SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 4 * SECOND);
        Series ike = state.index().ike();
        long ids = java.util.stream.IntStream.range(0, ike.size()).mapToObj(i -> summary(state, (FrameSent) state.trace().get(ike.get(i))).isakmp().orElseThrow().messageId())
                .distinct().count();
        assertEquals(3, ids, "phase one and two quick modes");
    }

    @Test
    void theWayThroughTunnelsIsOneWayAndEndsWhereItWasDropped() {
        SessionState state = Runs.at("handover", 10_400_000_000L);
        Lineage lineage = state.index().lineage();
        int ended = 0;
        for (int i = 0; i < state.index().drops().size(); i++) {
            Dropped drop = (Dropped) state.trace().get(state.index().drops().get(i));
            assertTrue(lineage.endOf(drop.packet()) != 0);
            long parent = lineage.parentOf(drop.packet());
            if (parent != 0 && lineage.onward(parent).contains(drop.packet())) {
                assertTrue(lineage.endOf(parent) != 0 && lineage.lastOfAll(parent) >= drop.id());
                ended++;
            }
        }
        assertTrue(ended > 0);
        // A home test goes from the home agent into the tunnel and out of it: one way.
        Series legs = state.index().legs();
        boolean tunnelled = false;
        for (int i = 0; i < legs.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(legs.get(i));
            if (sent.node().equals("mn") && summary(state, sent).shortName().equals("HoTI")) {
                tunnelled |= lineage.onward(sent.packet()).stream().flatMap(p -> state.trace().frameOf(p).stream()).anyMatch(f -> f.node().equals("ha") && summary(state, f).rings() == 0);
            }
        }
        assertTrue(tunnelled);
    }
}
