package careof.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabJson;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.trace.Detail;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a lab says of IKE is what its nodes do. */
class KeyedByIkeTest {
    private static void holds(String ike, String more, String expect) throws Exception {
        Lab lab = LabJson.read("lab.json", """
                { "careof": 1, "name": "keyed", "until": "20s",
                  "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" }, { "name": "cell", "kind": "cell", "prefix": "2001:db8:2::/64" } ],
                  "nodes": [
                    { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "cell" } ] },
                    { "name": "mn", "role": "mobile-node", "at": "cell", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } %s } ],
                  "ipsec": [ { "name": "bu-ba", "between": ["mn", "ha"], "traffic": "registration", "keying": "ike",
                    "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] } ],
                  %s "expect": [ %s ] }""".formatted(ike, more, expect));
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        List<Verdict> verdicts = RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).verdicts();
        assertEquals(List.of(), verdicts.stream().filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).map(v -> v.expected() + ": " + v.seen()).toList());
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

    @Test
    void ordersAreFollowed() throws Exception {
        holds("", "\"actions\": [ { \"at\": \"12s\", \"ike\": { \"node\": \"ha\", \"peer\": \"mn\", \"do\": \"delete-phase-one\" } } ],",
                "{ \"ike\": { \"at\": \"ha\", \"established\": true }, \"from\": \"10s\", \"to\": \"11.999s\" }, { \"ike\": { \"at\": \"ha\", \"established\": false }, \"from\": \"12s\", \"to\": \"12.1s\" }");
    }
}
