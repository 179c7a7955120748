package careof.engine.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What IKE does when a mobile node moves. */
class MovementTest {
    private static final String MOVE = "{ \"at\": \"6s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-b\" } }";

    /** Both ends begin at once, the correspondent to the home address: without recommendation R that phase one is of no use from the care-of address. */
    @Test
    void aPhaseOneToTheHomeAddressIsNotUsedFromTheCareOfAddress() throws Exception {
        assertEquals(List.of(), MovingLab.broken("\"F\", \"O\", \"R\"", "optimized", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "cn", "payload", "transport"), MOVE, """
                { "drops": { "reason": "ike-phase-one-elsewhere", "count": 0 } },
                { "changes": { "row": "ike-exchange", "reason": "ike-retransmitted", "count": 0 } },
                { "messages": { "message": "MM", "count": 6 }, "from": "6s" },
                { "messages": { "message": "QM", "count": 3 }, "from": "6s" },
                { "flow": "data", "direction": "cn-mn", "lost": 0, "from": "7s" }
                """));
    }

    /** A movement amid an exchange: the answers would go to where the node was. */
    @ParameterizedTest
    @CsvSource({"100ms, ike-sa", "150ms, ike-sa", "180ms, ike-exchange"})
    void whatWasBegunElsewhereBeginsAnew(String at, String row) throws Exception {
        assertEquals(List.of(), MovingLab.broken("", "bidirectional", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "ha", "payload", "tunnel"),
                "{ \"at\": \"%s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-b\" } }".formatted(at), """
                { "changes": { "row": "%s", "node": "mn", "reason": "ike-begins-anew", "count": 1 } },
                { "changes": { "row": "%s", "node": "mn", "reason": "ike-timed-out", "count": 0 } },
                { "half": { "protection": "bu-ba", "direction": "mn-ha", "is": "good" }, "from": "1s" },
                { "half": { "protection": "data", "direction": "ha-mn", "is": "good" }, "from": "4s" },
                { "flow": "data", "direction": "cn-mn", "lost": 0, "from": "4s" }
                """.formatted(row, row)));
    }

    /** Recommendation F moves nothing that binding updates under an SA do not move: with this correspondent return routability alone updates the binding. */
    @Test
    void aTunnelThatNoSignallingMovesIsMadeAnew() throws Exception {
        assertEquals(List.of(), MovingLab.broken("\"O\"", "optimized", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "cn", "payload", "transport"), MOVE, """
                { "decisions": { "reason": "ike-child-moved", "node": "mn", "count": 1 } },
                { "messages": { "message": "QM1", "from": "mn", "count": 1 }, "from": "6s" },
                { "messages": { "message": "QM2", "from": "cn", "count": 1 }, "from": "6s" },
                { "messages": { "message": "QM", "count": 3 }, "from": "6s" },
                { "half": { "protection": "data", "direction": "cn-mn", "is": "good" }, "from": "7s" },
                { "flow": "data", "direction": "cn-mn", "lost": 0, "from": "7s" }
                """));
    }

    @Test
    void aTunnelThatSignallingMovesIsNot() throws Exception {
        assertEquals(List.of(), MovingLab.broken("\"O\"", "optimized", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "cn", "all", "transport"), MOVE, """
                { "decisions": { "reason": "ike-child-moved", "node": "mn", "count": 0 } },
                { "messages": { "message": "IKE", "count": 0 }, "from": "6s" },
                { "half": { "protection": "data", "direction": "cn-mn", "is": "good" }, "from": "7s" },
                { "flow": "data", "direction": "cn-mn", "lost": 0, "from": "7s" }
                """));
    }

    /** Nor one whose signalling has to wait, as it has after many movements within a second (RFC 6275 section 11.8). */
    @Test
    void norIsOneWhoseSignallingWaits() throws Exception {
        String moves = "{ \"at\": \"6s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-b\" } }, { \"at\": \"6.15s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-a\" } },"
                + "{ \"at\": \"6.3s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-b\" } }, { \"at\": \"6.45s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-a\" } },"
                + "{ \"at\": \"6.6s\", \"move\": { \"node\": \"mn\", \"to\": \"cell-b\" } }";
        assertEquals(List.of(), MovingLab.broken("", "bidirectional", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "ha", "payload", "tunnel"), moves, """
                { "messages": { "message": "BU", "from": "mn", "count": 2 }, "from": "6s", "to": "7s" },
                { "messages": { "message": "BU", "from": "mn", "count": 3 }, "from": "6s" },
                { "decisions": { "reason": "ike-child-moved", "node": "mn", "count": 0 } },
                { "messages": { "message": "IKE", "count": 0 }, "from": "6s" },
                { "half": { "protection": "data", "direction": "ha-mn", "is": "good" }, "from": "8.5s" }
                """));
    }

    /** The home agent knows where the mobile node is. */
    @Test
    void theHomeAgentBeginsWhereTheBindingSays() throws Exception {
        String actions = MOVE + """
                , { "at": "7s", "ike": { "node": "ha", "peer": "mn", "do": "delete", "protection": "data" } },
                { "at": "7s", "ike": { "node": "ha", "peer": "mn", "do": "delete-phase-one" } },
                { "at": "7.1s", "ike": { "node": "ha", "peer": "mn", "do": "start", "protection": "data" } }
                """;
        assertEquals(List.of(), MovingLab.broken("", "bidirectional", MovingLab.REGISTRATION + "," + MovingLab.esp("data", "ha", "payload", "tunnel"), actions, """
                { "events": { "match": "kind == sent and protocol == MM1 and ipv6.dst == 2001:db8:3::/64", "node": "ha", "count": 1 }, "from": "7s" },
                { "overhead": { "flow": "data", "direction": "cn-mn", "link": "cell-b", "octets": 84 }, "from": "8s" },
                { "flow": "data", "direction": "cn-mn", "lost": 0, "from": "8s" }
                """));
    }
}
