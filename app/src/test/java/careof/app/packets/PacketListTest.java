package careof.app.packets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Ids;
import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.engine.decode.Opener;
import careof.engine.decode.PacketSummary.Kind;
import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import org.junit.jupiter.api.Test;

class PacketListTest {
    private final SessionState state = Runs.at("handover", 10_163_000_000L);
    private final PacketList list = new PacketList();

    @Test
    void rowsComeFromTheTraceByTheirPlace() {
        int size = (int) state.trace().frameCount();
        list.show(state.trace(), Opener.NONE, i -> i, 0, size);
        assertEquals(size, list.size());
        for (int i = 0; i < size; i += 97) {
            assertEquals(i + 1, list.get(i).number());
            assertEquals(state.trace().frameEvent(i), list.get(i).sent().id());
            assertEquals(i, list.indexOf(list.get(i)));
            assertEquals(i + 1, list.upTo(list.event(i)));
        }
        assertEquals(0, list.upTo(0));
    }

    @Test
    void growingTellsOnlyWhatCame() {
        List<String> changes = new ArrayList<>();
        list.show(state.trace(), Opener.NONE, i -> i, 0, 10);
        list.addListener((ListChangeListener<PacketRow>) c -> {
            while (c.next()) {
                changes.add("+" + c.getFrom() + ".." + c.getTo());
            }
        });
        list.move(0, 25);
        list.move(0, 25);
        list.move(0, 20);
        assertEquals(List.of("+10..25"), changes);
    }

    @Test
    void aChoiceOfFramesKeepsTheirNumbers() {
        Ids signalling = new Ids();
        list.show(state.trace(), Opener.NONE, p -> p, 0, state.trace().frameCount());
        for (int i = 0; i < state.trace().frameCount(); i++) {
            if (list.get(i).summary().kind() == Kind.MOBILITY) {
                signalling.add(i);
            }
        }
        list.show(state.trace(), Opener.NONE, i -> signalling.get((int) i), 0, signalling.size());
        assertTrue(list.size() > 10);
        assertTrue(list.stream().allMatch(r -> r.summary().kind() == Kind.MOBILITY));
        assertEquals(signalling.get(3) + 1, list.get(3).number());
    }

    @Test
    void addressesHaveNamesOnceTheyAreKnown() {
        Names names = new Names();
        assertTrue(names.learn(state));
        assertEquals("mn H@", names.of("2001:db8:1::10"));
        assertEquals("mn Co@", names.of("2001:db8:3::ff:fe00:601"));
        assertEquals("mn Co@", names.of("2001:db8:2::ff:fe00:601"), "an address that it had earlier");
        assertEquals("cn", names.of("2001:db8:9::9"));
        assertEquals("all nodes", names.of("ff02::1"));
        assertEquals("2001:db8:77::1", names.of("2001:db8:77::1"));
        assertEquals("9b:52:66:ec:1e:a8", names.of("9b:52:66:ec:1e:a8"), "an end of a frame that carries no IP");
    }
}
