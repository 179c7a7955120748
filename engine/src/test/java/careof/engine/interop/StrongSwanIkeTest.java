package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our IKE and strongSwan's, between our router and strongSwan's kernel: each way of authentication, from either side, makes SA pairs on which both agree,
 * and pings go through them in both directions.
 */
@Tag("interop")
@Timeout(120)
class StrongSwanIkeTest {

    private static final String US = "fd01::1";
    private static final String THEM = "fd01::2";
    /** A host behind us, and strongSwan's other address: the ends of what goes through tunnels. */
    private static final String BEHIND_US = "fd0a::9";
    private static final String BEHIND_THEM = "fd0b::1";
    private static final String SECRET = "not a secret";

    private static StrongSwanBench bench;

    @BeforeAll
    static void boot() throws Exception {
        bench = new StrongSwanBench(THEM);
        bench.peer.guest().run("ip addr add fd0b::1/128 dev lo nodad; ip -6 route add fd0a::/64 via fd01::1 dev vec0 src fd0b::1");
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
        bench.peer.start("i_dont_care_about_security_and_use_aggressive_mode_psk = yes");
        lab(authentication, exchange, suite, mode, child);
        var tunnel = mode.equals("tunnel");
        var from = tunnel ? "in" : "us";
        switch (initiator) {
            case "us" -> bench.start("us", "pair");
            case "them" -> assertTrue(bench.initiate("c"), () -> bench.why("us"));
            default -> bench.ping(from, tunnel ? BEHIND_US : US, tunnel ? BEHIND_THEM : THEM);
        }
        assertTrue(bench.has("us", 1, 1), () -> bench.why("us"));
        assertTrue(bench.agrees("us"), () -> bench.why("us"));
        if (!initiator.equals("traffic")) bench.ping(from, tunnel ? BEHIND_US : US, tunnel ? BEHIND_THEM : THEM);
        assertTrue(bench.answered(from), () -> bench.why("us"));
        assertTrue(bench.answers(tunnel ? BEHIND_US : US), () -> bench.why("us"));
        assertEquals("[]", bench.clear().toString(), "pings in the clear");
    }

    private static void lab(String authentication, String exchange, String suite, String mode, String child) throws Exception {
        var psk = authentication.equals("psk");
        bench.lab("""
                "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" }, { "name": "inner", "kind": "wired", "prefix": "fd0a::/64" } ],
                "nodes": [ { "name": "us", "role": "router", "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "inner", "address": "fd0a::1" } ],
                             "routes": [ { "prefix": "fd0b::/64", "via": "fd01::2" } ],
                             "ike": { "peers": [ { "peer": "ss", "auth": "%s", %s "exchange": "%s", %s, "pfs": "%s" } ] } },
                           { "name": "in", "role": "host", "ports": [ { "link": "inner", "address": "fd0a::9" } ] },
                           { "name": "ss", "role": "host", "ports": [ { "link": "wire", "address": "fd01::2" } ] } ],
                "ipsec": [ { "name": "pair", "between": [ "us", "ss" ], "keying": "ike", "traffic": %s, "transforms": [ %s ] } ]"""
                .formatted(authentication, psk ? "\"psk\": \"" + SECRET + "\"," : "", exchange, StrongSwanBench.suite(suite), StrongSwanBench.pfs(child),
                        mode.equals("tunnel") ? "{ \"source\": \"fd0a::/64\", \"destination\": \"fd0b::/64\" }" : "\"all\"", StrongSwanBench.transform(mode, child)), Path.of("."));
        var config = new StrongSwanConfig(THEM, US).with("proposals = " + suite);
        if (exchange.equals("aggressive")) config.with("aggressive = yes");
        if (psk) {
            config.psk(SECRET);
        } else {
            bench.certify("ss");
            config.rsa("ss.lab", "own.pem", "us.lab");
        }
        if (mode.equals("tunnel")) {
            config.child("c", mode, child, "local_ts = fd0b::/64", "remote_ts = fd0a::/64");
        } else {
            config.child("c", mode, child);
        }
        bench.peer.load(config.text());
    }
}
