package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Prefix;
import careof.engine.base.Progress;
import careof.engine.capture.CaptureExport;
import careof.engine.capture.WiresharkProfile;
import careof.engine.ike.Ike;
import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabJson;
import careof.engine.live.LiveThread;
import careof.engine.run.Simulation;
import careof.engine.state.IkeChild;
import careof.engine.state.IkeSa;
import careof.engine.state.ListEntry;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A live run whose correspondent is strongSwan in a guest: IKE, ESP, a movement with recommendations F and R on, a rekeying from the new place, and all the while
 * pings. It is recorded; the recording with its secrets replays to its digest, and tshark opens what was on the wire with the keys of the replay.
 *
 * <p>strongSwan speaks IKE alone, and the kernel has the data path alone: no program of theirs receives binding updates. A script in the guest takes that part, as a
 * mobility daemon beside an IKE daemon would, and is reached through the SAs that strongSwan made.
 * <ul>
 * <li>In the tunnel (O is off: phase one, quick mode and tunnel are at the care-of address) the script answers a binding update by the kernel's own MIGRATE: that is F,
 * for SAs of strongSwan's making. strongSwan is not told of it. So a quick mode from the new address meets a strongSwan that knows the old one only, and finds its
 * phase one by the cookies: R. It then makes the new tunnel end where that quick mode came from: L2.
 * <li>In transport mode (everything on) there is only the home address for strongSwan, so that nothing is to be migrated or found; the script gives the kernel
 * home address option and routing header beneath strongSwan's SAs. There is no rekeying: Linux (6.1) drops what comes with a home address option to strongSwan's
 * own port (XfrmInTmplMismatch, with its bypass policies upon the socket or upon the port), so that IKE itself does not get through as long as there is a binding.
 * </ul>
 */
