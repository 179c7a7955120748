package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabJson;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.state.IkeSa;
import careof.engine.trace.Detail;
import careof.engine.trace.TraceEvent;
import careof.engine.trace.TraceStore;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a lab says of IKE is what its nodes do. */
class KeyedByIkeTest {
    private static TraceStore holds(String ike, String more, String expect) throws Exception {
        Lab lab = LabJson.read("lab.json", """
                { "careof": 1, "name": "keyed", "until": "20s",
                  "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" }, { "name": "cell", "kind": "cell", "prefix": "2001:db8:2::/64" } ],
                  "nodes": [
                    { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "cell" } ] },
                    { "name": "mn", "role": "mobile-node", "at": "cell", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } %s },
                    { "name": "eve", "role": "attacker", "ports": [ { "link": "home" } ] } ],
                  "ipsec": [ { "name": "bu-ba", "between": ["mn", "ha"], "traffic": "registration", "keying": "ike",
                    "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] } ],
                  %s "expect": [ %s ] }""".formatted(ike, more, expect));
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        List<Verdict> verdicts = RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).verdicts();
        assertEquals(List.of(), verdicts.stream().filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).map(v -> v.expected() + ": " + v.seen()).toList());
        return simulation.trace();
    }

    private static final String REGISTERED = """
            { "ike": { "at": "ha", "peer": "mn", "established": true, "address": "2001:db8:2::/64" }, "from": "10s" },
            { "half": { "protection": "bu-ba", "direction": "mn-ha", "is": "good" }, "from": "10s" },
            { "binding": { "at": "ha", "home": "2001:db8:1::10", "careOf": "2001:db8:2::/64" }, "from": "10s" }""";

    @Test
    void aWordInAProtectionIsEnough() throws Exception {
        holds("", "", REGISTERED + ", { \"ike\": { \"at\": \"mn\", \"identity\": \"fqdn:ha.lab\", \"established\": true }, \"from\": \"10s\" }");
    }

    @Test
    void aPreSharedKeyIsSaidAtOneEnd() throws Exception {
        holds(", \"ike\": { \"identity\": \"fqdn:mn.lab\", \"peers\": [ { \"peer\": \"ha\", \"auth\": \"psk\", \"psk\": \"secret\", \"exchange\": \"aggressive\" } ] }", "",
                REGISTERED + ", { \"ike\": { \"at\": \"ha\", \"identity\": \"fqdn:mn.lab\", \"established\": true }, \"from\": \"10s\" }");
    }

    @Test
    void whoIsNotBelievedIsNotRegistered() throws Exception {
        holds(", \"ike\": { \"certificate\": \"other\" }",
                "\"pki\": { \"authorities\": [\"ca\", \"rogue\"], \"certificates\": [ { \"name\": \"other\", \"issuer\": \"rogue\", \"names\": [\"dns:mn.lab\", \"ip:2001:db8:1::10\"],"
                        + " \"bits\": 1024, \"badSignature\": true } ] },",
                "{ \"ike\": { \"at\": \"ha\", \"established\": false } }, { \"changes\": { \"row\": \"binding\", \"node\": \"ha\", \"count\": 0 } },"
                        + " { \"drops\": { \"reason\": \"ike-certificate-refused\", \"node\": \"ha\", \"count\": { \"atLeast\": 1 } } }");
    }

    /** What an attacker makes up ends nothing, even if it knows the cookies and claims the peer's address. */
    @Test
    void forgedMessagesChangeNothing() throws Exception {
        TraceStore trace = holds("", "", REGISTERED);
        IkeSa sa = LongStream.rangeClosed(1, trace.size()).mapToObj(trace::get).filter(event -> event instanceof TraceEvent.Changed c && c.node().equals("ha"))
                .map(event -> ((TraceEvent.Changed) event).row()).filter(row -> row instanceof IkeSa).map(row -> (IkeSa) row).reduce((_, last) -> last).orElseThrow();
        String cookies = "\"cookies\": \"0x" + sa.cookies().replace(":", "") + "\",";
        String forge = "{ \"at\": \"%s\", \"attack\": { \"node\": \"eve\", \"forge-ike\": { \"destination\": \"2001:db8:1::1\", \"source\": \"" + sa.remote()
                + "\", %s \"what\": \"%s\", \"count\": 5, \"every\": \"10ms\" } } }";
        holds("", "\"actions\": [ " + forge.formatted("12s", cookies, "delete") + ", " + forge.formatted("13s", cookies, "notify") + ", " + forge.formatted("14s", "", "malformed") + " ],",
                REGISTERED + ", { \"drops\": { \"reason\": \"ike-unauthenticated\", \"node\": \"ha\", \"count\": 10 } }, { \"drops\": { \"reason\": \"ike-malformed\", \"node\": \"ha\","
                        + " \"count\": 5 } }, { \"changes\": { \"row\": \"ike-sa\", \"node\": \"ha\", \"count\": 0 }, \"from\": \"12s\", \"to\": \"13.9s\" }");
    }

    @Test
    void floodsOfCookiesAreBounded() throws Exception {
        holds("", "\"actions\": [ { \"at\": \"12s\", \"attack\": { \"node\": \"eve\", \"forge-ike\": { \"destination\": \"2001:db8:1::1\", \"count\": 2000, \"every\": \"1ms\" } } } ],",
                REGISTERED + ", { \"decisions\": { \"reason\": \"ike-half-open-full\", \"node\": \"ha\", \"count\": { \"atLeast\": 100 } } }");
    }

    @Test
    void ordersAreFollowed() throws Exception {
        holds("", "\"actions\": [ { \"at\": \"12s\", \"ike\": { \"node\": \"ha\", \"peer\": \"mn\", \"do\": \"delete-phase-one\" } } ],",
                "{ \"ike\": { \"at\": \"ha\", \"established\": true }, \"from\": \"10s\", \"to\": \"11.999s\" }, { \"ike\": { \"at\": \"ha\", \"established\": false }, \"from\": \"12s\", \"to\": \"12.1s\" }");
    }
}
