package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.lab.LabJson;
import careof.engine.stack.IpStack;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ESP and AH between our host and the Linux kernel, both ways: each algorithm that both have, transport and tunnel, in one packet and in
 * fragments. Both ends protect all packets between them, so an answer in the clear, or one that the other end does not open, is none.
 */
@Tag("interop")
@Timeout(300)
class KernelIpsecTest {
    private static final Ip6Address US = Ip6Address.parse("fd01::1");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String OURS = key(64, 0x11);
    private static final String THEIRS = key(64, 0x51);

    private static UmlPeer peer;

    /**
     * @param encryption     ours; empty: AH
     * @param encryptionKey  octets
     * @param authentication ours
     * @param kernel         as "ip xfrm" has it, with E and A for the keys
     */
    record Suite(String encryption, int encryptionKey, String authentication, int authenticationKey, String kernel) {
        String protocol() {
            return encryption.isEmpty() ? "ah" : "esp";
        }

        @Override
        public String toString() {
            return protocol() + " " + encryption + " " + encryptionKey * 8 + " " + authentication;
        }
    }

    record Case(Suite suite, String mode) {
        @Override
        public String toString() {
            return suite + " " + mode;
        }
    }

    static List<Case> cases() {
        var suites = List.of(
                new Suite("null", 0, "hmac-sha1-96", 20, "enc 'ecb(cipher_null)' '' auth 'hmac(sha1)' A"),
                new Suite("3des-cbc", 24, "hmac-md5-96", 16, "enc 'cbc(des3_ede)' E auth 'hmac(md5)' A"),
                new Suite("aes-cbc", 16, "hmac-sha1-96", 20, "enc 'cbc(aes)' E auth 'hmac(sha1)' A"),
                new Suite("aes-cbc", 24, "aes-xcbc-96", 16, "enc 'cbc(aes)' E auth-trunc 'xcbc(aes)' A 96"),
                new Suite("aes-cbc", 32, "hmac-sha256-128", 32, "enc 'cbc(aes)' E auth-trunc 'hmac(sha256)' A 128"),
                new Suite("aes-cbc", 16, "null", 0, "enc 'cbc(aes)' E auth 'digest_null' ''"),
                new Suite("aes-ctr", 20, "hmac-sha1-96", 20, "enc 'rfc3686(ctr(aes))' E auth 'hmac(sha1)' A"),
                new Suite("aes-ctr", 36, "hmac-sha256-128", 32, "enc 'rfc3686(ctr(aes))' E auth-trunc 'hmac(sha256)' A 128"),
                new Suite("aes-gcm", 20, "null", 0, "aead 'rfc4106(gcm(aes))' E 128"),
                new Suite("aes-gcm", 28, "null", 0, "aead 'rfc4106(gcm(aes))' E 128"),
                new Suite("aes-gcm", 36, "null", 0, "aead 'rfc4106(gcm(aes))' E 128"),
                new Suite("", 0, "hmac-md5-96", 16, "auth 'hmac(md5)' A"),
                new Suite("", 0, "hmac-sha1-96", 20, "auth 'hmac(sha1)' A"),
                new Suite("", 0, "hmac-sha256-128", 32, "auth-trunc 'hmac(sha256)' A 128"),
                new Suite("", 0, "aes-xcbc-96", 16, "auth-trunc 'xcbc(aes)' A 96"));
        var cases = new ArrayList<Case>();
        for (var suite : suites) {
            cases.add(new Case(suite, "transport"));
            cases.add(new Case(suite, "tunnel"));
        }
        return cases;
    }

    @BeforeAll
    static void boot() throws IOException {
        peer = new UmlPeer();
        peer.run("ip addr add fd01::2/64 dev vec0 nodad");
    }

