package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The peer itself, without any IKE of ours: two guests on one wire agree on keys, and their kernels' ESP or AH carries pings.
 * With the property {@code careof.ike.record} each run is written to that folder, as {@link IkeRun} reads it.
 */
@Tag("interop")
@Timeout(180)
class StrongSwanPairTest {

    private static final String A = "fd01::a";
    private static final String B = "fd01::b";
    private static final String SECRET = "not a secret";
    /** In a frame: the next header, and an ICMPv6 message's type behind the IPv6 header. */
    private static final int NEXT = Ethernet.HEADER + 6;
    private static final int ICMP6 = Ethernet.HEADER + 40;

    private static StrongSwanPeer a;
    private static StrongSwanPeer b;

    @BeforeAll
    static void boot() throws IOException {
        a = new StrongSwanPeer(A);
        b = new StrongSwanPeer(B);
        b.guest().run("ip addr add fd0b::1/128 dev lo nodad; ip -6 route add fd0a::/64 via fd01::a dev vec0 src fd0b::1");
        a.guest().run("ip addr add fd0a::1/128 dev lo nodad; ip -6 route add fd0b::/64 via fd01::b dev vec0 src fd0a::1");
        var authority = a.authority("ca");
        for (var peer : List.of(a, b)) peer.put("x509ca/ca.pem", authority);
        for (var address : List.of(A, B)) {
            var certificate = a.certificate("ca", address, "--san " + address);
            var peer = address.equals(A) ? a : b;
            peer.put("x509/own.pem", certificate);
            peer.put("private/own.pem", a.privateKey(address));
        }
    }

    @AfterAll
    static void stop() {
        if (a != null) a.close();
        if (b != null) b.close();
    }

    @ParameterizedTest
    @CsvSource({
        "main-psk, aes128-sha1-modp2048, psk, main, transport, esp aes128-sha1",
        "main-psk-ecp, aes256-sha1-ecp256, psk, main, tunnel, ah sha256-ecp256",
        "main-rsa, aes256-sha256-modp2048, rsa, main, tunnel, esp aes256-sha256-modp2048",
        "aggressive-psk, 3des-md5-modp1024, psk, aggressive, transport, ah md5-modp1024",
        "aggressive-rsa, aes128-sha256-modp1536, rsa, aggressive, transport, esp 3des-sha1-modp1536"})
    void keysAreAgreedOnAndDataFlows(String name, String suite, String authentication, String exchange, String mode, String child) throws Exception {
        a.start("");
        b.start("i_dont_care_about_security_and_use_aggressive_mode_psk = yes\n fragment_size = 700");
        try (var relay = new SocketRelay(a.guest().link(), b.guest().link())) {
            a.load(config(A, B, "fd0a::1", "fd0b::1", suite, authentication, exchange, mode, child, SECRET));
            b.load(config(B, A, "fd0b::1", "fd0a::1", suite, authentication, exchange, mode, child, SECRET));
            assertTrue(a.initiate("c"), a::why);
            assertTrue(a.pings(mode.equals("tunnel") ? "fd0b::1" : B), a::why);
            assertTrue(b.pings(mode.equals("tunnel") ? "fd0a::1" : A), b::why);
            assertTrue(count(relay, f -> f.at(NEXT) == (child.startsWith("ah") ? IpProtocol.AH : IpProtocol.ESP)) >= 4, "protected pings");
            assertEquals(0, count(relay, f -> f.at(NEXT) == IpProtocol.ICMP6 && (f.at(ICMP6) == 128 || f.at(ICMP6) == 129)), "pings in the clear");
            assertTrue(a.swanctl("--rekey --child c").contains("completed"));
            assertTrue(a.logs("parsed INFORMATIONAL_V1 request [0-9]* [[] HASH N(DPD_ACK) []]", Duration.ofSeconds(10)), a::why);
            assertTrue(a.swanctl("--terminate --ike peer").contains("completed"));
            assertTrue(b.logs("deleting IKE_SA peer", Duration.ofSeconds(5)), b::why);
            record(name, suite, authentication, relay);
        }
    }

    @Test
    void aWrongKeyIsRefused() throws Exception {
        a.start("retransmit_tries = 1");
        b.start("");
        try (var _ = new SocketRelay(a.guest().link(), b.guest().link())) {
            a.load(config(A, B, "", "", "aes128-sha1-modp2048", "psk", "main", "transport", "esp aes128-sha1", SECRET));
            b.load(config(B, A, "", "", "aes128-sha1-modp2048", "psk", "main", "transport", "esp aes128-sha1", "another"));
            assertFalse(a.initiate("c"), a::why);
            assertEquals("", a.swanctl("--list-sas"));
        }
    }

    private static void record(String name, String suite, String authentication, SocketRelay relay) throws Exception {
        var folder = System.getProperty("careof.ike.record");
        if (folder == null) return;
        var words = suite.split("-");
        var facts = new LinkedHashMap<>(Map.of("encryption", words[0]));
        facts.put("hash", words[1]);
        facts.put("group", words[2]);
        facts.put("authentication", authentication);
        if (authentication.equals("psk")) facts.put("psk", Octets.wrap(SECRET.getBytes(StandardCharsets.UTF_8)).toHex());
        var run = IkeRecorder.record(name, facts, Ip6Address.parse(A), relay.frames(), StrongSwanLog.parse(a.log()));
        Files.writeString(Path.of(folder, name + ".txt"), run.toText());
    }

    private static String config(String local, String remote, String localInner, String remoteInner, String suite, String authentication, String exchange,
            String mode, String child, String secret) {
        var config = new StrongSwanConfig(local, remote).with("proposals = " + suite);
        // One side only: charon does not ask who has just asked, so of two that ask one may never come to it.
        if (local.equals(A)) config.with("dpd_delay = 1s");
        if (exchange.equals("aggressive")) config.with("aggressive = yes");
        if (authentication.equals("psk")) {
            config.psk(secret);
        } else {
            config.rsa(local, "own.pem", remote);
        }
        return (mode.equals("tunnel") ? config.child("c", mode, child, "local_ts = " + localInner + "/128", "remote_ts = " + remoteInner + "/128")
                : config.child("c", mode, child)).text();
    }

    private static long count(SocketRelay relay, Predicate<Octets> frame) {
        return relay.frames().stream().filter(f -> f.u16(12) == Ethernet.IP6).filter(frame).count();
    }
}
