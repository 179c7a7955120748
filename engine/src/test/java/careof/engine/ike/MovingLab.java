package careof.engine.ike;

import careof.engine.base.Progress;
import careof.engine.lab.Lab;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.run.Simulation;
import careof.engine.trace.Detail;
import java.util.List;

/** A mobile node that starts away from home, its home agent and a correspondent; what IKE protects, what happens and what is expected each test says. */
final class MovingLab {
    private static final String PLACE = """
            { "careof": 1, "name": "moving", "seed": 18, "policy": { "off": [%s] },
              "links": [
                { "name": "home",     "kind": "wired", "prefix": "2001:db8:1::/64" },
                { "name": "cell-a",   "kind": "cell",  "prefix": "2001:db8:2::/64", "delay": "2ms" },
                { "name": "cell-b",   "kind": "cell",  "prefix": "2001:db8:3::/64", "delay": "2ms" },
                { "name": "backbone", "kind": "wired", "prefix": "2001:db8:f::/64", "delay": "10ms" },
                { "name": "cn-link",  "kind": "wired", "prefix": "2001:db8:9::/64" }
              ],
              "nodes": [
                { "name": "ha", "role": "home-agent",    "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "backbone" } ] },
                { "name": "ra", "role": "router",        "ports": [ { "link": "cell-a" }, { "link": "backbone" } ] },
                { "name": "rb", "role": "router",        "ports": [ { "link": "cell-b" }, { "link": "backbone" } ] },
                { "name": "rc", "role": "router",        "ports": [ { "link": "cn-link" }, { "link": "backbone" } ] },
                { "name": "cn", "role": "correspondent", "ports": [ { "link": "cn-link", "address": "2001:db8:9::9" } ] },
                { "name": "mn", "role": "mobile-node", "at": "cell-a", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" },
                  "modes": { "cn": "%s" } }
              ],
              "ipsec": [ %s ],
              "traffic": [ { "name": "data", "kind": "udp", "from": "mn", "to": "cn", "both": true, "every": "20ms", "octets": 200, "start": "3s", "stop": "10s" } ],
              "actions": [ %s ],
              "until": "11s",
              "expect": [ %s ] }
            """;
    static final String REGISTRATION = """
            { "name": "bu-ba", "between": ["mn", "ha"], "traffic": "registration", "keying": "ike",
              "transforms": [ { "protocol": "ah", "mode": "transport", "authentication": "hmac-sha1-96" } ] }
            """;

    private MovingLab() {}

    /** ESP, keyed by IKE. */
    static String esp(String name, String peer, String traffic, String mode) {
        return """
                { "name": "%s", "between": ["mn", "%s"], "traffic": "%s", "keying": "ike",
                  "transforms": [ { "protocol": "esp", "mode": "%s", "encryption": "aes-cbc", "authentication": "hmac-sha1-96" } ] }
                """.formatted(name, peer, traffic, mode);
    }

    /** What of the expectations does not hold. */
    static List<Verdict> broken(String off, String mode, String ipsec, String actions, String expect) throws LabException, Progress.Cancelled {
        Lab lab = LabJson.read("moving.json", PLACE.formatted(off, mode, ipsec, actions, expect));
        Simulation simulation = new Simulation(lab, Detail.FULL);
        simulation.run();
        return RunMetrics.of(lab, simulation.trace(), simulation.now(), Progress.NONE).verdicts().stream()
                .filter(verdict -> verdict.outcome() != Verdict.Outcome.HOLDS).toList();
    }
}