@Tag("interop")
@Timeout(120)
class LiveStrongSwanTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String HOME = "fd0f::10";
    private static final String SS = "fd01::2";
    /** Exchange types (RFC 2408 section 3.1), and where they are in a UDP datagram. */
    private static final int QUICK_MODE = 32;
    private static final int INFORMATIONAL = 5;
    private static final int EXCHANGE_TYPE = 8 + 18;

    private static StrongSwanPeer peer;

    @TempDir
    private Path folder;
    private SocketLab lab;

    @BeforeAll
    static void boot() throws Exception {
        peer = new StrongSwanPeer(SS);
        peer.guest().run("echo 0 > /proc/sys/net/ipv6/conf/vec0/accept_ra; ip -6 route add default via fd01::1 dev vec0");
        try (var script = LiveStrongSwanTest.class.getResourceAsStream("correspondent.py")) {
            peer.guest().write("/run/correspondent.py", new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void stop() {
        if (peer != null) peer.close();
    }

    private static Lab read(boolean tunnel) throws Exception {
        return LabJson.read("interop", """
                { "careof": 1, "name": "strongSwan as correspondent", "seed": 1, "epoch": "%s", "policy": { "off": [ %s ] },
                  "links": [ { "name": "home", "kind": "wired", "prefix": "fd0f::/64" }, { "name": "cell-a", "kind": "cell", "prefix": "fd0a::/64" },
                             { "name": "cell-b", "kind": "cell", "prefix": "fd0b::/64" }, { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                  "nodes": [ { "name": "ss", "role": "correspondent", "ports": [ { "link": "wire", "address": "fd01::2" } ] },
                             { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "fd0f::1" } ] },
                             { "name": "r", "role": "router", "ports": [ { "link": "home" }, { "link": "cell-a" }, { "link": "cell-b" }, { "link": "wire", "address": "fd01::1" } ] },
                             { "name": "mn", "role": "mobile-node", "at": "cell-a", "home": { "link": "home", "address": "fd0f::10", "agent": "ha" },
                               "modes": { "ss": "optimized" }, "ike": { "identity": "fqdn:mn.lab", "peers": [ { "peer": "ss", "dpd": "0s" } ] } } ],
                  "pki": { "certificates": [ { "name": "mn", "names": [ "dns:mn.lab" ] } ] },
                  "ipsec": [ { "name": "all", "between": [ "mn", "ss" ], "keying": "ike", "traffic": "all",
                               "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "bits": 128, "authentication": "hmac-sha256-128" } ] } ],
                  "traffic": [ { "name": "ping", "kind": "ping", "from": "mn", "to": "ss", "every": "100ms", "octets": 56, "start": "1s", "stop": "600s" } ] }"""
                .formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), tunnel ? "\"O\"" : ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tunnel", "transport"})
    void followsAndIsMadeAgain(String mode) throws Exception {
        var tunnel = mode.equals("tunnel");
        var read = read(tunnel);
        peer.start("");
        StrongSwanBench.certify(peer, read, "ss");
        peer.load(new StrongSwanConfig(SS, tunnel ? "%any" : HOME).with("proposals = aes128-sha256-modp2048").rsa("ss.lab", "own.pem", "mn.lab")
                .child("c", mode, "esp aes128-sha256", "local_ts = " + SS, "remote_ts = " + HOME).text());
        peer.guest().run("[ -e /run/script.pid ] && kill $(cat /run/script.pid); ip xfrm state flush proto hao; ip xfrm policy flush ptype sub; rm -f /run/log;"
                + " (python3 /run/correspondent.py fd01::2 " + (tunnel ? "tunnel" : "protected") + " > /run/log 2>&1 & echo $! > /run/script.pid); while ! grep -q ready /run/log; do sleep 0.05; done");
        var file = folder.resolve("recording");
        lab = new SocketLab(read, "ss", peer.guest(), Optional.of(file));
        pings();
        registered("cell-a");
        var phaseOne = one(IkeSa.class);
        var pair = one(IkeChild.class);
        assertEquals(tunnel ? careOf("cell-a").toString() : HOME, phaseOne.local().toString());
        agreed(pair);

        var from = lab.trace().size();
        lab.move("mn", "cell-b");
        registered("cell-b");
        pings();
        assertEquals(0, packets(from, LiveStrongSwanTest::isIke).size(), "no IKE at a movement");
        assertEquals(pair.id(), one(IkeChild.class).id());
        goes("from the new place", from, p -> p.source().equals(careOf("cell-b")) && (tunnel || p.homeAddressOption().isPresent()));
        goes("to the new place", from, p -> p.destination().equals(careOf("cell-b")) && (tunnel || p.type2Routing().isPresent()));

        if (tunnel) rekeyed(phaseOne, pair);
        scriptIsWell();
        lab.close();

        var made = LiveThread.again(file);
        assertEquals(0, made.difference(), "the recording with its secrets comes out the same");
        opened(made.run(), tunnel ? 9 : 5);
    }

    /** Recommendation R, and L2: one quick mode from the new place, and strongSwan's end of phase one and tunnel is there. */
    private void rekeyed(IkeSa phaseOne, IkeChild pair) throws Exception {
        var rekeying = lab.trace().size();
        lab.apply(new Action.Ike("mn", "ss", Action.Ike.Order.REKEY, Optional.of("all"), Optional.empty(), Optional.empty(), Optional.empty()));
        assertTrue(lab.run(() -> lab.rows("mn", IkeChild.class).size() == 1 && one(IkeChild.class).id() > pair.id(), PATIENCE), this::why);
        agreed(one(IkeChild.class));
        assertEquals(phaseOne.id(), one(IkeSa.class).id());
        assertEquals(0, packets(rekeying, p -> isIke(p) && p.payload().at(EXCHANGE_TYPE) != QUICK_MODE && p.payload().at(EXCHANGE_TYPE) != INFORMATIONAL).size(), "no other phase one");
        assertTrue(lab.meanwhile(() -> peer.swanctl("--list-sas")).contains("remote 'mn.lab' @ " + careOf("cell-b") + "["), this::why);
        pings();
    }

    /** It took all that came, and the kernel refused it nothing. */
    private void scriptIsWell() throws IOException {
        var log = lab.meanwhile(() -> peer.guest().run("cat /run/log"));
        assertTrue(!log.contains("Traceback") && !log.matches("(?s).*error -.*"), log);
    }

    /** Some more are answered. */
    private void pings() throws IOException {
        var before = lab.received("mn");
        assertTrue(lab.run(() -> lab.received("mn") >= before + 10, PATIENCE), this::why);
    }

    /** Home agent and correspondent have acknowledged the place. */
    private void registered(String cell) throws IOException {
        assertTrue(lab.run(() -> lab.rows("mn", ListEntry.class).stream().filter(entry -> entry.phase() == ListEntry.Phase.ACKNOWLEDGED && entry.careOf().equals(careOf(cell))).count() == 2,
                PATIENCE), this::why);
    }

    /** strongSwan has the same pair. */
    private void agreed(IkeChild pair) throws IOException {
        var sas = lab.meanwhile(() -> peer.swanctl("--list-sas"));
        assertTrue(sas.contains("in  %08x".formatted(pair.outboundSpi())) && sas.contains("out %08x".formatted(pair.inboundSpi())), () -> sas + why());
    }

    /** ESP packets on strongSwan's link, sooner or later: while its script takes one binding for another, the kernel answers by way of home. */
    private void goes(String what, long from, Predicate<Ip6Packet> wanted) throws Exception {
        for (var end = System.nanoTime() + PATIENCE.toNanos(); packets(from, p -> p.protocol() == IpProtocol.ESP && wanted.test(p)).size() < 10; lab.run(() -> false, Duration.ofMillis(300))) {
            assertTrue(System.nanoTime() < end, () -> what + "\n" + why());
        }
    }

    private List<Ip6Packet> packets(long from, Predicate<Ip6Packet> wanted) throws Malformed {
        return lab.packets("wire", from, wanted);
    }

    private static boolean isIke(Ip6Packet packet) {
        return packet.protocol() == IpProtocol.UDP && packet.payload().u16(0) == Ike.PORT;
    }

    private <T extends careof.engine.state.State> T one(Class<T> kind) {
        var rows = lab.rows("mn", kind);
        assertEquals(1, rows.size(), () -> rows + why());
        return rows.getFirst();
    }

    private Ip6Address careOf(String cell) {
        return Prefix.parse(cell.equals("cell-a") ? "fd0a::/64" : "fd0b::/64").with(lab.stack("mn").port("p1").mac().interfaceId());
    }

    /**
     * With the keys of a run, tshark opens all IKE and ESP that was on strongSwan's link: pings both ways, binding updates and
     * acknowledgements.
     *
     * @param encrypted messages of IKE, at least: the last two of main mode, three of each quick mode, and a delete
     */
    private void opened(Simulation run, int encrypted) throws Exception {
        var capture = folder.resolve("wire.pcapng");
        CaptureExport.write(run.trace(), run.lab(), capture, new CaptureExport.Selection.Link("wire"), Progress.NONE);
        WiresharkProfile.write(run.trace(), folder.resolve("profiles/careof"));
        assertEquals(List.of(), tshark(capture, "esp && !(esp.icv_good == 1)"));
        for (var inside : List.of("icmpv6.type == 128", "icmpv6.type == 129", "mip6.mhtype == 5", "mip6.mhtype == 6")) {
            assertNotEquals(List.of(), tshark(capture, "esp.icv_good == 1 && " + inside), inside);
        }
        assertTrue(tshark(capture, "isakmp.flag_e == 1").size() >= encrypted, "messages of IKE");
        assertEquals(List.of(), tshark(capture, "isakmp.flag_e == 1 && (_ws.malformed || !(isakmp.typepayload == 8 || isakmp.typepayload == 5))"));
    }

    private List<String> tshark(Path capture, String filter) throws Exception {
        var command = new ProcessBuilder("tshark", "-n", "-C", "careof", "-r", capture.toString(), "-Y", filter);
        command.environment().put("WIRESHARK_CONFIG_DIR", folder.toString());
        var process = command.redirectError(folder.resolve("errors").toFile()).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), Files.readString(folder.resolve("errors")));
        return said.lines().toList();
    }

    /** Why an assertion fails. */
    private String why() {
        var decided = new ArrayList<String>();
        for (var event : lab.events(TraceEvent.Changed.class)) {
            if (event.node().equals("mn") && event.reason().name().startsWith("IKE") && event.reason() != Reason.IKE_STEP) decided.add(event.reason() + " " + event.args());
        }
        try {
            return decided + "\n" + lab.rows("mn", ListEntry.class) + "\n" + lab.rows("mn", IkeSa.class) + "\n" + lab.rows("mn", IkeChild.class) + "\n" + peer.why() + "\n" + peer.guest().run("cat /run/log");
        } catch (IOException e) {
            return decided + "\n" + e;
        }
    }
}
