package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with protections, entries of security policies, IPv4 addresses, bridges and attacks is said with line, field and what to do. */
class SecurityErrorsTest {
    private static String lab() throws Exception {
        String bridge = """
                { "name": "eve", "role": "attacker", "ports": [ { "link": "backbone" } ] },
                    { "name": "mal", "role": "attacker", "ports": [ { "link": "cn-link" }, { "link": "wire" } ], "bridge": true },
                    { "name": "ha",\
                """;
        String example = LabJsonTest.example();
        assertTrue(example.contains("{ \"name\": \"ha\",") && example.contains("\"traffic\": ["), example);
        return example.replace("{ \"name\": \"ha\",", bridge)
                .replaceFirst("(\\{ \"name\": \"cn-link\")", "{ \"name\": \"wire\", \"kind\": \"wired\", \"prefix\": \"2001:db8:9::/64\" },\n    $1")
                .replace("\"traffic\": [", """
                        "ipsec": [
                            { "name": "bu", "between": ["mn", "ha"], "traffic": "registration",
                              "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha1-96", "keys": [
                                { "from": "mn", "spi": "0x1001", "encryption": "000102030405060708090a0b0c0d0e0f" }, { "from": "ha", "spi": "0x2001" } ] } ] },
                            { "name": "data", "between": ["mn", "cn"], "traffic": { "protocol": "udp", "destinationPorts": "5000" }, "window": 32,
                              "lifetime": { "soft": "5s", "hard": "9s" },
                              "transforms": [ { "protocol": "ah", "mode": "tunnel", "authentication": "hmac-md5-96" } ] }
                          ],
                          "traffic": [\
                        """)
                .replace("\"actions\": [", """
                        "actions": [
                            { "at": "1s", "attack": { "node": "eve", "inject": { "source": "2001:db8:1::10", "destination": "2001:db8:9::9", "spi": "0x1001" } } },
                            { "at": "1s", "attack": { "node": "mal", "rewrite": { "match": "BU", "field": "ipv6.src", "value": "2001:db8::1" } } },
                            { "at": "1s", "policy": { "node": "cn", "on": ["A"], "off": ["F"] } },
                            { "at": "1s", "sa": { "node": "cn", "protection": "data", "delete": true } },\
                        """);
    }

