package careof.app.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.session.Runs;
import careof.app.session.Series;
import careof.app.session.SessionState;
import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.decode.LinkType;
import careof.engine.decode.Summary;
import careof.engine.run.Simulation;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.FrameSent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IkeTablesTest {
    private static final long SECOND = 1_000_000_000L;
    private final SessionState state = Runs.at(new Simulation(Runs.ike(), Detail.FULL), 12 * SECOND);

    private List<Entry> table(String node, String table) {
        return Tables.ofNode(state.tables(), state.clock(), state.markFrom(), new TreeSet<>(), node, state.pairs()).stream().filter(i -> i.table().equals(table))
                .filter(Entry.class::isInstance).map(Entry.class::cast).toList();
    }

    private List<String> messages(Link.Messages link) {
        Series events = state.index().talks().exchange(link.node(), link.ikeSa(), link.messageId());
        List<String> names = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            FrameSent sent = (FrameSent) state.trace().get(events.get(i));
            names.add(sent.node() + " " + Summary.of(sent.frame(), LinkType.ETHERNET, state.index().opener()).shortName());
        }
        return names;
    }

    private static Link.Messages messages(Entry row) {
        return (Link.Messages) row.links().stream().filter(Link.Messages.class::isInstance).findFirst().orElseThrow();
    }

    @Test
    void aPhaseOneTellsWhoIsWhoWithWhatAndForHowLong() {
        Entry row = table("mn", "IKE phase ones").getFirst();
        assertEquals("1  with ha", row.main());
        assertEquals(List.of(new Tag("initiator", Tone.PLAIN), new Tag("established", Tone.FINE)), row.tags());
        IkeSa sa = state.tables().row("mn", IkeSa.class, "1").orElseThrow().state();
        assertEquals("main mode, RSA signatures\naes-cbc-128 sha256 modp-2048\nhere " + sa.local() + ", says home-address:2001:db8:1::10\n"
                + "there 2001:db8:1::1, says fqdn:ha.lab\ncookies " + sa.cookies() + "\nMM6 received\nestablished 11.9 s ago, ends in 28788 s", row.more());
        assertEquals("2001:db8:3::/64", sa.local().toString().substring(0, 12) + "/64", "it followed the binding to cell-b");
        assertEquals(sa.encryptionKey().toHex(), row.secrets().getFirst().hex());
        assertFalse(row.toString().contains(sa.encryptionKey().toHex()), "in no message");
        assertEquals(List.of("mn MM1", "ha MM2", "mn MM3", "ha MM4", "mn MM5", "ha MM6"), messages(messages(row)));
        assertEquals(new Tag("responder", Tone.PLAIN), table("ha", "IKE phase ones").getFirst().tags().getFirst());
    }

    @Test
    void aPhaseOneInTheMakingTellsItsStep() {
        long event = 0;
        for (long id = 1; id <= state.trace().size() && event == 0; id++) {
            if (state.trace().get(id) instanceof Changed c && c.node().equals("ha") && c.now().orElse(null) instanceof IkeSa sa && sa.step().equals("MM2 sent")) {
                event = id;
            }
        }
        Entry row = new IkeTables(new Projection(state.trace()).at(event), state.trace().timeOf(event), 0).phaseOnes("ha", false).getFirst();
        assertEquals(new Tag("negotiating", Tone.BUSY), row.tags().getLast());
        assertTrue(row.main().endsWith("peer not known yet") && row.more().contains("\nMM2 sent") && !row.more().contains("established"), row.toString());
        assertTrue(row.links().stream().noneMatch(Link.Certificate.class::isInstance), "nobody has shown one");
    }

    @Test
    void anSaPairLeadsToItsQuickModeItsPhaseOneItsSasAndBack() {
        for (String node : List.of("mn", "ha")) {
            List<Entry> pairs = table(node, "IKE SA pairs");
            assertEquals(2, pairs.size());
            for (Entry pair : pairs) {
                assertEquals(List.of("mn QM1", "ha QM2", "mn QM3"), messages(messages(pair)));
                List<String> rows = pair.links().stream().filter(Link.Row.class::isInstance).map(l -> ((Link.Row) l).entry()).toList();
                IkeChild child = state.tables().row(node, IkeChild.class, pair.key().strip()).orElseThrow().state();
                assertEquals("ike-sa 1", rows.get(0));
                assertEquals(List.of(child.inboundSpi(), child.outboundSpi()), rows.subList(1, 3).stream()
                        .map(entry -> state.tables().row(node, Sa.class, entry.substring("sa ".length())).orElseThrow().state().spi()).toList(), pair.toString());
                assertTrue(rows.stream().allMatch(Tables::isShown), rows.toString());
            }
            for (Entry sa : table(node, "Security associations")) {
                assertEquals(List.of("mn QM1", "ha QM2", "mn QM3"), messages(messages(sa)), sa.toString());
                assertTrue(sa.links().stream().anyMatch(l -> l instanceof Link.Row row && row.entry().startsWith("ike-child ")));
            }
        }
        assertTrue(table("mn", "SA pairs").stream().allMatch(half -> messages(messages(half)).size() == 3));
    }

    @Test
    void exchangesAreThereAsLongAsTheyAreRemembered() {
        List<Entry> rows = table("mn", "IKE exchanges");
        assertEquals(2, rows.size());
        assertTrue(rows.getFirst().main().startsWith("quick mode ") && rows.getFirst().more().equals("under phase one 1, QM3 sent"), rows.toString());
        assertEquals(3, messages(messages(rows.getFirst())).size());
    }

    @Test
    void theWholeLabShowsBothEndsOfAPhaseOne() {
        List<String> rows = Tables.ofLab(state.tables(), state.clock(), state.markFrom(), new TreeSet<>(), state.lab(), state.pairs()).stream()
                .filter(i -> i.table().equals("IKE phase ones")).filter(Entry.class::isInstance).map(i -> ((Entry) i).main()).toList();
        assertEquals(List.of("ha 1  ↔ mn", "mn 1  ↔ ha"), rows);
    }
}
