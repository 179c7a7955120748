package careof.app.ladder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.packets.Names;
import careof.app.session.Runs;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketSummary;
import careof.engine.decode.Summary;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ladder's rows are made of. */
class LadderTest {
    @Test
    void aTunnelledMessageHasALegInAndALegOutOfItsTunnel() {
        SessionState state = Runs.at("handover", 8_000_000_000L);
        Names names = new Names();
        names.learn(state);
        Series legs = state.index().legs();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < legs.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(legs.get(i));
            PacketSummary summary = Summary.of(sent.frame(), LinkType.ETHERNET);
            seen.add(sent.node() + " " + summary.shortName() + (summary.rings() > 0 ? " in a tunnel" : "") + " to " + names.node(summary.destination()).orElse("?"));
        }
        assertTrue(seen.contains("mn HoTI in a tunnel to ha"), seen.toString());
        assertTrue(seen.contains("ha HoTI to cn"), seen.toString());
        assertTrue(seen.contains("cn HoT to mn"), seen.toString());
        assertTrue(seen.contains("ha HoT in a tunnel to mn"), seen.toString());
        assertEquals(0, seen.stream().filter(s -> s.startsWith("ra ") || s.startsWith("rc ")).count(), "routers only forward: " + seen);
    }
}
