package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.interop.StrongSwanBench.Terms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        if (!initiator.equals("traffic")) bench.ping(terms.pinger(), terms.ours(), terms.theirs());
        assertTrue(bench.answered(terms.pinger()), () -> bench.why("us"));
        assertTrue(bench.answers(terms.ours()), () -> bench.why("us"));
        assertEquals("[]", bench.clear().toString(), "pings in the clear");
    }
}