    @Test
    void theLabOfThisTestIsRight() throws Exception {
        LabJson.Reading reading = LabJson.readDraft("lab.json", lab());
        assertEquals(List.of(), reading.problems());
        assertEquals(reading.lab(), LabJson.read("again", LabJson.write(reading.lab())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "between": ["mn", "ha"]       | "between": ["mn", "hb"]       | ipsec[0].between[1]: no node "hb"; nodes are eve, mal, ha, ra, rb, rc, cn and mn (did you mean "ha"?)
            "between": ["mn", "cn"]       | "between": ["mn", "mn"]       | ipsec[1].between[1]: both are "mn"; name another node;actions[3].sa.protection: "data" is between "mn" and "mn", not for "cn"
            "between": ["mn", "cn"]       | "between": ["mn", "mal"]      | ipsec[1].between[1]: "mal" is a bridge, which has no addresses; name a node that it stands between;actions[3].sa.protection: "data" is between "mn" and "mal", not for "cn"
            "traffic": "registration"     | "traffic": "return-routability" | ipsec[0].traffic: home test messages pass the home agent in a tunnel; make a transform's mode "tunnel" (RFC 3776 section 4.2)
            "traffic": "registration"     | "traffic": "registrations"    | ipsec[0].traffic: expected one of registration, return-routability, payload and all, not "registrations" (did you mean "registration"?)
            0c0d0e0f" }                   | 0c0d0e" }                      | ipsec[0].transforms[0].keys[0].encryption: aes-cbc takes a key of 16, 24 or 32 octets, not 15
            "spi": "0x2001"               | "spi": "0xff"                 | ipsec[0].transforms[0].keys[1].spi: 0xff is reserved; expected 0x100 to 0xffffffff (RFC 4303 section 2.1)
            { "from": "ha", "spi"         | { "from": "cn", "spi"         | ipsec[0].transforms[0].keys[1].from: "cn" is none of the two nodes; expected "mn" or "ha"
            "spi": "0x2001"               | "authentication": "00"        | ipsec[0].transforms[0].keys[1].authentication: hmac-sha1-96 takes a key of 20 octets, not 1
            "encryption": "aes-cbc", "authentication": "hmac-sha1-96", | "encryption": "null", | ipsec[0].transforms[0]: ESP with neither encryption nor authentication protects nothing (RFC 4303 section 3.2); name one of them;ipsec[0].transforms[0].keys[0].encryption: nothing takes this key, as nothing is encrypted; leave the field out
            "mode": "tunnel", "authentication": "hmac-md5-96" | "mode": "tunnel" | ipsec[1].transforms[0].authentication: AH authenticates; name an algorithm, such as "hmac-sha1-96"
            "mode": "tunnel", "authentication": "hmac-md5-96" | "mode": "tunnel", "encryption": "aes-cbc", "authentication": "hmac-md5-96" | ipsec[1].transforms[0].encryption: AH does not encrypt; leave the field out, or make the protocol esp
            "mode": "tunnel", "authen     | "mode": "tunnel", "outer": 4, "authen | ipsec[1].transforms[0].outer: "mn" has no IPv4 address for the tunnel's end; give it an address4, or leave outer out;ipsec[1].transforms[0].outer: "cn" has no IPv4 address for the tunnel's end; give it an address4, or leave outer out
            "window": 32                  | "window": 65                  | ipsec[1].window: expected 0 to 64, not 65
            "soft": "5s"                  | "soft": "9s"                  | ipsec[1].lifetime.soft: the warning comes at 9s, not before the end at 9s
            "soft": "5s"                  | "soft": "5.5s"                | ipsec[1].lifetime.soft: PF_KEY counts whole seconds (RFC 2367 section 2.3.2), not 5.5s
            "destinationPorts": "5000"    | "destinationPorts": "50-5"    | ipsec[1].traffic.destinationPorts: expected a number such as "5000", or a range such as "5000-5999", up to 65535, not "50-5"
            "protocol": "udp", "dest      | "dest                         | ipsec[1].traffic: ports need a protocol that has some: give "protocol": "udp", "tcp", "icmp6" or "mobility"
            "node": "eve", "inject"       | "node": "cn", "inject"        | actions[0].attack.node: "cn" is a correspondent; only an attacker with an address can inject
            "node": "mal", "rewrite"      | "node": "eve", "rewrite"      | actions[1].attack.node: "eve" is not in the way of any packet; only an attacker with "bridge": true and two ports can rewrite
            , "spi": "0x1001" } } }       | } } }                         | actions[0].attack.inject.spi: missing; the attack inject needs it, such as "spi": "0x1001"
            "match": "BU"                 | "match": "B U="               | actions[1].attack.rewrite.match: "U=" says nothing of a frame; expected words such as BU, ESP or !udp, and comparisons such as ipv6.dst=2001:db8:1::1
            "field": "ipv6.src"           | "field": "source"             | actions[1].attack.rewrite.field: "source" is no field; expected a name such as "ipv6.src", or "octet:N"
            "on": ["A"], "off": ["F"]     | "on": ["F"], "off": ["F"]     | actions[2].policy.off[0]: F is to be on, too; keep one
            "protection": "data"          | "protection": "bu"            | actions[3].sa.protection: "bu" is between "mn" and "ha", not for "cn"
            "delete": true                | "delete": false               | actions[3].sa: give either "delete": true or a lifetime
            "wire", "kind": "wired", "prefix": "2001:db8:9 | "wire", "kind": "wired", "prefix": "2001:db8:8 | nodes[1].bridge: for IP both sides of a bridge are one link; give "cn-link" and "wire" the same prefix and prefix4
            { "link": "cn-link" }, { "link": "wire" } | { "link": "wire" } | links[5].prefix: 2001:db8:9::/64 overlaps with 2001:db8:9::/64 of link "wire"; each link needs its own;nodes[1].ports: a bridge has two ports, one on each of two links; "mal" has 1
            { "link": "backbone" } ] },   | { "link": "backbone", "address4": "192.0.2.1" } ] }, | nodes[0].ports[0].address4: link "backbone" has no IPv4 prefix; give it a prefix4 that holds 192.0.2.1
            """)
    void oneMistakeItsMessages(String good, String bad, String messages) throws Exception {
        String lab = lab();
        assertTrue(lab.contains(good), good);
        LabJson.Reading reading;
        List<String> problems;
        String damaged = lab.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad.equals("`") ? "" : bad));
        try {
            reading = LabJson.readDraft("lab.json", damaged);
            problems = reading.problems().stream().map(LabProblem::toString).toList();
        } catch (LabException e) {
            problems = e.problems().stream().map(LabProblem::toString).toList();
        }
        assertTrue(problems.stream().allMatch(problem -> problem.matches("lab\\.json:[0-9]+: .*")), problems.toString());
        assertEquals(List.of(messages.split(";(?=[a-z]+\\[)")), problems.stream().map(problem -> problem.replaceFirst("lab\\.json:[0-9]+: ", "")).toList());
    }
}