    @AfterAll
    static void stop() {
        if (peer != null) peer.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothWays(Case which) throws Exception {
        var suite = which.suite;
        kernel(suite, which.mode);
        var lab = new SocketLab(LabJson.read("interop", """
                { "careof": 1, "name": "ipsec", "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                  "nodes": [ { "name": "host", "role": "host", "ports": [ { "link": "wire", "address": "fd01::1" } ] },
                             { "name": "kernel", "role": "host", "ports": [ { "link": "wire", "address": "fd01::2" } ] } ],
                  "ipsec": [ { "name": "all", "between": [ "host", "kernel" ], "traffic": "all",
                               "transforms": [ { "protocol": "%s", "mode": "%s"%s,
                                                 "keys": [ { "from": "host", "spi": "0x1001"%s }, { "from": "kernel", "spi": "0x2002"%s } ] } ] } ] }"""
                .formatted(suite.protocol(), which.mode, names(suite), keys(suite, OURS), keys(suite, THEIRS))), "kernel", peer);
        var refused = refused();
        wePing(lab);
        assertTrue(guest(lab, "busybox ping -6 -c 2 -i 0.2 -W 5 fd01::1").contains("2 packets received"), this::statistics);
        assertTrue(guest(lab, "busybox ping -6 -c 2 -i 0.2 -s 3000 -W 5 fd01::1").contains("2 packets received"), this::statistics);
        protectedOnly(lab, suite);
        assertEquals(refused, refused(), "what the kernel refused");
    }

    private void wePing(SocketLab lab) throws IOException {
        IpStack host = lab.stack("host");
        var replies = new ArrayList<Icmp6Message.EchoReply>();
        host.upper().listen((_, message) -> message instanceof Icmp6Message.EchoReply reply && replies.add(reply));
        for (var octets : List.of(0, 1, 64, 1300, 1440, 3000)) {
            replies.clear();
            var echo = new Icmp6Message.EchoRequest(7, octets, Octets.zeros(octets));
            host.output().send(Ip6Packet.of(US, KERNEL, IpProtocol.ICMP6, echo.toOctets(US, KERNEL)), 0, true);
            assertTrue(lab.run(() -> !replies.isEmpty(), PATIENCE), () -> octets + " octets: no answer; " + statistics());
            assertEquals(List.of(new Icmp6Message.EchoReply(7, octets, Octets.zeros(octets))), replies);
        }
    }

    /** Nothing but Neighbor Discovery crosses the wire in the clear. */
    private static void protectedOnly(SocketLab lab, Suite suite) throws Exception {
        var wanted = suite.protocol().equals("esp") ? IpProtocol.ESP : IpProtocol.AH;
        var count = 0;
        for (var event : lab.events(TraceEvent.FrameSent.class)) {
            if (event.frame().u16(12) != Ethernet.IP6) continue;
            var packet = Ip6Packet.parse(event.frame().from(Ethernet.HEADER));
            var discovery = packet.protocol() == IpProtocol.ICMP6 && Icmp6Message.isNeighbourDiscovery(packet.payload().at(0));
            assertTrue(discovery || packet.destination().isMulticast() || packet.protocol() == wanted, () -> "in the clear: " + packet);
            if (packet.protocol() == wanted) count++;
        }
        assertFalse(count < 20, "protected packets: " + count);
    }

    private void kernel(Suite suite, String mode) throws IOException {
        var lines = new StringBuilder("ip xfrm state flush; ip xfrm policy flush; ip -6 neigh flush dev vec0; ip -6 route flush cache; ");
        state(lines, suite, mode, "fd01::1", "fd01::2", "0x1001", "in", OURS);
        state(lines, suite, mode, "fd01::2", "fd01::1", "0x2002", "out", THEIRS);
        assertEquals("", peer.run(lines.append("true").toString()).strip());
    }

    private static void state(StringBuilder lines, Suite suite, String mode, String from, String to, String spi, String direction, String keys) {
        var algorithms = suite.kernel.replace(" E", " 0x" + keys.substring(0, 2 * suite.encryptionKey))
                .replace(" A", " 0x" + keys.substring(64, 64 + 2 * suite.authenticationKey));
        var common = "src " + from + " dst " + to;
        lines.append("ip xfrm state add ").append(common).append(" proto ").append(suite.protocol()).append(" spi ").append(spi)
                .append(" reqid 7 mode ").append(mode).append(" replay-window 32 ").append(algorithms).append("; ");
        // Neighbor Discovery stays in the clear, as with us.
        for (var type : List.of(135, 136)) {
            lines.append("ip xfrm policy add src ::/0 dst ::/0 proto ipv6-icmp type ").append(type).append(" dir ").append(direction).append(" priority 1 2>/dev/null; ");
        }
        lines.append("ip xfrm policy add ").append(common).append(" dir ").append(direction).append(" priority 10 tmpl ").append(common).append(" proto ")
                .append(suite.protocol()).append(" reqid 7 mode ").append(mode).append("; ");
    }

    private static String names(Suite suite) {
        return (suite.encryption.isEmpty() ? "" : ", \"encryption\": \"" + suite.encryption + "\"")
                + ", \"authentication\": \"" + suite.authentication + "\"";
    }

    private static String keys(Suite suite, String octets) {
        return (suite.encryptionKey == 0 ? "" : ", \"encryption\": \"" + octets.substring(0, 2 * suite.encryptionKey) + "\"")
                + (suite.authenticationKey == 0 ? "" : ", \"authentication\": \"" + octets.substring(64, 64 + 2 * suite.authenticationKey) + "\"");
    }

    private static String key(int octets, int first) {
        var text = new StringBuilder();
        for (var i = 0; i < octets; i++) text.append("%02x".formatted(first + i * 7 & 0xff));
        return text.toString();
    }

    /** The kernel's counters of packets that it dropped for IPsec's sake. */
    private static String refused() throws IOException {
        return peer.run("cat /proc/net/xfrm_stat");
    }

    private String statistics() {
        try {
            return peer.run("grep -v ' 0$' /proc/net/xfrm_stat; ip -s xfrm state");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A guest's command, while our side of the link lives on. */
    private static String guest(SocketLab lab, String line) throws IOException {
        var output = CompletableFuture.supplyAsync(() -> {
            try {
                return peer.run(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        lab.run(output::isDone, Duration.ofSeconds(30));
        return output.join();
    }
}
