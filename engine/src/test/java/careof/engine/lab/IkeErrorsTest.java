package careof.engine.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with IKE settings, certificates, protections keyed by IKE and orders to IKE is said with line, field and what to do. */
class IkeErrorsTest {
    private static String lab() throws Exception {
        String example = LabJsonTest.example();
        String lab = example.replace("{ \"name\": \"ha\",", """
                { "name": "eve", "role": "attacker", "ports": [ { "link": "backbone" } ] },
                    { "name": "ha", "ike": { "identity": "dn", "trust": ["ca"], "peers": [
                        { "peer": "mn", "identity": "fqdn:mn.lab", "homes": ["2001:db8:1::10"], "dpd": "10s" }, { "peer": "cn", "auth": "psk", "psk": "secret" } ] },\
                """)
                .replace("{ \"name\": \"mn\",", """
                { "name": "mn", "ike": { "identity": "home-address", "certificate": "other", "key": "mn-cert", "peers": [
                        { "peer": "ha", "addresses": "care-of", "pfs": "modp-1536", "childIdentities": "fqdn:mn.lab", "lifetime": "60s", "bits": 128 } ] },\
                """)
                .replace("\"traffic\": [", """
                        "pki": { "authorities": ["ca", "rogue"], "certificates": [
                            { "name": "mn-cert", "issuer": "ca", "names": ["dns:mn.lab", "mail:mn@lab", "ip:2001:db8:1::10"], "to": "2026-02-01T00:00:00Z", "bits": 1024 },
                            { "name": "other", "file": "certs/other.p12", "password": "x" } ] },
                          "ipsec": [
                            { "name": "bu", "between": ["mn", "ha"], "traffic": "registration", "keying": "ike",
                              "transforms": [ { "protocol": "esp", "mode": "transport", "authentication": "hmac-sha1-96" } ] },
                            { "name": "hand", "between": ["mn", "cn"], "traffic": "payload",
                              "transforms": [ { "protocol": "ah", "mode": "transport", "authentication": "hmac-sha1-96" } ] }
                          ],
                          "traffic": [\
                        """)
                .replace("\"actions\": [", """
                        "actions": [
                            { "at": "1s", "ike": { "node": "mn", "peer": "ha", "do": "start", "protection": "bu", "local": "fqdn:x.lab", "remote": "2001:db8:1::1", "protocol": "mobility" } },
                            { "at": "1s", "ike": { "node": "ha", "peer": "mn", "do": "rekey", "protection": "bu" } },\
                        """)
                .replace("\"expect\": [", """
                        "expect": [
                            { "ike": { "at": "ha", "peer": "mn", "identity": "fqdn:mn.lab", "established": true, "address": "2001:db8:2::/64" } },\
                        """);
        for (String part : List.of("\"eve\"", "\"home-address\"", "\"pki\"", "\"rekey\"", "\"established\"")) {
            assertTrue(lab.contains(part), lab);
        }
        return lab;
    }

