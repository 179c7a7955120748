package careof.app.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Runs;
import careof.app.session.SessionState;
import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Heading;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.base.Progress;
import careof.engine.metrics.RunMetrics;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TablesTest {
    private static final long AT = Runs.secondUpdate() + 5_000_000;
    private final SessionState state = Runs.at("handover", AT);

    private List<Item> of(String node, Set<String> folded) {
        return Tables.ofNode(state.tables(), AT, state.markFrom(), folded, node, state.pairs());
    }

    private static List<Entry> rows(List<Item> items, String table) {
        return items.stream().filter(i -> i instanceof Entry e && e.table().equals(table)).map(i -> (Entry) i).toList();
    }

    @Test
    void theMobileNodeShowsItsListItsAddressesItsRoutesAndItsNeighbours() {
        List<Item> items = of("mn", Set.of());
        List<Entry> list = rows(items, "Binding update list");
        assertEquals(2, list.size());
        Entry home = list.stream().filter(e -> e.tags().contains(new Tag("home", Tone.PLAIN))).findFirst().orElseThrow();
        assertTrue(home.tags().contains(new Tag("acknowledged", Tone.FINE)));
        Entry peer = list.stream().filter(e -> e != home).findFirst().orElseThrow();
        assertTrue(peer.main().startsWith("cn "), peer.main());
        assertTrue(peer.more().contains("the peer still believes 2001:db8:2:"), peer.more());
        for (String table : List.of("Addresses", "Routes", "Neighbours", "Default routers", "Timers")) {
            assertFalse(rows(items, table).isEmpty(), table);
        }
    }

    @Test
    void anUnprotectedRegistrationSaysSo() {
        List<Entry> cache = rows(of("ha", Set.of()), "Binding cache");
        assertEquals(1, cache.size());
        assertTrue(cache.getFirst().tags().contains(new Tag("unprotected", Tone.BAD)));
        assertTrue(rows(of("cn", Set.of()), "Binding cache").getFirst().tags().contains(new Tag("tested", Tone.FINE)));
    }

    @Test
    void onlyRowsOfTheLastStepAreMarkedAndFoldedTablesKeepTheirHeading() {
        long changes = of("mn", Set.of()).stream().filter(i -> i instanceof Entry e && e.changed()).count();
        assertTrue(changes <= 1, "one event changes one row at most: " + changes);
        List<Item> folded = of("mn", Set.of("Addresses"));
        assertTrue(rows(folded, "Addresses").isEmpty());
        assertTrue(folded.stream().anyMatch(i -> i instanceof Heading h && h.table().equals("Addresses") && !h.open() && h.rows() > 0));
        List<Item> all = Tables.ofNode(state.tables(), AT, 0, Set.of(), "mn", state.pairs());
        assertTrue(all.stream().filter(i -> i instanceof Entry).allMatch(i -> ((Entry) i).changed()));
    }

    @Test
    void theLabShowsBothDirectionsOfItsFlow() {
        List<Entry> flows = rows(Tables.ofLab(state.tables(), AT, state.markFrom(), Set.of(), state.lab(), state.pairs()), "Flows");
        assertEquals(List.of("voice  mn → cn", "voice  cn → mn"), flows.stream().map(Entry::main).toList());
        assertTrue(flows.getFirst().more().startsWith("sent 4"), flows.getFirst().more());
    }

    @Test
    void theRunShowsItsHandoversAndExpectations() throws Exception {
        SessionState end = Runs.at("handover", 20_000_000_000L);
        RunMetrics metrics = RunMetrics.of(end.lab(), end.trace(), end.headTime(), Progress.NONE);
        List<Item> items = Tables.ofRun(metrics, Set.of(), end.trace()::firstAt);
        List<Entry> handovers = rows(items, "Handovers of this run");
        assertEquals(List.of("mn  home → cell-a", "mn  cell-a → cell-b"), handovers.stream().map(Entry::main).toList());
        assertTrue(handovers.getFirst().more().startsWith("left at 5s, carrier +30, "), handovers.getFirst().more());
        assertEquals(5_000_000_000L, end.trace().timeOf(handovers.getFirst().event()));
        assertTrue(rows(items, "Expectations").stream().allMatch(e -> e.tags().equals(List.of(new Tag("holds", Tone.FINE)))));
    }

    @Test
    void aLinkShowsItsStateAndWhatIsOnItsWay() {
        List<Item> items = Tables.ofLink(state.tables(), AT, state.markFrom(), Set.of(), "backbone");
        assertEquals("delay 10ms, loss 0 %, 1000000 kbit/s", rows(items, "Link").getFirst().more());
        assertFalse(rows(items, "On their way").isEmpty());
    }

    @Test
    void durationsReadWell() {
        assertEquals("1.5 s", Tables.shortTime(1_500_000_000L));
        assertEquals("12.0 ms", Tables.shortTime(12_000_000L));
        assertEquals("3.0 µs", Tables.shortTime(3_000));
        assertEquals("3600 s", Tables.shortTime(3_600_000_000_000L));
    }
}
