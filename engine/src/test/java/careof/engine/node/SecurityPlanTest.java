package careof.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabJson;
import careof.engine.lab.Setting;
import careof.engine.state.Sa;
import careof.engine.state.SpdEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurityPlanTest {
    private static final String MN = "2001:db8:1::10";
    private static final String HA = "2001:db8:1::1";
    private static final String CN = "2001:db8:9::9";

    private static Lab lab(String... protections) throws Exception {
        List<Setting> settings = new ArrayList<>(List.of(new Setting("/ipsec", "[]")));
        for (String protection : protections) {
            settings.add(new Setting("/ipsec/-", protection.replace('\'', '"')));
        }
        Lab lab = LabJson.read("optimized.json", Files.readString(Path.of("../samples/optimized.json")), settings);
        assertEquals(List.of(), LabCheck.problems(lab));
        return lab;
    }

    private static String protection(String name, String second, String traffic, String mode) {
        return "{'name':'" + name + "','between':['mn','" + second + "'],'traffic':" + traffic
                + ",'transforms':[{'protocol':'esp','mode':'" + mode + "','encryption':'aes-cbc','authentication':'hmac-sha1-96'}]}";
    }

    private static SecurityPlan plan(Lab lab) {
        return new SecurityPlan(lab, new Plan(lab));
    }

    /** "OUT protect 2001:db8:1::10 > any: ESP TUNNEL 2001:db8:1::10 > 2001:db8:1::1", without the entries that are there always. */
    private static List<String> entries(SecurityPlan plan, String node) {
        return plan.entries(node).stream().filter(entry -> entry.selector().protocol() != 17)
                .map(entry -> names(entry.direction() + " " + entry.action().name().toLowerCase(java.util.Locale.ROOT) + " " + entry.selector()
                        + String.join("", entry.templates().stream().map(t -> ": " + t.protocol() + " " + t.mode()
                                + (t.mode() == Sa.Mode.TUNNEL ? " " + t.source() + " > " + t.destination() : "")).toList()))).toList();
    }

    private static String names(String text) {
        return text.replace(MN, "MN").replace(CN, "CN").replaceAll(HA + "(?![0-9a-f])", "HA");
    }

    private static final String TESTS_PASS = "OUT bypass any > any protocol 135 1-4 > any; IN bypass any > any protocol 135 1-4 > any";

    /** What each word means: at the mobile node, and mirrored at the other one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ha | 'registration'       | transport | OUT protect MN > HA protocol 135 5 > any: ESP TRANSPORT; IN protect HA > MN protocol 135 6 > any: ESP TRANSPORT; TESTS
            cn | 'registration'       | tunnel    | OUT protect MN > CN protocol 135 5 > any: ESP TUNNEL MN > CN; IN protect CN > MN protocol 135 6 > any: ESP TUNNEL CN > MN; TESTS
            ha | 'return-routability' | tunnel    | OUT protect MN > any protocol 135 1 > any: ESP TUNNEL MN > HA; IN protect any > MN protocol 135 3 > any: ESP TUNNEL HA > MN; TESTS
            ha | 'payload'            | tunnel    | TESTS; OUT bypass MN > any protocol 135; IN bypass any > MN protocol 135; OUT protect MN > any: ESP TUNNEL MN > HA; IN protect any > MN: ESP TUNNEL HA > MN
            ha | 'payload'            | transport | TESTS; OUT bypass MN > HA protocol 135; IN bypass HA > MN protocol 135; OUT protect MN > HA: ESP TRANSPORT; IN protect HA > MN: ESP TRANSPORT
            cn | 'payload'            | tunnel    | TESTS; OUT bypass MN > CN protocol 135; IN bypass CN > MN protocol 135; OUT protect MN > CN: ESP TUNNEL MN > CN; IN protect CN > MN: ESP TUNNEL CN > MN
            cn | 'all'                | transport | TESTS; OUT protect MN > CN: ESP TRANSPORT; IN protect CN > MN: ESP TRANSPORT
            cn | 'all'                | tunnel    | TESTS; OUT protect MN > CN: ESP TUNNEL MN > CN; IN protect CN > MN: ESP TUNNEL CN > MN
            ha | 'all'                | tunnel    | OUT protect MN > any protocol 135 1 > any: ESP TUNNEL MN > HA; IN protect any > MN protocol 135 3 > any: ESP TUNNEL HA > MN; TESTS; OUT protect MN > any: ESP TUNNEL MN > HA; IN protect any > MN: ESP TUNNEL HA > MN
            cn | {'protocol':'udp','destinationPorts':'5000'} | transport | TESTS; OUT protect MN > CN protocol 17 any > 5000: ESP TRANSPORT; IN protect CN > MN protocol 17 5000 > any: ESP TRANSPORT
            cn | {'source':'2001:db8:1::/64','destination':'::/0'} | tunnel | TESTS; OUT protect 2001:db8:1::/64 > any: ESP TUNNEL MN > CN; IN protect any > 2001:db8:1::/64: ESP TUNNEL CN > MN
            """)
    void wordsForTraffic(String peer, String traffic, String mode, String expected) throws Exception {
        Lab lab = lab(protection("p", peer, traffic, mode));
        SecurityPlan plan = plan(lab);
        List<String> atMn = new ArrayList<>(entries(plan, "mn"));
        plan.entries("mn").stream().filter(entry -> entry.selector().protocol() == 17 && entry.action() == SpdEntry.Action.PROTECT)
                .forEach(entry -> atMn.add(names(entry.direction() + " protect " + entry.selector() + ": ESP TRANSPORT")));
        assertEquals(List.of(expected.replace("TESTS", TESTS_PASS).split("; ")), atMn);
        // the peer's are the same, seen from the other side
        List<SpdEntry> mirrored = plan.entries("mn").stream().filter(entry -> entry.action() == SpdEntry.Action.PROTECT)
                .map(entry -> new SpdEntry(0, entry.priority(), entry.direction() == SpdEntry.Direction.IN ? SpdEntry.Direction.OUT : SpdEntry.Direction.IN,
                        "", entry.selector(), entry.action(), entry.templates())).toList();
        List<SpdEntry> atPeer = new ArrayList<>(plan.entries(peer).stream().filter(entry -> entry.action() == SpdEntry.Action.PROTECT).toList());
        assertEquals(mirrored.size(), atPeer.size());
        assertTrue(atPeer.containsAll(mirrored), atPeer + " has not all of " + mirrored);
        assertEquals(plan.sas("mn"), plan.sas(peer));
        assertEquals(2, plan.sas(peer).size());
        for (Sa sa : plan.sas(peer)) {
            assertTrue(plan.entries("mn").stream().anyMatch(entry -> entry.selector().equals(sa.selector()) && entry.action() == SpdEntry.Action.PROTECT),
                    "no entry for " + sa.selector());
        }
        for (String other : List.of("ra", "rc")) {
            assertEquals(List.of(), plan.entries(other));
            assertEquals(List.of(), plan.sas(other));
        }
    }

    @Test
    void ikePassesFirstAndOwnEntriesStandWhereTheyBelong() throws Exception {
        Lab lab = lab(protection("p", "cn", "'payload'", "transport"));
        lab = LabJson.read("with", LabJson.write(lab), List.of(new Setting("/nodes/4/spd", """
                [ { "direction": "out", "action": "protect", "with": "p", "protocol": "udp", "destination": "2001:db8:9::/64" },
                  { "direction": "in", "action": "discard", "last": true },
                  { "direction": "in", "action": "bypass", "port": "p1", "source": "192.0.2.0/24", "protocol": "icmp", "sourcePorts": "8" } ]""")));
        assertEquals("mn", lab.nodes().get(4).name());
        List<SpdEntry> entries = plan(lab).entries("mn");
        List<String> texts = entries.stream().map(entry -> names(entry.direction() + " " + entry.action() + " " + entry.port() + " " + entry.selector())).toList();
        assertEquals(List.of("OUT BYPASS  any > any protocol 17 500 > 500", "IN BYPASS  any > any protocol 17 500 > 500",
                "OUT BYPASS  any > any protocol 17 4500 > 4500", "IN BYPASS  any > any protocol 17 4500 > 4500",
                "OUT PROTECT  any > 2001:db8:9::/64 protocol 17", "IN BYPASS p1 192.0.2.0/24 > any IPv4 protocol 1 8 > any"), texts.subList(0, 6));
        assertEquals(List.of("IN DISCARD  any > any", "IN DISCARD  any IPv4 > any IPv4"), texts.subList(texts.size() - 2, texts.size()));
        assertEquals(entries.getLast().priority(), entries.stream().mapToLong(SpdEntry::priority).max().orElseThrow());
    }

    @Test
    void derivedKeysDependOnNothingElse() throws Exception {
        String first = protection("p", "cn", "'payload'", "transport");
        List<Sa> alone = plan(lab(first)).sas("cn");
        List<Sa> between = plan(lab(protection("o", "ha", "'registration'", "transport"), first, protection("q", "cn", "'registration'", "transport"))).sas("cn");
        for (Sa sa : alone) {
            assertTrue(between.stream().anyMatch(other -> other.spi() == sa.spi() && other.encryptionKey().equals(sa.encryptionKey())
                    && other.authenticationKey().equals(sa.authenticationKey())), "changed by another protection");
            assertEquals(16, sa.encryptionKey().length());
            assertEquals(20, sa.authenticationKey().length());
        }
        assertNotEquals(alone.get(0).encryptionKey(), alone.get(1).encryptionKey());
        assertNotEquals(alone.get(0).encryptionKey(), alone.get(0).authenticationKey().slice(0, 16));
        assertNotEquals(alone.get(0).encryptionKey(), plan(lab(first).withSeed(99)).sas("cn").getFirst().encryptionKey());
        assertEquals(4, between.stream().map(Sa::spi).distinct().count());
    }

    @Test
    void givenKeysAndLifetimesAreTaken() throws Exception {
        Lab lab = lab("""
                {"name":"p","between":["cn","mn"],"traffic":"all","window":8,"extended":true,"lifetime":{"soft":"5s","hard":"9s","softOctets":10,"hardOctets":20},
                 "transforms":[{"protocol":"esp","mode":"transport","encryption":"aes-gcm","bits":256,"keys":[
                    {"from":"mn","spi":"0x1001","encryption":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"}]},
                   {"protocol":"ah","mode":"transport","authentication":"hmac-sha256-128"}]}""");
        List<Sa> sas = plan(lab).sas("mn");
        Sa fromMn = sas.stream().filter(sa -> sa.spi() == 0x1001).findFirst().orElseThrow();
        assertEquals(names("ESP 0x00001001 MN > CN TRANSPORT"), names(fromMn.toString()));
        assertEquals("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223", fromMn.encryptionKey().toHex());
        assertEquals(new Sa.Lifetimes(5_000_000_000L, 9_000_000_000L, 10, 20), fromMn.lifetimes());
        assertEquals(8, fromMn.replayWindow());
        assertTrue(fromMn.extendedSequence());
        assertEquals(List.of("ESP", "ESP", "AH", "AH"), sas.stream().map(sa -> sa.protocol().name()).toList());
        assertTrue(sas.stream().filter(sa -> sa.protocol() == Sa.Protocol.ESP).allMatch(sa -> sa.encryptionKey().length() == 36));
        assertTrue(sas.stream().filter(sa -> sa.protocol() == Sa.Protocol.AH).allMatch(sa -> sa.authenticationKey().length() == 32 && sa.encryptionKey().isEmpty()));
        List<SpdEntry.Template> out = plan(lab).entries("cn").stream().filter(entry -> entry.direction() == SpdEntry.Direction.OUT
                && entry.action() == SpdEntry.Action.PROTECT).findFirst().orElseThrow().templates();
        assertEquals(List.of(Sa.Protocol.ESP, Sa.Protocol.AH), out.stream().map(SpdEntry.Template::protocol).toList());
        assertEquals(List.of(8L, 9L), out.stream().map(SpdEntry.Template::requestId).toList());
    }

    /** An outer tunnel carries what the inner one made. */
    @Test
    void nestedTunnelsCarryEachOther() throws Exception {
        Lab lab = lab("{'name':'p','between':['mn','cn'],'traffic':'payload','transforms':["
                + "{'protocol':'esp','mode':'tunnel','encryption':'null','authentication':'hmac-md5-96'},"
                + "{'protocol':'ah','mode':'tunnel','authentication':'aes-xcbc-96'}]}");
        List<Sa> sas = plan(lab).sas("mn");
        assertEquals(List.of("MN > CN", "CN > MN", "MN > CN", "CN > MN"), sas.stream().map(sa -> names(sa.selector().toString())).toList());
    }

    @Test
    void tunnelsOfIp4EndAtIp4Addresses() throws Exception {
        Lab lab = lab();
        lab = LabJson.read("dual", LabJson.write(lab), List.of(
                new Setting("/links/0/prefix4", "192.0.2.0/24"), new Setting("/nodes/0/ports/0/address4", "192.0.2.1"),
                new Setting("/nodes/4/home/address4", "192.0.2.10"),
                new Setting("/ipsec", """
                        [ { "name": "p", "between": ["mn", "ha"], "traffic": "payload", "family": 4,
                            "transforms": [ { "protocol": "esp", "mode": "tunnel", "authentication": "hmac-sha1-96" } ] },
                          { "name": "q", "between": ["mn", "ha"], "traffic": "payload",
                            "transforms": [ { "protocol": "esp", "mode": "tunnel", "outer": 4, "authentication": "hmac-sha1-96" } ] } ]""")));
        assertEquals(List.of("ESP TUNNEL " + MN + " > " + HA + " carries 192.0.2.10 > any IPv4", "ESP TUNNEL 192.0.2.10 > 192.0.2.1 carries " + MN + " > any"),
                plan(lab).sas("mn").stream().filter(sa -> !sa.selector().destination().isSingle())
                        .map(sa -> sa.protocol() + " " + sa.mode() + " " + sa.source() + " > " + sa.destination() + " carries " + sa.selector()).toList());
        assertTrue(plan(lab).entries("mn").stream().anyMatch(entry -> entry.selector().toString().equals("any IPv4 > any IPv4 protocol 17 4191 > 4191")));
    }
}