    @Test
    void theLabOfThisTestIsRight() throws Exception {
        LabJson.Reading reading = LabJson.readDraft("lab.json", lab());
        assertEquals(List.of(), reading.problems());
        assertEquals(reading.lab(), LabJson.read("again", LabJson.write(reading.lab())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "identity": "dn",             | "identity": "dm",             | nodes[1].ike.identity: expected "fqdn:mn.lab", "mail:mn@lab", "dn", "dn:CN=mn", "address", "ip:2001:db8:1::10", "home-address", "home-address:2001:db8:1::10" or "key-id:0x0a0b", not "dm" (did you mean "dn"?)
            "identity": "dn",             | "identity": "fqdm:x",         | nodes[1].ike.identity: expected "fqdn:mn.lab", "mail:mn@lab", "dn", "dn:CN=mn", "address", "ip:2001:db8:1::10", "home-address", "home-address:2001:db8:1::10" or "key-id:0x0a0b", not "fqdm:x" (did you mean "fqdn"?)
            "identity": "dn",             | "identity": "fqdn:",          | nodes[1].ike.identity: nothing after the colon of "fqdn:"; expected "fqdn:mn.lab", "mail:mn@lab", "dn", "dn:CN=mn", "address", "ip:2001:db8:1::10", "home-address", "home-address:2001:db8:1::10" or "key-id:0x0a0b"
            "identity": "dn",             | "identity": "fqdn:ha lab",    | nodes[1].ike.identity: "ha lab" is no domain name such as mn.lab
            "identity": "dn",             | "identity": "mail:ha",        | nodes[1].ike.identity: "ha" is no mail address such as mn@lab
            "identity": "dn",             | "identity": "dn:ha",          | nodes[1].ike.identity: not a distinguished name such as "O=Lab,CN=mn": "ha" (badly formatted directory string)
            "identity": "dn",             | "identity": "key-id:0xa",     | nodes[1].ike.identity: expected a key id in hexadecimal, 0x and two digits an octet, not "0xa"
            "identity": "dn",             | "identity": "ip:2001",        | nodes[1].ike.identity: not an IPv4 address: "2001"
            "identity": "dn",             | "identity": "any",            | nodes[1].ike.identity: a node says something to be; "any" is for what it expects of a peer
            "identity": "dn",             | "identity": "home-address",   | nodes[1].ike.identity: "ha" has no home address; give it a home, or say which: "home-address:2001:db8:1::10"
            "trust": ["ca"]               | "trust": ["cb"]               | nodes[1].ike.trust[0]: no authority "cb"; authorities are ca and rogue (did you mean "ca"?)
            "trust": ["ca"]               | "trust": ["ca", "ca"]         | nodes[1].ike.trust[1]: ca is in the list twice; keep one
            "peer": "mn", "identity"      | "peer": "mm", "identity"      | nodes[1].ike.peers[0].peer: no node "mm"; nodes are eve, ha, ra, rb, rc, cn and mn (did you mean "mn"?)
            "peer": "mn", "identity"      | "peer": "eve", "identity"     | nodes[1].ike.peers[0].peer: "eve" is an attacker, which has no IKE of its own; name another node, or make it a host
            "peer": "mn", "identity"      | "peer": "ha", "identity"      | nodes[1].ike.peers[0].peer: a node is no peer of its own; name another node
            { "peer": "cn", "auth"        | { "peer": "mn", "auth"        | nodes[1].ike.peers[1].peer: "mn" is a peer of "ha" already; keep one;warning: nodes[1].ike.peers[1].peer: in main mode a pre-shared key is chosen by the peer's address, before its identity "home-address:2001:db8:1::10" is known; make the exchange "aggressive", or the identity "address" (RFC 2409 section 5.4)
            "auth": "psk", "psk"          | "identity": "fqdn:cn.lab", "auth": "psk", "psk" | warning: nodes[1].ike.peers[1].identity: in main mode a pre-shared key is chosen by the peer's address, before its identity "fqdn:cn.lab" is known; make the exchange "aggressive", or the identity "address" (RFC 2409 section 5.4)
            "auth": "psk", "psk"          | "psk"                         | nodes[1].ike.peers[1].psk: only for "auth": "psk"; leave the field out, or change auth
            "psk": "secret"               | "psk": "0xabc"                | nodes[1].ike.peers[1].psk: expected a key in hexadecimal, 0x and two digits an octet, not "0xabc"
            "psk": "secret"               | "psk": ""                     | nodes[1].ike.peers[1].psk: an empty key is none; give a text, or 0x and hexadecimal digits, or leave the field out
            "homes": ["2001:db8:1::10"]   | "homes": ["2001:db8:2::10"]   | warning: nodes[1].ike.peers[0].homes[0]: 2001:db8:2::10 is not in 2001:db8:1::/64 of "home", the home link of "mn", so it is no home address of it
            "homes": ["2001:db8:1::10"]   | "homes": ["mn"]               | nodes[1].ike.peers[0].homes[0]: not an IPv4 address: "mn"
            "dpd": "10s"                  | "dpd": "10ms"                 | nodes[1].ike.peers[0].dpd: expected 100ms to 3600s, not 10ms
            "dpd": "10s"                  | "addresses": "home"           | nodes[1].ike.peers[0].addresses: only a mobile node has a home and a care-of address to use IKE from; leave the field out
            "dpd": "10s"                  | "exchange": "aggressive"      | warning: nodes[6].ike.peers[0].exchange: "main" here, but "aggressive" at "ha"; "mn" and "ha" will not agree
            "certificate": "other"        | "certificate": "othr"         | nodes[6].ike.certificate: no certificate "othr"; certificates are mn-cert, other and ha (did you mean "other"?); or add it to pki.certificates
            "key": "mn-cert"              | "key": "mn"                   | nodes[6].ike.key: no certificate "mn"; certificates are mn-cert, other and ha; or add it to pki.certificates
            "lifetime": "60s"             | "lifetime": "1.5s"            | nodes[6].ike.peers[0].lifetime: IKE counts whole seconds (RFC 2409 appendix A), not 1.5s
            "lifetime": "60s"             | "lifetime": "0s"              | nodes[6].ike.peers[0].lifetime: expected 1s to 31536000s, not 0s
            "bits": 128                   | "bits": 250                   | warning: nodes[6].ike.peers[0]: encryption, bits, hash or group are not the same at "ha"; "mn" and "ha" will not agree;nodes[6].ike.peers[0].bits: expected 128, 192 or 256, not 250
            "bits": 128                   | "bits": 192, "encryption": "3des-cbc" | warning: nodes[6].ike.peers[0]: encryption, bits, hash or group are not the same at "ha"; "mn" and "ha" will not agree;nodes[6].ike.peers[0].bits: keys of 3des-cbc have one length; leave the field out
            "pfs": "modp-1536"            | "pfs": "modp-1537"            | nodes[6].ike.peers[0].pfs: expected one of none, modp-768, modp-1024, modp-1536, modp-2048, modp-3072, modp-4096, ecp-256, ... (9), not "modp-1537" (did you mean "modp-1536"?)
            "childIdentities": "fqdn:mn.lab" | "childIdentities": "address" | nodes[6].ike.peers[0].childIdentities: expected "addresses", "none" or a name such as "fqdn:mn.lab", not "address"
            "childIdentities": "fqdn:mn.lab" | "childIdentities": "2001:db8::1" | nodes[6].ike.peers[0].childIdentities: expected "addresses", "none" or a name such as "fqdn:mn.lab", not "2001:db8::1"
            "issuer": "ca"                | "issuer": "cab"               | pki.certificates[0].issuer: no authority "cab"; authorities are ca and rogue (did you mean "ca"?)
            "authorities": ["ca", "rogue"] | "authorities": ["ca", "other"] | pki.certificates[1].name: the authority "other" has a certificate of this name; rename one
            "authorities": ["ca", "rogue"] | "authorities": ["ca", "ha"]  | nodes[1].name: the authority "ha" has a certificate of this name; name another certificate in the node's ike, or rename one
            "name": "other", "file"       | "name": "mn-cert", "file"     | nodes[6].ike.certificate: no certificate "other"; certificates are mn-cert and ha; or add it to pki.certificates;pki.certificates[1].name: there is already a certificate "mn-cert", pki.certificates[0]; rename one
            "dns:mn.lab", "mail           | "dsn:mn.lab", "mail           | pki.certificates[0].names[0]: not a name of a subject: "dsn:mn.lab"; it starts with dns:, mail:, ip: or dn:
            "to": "2026-02-01T00:00:00Z"  | "to": "2025-02-01T00:00:00Z"  | pki.certificates[0].to: valid from 2025-12-31T00:00:00Z until 2025-02-01T00:00:00Z: never
            "to": "2026-02-01T00:00:00Z"  | "to": "2026-02-01"            | pki.certificates[0].to: expected a time such as "2026-01-01T00:00:00Z", not "2026-02-01"
            "bits": 1024                  | "bits": 100                   | pki.certificates[0].bits: expected 1024 to 4096, a multiple of 16, not 100
            "certs/other.p12"             | "../other.p12"                | pki.certificates[1].file: expected a file in the lab's folder or below, such as "certs/mn.p12", not "../other.p12"
            "certs/other.p12"             | "/etc/other.p12"              | pki.certificates[1].file: expected a file in the lab's folder or below, such as "certs/mn.p12", not "/etc/other.p12"
            "password": "x"               | "revoked": true               | pki.certificates[1].file: what is in a file is as it is; leave out issuer, subject, names, from, to, revoked, bits and badSignature, or leave out the file
            "file": "certs/other.p12", "password" | "password"            | pki.certificates[1].password: nothing to open; give a file, too, or leave the field out
            "keying": "ike"               | "keying": "Ike"               | ipsec[0].keying: expected one of manual and ike, not "Ike" (did you mean "ike"?)
            "transport", "authentication": "hmac-sha1-96" } ] }, | "transport", "authentication": "hmac-sha1-96", "keys": [ { "from": "mn", "spi": "0x1001" } ] } ] }, | ipsec[0].transforms[0].keys: IKE makes the keys of "bu"; leave them out, or make keying "manual"
            "identity": "fqdn:mn.lab", "homes" | "auth": "psk", "identity": "address", "homes" | warning: nodes[6].ike.peers[0].auth: "rsa" here, but "psk" at "ha"; "mn" and "ha" will not agree
            "dpd": "10s"                  | "hash": "md5"                 | warning: nodes[6].ike.peers[0]: encryption, bits, hash or group are not the same at "ha"; "mn" and "ha" will not agree
            "between": ["mn", "cn"]       | "keying": "ike", "between": ["mn", "eve"] | ipsec[1].between[1]: "eve" is an attacker, which has no IKE of its own; make keying "manual", or make it a host
            "name": "eve",                | "name": "eve", "ike": {},     | nodes[0].ike: an attacker has no IKE of its own; make "eve" a host, which may lie about its identity, too
            "authorities": ["ca", "rogue"] | "authorities": ["ca", "rogue"], "roots": [ { "name": "ca", "file": "../ca.pem", "crl": "C:ca.crl" } ] | pki.roots[0].name: there is already an authority "ca"; rename one;pki.roots[0].file: expected a file in the lab's folder or below, such as "certs/mn.p12", not "../ca.pem";pki.roots[0].crl: expected a file in the lab's folder or below, such as "certs/mn.p12", not "C:ca.crl"
            "authorities": ["ca", "rogue"] | "authorities": []            | pki.authorities: nobody issues certificates; name at least one authority, such as "ca"
            "remote": "2001:db8:1::1"     | "remote": "addresses"         | actions[0].ike.remote: expected an address, a prefix, a range, or a name such as "fqdn:mn.lab", not "addresses"
            "do": "start", "protection": "bu" | "do": "begin", "protection": "bu" | actions[0].ike.do: expected one of start, rekey, rekey-phase-one, delete, delete-phase-one and probe, not "begin"
            "do": "start", "protection": "bu" | "do": "start"             | actions[0].ike.local: only where "do" is "start" and a protection is named: it stands in the identities of its phase two;actions[0].ike.remote: only where "do" is "start" and a protection is named: it stands in the identities of its phase two;actions[0].ike.protocol: only where "do" is "start" and a protection is named: it stands in the identities of its phase two
            "node": "ha", "peer": "mn", "do": "rekey" | "node": "cn", "peer": "mn", "do": "rekey" | actions[1].ike.peer: "cn" has no IKE peer "mn"; its peers are none; add it to its ike.peers, or key a protection between both by IKE;actions[1].ike.protection: "bu" is between "mn" and "ha", not for "cn"
            "do": "rekey", "protection": "bu" | "do": "rekey", "protection": "hand" | actions[1].ike.protection: "hand" is between "mn" and "cn", not for "ha";actions[1].ike.protection: the SAs of "hand" are made by hand; give it "keying": "ike"
            "do": "rekey", "protection": "bu" | "do": "probe", "protection": "bu" | actions[1].ike.protection: "probe" is about the peer, whatever is protected; leave the field out
            "identity": "fqdn:mn.lab", "established" | "identity": "address", "established" | expect[0].ike.identity: expected an identity with its value, such as "fqdn:mn.lab" or "ip:2001:db8:1::10", not "address"
            "established": true, "address" | "address"                    | expect[0].ike.established: missing; an IKE expectation needs it, such as "established": true
            """)
    void oneMistakeItsMessages(String good, String bad, String messages) throws Exception {
        String lab = lab();
        assertTrue(lab.contains(good), good);
        List<String> problems;
        try {
            LabJson.Reading reading = LabJson.readDraft("lab.json", lab.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad)));
            problems = reading.problems().stream().map(LabProblem::toString).toList();
        } catch (LabException e) {
            problems = e.problems().stream().map(LabProblem::toString).toList();
        }
        assertTrue(problems.stream().allMatch(problem -> problem.matches("lab\\.json:[0-9]+: .*")), problems.toString());
        assertEquals(List.of(messages.split(";(?=(warning: )?[a-z.]+\\[)")), problems.stream().map(problem -> problem.replaceFirst("lab\\.json:[0-9]+: ", "")).toList());
    }
}
