package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.interop.StrongSwanBench.Terms;
import careof.engine.state.SaUse;
import careof.engine.wire.ip.IpProtocol;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our IKE and strongSwan's, between our router and the guest's kernel: each way of authentication, from either side, makes SA pairs on which both agree,
 * and pings go through them in both directions.
 */
@Tag("interop")
@Timeout(120)
class StrongSwanIkeTest {

    private static StrongSwanBench bench;

    @BeforeAll
    static void boot() throws Exception {
        bench = StrongSwanBench.ofPair();
    }

    @AfterAll
    static void stop() {
        if (bench != null) bench.close();
    }

    @ParameterizedTest
    @CsvSource({
        "us,      psk, main,       aes128-sha1-modp2048,   transport, esp aes128-sha1",
        "them,    psk, main,       aes128-sha1-modp2048,   transport, esp aes128-sha1",
        "us,      psk, main,       aes256-sha256-ecp256,   tunnel,    ah sha1-modp1536",
        "them,    psk, main,       3des-md5-modp1024,      tunnel,    ah sha256-ecp256",
        "traffic, psk, main,       aes192-sha256-modp3072, transport, esp aes128ctr-sha1-modp2048",
        "us,      psk, aggressive, aes128-sha256-modp2048, transport, ah md5",
        "them,    psk, aggressive, aes128-sha256-modp1536, transport, ah aesxcbc-modp1024",
        "us,      psk, aggressive, aes256-sha1-ecp384,     tunnel,    esp 3des-md5-modp2048",
        "them,    psk, aggressive, aes256-sha1-modp2048,   tunnel,    esp null-sha256",
        "us,      rsa, main,       aes128-sha256-modp2048, transport, esp aes256-sha256-modp2048",
        "them,    rsa, main,       aes128-sha256-modp2048, transport, esp aes128gcm16-modp2048",
        "traffic, rsa, main,       aes256-sha1-modp4096,   tunnel,    esp aes192-aesxcbc-ecp384",
        "us,      rsa, aggressive, aes128-sha256-modp2048, transport, ah sha1-modp2048",
        "them,    rsa, aggressive, aes128-sha256-ecp256,   tunnel,    esp aes256-sha1-ecp256"
    })
    void agree(String initiator, String authentication, String exchange, String suite, String mode, String child) throws Exception {
        bench.peer.start("i_dont_care_about_security_and_use_aggressive_mode_psk = yes\n fragment_size = 700");
        var terms = new Terms(authentication, exchange, suite, mode, child);
        var rsa = authentication.equals("rsa");
        bench.lab(terms);
        if (rsa) bench.certify("ss");
        bench.peer.load(terms.withChild().text());
        switch (initiator) {
            case "us" -> bench.start("us", "pair");
            case "them" -> assertTrue(bench.initiate("c"), () -> bench.why("us"));
            default -> bench.ping(terms.pinger(), terms.ours(), terms.theirs());
        }
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
        assertEquals(rsa, bench.decisions("us").stream().anyMatch(said -> said.startsWith("IKE_RECEIVED [fragment 2")), "a certificate makes a message too long");
        assertEquals(rsa, bench.peer.log().contains("splitting IKE message"));
        var from = bench.lab().trace().size();
        if (!initiator.equals("traffic")) bench.ping(terms.pinger(), terms.ours(), terms.theirs());
        assertTrue(bench.answered(terms.pinger()), () -> bench.why("us"));
        assertTrue(bench.answers(terms.ours()), () -> bench.why("us"));
        assertEquals("[]", bench.clear(from).toString(), "pings in the clear");
        assertEquals("[]", bench.clear(terms.ours()).toString(), "pings in the clear");
    }

    /** Both ends' identities name the Mobility Header; what else there is goes in the clear. */
    @ParameterizedTest
    @CsvSource({"us, dynamic[135]", "them, dynamic[135]", "them, dynamic[135/0]", "us, dynamic[135/0]"})
    void mobilityHeadersAlone(String initiator, String selector) throws Exception {
        bench.peer.start("");
        bench.lab(Terms.PSK.peer(StrongSwanBench.SECRET), "", Terms.PSK.protection().replace("\"all\"", "{ \"protocol\": \"mobility\" }") + " }", "");
        bench.peer.load(Terms.PSK.withChild("local_ts = " + selector, "remote_ts = " + selector).text());
        if (initiator.equals("us")) {
            bench.start("us", "pair");
        } else {
            assertTrue(bench.initiate("c"), () -> bench.why("us"));
        }
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
        assertTrue(bench.lists(sas -> sas.contains("fd01::1/128[135")), () -> bench.why("us"));
        assertEquals(IpProtocol.MOBILITY, bench.children("us").getFirst().selector().protocol());
        // a binding refresh request, and what our router says to it
        var from = bench.lab().trace().size();
        var send = "import socket; socket.socket(socket.AF_INET6, socket.SOCK_RAW, 135).sendto(bytes((59, 0, 0, 0, 0, 0, 0, 0)), ('fd01::1', 0))";
        bench.lab().meanwhile(() -> bench.peer.guest().run("python3 -c \"" + send + "\""));
        assertTrue(bench.lab().run(() -> bench.lab().rows("us", SaUse.class).stream().anyMatch(use -> use.packets() > 0), StrongSwanBench.PATIENCE), () -> bench.why("us"));
        assertEquals("[]", bench.lab().packets("wire", from, p -> p.protocol() == IpProtocol.MOBILITY).toString());
        bench.ping("us", StrongSwanBench.US, StrongSwanBench.THEM);
        assertTrue(bench.answered("us"), () -> bench.why("us"));
        assertTrue(bench.clear(from).size() >= 6);
    }

    /** An authority and certificates that strongSwan's tool made; we read them from files. */
    @ParameterizedTest
    @ValueSource(strings = {"us", "them"})
    void certificatesOfStrongSwan(String initiator, @TempDir Path folder) throws Exception {
        var peer = bench.peer;
        peer.start("");
        var authority = peer.authority("theirs");
        Files.writeString(folder.resolve("theirs.pem"), authority);
        Files.writeString(folder.resolve("us.pem"), peer.certificate("theirs", "us", "--san us.lab --san fd01::1") + peer.privateKey("us"));
        peer.put("x509ca/ca.pem", authority);
        peer.put("x509/own.pem", peer.certificate("theirs", "ss", "--san ss.lab --san fd01::2"));
        peer.put("private/own.pem", peer.privateKey("ss"));
        bench.lab(Terms.RSA.peer(""), ", \"trust\": [ \"theirs\" ]", Terms.RSA.protection() + " }",
                ", \"pki\": { \"roots\": [ { \"name\": \"theirs\", \"file\": \"theirs.pem\" } ], \"certificates\": [ { \"name\": \"us\", \"file\": \"us.pem\" } ] }", folder);
        peer.load(Terms.RSA.withChild().text());
        if (initiator.equals("us")) {
            bench.start("us", "pair");
        } else {
            assertTrue(bench.initiate("c"), () -> bench.why("us"));
        }
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
    }
}
