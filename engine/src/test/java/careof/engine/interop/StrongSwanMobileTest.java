package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Prefix;
import careof.engine.ike.Ike;
import careof.engine.state.Binding;
import careof.engine.state.ListEntry;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our mobile node, away from home, and strongSwan. As its home agent, strongSwan makes SA pairs for the home address over the care-of address, which it
 * calls the proxy mode of transport; it knows no home address identity, so the mobile node is a name to it. A script in the guest speaks the Mobility Header.
 */
@Tag("interop")
@Timeout(120)
class StrongSwanMobileTest {

    private static final String HOME = "fd0f::10";
    private static final String AGENT = "fd0f::1";

    private static StrongSwanBench bench;

    @BeforeAll
    static void boot() throws Exception {
        bench = new StrongSwanBench(AGENT);
        try (var script = StrongSwanMobileTest.class.getResourceAsStream("correspondent.py")) {
            bench.peer.guest().write("/run/correspondent.py", new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void stop() {
        if (bench != null) bench.close();
    }

    /**
     * Recommendations P and N: phase one over the care-of address, and a pair for the home address; it serves at the next place, too. Recommendation R: there,
     * strongSwan knows the phase one by its cookies when the pair is rekeyed.
     */
    @ParameterizedTest
    @CsvSource({"rsa, main, esp aes128-sha1", "psk, aggressive, ah sha256"})
    void registers(String authentication, String exchange, String child) throws Exception {
        var psk = authentication.equals("psk");
        place(AGENT, "fd0f::fe");
        bench.peer.start("i_dont_care_about_security_and_use_aggressive_mode_psk = yes");
        bench.lab("""
                "links": [ { "name": "home", "kind": "wired", "prefix": "fd0f::/64" }, { "name": "cell-a", "kind": "cell", "prefix": "fd0a::/64" },
                           { "name": "cell-b", "kind": "cell", "prefix": "fd0b::/64" } ],
                "nodes": [ { "name": "ss", "role": "home-agent", "ports": [ { "link": "home", "address": "fd0f::1" } ] },
                           { "name": "r", "role": "router", "ports": [ { "link": "home", "address": "fd0f::fe" }, { "link": "cell-a" }, { "link": "cell-b" } ] },
                           { "name": "mn", "role": "mobile-node", "at": "cell-a", "home": { "link": "home", "address": "fd0f::10", "agent": "ss" },
                             "ike": { "identity": "fqdn:mn.lab", "peers": [ { "peer": "ss", "identity": "fqdn:ss.lab", "auth": "%s", %s "exchange": "%s", "dpd": "0s" } ] } } ],
                "pki": { "certificates": [ { "name": "mn", "names": [ "dns:mn.lab" ] } ] },
                "ipsec": [ { "name": "registration", "between": [ "mn", "ss" ], "keying": "ike", "traffic": "registration", "transforms": [ %s ] } ]"""
                .formatted(authentication, psk ? "\"psk\": \"not a secret\"," : "", exchange, StrongSwanBench.transform("transport", child)), Path.of("."));
        var config = new StrongSwanConfig(AGENT, "%any").with("proposals = aes128-sha256-modp2048");
        if (psk) {
            config.with("aggressive = yes").psk("ss.lab", "mn.lab", "not a secret");
        } else {
            bench.certify("ss");
            config.rsa("ss.lab", "own.pem", "mn.lab");
        }
        bench.peer.load(config.child("registration", "transport_proxy", child, "local_ts = fd0f::1[135]", "remote_ts = fd0f::10[135]").text());
        script(AGENT);
        registered("cell-a");
        assertTrue(bench.has("mn", 1, 1), () -> bench.why("mn"));
        assertTrue(bench.agrees("mn"), () -> bench.why("mn"));
        assertEquals(careOf("cell-a"), bench.phaseOnes("mn").getFirst().local());
        assertEquals(HOME, bench.children("mn").getFirst().local().toString());
        var from = move("cell-b");
        registered("cell-b");
        assertEquals(0, messages("home", from), "no IKE at a move");
        var phaseOne = bench.phaseOnes("mn").getFirst().id();
        var pair = bench.children("mn").getFirst().id();
        bench.lab().act(() -> bench.lab().node("mn").keyManagement().orElseThrow().rekey(bench.requestIds("registration")));
        assertTrue(bench.lab().run(() -> bench.children("mn").size() == 1 && bench.children("mn").getFirst().id() > pair, StrongSwanBench.PATIENCE), () -> bench.why("mn"));
        assertTrue(bench.has("mn", 1, 1), () -> bench.why("mn"));
        assertEquals(phaseOne, bench.phaseOnes("mn").getFirst().id());
        assertEquals(careOf("cell-b"), bench.phaseOnes("mn").getFirst().local());
        assertTrue(bench.agrees("mn"), () -> bench.why("mn"));
        move("cell-a");
        registered("cell-a");
        assertEquals("[]", bench.lab().packets("home", 0, p -> p.protocol() == IpProtocol.MOBILITY).toString(), "mobility messages in the clear");
    }

    /** The home agent, a script beside strongSwan, holds the binding, and its acknowledgement came through the pair. */
    private static void registered(String cell) throws Exception {
        var careOf = careOf(cell);
        logged("bu fd0f::10 " + careOf + " .*");
        assertTrue(bench.lab().run(() -> bench.lab().rows("mn", ListEntry.class).stream().anyMatch(entry -> entry.phase() == ListEntry.Phase.ACKNOWLEDGED
                && entry.careOf().equals(careOf)), StrongSwanBench.PATIENCE), () -> bench.lab().rows("mn", ListEntry.class) + bench.why("mn"));
    }

    /**
     * Recommendation O: with a correspondent the mobile node uses its home address for IKE, through its home agent while there is no binding, and so does
     * strongSwan, whoever begins; the pair then vouches for binding updates (E1), and no move needs IKE.
     */
    @ParameterizedTest
    @CsvSource({"us, optimized, esp aes128-sha256", "them, bidirectional, ah sha1"})
    void corresponds(String initiator, String communication, String child) throws Exception {
        place("fd01::2", "fd01::1");
        bench.peer.start("");
        bench.lab("""
                "links": [ { "name": "home", "kind": "wired", "prefix": "fd0f::/64" }, { "name": "cell-a", "kind": "cell", "prefix": "fd0a::/64" },
                           { "name": "cell-b", "kind": "cell", "prefix": "fd0b::/64" }, { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                "nodes": [ { "name": "ss", "role": "correspondent", "ports": [ { "link": "wire", "address": "fd01::2" } ] },
                           { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "fd0f::1" }, { "link": "wire", "address": "fd01::1" } ] },
                           { "name": "r", "role": "router", "ports": [ { "link": "wire" }, { "link": "cell-a" }, { "link": "cell-b" } ] },
                           { "name": "mn", "role": "mobile-node", "at": "cell-a", "home": { "link": "home", "address": "fd0f::10", "agent": "ha" },
                             "modes": { "ss": "%s" }, "ike": { "identity": "fqdn:mn.lab", "peers": [ { "peer": "ss", "dpd": "0s" } ] } } ],
                "ipsec": [ { "name": "all", "between": [ "mn", "ss" ], "keying": "ike", "traffic": "all", "transforms": [ %s ] } ]"""
                .formatted(communication, StrongSwanBench.transform("transport", child)), Path.of("."));
        bench.certify("ss");
        bench.peer.load(new StrongSwanConfig("fd01::2", HOME).with("proposals = aes128-sha256-modp2048").rsa("ss.lab", "own.pem", "mn.lab").child("c", "transport", child).text());
        script("fd01::2");
        assertTrue(bench.lab().run(() -> bench.lab().rows("ha", Binding.class).size() == 1, StrongSwanBench.PATIENCE), () -> bench.why("mn"));
        if (initiator.equals("them")) assertTrue(bench.initiate("c"), () -> bench.why("mn"));
        bench.ping("mn", HOME, "fd01::2");
        assertTrue(bench.has("mn", 1, 1), () -> bench.why("mn"));
        assertTrue(bench.agrees("mn"), () -> bench.why("mn"));
        var made = bench.lab().trace().size();
        var sa = bench.phaseOnes("mn").getFirst();
        assertEquals(initiator.equals("us"), sa.initiator());
        assertEquals(HOME, sa.local().toString());
        for (var cell : List.of("cell-a", "cell-b")) {
            var from = cell.equals("cell-a") ? bench.lab().trace().size() : move(cell);
            if (communication.equals("optimized")) {
                registered(cell);
                var careOf = careOf(cell);
                seen("packets with home address option", from, p -> p.source().equals(careOf) && p.homeAddressOption().isPresent());
                seen("packets with routing header type 2", from, p -> p.destination().equals(careOf) && p.type2Routing().isPresent());
            } else {
                seen("packets from the home address", from, p -> p.source().toString().equals(HOME));
                seen("packets to the home address", from, p -> p.destination().toString().equals(HOME));
            }
            assertTrue(bench.answered("mn"), () -> bench.why("mn"));
            assertTrue(bench.answers(HOME), () -> bench.why("mn"));
            if (cell.equals("cell-b")) assertEquals(0, messages("wire", from), "no IKE at a move");
        }
        assertEquals("[]", bench.clear(made).toString());
        assertEquals("[]", bench.clear(HOME).toString());
    }

    /** Lets time pass until some such packets, under AH or ESP, have been on strongSwan's link since an event. */
    private static void seen(String what, long from, Predicate<Ip6Packet> wanted) throws Exception {
        var deadline = System.nanoTime() + StrongSwanBench.PATIENCE.toNanos();
        while (bench.lab().packets("wire", from, p -> (p.protocol() == IpProtocol.ESP || p.protocol() == IpProtocol.AH) && wanted.test(p)).size() < 5) {
            assertTrue(System.nanoTime() < deadline, () -> "too few " + what + "\n" + bench.why("mn"));
            bench.lab().run(() -> false, Duration.ofMillis(300));
        }
    }

    /** Messages of IKE on a link since an event. */
    private static int messages(String link, long from) throws Malformed {
        return bench.lab().packets(link, from, p -> p.protocol() == IpProtocol.UDP && p.payload().u16(0) == Ike.PORT).size();
    }

    /** Moves the mobile node; gives the event before that. */
    private static long move(String cell) {
        var from = bench.lab().trace().size();
        bench.lab().act(() -> bench.lab().move("mn", cell));
        return from;
    }

    private static Ip6Address careOf(String cell) {
        return Prefix.parse(cell.equals("cell-a") ? "fd0a::/64" : "fd0b::/64").with(bench.lab().stack("mn").port("p1").mac().interfaceId());
    }

    /** The guest's only address and router; nothing of what it was before waits there for its neighbours. */
    private static void place(String address, String router) throws IOException {
        bench.peer.guest().run("[ -e /run/script.pid ] && kill $(cat /run/script.pid); rm -f /run/script.pid; ip neigh flush dev vec0; ip -6 addr flush dev vec0 scope global; ip addr add " + address + "/64 dev vec0 nodad; ip -6 route replace default via " + router + " dev vec0");
    }

    /** Starts the script that speaks the Mobility Header at the guest's address. */
    private static void script(String address) throws IOException {
        bench.peer.guest().run("ip xfrm state flush proto hao; ip xfrm policy flush ptype sub; rm -f /run/log;"
                + " (python3 /run/correspondent.py " + address + " protected > /run/log 2>&1 & echo $! > /run/script.pid); while ! grep -q ready /run/log; do sleep 0.05; done");
    }

    private static String log() throws IOException {
        return bench.lab().meanwhile(() -> bench.peer.guest().run("cat /run/log"));
    }

    /** Lets time pass until the script's output has such a line. */
    private static void logged(String pattern) throws Exception {
        var deadline = System.nanoTime() + StrongSwanBench.PATIENCE.toNanos();
        while (log().lines().noneMatch(line -> line.matches(pattern))) {
            var log = log();
            assertTrue(System.nanoTime() < deadline, () -> "nothing like \"" + pattern + "\" in: " + log + "\n" + bench.why("mn"));
            bench.lab().run(() -> false, Duration.ofMillis(200));
        }
    }
}
