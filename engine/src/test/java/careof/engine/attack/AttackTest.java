package careof.engine.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.base.Progress;
import careof.engine.decode.Dissector;
import careof.engine.decode.LinkType;
import careof.engine.decode.PacketFields;
import careof.engine.lab.Expectation;
import careof.engine.lab.Lab;
import careof.engine.lab.LabCheck;
import careof.engine.lab.LabJson;
import careof.engine.lab.Setting;
import careof.engine.metrics.RunMetrics;
import careof.engine.metrics.Verdict;
import careof.engine.query.FieldSource;
import careof.engine.run.Simulation;
import careof.engine.state.AttackRule;
import careof.engine.state.Binding;
import careof.engine.state.HeldFrame;
import careof.engine.state.SaUse;
import careof.engine.state.State;
import careof.engine.trace.Detail;
import careof.engine.trace.InputLogJson;
import careof.engine.trace.TraceEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What attackers put on links, and what it does to others. The lab is that of route optimization; "eve" is on the backbone, "mallory" is a bridge
 * between the correspondent and its router.
 */
class AttackTest {
    private static final String MN = "2001:db8:1::10";
    private static final String CN = "2001:db8:9::9";
    private static final String HA = "2001:db8:1::1";
    private static final long S = 1_000_000_000L;

    /** @param settings pointer=value, with single quotes for double ones */
    private static Lab lab(String... settings) throws Exception {
        List<Setting> all = new ArrayList<>(List.of(
                new Setting("/links/-", "{\"name\":\"wire\",\"kind\":\"wired\",\"prefix\":\"2001:db8:9::/64\"}"),
                new Setting("/nodes/3/ports/0/link", "wire"),
                new Setting("/nodes/-", "{\"name\":\"eve\",\"role\":\"attacker\",\"ports\":[{\"link\":\"backbone\"}]}"),
                new Setting("/nodes/-", "{\"name\":\"mallory\",\"role\":\"attacker\",\"bridge\":true,\"ports\":[{\"link\":\"cn-link\"},{\"link\":\"wire\"}]}"),
                new Setting("/ipsec", "[]"), new Setting("/expect/4", "{\"drops\":{\"reason\":\"rh0\",\"count\":0}}")));
        for (String setting : settings) {
            all.add(Setting.parse(setting.replace('\'', '"')));
        }
        Lab lab = LabJson.read("optimized.json", Files.readString(Path.of("../samples/optimized.json")), all);
        assertEquals(List.of(), LabCheck.problems(lab));
        return lab;
    }

    private static String attack(String at, String node, String attack) {
        return "/actions/-={'at':'" + at + "','attack':{'node':'" + node + "'," + attack + "}}";
    }

    private static String protect(String name, String peer, String traffic, String transform) {
        return "/ipsec/-={'name':'" + name + "','between':['mn','" + peer + "'],'traffic':" + traffic + ",'transforms':[" + transform + "]}";
    }

    private static final String ESP = "{'protocol':'esp','mode':'transport','encryption':'aes-cbc','authentication':'hmac-sha1-96',"
            + "'keys':[{'from':'mn','spi':'0x1001'},{'from':'cn','spi':'0x2001'}]}";
    private static final String PLAIN_ESP = "{'protocol':'esp','mode':'transport','encryption':'aes-cbc','authentication':'hmac-sha1-96'}";
    private static final String AH = "{'protocol':'ah','mode':'transport','authentication':'hmac-sha256-128'}";
    private static final String TUNNEL = "{'protocol':'esp','mode':'tunnel','encryption':'aes-gcm'}";

    private static Simulation run(Lab lab) {
        Simulation run = new Simulation(lab, Detail.FULL);
        run.run();
        return run;
    }

    private static <T extends TraceEvent> List<T> events(Simulation run, Class<T> kind) {
        List<T> found = new ArrayList<>();
        for (long id = 1; id <= run.trace().size(); id++) {
            if (kind.isInstance(run.trace().get(id))) {
                found.add(kind.cast(run.trace().get(id)));
            }
        }
        return found;
    }

    /** "node code", of packets dropped from a time on. */
    private static List<String> drops(Simulation run, long from) {
        return events(run, TraceEvent.Dropped.class).stream().filter(drop -> drop.at() >= from).map(drop -> drop.node() + " " + drop.reason().code()).toList();
    }

    /** Frames of an attacker that carry something else than Neighbor Discovery. */
    private static List<Octets> sent(Simulation run, String node, String word) {
        PacketFields fields = new PacketFields();
        return events(run, TraceEvent.FrameSent.class).stream().filter(frame -> frame.node().equals(node)).map(TraceEvent.FrameSent::frame)
                .filter(frame -> fields.protocols(new FieldSource.Packet(frame, true)).stream().anyMatch(word::equalsIgnoreCase)).toList();
    }

