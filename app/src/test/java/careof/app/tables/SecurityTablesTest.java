package careof.app.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.app.tables.Item.Entry;
import careof.app.tables.Item.Tag;
import careof.app.tables.Item.Tone;
import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.AddressEntry;
import careof.engine.state.AddressRange;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.Projection;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecurityTablesTest {
    private static final Ip6Address MN = Ip6Address.parse("2001:db8:1::10");
    private static final Ip6Address HA = Ip6Address.parse("2001:db8:1::1");
    private static final long SECOND = 1_000_000_000L;
    private static final Selector UPDATES = new Selector(AddressRange.of(MN), AddressRange.of(HA), 135, Selector.Ports.of(5), Selector.Ports.ANY);

    private final TraceStore trace = new TraceStore(Detail.FULL);

    private void has(State row) {
        trace.append(new Changed(trace.size() + 1, 0, "mn", 0, 0, 0, Optional.empty(), Optional.of(row), Reason.PF_KEY, List.of()));
    }

    private static Sa sa(int id, long spi, Ip6Address from, Ip6Address to, Sa.Phase phase, Sa.Lifetimes lifetimes) {
        return new Sa(id, spi, Sa.Protocol.ESP, Sa.Mode.TRANSPORT, from, to, from.equals(MN) ? UPDATES : UPDATES.reversed(), Encryption.AES_CBC,
                Octets.hex("000102030405060708090a0b0c0d0e0f"), Authentication.HMAC_SHA1_96, Octets.hex("ff".repeat(20)), false, 16, 0, lifetimes,
                Sa.UdpPorts.NONE, phase, 0);
    }

    private SecurityTables at(long clock) {
        return new SecurityTables(new Projection(trace).at(trace.size()), clock, 0);
    }

    @Test
    void bothHalvesShowWhichWayTheyGoTheirNumbersAndTheirWindow() {
        has(new AddressEntry("", MN, AddressEntry.Phase.PREFERRED, AddressEntry.Origin.HOME, Long.MAX_VALUE, Long.MAX_VALUE));
        has(sa(1, 0x1001, MN, HA, Sa.Phase.MATURE, Sa.Lifetimes.NONE));
        has(sa(2, 0x2001, HA, MN, Sa.Phase.DYING, new Sa.Lifetimes(5 * SECOND, 20 * SECOND, 0, 2_000)));
        has(new SaUse(1, 7, 0, 7, 700, 0));
        has(new SaUse(2, 9, 0b1011, 3, 300, 0));
        List<Entry> rows = at(10 * SECOND).associations("mn", List.of());
        Entry out = rows.getFirst();
        assertEquals("1  ESP 0x00001001", out.main());
        assertEquals(List.of(new Tag("out", Tone.PLAIN), new Tag("mature", Tone.FINE)), out.tags());
        assertTrue(out.more().contains("transport  2001:db8:1::10 → 2001:db8:1::1\naes-cbc 128 bits + hmac-sha1-96\n"), out.more());
        assertTrue(out.more().contains("carries 2001:db8:1::10 → 2001:db8:1::1, Binding Update\n"), out.more());
        assertTrue(out.more().contains("sequence 7, 7 packets, 700 octets"), out.more());
        Entry in = rows.getLast();
        assertEquals(List.of(new Tag("in", Tone.PLAIN), new Tag("dying", Tone.BUSY)), in.tags());
        assertTrue(in.more().contains("window ▪▪▫▪▫▫▫▫ ▫▫▫▫▫▫▫▫\n"), in.more());
        assertTrue(in.more().endsWith("renew passed, end in 10.0 s, end after 300 of 2,000 octets"), in.more());
    }

    @Test
    void keysAreApartFromWhatIsShown() {
        has(sa(1, 0x1001, MN, HA, Sa.Phase.MATURE, Sa.Lifetimes.NONE));
        Entry row = at(0).associations("mn", List.of()).getFirst();
        assertEquals("000102030405060708090a0b0c0d0e0f", row.secrets().getFirst().hex());
        assertEquals(2, row.secrets().size());
        assertFalse(row.toString().contains("0001020304"), "in no message");
    }

    @Test
    void thePolicyStandsInTheOrderInWhichItIsAsked() {
        Selector all = Selector.between(AddressRange.ALL_IP6, AddressRange.ALL_IP6);
        has(new SpdEntry(12, 5, SpdEntry.Direction.OUT, "", all, SpdEntry.Action.DISCARD, List.of()));
        has(new SpdEntry(3, 1, SpdEntry.Direction.OUT, "p1", UPDATES, SpdEntry.Action.PROTECT,
                List.of(new SpdEntry.Template(Sa.Protocol.AH, Sa.Mode.TUNNEL, MN, HA, SpdEntry.Level.UNIQUE, 4))));
        has(new SpdEntry(2, 0, SpdEntry.Direction.IN, "", all, SpdEntry.Action.BYPASS, List.of()));
        List<Entry> rows = at(0).policy("mn");
        assertEquals(List.of(" 3", " 12", " 2"), rows.stream().map(Entry::key).toList());
        assertEquals("2001:db8:1::10 → 2001:db8:1::1, Binding Update, port p1\nby AH tunnel 2001:db8:1::10 ⇒ 2001:db8:1::1, only SA of request 4",
                rows.getFirst().more());
        assertEquals(new Tag("discard", Tone.BAD), rows.get(1).tags().getLast());
        assertEquals("any → any", rows.getLast().more());
    }

    @Test
    void everyHeadingOfANodesTablesIsReachedByTheWordOfItsRows() {
        assertTrue(Tables.isShown("spd-entry 3"));
        assertTrue(Tables.isShown("sa 2"));
        assertTrue(Tables.isShown("binding 2001:db8:1::10"));
        assertFalse(Tables.isShown("in-flight 3"));
        assertFalse(Tables.isShown(""));
    }
}
