package careof.engine.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.state.AddressRange;
import careof.engine.state.Binding;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.trace.Detail;
import careof.engine.trace.RandomEvents;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceEvent.Acted;
import careof.engine.trace.TraceEvent.Arrival;
import careof.engine.trace.TraceEvent.Changed;
import careof.engine.trace.TraceEvent.Decided;
import careof.engine.trace.TraceEvent.Derived;
import careof.engine.trace.TraceEvent.Dropped;
import careof.engine.trace.TraceEvent.FrameArrived;
import careof.engine.trace.TraceEvent.FrameSent;
import careof.engine.trace.TraceEvent.Relation;
import careof.engine.trace.TraceEvent.Started;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    /** A stand-in whose packets say what their first octet tells. */
    private static final FieldSource SOURCE = new FieldSource() {
        @Override
        public List<String> values(Packet packet, String field) {
            boolean update = packet.octets().at(0) == 1;
            return switch (field) {
                case "ipv6.dst" -> List.of(update ? "2001:db8::1" : "2001:db8:5::1", "ff02::1");
                case "ipv6.hlim" -> List.of("64");
                case "mipv6.hao" -> update ? List.of("2001:db8::10") : List.of();
                case "eth.type" -> packet.linkType() == 1 ? List.of("0x86dd") : List.of();
                default -> List.of();
            };
        }

        @Override
        public List<String> protocols(Packet packet) {
            return packet.octets().at(0) == 1 ? List.of("BU", "MIPv6", "ipv6") : List.of("UDP", "ipv6");
        }

        @Override
        public String summary(Packet packet) {
            return packet.octets().at(0) == 1 ? "Binding Update seq 7" : "UDP 9 octets";
        }
    };

    private static final TraceStore TRACE = trace();

    private static TraceStore trace() {
        TraceStore store = new TraceStore(Detail.FULL);
        Ip6Address home = Ip6Address.parse("2001:db8:1::10");
        Binding binding = new Binding(home, Ip6Address.parse("2001:db8:2::10"), 7, 60_000_000_000L, true, Binding.Protection.RETURN_ROUTABILITY);
        List.of(
                new Started(1, 0, "", 0, "Lab", 7),
                new Acted(2, 1_000_000_000L, "mn", 0, 0, "mn moves to cell-b"),
                new FrameSent(3, 2_000_000_000L, "mn", 2, 1, 0, "eth0", "cell-b", 1, 0, List.of(new Arrival("r/eth1", 0)), Octets.of(1, 2, 3)),
                new FrameArrived(4, 2_500_000_000L, "r", 3, 1, "eth1", "cell-b", 3),
                new FrameSent(5, 3_000_000_000L, "cn", 2, 2, 0, "eth0", "core", 1, 0, List.of(), Octets.of(2, 2, 3)),
                new Derived(6, 4_000_000_000L, "r", 4, 3, 1, Relation.DECAPSULATED),
                new Decided(7, 5_000_000_000L, "ha", 4, 1, Reason.HAO_VERIFIED, List.of("2001:db8:1::10"), "binding 2001:db8:1::10"),
                new Dropped(8, 6_000_000_000L, "cn", 7, 2, Reason.HAO_UNVERIFIED, List.of("2001:db8:1::10", "2001:db8:2::10"), "", "", Octets.EMPTY),
                new Dropped(9, 7_000_000_000L, "", 8, 9, Reason.LINK_LOSS, List.of("core", "0.25"), "", "core", Octets.of(1)),
                new Changed(10, 8_000_000_000L, "ha", 7, 1, 0, Optional.empty(), Optional.of(binding), Reason.BINDING_CREATED, List.of()))
                .forEach(store::append);
        return store;
    }

    private static List<Long> found(String query) throws QueryProblem {
        Query parsed = Query.parse(query);
        List<Long> found = new java.util.ArrayList<>();
        for (TraceStore.Cursor cursor = TRACE.from(1); cursor.hasNext(); ) {
            TraceEvent event = cursor.next();
            if (parsed.matches(event, TRACE, SOURCE)) {
                found.add(event.id());
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            node == mn                                | 2 3
            node == MN and kind == sent               | 3
            node==mn&&kind==sent                      | 3
            node = mn kind = sent                     | 3
            kind == dropped                           | 8 9
            kind == dropped and not link == core      | 8
            not (kind == dropped or kind == sent) and node != ha and time > 0s | 2 4 6
            node == cn or node == ha and kind == changed | 5 8 10
            (node == cn or node == ha) and kind == changed | 10
            reason == hao-unverified                  | 8
            reason ~ hao                              | 7 8
            reason != hao-unverified and kind == dropped | 9
            packet == 2                               | 5 8
            packet == 0                               | 1 2
            parent == 1                               | 6
            id <= 2                                   | 1 2
            event == 4                                | 4
            time >= 7s                                | 9 10
            time < 1500ms                             | 1 2
            time == 2s                                | 3
            cause == 7                                | 8 10
            link == cell-b                            | 3 4
            to == r                                   | 3
            to == r/eth1                              | 3
            port == eth1                              | 4
            relation == decapsulated                  | 6
            section ~ "6275 section 9.3"              | 7 8
            entry ~ binding                           | 7
            row == binding                            | 10
            key == 2001:db8:1:0::10                   | 10
            now.careOf == 2001:db8:2::/64             | 10
            now.careof == 2001:DB8:2:0:0::10          | 10
            now.sequence > 6                          | 10
            now.sequence >= 0x7                       | 10
            now.sequence == 07                        | 10
            now.until > 59s                           | 10
            now.until > 61s                           | ``
            now.homeRegistration == true              | 10
            now.protection == return-routability      | 10
            old.sequence == 7                         | ``
            arg.home == 2001:db8:1::10                | 7 8
            arg.careOf == 2001:db8:2::10              | 8
            arg.loss > 0.2                            | 9
            arg.loss > 0.3                            | ``
            protocol == bu                            | 3 4 7 9 10
            protocol == bu and kind == sent           | 3
            protocol == ipv6 and kind == sent         | 3 5
            ipv6.dst == 2001:0db8::1 and kind == sent | 3
            ipv6.dst == 2001:db8::/48 and kind == sent | 3
            ipv6.dst == 2001:db8::/32 and kind == sent | 3 5
            ipv6.dst == ff02::1 and kind == sent      | 3 5
            ipv6.dst != 2001:db8::1 and kind == sent  | 5
            ipv6.hlim >= 64 and kind == sent          | 3 5
            ipv6.hlim > 64                            | ``
            eth.type == 0x86dd and node == cn         | 5 8
            eth.type == 34525 and node == cn          | 5 8
            eth.type == 34525 and kind == dropped     | 8
            mipv6.hao kind == sent                    | 3
            "binding update" kind == sent             | 3
            moves                                     | 2
            unverified                                | 8
            bu                                        | 3 4 7 9 10
            bin                                       | ``
            dat                                       | ``
            "2001:db8:2::10 to nowhere"               | ``
            text ~ loss                               | 9
            ``                                        | 1 2 3 4 5 6 7 8 9 10
            """)
    void asks(String query, String expected) throws QueryProblem {
        assertEquals(expected, String.join(" ", found(query).stream().map(String::valueOf).toList()), query);
    }

    /** Records in rows have fields, and are texts of their own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            now.selector.source == 2001:db8:1::10      | true
            now.selector.source.high == 2001:db8:1::10 | true
            now.selector.destination == 2001:db8:9::/64 | true
            now.selector.sourcePorts == 5              | true
            now.selector.sourceports.high > 5          | false
            now.selector ~ "2001:db8:1::10 > 2001:db8:9::/64 protocol 135" | true
            now.selector.ports == 5                    | false
            now.action.name == protect                 | false
            now.action == protect                      | true
            old.selector ~ 2001                        | false
            """)
    void asksWhatIsWithinARow(String query, boolean expected) throws QueryProblem {
        Selector selector = new Selector(AddressRange.of(Ip6Address.parse("2001:db8:1::10")), AddressRange.of(Prefix.parse("2001:db8:9::/64")), 135,
                Selector.Ports.of(5), Selector.Ports.ANY);
        SpdEntry entry = new SpdEntry(1, 10, SpdEntry.Direction.OUT, "", selector, SpdEntry.Action.PROTECT, List.of());
        TraceStore store = new TraceStore(Detail.FULL);
        store.append(new Changed(1, 0, "ha", 0, 0, 0, Optional.empty(), Optional.of(entry), Reason.BINDING_CREATED, List.of()));
        assertEquals(expected, Query.parse(query).matches(store.get(1), store, SOURCE), query);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            node == mn and                | 15 | expected a field or a word
            and node == mn                | 1  | expected a field or a word before "and"
            node ==                       | 8  | expected a value after "=="
            node == == mn                 | 9  | expected a value after "=="
            (node == mn                   | 1  | this parenthesis is not closed
            node == mn)                   | 11 | this closes no parenthesis
            nod == mn                     | 1  | no field "nod"; meant "node"?; fields are cause,
            kind == droped                | 9  | no kind of event "droped"; meant "dropped"?; there are started, acted
            reason == hao-unverifed       | 11 | no reason "hao-unverifed"; meant "hao-unverified"?
            row == bindings               | 8  | no kind of row "bindings"; meant "binding"?
            time > 5                      | 8  | not a time such as "12.5s"
            packet == x1                  | 11 | "packet" is a whole number, not "x1"
            ipv6.hlim > many              | 13 | ">" needs a number or a time
            "open                         | 1  | this quotation mark is not closed
            a & b                         | 3  | expected &&
            not                           | 4  | expected a field or a word
            """)
    void errorsPointAtTheirColumn(String query, int column, String message) {
        QueryProblem problem = assertThrows(QueryProblem.class, () -> Query.parse(query));
        assertEquals(column, problem.column(), problem.getMessage());
        assertTrue(problem.getMessage().startsWith(message), problem.getMessage());
        assertEquals(query + "\n" + " ".repeat(column - 1) + "^\n" + problem.getMessage(), problem.show());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void noTextThrowsAnythingElse(long seed) {
        Random random = new Random(seed);
        String[] pieces = {"node", "==", "(", ")", "not", "and", "or", "\"", "x", " ", "!", "~", "<", "time", "5s", "now.x", "\\", "&&", "|", "é", "2001:db8::/32", "0x"};
        TraceStore store = new TraceStore(Detail.FULL);
        new RandomEvents(seed).events(20).forEach(store::append);
        int good = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                Query query = Query.parse(text.toString());
                query.matches(store.get(1 + random.nextInt(20)), store, FieldSource.NONE);
                good++;
            } catch (QueryProblem e) {
                assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, text.toString());
            }
        }
        assertTrue(good > 1000);
        assertThrows(QueryProblem.class, () -> Query.parse("(".repeat(5000)));
        assertThrows(QueryProblem.class, () -> Query.parse("x".repeat(20_000)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "node == mn and kind == sent|node == wanderer and kind == sent",
        "NODE==mn or (link  != mn)|NODE==wanderer or (link  != mn)",
        "mn and not node = \"mn\"|mn and not node = \"wanderer\"",
        "node ~ mn and node ~ ma|node ~ wanderer and node ~ \"a b \\\" c\""})
    void valuesOfComparisonsAreReplacedAndAllElseStays(String text, String expected) throws Exception {
        String replaced = Query.replace(text, (field, value) -> !field.equals("node") ? value : value.equals("mn") ? "wanderer" : "a b \" c");
        assertEquals(expected, replaced);
        Query.parse(replaced);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "|true", "number == 7|true", "frame.number == 8|false", "number >= 7 and number < 8|true", "time > 2s|true", "time > 3s|false", "interface == eth0|true",
        "frame.interface_name == eth1|false", "interface != eth1|true", "length == 1514|true", "frame.len < 0x10|false", "comment ~ odd|true", "comment == odd|false",
        "frame.comment|true", "BU|true", "QM1|false", "odd|true", "ipv6.dst == 2001:db8::/32|true", "protocol == MIPv6|true", "text ~ eth0|true", "text ~ Binding|true",
        "mipv6.hao|true", "ipv6.none|false", "not BU or eth.type == 0x86dd|true", "arg.home == 1|false"})
    void packetsOfCaptures(String text, boolean expected) throws Exception {
        Query query = Query.parseForCaptures(text == null ? "" : text);
        assertEquals(expected, query.matches(new CapturedSubject(7, 2_500_000_000L, "eth0", 1514, List.of("an odd one"), new FieldSource.Packet(Octets.of(1, 2), true)), SOURCE));
    }

    @Test
    void fieldsOfEventsAreNotThoseOfCaptures() {
        QueryProblem problem = assertThrows(QueryProblem.class, () -> Query.parseForCaptures("node == mn"));
        assertTrue(problem.getMessage().contains("interface, length, number"), problem.getMessage());
        assertThrows(QueryProblem.class, () -> Query.parse("interface == eth0"));
        assertThrows(QueryProblem.class, () -> Query.parseForCaptures("number == x"));
    }
}
