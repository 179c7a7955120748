package careof.editor.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.editor.Labs;
import careof.editor.command.CommandTest;
import careof.editor.command.LabCommand;
import careof.engine.base.Prefix;
import careof.engine.lab.Action;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCertificate;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabIke;
import careof.engine.lab.LabIkePeer;
import careof.engine.lab.LabJson;
import careof.engine.lab.LabLink;
import careof.engine.lab.LabNode;
import careof.engine.lab.LabProblem;
import careof.engine.lab.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferencesTest {
    private static Set<String> nodeNames(Lab lab) {
        Set<String> names = new TreeSet<>();
        References.rewrite(lab, name -> {
            names.add(name);
            return name;
        }, name -> name);
        return names;
    }

    private static Set<String> linkNames(Lab lab) {
        Set<String> names = new TreeSet<>();
        References.rewrite(lab, name -> name, name -> {
            names.add(name);
            return name;
        });
        return names;
    }

    /** The handover lab with everything about IPsec that names nodes, links or addresses. */
    private static Lab protectedLab() throws Exception {
        return LabJson.read("protected", LabJson.write(Labs.handover()), List.of(
                new Setting("/ipsec", """
                        [ { "name": "p", "between": ["mn", "cn"], "traffic": { "source": "2001:db8:1::10" }, "transforms": [
                            { "protocol": "esp", "mode": "tunnel", "encryption": "aes-gcm", "keys": [ { "from": "mn", "spi": "0x1001" } ] } ] } ]"""),
                new Setting("/nodes/0/spd", "[ { \"direction\": \"in\", \"action\": \"discard\", \"source\": \"2001:db8:1::/64\", \"last\": true } ]"),
                new Setting("/actions/-", "{ \"at\": \"9s\", \"policy\": { \"node\": \"mn\", \"off\": [\"F\"] } }"),
                new Setting("/actions/-", "{ \"at\": \"9s\", \"sa\": { \"node\": \"mn\", \"protection\": \"p\", \"delete\": true } }"),
                new Setting("/actions/-", """
                        { "at": "9s", "attack": { "node": "mn", "forge-inner": { "protection": "p", "source": "2001:db8:1::99", "destination": "2001:db8:9::9" } } }""")));
    }

    @Test
    void protectionsAndAttacksFollow() throws Exception {
        Lab renamed = References.renameNode(protectedLab(), "mn", "wanderer");
        assertEquals("wanderer", renamed.ipsec().getFirst().first());
        assertEquals("wanderer", renamed.ipsec().getFirst().transforms().getFirst().keys().getFirst().from());
        assertTrue(!LabJson.write(renamed).contains("\"mn\""));
        Lab moved = References.replaceLink(protectedLab(), protectedLab().link("home").orElseThrow().withPrefix(Optional.of(Prefix.parse("2001:db8:77::/64"))));
        String text = LabJson.write(moved);
        assertTrue(!text.contains("2001:db8:1:") && text.contains("2001:db8:77::99") && text.contains("2001:db8:77::/64"), text);
        Lab without = References.remove(protectedLab(), new TreeSet<>(List.of("cn")), new TreeSet<>());
        assertEquals(List.of(), without.ipsec());
        assertEquals(1, without.actions().stream().filter(a -> a.action() instanceof Action.SetPolicy).count());
        assertEquals(0, without.actions().stream().filter(a -> a.action() instanceof Action.ChangeSas || a.action() instanceof Action.Attack).count());
    }

    /** A lab in which IKE names everything that it can name. */
    private static Lab ikeLab() throws Exception {
        return LabJson.read("ike", LabJson.write(Labs.secured()), List.of(
                new Setting("/pki", "{ \"certificates\": [ { \"name\": \"cn\", \"names\": [\"dns:mn.lab\", \"ip:2001:db8:1::10\"] }, { \"name\": \"own\" } ] }"),
                new Setting("/nodes/0/ike", """
                        { "identity": "home-address:2001:db8:1::10", "certificate": "own", "key": "mn", "peers": [
                            { "peer": "mn", "identity": "fqdn:mn.lab", "homes": ["2001:db8:1::10", "2001:db8:1::/64"] }, { "peer": "cn" } ] }"""),
                new Setting("/nodes/4/ike", "{ \"identity\": \"fqdn:mn.lab\", \"certificate\": \"mn\", \"peers\": [ { \"peer\": \"ha\", \"childIdentities\": \"fqdn:mn.lab\" } ] }"),
                new Setting("/nodes/5/ike", "{ \"peers\": [ { \"peer\": \"ha\", \"identity\": \"ip:2001:db8:1::10\" } ] }"),
                new Setting("/actions/-", """
                        { "at": "9s", "ike": { "node": "mn", "peer": "ha", "do": "start", "protection": "bu-ba", "local": "2001:db8:1::10", "remote": "fqdn:mn.lab" } }"""),
                new Setting("/actions/-", "{ \"at\": \"9s\", \"ike\": { \"node\": \"ha\", \"peer\": \"mn\", \"do\": \"probe\" } }"),
                new Setting("/expect/-", """
                        { "ike": { "at": "ha", "peer": "mn", "identity": "fqdn:mn.lab", "established": true, "address": "2001:db8:1::/64" } }"""),
                new Setting("/experiment", "{ \"letter\": \"G\", \"claim\": \"x\", \"parts\": [ { \"name\": \"y\", \"nodes\": [ { \"name\": \"cn\", \"role\": \"correspondent\","
                        + " \"ports\": [ { \"link\": \"cn-link\", \"address\": \"2001:db8:9::9\" } ], \"ike\": { \"identity\": \"fqdn:mn.lab\", \"certificate\": \"mn\","
                        + " \"peers\": [ { \"peer\": \"mn\" } ] } } ] } ] }")));
    }

    @Test
    void ikeFollows() throws Exception {
        Lab lab = ikeLab();
        Lab renamed = References.renameNode(lab, "mn", "wanderer");
        String text = LabJson.write(renamed);
        assertTrue(!text.contains("\"mn\"") && !text.contains("mn.lab") && text.contains("dns:wanderer.lab"), text);
        assertEquals(List.of(), LabCheck.problems(renamed).stream().filter(LabProblem::isError).toList());
        assertEquals(lab, References.renameNode(renamed, "wanderer", "mn"));
        // one that a node names is not the node's by its name
        Lab other = References.renameNode(lab, "cn", "peer");
        assertEquals(List.of("cn", "own"), other.pki().certificates().stream().map(LabCertificate::name).toList());
        String moved = LabJson.write(References.replaceLink(lab, lab.link("home").orElseThrow().withPrefix(Optional.of(Prefix.parse("2001:db8:77::/64")))));
        assertTrue(!moved.contains("2001:db8:1:") && moved.contains("ip:2001:db8:77::10") && moved.contains("home-address:2001:db8:77::10"), moved);
    }

    @Test
    void ikeGoesWithItsNode() throws Exception {
        Lab without = References.remove(ikeLab(), new TreeSet<>(List.of("mn")), new TreeSet<>());
        assertEquals(List.of(), LabCheck.problems(without).stream().filter(LabProblem::isError).toList());
        LabIke ha = without.node("ha").orElseThrow().ike().orElseThrow();
        assertEquals(List.of("cn"), ha.peers().stream().map(LabIkePeer::peer).toList());
        assertEquals(Optional.empty(), ha.key());
        assertEquals(Optional.of("own"), ha.certificate());
        assertEquals(0, without.actions().stream().filter(a -> a.action() instanceof Action.Ike).count());
        assertEquals(0, without.expect().stream().filter(e -> e instanceof Expectation.IkeHeld).count());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void noEditLeavesANameThatNothingHas(long seed) {
        var random = new Random(seed);
        Lab lab = Labs.handover();
        for (int i = 0; i < 150; i++) {
            LabCommand command = CommandTest.random(random, lab);
            lab = command.apply(lab);
            List<String> nodes = lab.nodes().stream().map(LabNode::name).toList();
            List<String> links = lab.links().stream().map(LabLink::name).toList();
            String when = "seed " + seed + ", step " + i + ": " + command.name();
            assertTrue(nodes.containsAll(nodeNames(lab)), () -> when);
            assertTrue(links.containsAll(linkNames(lab)), () -> when);
            assertEquals(nodes.size(), nodes.stream().distinct().count(), when);
            assertEquals(links.size(), links.stream().distinct().count(), when);
        }
    }

    @Test
    void aNameInTheTextOfALabIsOneThatIsRenamed() {
        // Whatever the file names must be reached: its text knows of no field that the code forgot.
        Lab lab = References.renameLink(References.renameNode(Labs.handover(), "mn", "wanderer"), "cell-b", "harbour");
        String text = LabJson.write(lab);
        assertTrue(!text.contains("\"mn\"") && !text.contains("-mn\"") && !text.contains("cell-b"), text);
        assertTrue(text.contains("\"cn-wanderer\"") && text.contains("harbour"), text);
    }
}