    private static List<String> values(Octets frame, String field) {
        return new PacketFields().values(new FieldSource.Packet(frame, true), field);
    }

    private static boolean wrong(Octets frame) {
        return Dissector.dissect(frame, LinkType.ETHERNET).anyError();
    }

    private static <T extends State> List<T> rows(Simulation run, String node, Class<T> kind) {
        return run.rows().entrySet().stream().filter(row -> row.getKey().node().equals(node)).map(Map.Entry::getValue)
                .filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<Verdict> broken(Simulation run) throws Exception {
        return RunMetrics.of(run.lab(), run.trace(), run.now(), Progress.NONE).verdicts().stream().filter(v -> v.outcome() != Verdict.Outcome.HOLDS).toList();
    }

    @Test
    void aBridgeIsNotThere() throws Exception {
        Simulation run = run(lab());
        assertEquals(List.of(), broken(run));
        assertTrue(events(run, TraceEvent.Decided.class).stream().filter(e -> e.reason().code().equals("bridged")).count() > 100);
        // octet for octet, MAC addresses too
        List<Octets> in = events(run, TraceEvent.FrameSent.class).stream().filter(f -> f.node().equals("cn") && !f.arrivals().isEmpty())
                .map(TraceEvent.FrameSent::frame).toList();
        List<Octets> out = events(run, TraceEvent.FrameSent.class).stream().filter(f -> f.node().equals("mallory") && f.link().equals("cn-link"))
                .map(TraceEvent.FrameSent::frame).toList();
        assertEquals(in.subList(0, out.size()), out);
        assertTrue(in.size() - out.size() <= 1, "all but what is on its way at the end");
    }

    @Test
    void forgedSources() throws Exception {
        Simulation run = run(lab(attack("3s", "eve", "'forge':{'source':'" + MN + "','destination':'" + CN + "','port':4000,'octets':33,'count':3,'every':'10ms'}"),
                attack("3.5s", "eve", "'forge':{'source':'2001:db8:2::66','destination':'" + HA + "','innerSource':'" + MN + "','innerDestination':'" + CN + "'}")));
        List<Octets> frames = sent(run, "eve", "udp");
        assertEquals(4, frames.size());
        assertEquals(List.of(MN), values(frames.get(0), "ipv6.src"));
        assertEquals(List.of("4000"), values(frames.get(0), "udp.dstport"));
        assertEquals(List.of("41"), values(frames.get(0), "udp.length"));
        assertEquals(List.of("2001:db8:2::66", MN), values(frames.get(3), "ipv6.src"));
        assertTrue(frames.stream().noneMatch(AttackTest::wrong));
        List<String> drops = drops(run, 3 * S);
        assertEquals(3, drops.stream().filter("cn no-listener"::equals).count());
        assertEquals(1, drops.stream().filter(drop -> drop.startsWith("ha tunnel")).count(), "a home agent opens no tunnel from a stranger: " + drops);
        assertEquals(List.of(), rows(run, "eve", AttackRule.class));
    }

    @ParameterizedTest
    @CsvSource({"0x1001,false,ipsec-bad-icv", "0x1002,false,ipsec-unknown-spi", "0x7,false,ipsec-spi-reserved", "0x1001,true,ipsec-unknown-spi"})
    void injectedIntoAnSa(String spi, boolean ah, String reason) throws Exception {
        Simulation run = run(lab(protect("p", "cn", "'payload'", ESP), attack("3s", "eve", "'inject':{'source':'" + MN + "','destination':'" + CN + "','spi':'" + spi
                + "','sequence':5000,'ah':" + ah + ",'count':2,'every':'10ms'}")));
        List<Octets> frames = sent(run, "eve", ah ? "AH" : "ESP");
        assertEquals(2, frames.size());
        assertEquals(List.of("5001"), values(frames.get(1), ah ? "ah.sequence" : "esp.sequence"));
        assertEquals(2, drops(run, 3 * S).stream().filter(("cn " + reason)::equals).count(), drops(run, 3 * S).toString());
        assertNotEquals(0, rows(run, "cn", SaUse.class).getFirst().packets(), "the real ones pass");
        assertTrue(rows(run, "cn", SaUse.class).stream().noneMatch(use -> use.sequence() >= 5000), "no window moved");
    }

    @Test
    void spoofedHomeAddress() throws Exception {
        Simulation run = run(lab(attack("3s", "eve", "'spoof-hao':{'home':'" + MN + "','destination':'" + CN + "'}")));
        Octets frame = sent(run, "eve", "udp").getFirst();
        assertEquals(List.of(MN), values(frame, "ipv6.opt.mipv6.home_address"));
        assertTrue(!wrong(frame));
        assertEquals(1, drops(run, 3 * S).stream().filter("cn hao-unverified"::equals).count());
        assertEquals(1, events(run, TraceEvent.FrameSent.class).stream().filter(f -> f.node().equals("cn")
                && new PacketFields().protocols(new FieldSource.Packet(f.frame(), true)).contains("BE")).count());
    }

    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true"})
    void forgedBindingUpdates(boolean alternate, boolean guess) throws Exception {
        Simulation run = run(lab(protect("bu", "ha", "'registration'", PLAIN_ESP),
                attack("3s", "eve", "'forge-bu':{'home':'" + MN + "','destination':'" + CN + "','alternate':" + alternate + ",'guess':" + guess + "}"),
                attack("3.2s", "eve", "'forge-bu':{'home':'" + MN + "','destination':'" + HA + "','register':true,'alternate':" + alternate + "}")));
        List<Octets> frames = sent(run, "eve", "BU");
        assertEquals(2, frames.size());
        assertEquals(List.of(MN), values(frames.getFirst(), "ipv6.opt.mipv6.home_address"));
        assertTrue(frames.stream().noneMatch(AttackTest::wrong), "checksums are right");
        List<Binding> now = new ArrayList<>();
        for (TraceEvent.Changed change : events(run, TraceEvent.Changed.class)) {
            if (change.now().orElse(null) instanceof Binding binding && !binding.careOf().toString().startsWith("2001:db8:2:")) {
                now.add(binding);
            }
        }
        assertEquals(List.of(), now, "no binding to eve");
        assertTrue(drops(run, 3 * S).contains("ha spd-unprotected"), drops(run, 3 * S).toString());
    }

    @ParameterizedTest
    @CsvSource({"udp,udp", "ping,icmpv6", "esp,ESP", "bu,BU"})
    void floods(String what, String word) throws Exception {
        Simulation run = run(lab(attack("3s", "eve", "'flood':{'destination':'" + CN + "','what':'" + what + "','count':50,'octets':10}")));
        List<Octets> frames = what.equals("ping") ? sent(run, "eve", "icmpv6").stream().filter(f -> values(f, "icmpv6.type").contains("128")).toList() : sent(run, "eve", word);
        assertEquals(50, frames.size());
        assertEquals(50, frames.stream().map(frame -> values(frame, "ipv6.src").getFirst()).distinct().count());
        assertEquals(List.of(), rows(run, "cn", Binding.class).stream().filter(b -> !b.home().toString().equals(MN)).toList());
        assertEquals(List.of(), broken(run).stream().filter(v -> v.expectation() instanceof Expectation.BindingHeld).toList());
    }

    /** The policy wants the tunnel for a whole prefix, the SA is for one address: only its selector knows. */
    @ParameterizedTest
    @CsvSource({"true,cn ipsec-selector", "false,cn no-listener"})
    void forgedInnerSource(boolean c1, String fate) throws Exception {
        Simulation run = run(lab(protect("p", "cn", "'payload'", TUNNEL), "/actions/0={'at':'14s','ping':{'from':'mn','to':'cn'}}", "/policy={'off':" + (c1 ? "[]" : "['C1']") + "}",
                "/nodes/3/spd=[{'direction':'in','action':'protect','with':'p','source':'2001:db8:1::/64'}]",
                attack("3s", "mn", "'forge-inner':{'protection':'p','source':'2001:db8:1::99','destination':'" + CN + "'}")));
        assertEquals(1, drops(run, 3 * S).stream().filter(fate::equals).count(), drops(run, 3 * S).toString());
    }

    @Test
    void rewritesOnTheWay() throws Exception {
        Simulation run = run(lab(attack("2s", "mallory", "'rewrite':{'match':'udp ipv6.dst=" + CN + "','field':'ipv6.hlim','value':'7','count':2}"),
                attack("2.5s", "mallory", "'rewrite':{'match':'udp ipv6.dst=" + CN + "','field':'udp.dstport','value':'999'}"),
                attack("3s", "mallory", "'rewrite':{'match':'udp ipv6.dst=" + CN + "','field':'octet:60','value':'0xffff','fix':false}"),
                attack("3.5s", "mallory", "'rewrite':{'match':'udp ipv6.dst=" + CN + "','field':'tcp.port','value':'1'}")));
        List<TraceEvent.Decided> rewritten = events(run, TraceEvent.Decided.class).stream().filter(e -> e.reason().code().equals("attack-rewritten")).toList();
        assertEquals(List.of("ipv6.hlim", "ipv6.hlim", "udp.dstport", "octet:60"), rewritten.stream().map(e -> e.args().getFirst()).toList());
        assertEquals(1, events(run, TraceEvent.Decided.class).stream().filter(e -> e.reason().code().equals("attack-missed")).count());
        List<Octets> frames = sent(run, "mallory", "udp");
        assertEquals(2, frames.stream().filter(frame -> values(frame, "ipv6.hlim").contains("7")).count());
        assertEquals(1, frames.stream().filter(AttackTest::wrong).count(), "only the one whose checksum was left alone");
        List<String> drops = drops(run, 2 * S);
        assertTrue(drops.contains("cn no-listener") && drops.contains("cn udp-invalid"), drops.toString());
    }

    /** Under protection each rewrite of what it covers ends with a reason, and no state changes. */
    @ParameterizedTest
    @CsvSource({"AH,octet:60,0xffff,cn ipsec-bad-icv", "ESP,octet:60,0xffff,cn ipsec-bad-icv", "ESP,esp.spi,0x00009999,cn ipsec-unknown-spi",
            "ESP,esp.sequence,1,cn ipsec-replay", "AH,ipv6.src,2001:db8:1::99,cn ipsec-bad-icv"})
    void rewritesUnderProtection(String protocol, String field, String value, String fate) throws Exception {
        Simulation run = run(lab(protect("p", "cn", "'payload'", protocol.equals("AH") ? AH : ESP),
                attack("2s", "mallory", "'rewrite':{'match':'" + protocol + " ipv6.dst=" + CN + "','field':'" + field + "','value':'" + value + "'}")));
        List<String> drops = drops(run, 2 * S);
        assertEquals(1, drops.stream().filter(fate::equals).count(), drops.toString());
    }

    @Test
    void dropsDelaysAndReplays() throws Exception {
        Simulation run = run(lab("/actions/0={'at':'14s','ping':{'from':'mn','to':'cn'}}",
                attack("2s", "mallory", "'drop':{'match':'udp ipv6.dst=" + CN + "','count':3}"),
                attack("3s", "mallory", "'delay':{'match':'udp ipv6.dst=" + CN + "','by':'70ms','count':2}"),
                attack("4s", "mallory", "'replay':{'match':'udp ipv6.dst=" + CN + "','after':'500ms','times':2,'count':1}"),
                attack("6s", "eve", "'replay':{'match':'udp ipv6.dst=" + CN + "','after':'200ms','count':1}")));
        assertEquals(3, drops(run, 0).stream().filter("mallory attack-dropped"::equals).count());
        assertEquals(2, events(run, TraceEvent.Decided.class).stream().filter(e -> e.reason().code().equals("attack-delayed")).count());
        var flow = RunMetrics.of(run.lab(), run.trace(), run.now(), Progress.NONE).flows().stream().filter(f -> f.direction().equals("mn-cn")).findFirst().orElseThrow();
        assertEquals(3, flow.lost(), flow.toString());
        assertEquals(3, flow.duplicates(), flow.toString());
        assertEquals(1, flow.reordered(), "the first comes before the third, the second after it: " + flow);
        assertEquals(List.of(), rows(run, "mallory", AttackRule.class));
        assertEquals(List.of(), rows(run, "mallory", HeldFrame.class));
    }

    @Test
    void aReplayMayHaveAnotherSource() throws Exception {
        Simulation run = run(lab(attack("4s", "mallory", "'replay':{'match':'udp ipv6.dst=" + CN + "','after':'500ms','source':'2001:db8:66::99','count':2}")));
        List<Octets> again = sent(run, "mallory", "udp").stream().filter(frame -> values(frame, "ipv6.src").contains("2001:db8:66::99")).toList();
        assertEquals(2, again.size());
        assertTrue(again.stream().noneMatch(AttackTest::wrong));
    }

    @Test
    void replaysOfProtectedPacketsAreRefused() throws Exception {
        Simulation run = run(lab(protect("p", "cn", "'payload'", ESP), attack("4s", "mallory", "'replay':{'match':'ESP ipv6.dst=" + CN + "','after':'300ms','times':2,'count':5}")));
        assertEquals(10, drops(run, 4 * S).stream().filter("cn ipsec-replay"::equals).count());
    }

    @Test
    void theSameLogGivesTheSameAttack() throws Exception {
        Lab lab = lab(attack("3s", "eve", "'flood':{'destination':'" + CN + "','what':'esp','count':20}"),
                attack("2s", "mallory", "'replay':{'match':'udp','after':'500ms','times':2,'count':4}"));
        assertEquals(run(lab).trace().digest(), run(lab).trace().digest());
        Simulation run = new Simulation(lab, Detail.FULL);
        run.runUntil(S);
        run.apply(LabJson.readAction("a", "{\"at\":\"1s\",\"attack\":{\"node\":\"mallory\",\"drop\":{\"match\":\"udp\",\"count\":0}}}").action());
        run.runUntil(2 * S);
        assertEquals(-1, rows(run, "mallory", AttackRule.class).getFirst().left());
        String log = InputLogJson.write(run.inputs(), Optional.empty());
        Simulation again = Simulation.of(InputLogJson.read("log", log).log());
        again.runUntil(2 * S);
        assertEquals(run.trace().digest(), again.trace().digest());
    }
}
