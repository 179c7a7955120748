package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Prefix;
import careof.engine.lab.LabJson;
import careof.engine.live.LiveThread;
import careof.engine.state.Binding;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mobility under AH and ESP with a Linux kernel on the other side: home address option and type 2 routing header beneath both, binding updates
 * that an SA vouches for, in both directions. The kernel applies and checks AH and ESP; scripts in the guest speak the Mobility Header.
 */
@Tag("interop")
@Timeout(180)
class KernelMobileIpsecTest {
    private static final Ip6Address HOME = Ip6Address.parse("fd0f::10");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final String ENCRYPTION = "00112233445566778899aabbccddeeff";
    private static final String PINGS = ", \"traffic\": [ { \"name\": \"ping\", \"kind\": \"ping\", \"from\": \"mn\", \"to\": \"kernel\", \"every\": \"100ms\", \"octets\": 56, \"stop\": \"100s\" } ]";
    private static final String AUTHENTICATION = "0102030405060708090a0b0c0d0e0f1011121314";

    @TempDir
    private Path folder;

    private UmlPeer peer;
    private SocketLab lab;

    @BeforeEach
    void boot() throws IOException {
        peer = new UmlPeer();
        peer.run("ip addr add fd01::2/64 dev vec0 nodad; ip -6 route add default via fd01::1");
    }

    @AfterEach
    void stop() {
        if (peer != null) peer.close();
    }

    /** Our mobile node's binding update comes to a raw socket behind the kernel's IPsec; data then goes both ways, protected and direct. The recording replays. */
    @ParameterizedTest
    @ValueSource(strings = {"esp", "ah"})
    void theKernelAsCorrespondent(String protocol) throws Exception {
        protect(protocol, HOME, KERNEL);
        script("correspondent.py");
        peer.run("(python3 /run/correspondent.py fd01::2 protected > /run/log 2>&1 &); while ! grep -q ready /run/log; do sleep 0.05; done");
        lab("""
                { "name": "mn", "role": "mobile-node", "at": "home", "home": { "link": "home", "address": "fd0f::10", "agent": "ha" },
                  "modes": { "kernel": "optimized" } },
                { "name": "kernel", "role": "correspondent", "ports": [ { "link": "wire", "address": "fd01::2" } ] }""", "mn", "kernel", "all", protocol);
        assertTrue(lab.run(() -> lab.received("mn") >= 5, PATIENCE), "protected pings at home: " + statistics());
        for (var cell : List.of("cell-a", "cell-b")) {
            var from = lab.trace().size();
            lab.move("mn", cell);
            var careOf = Prefix.parse(cell.equals("cell-a") ? "fd0a::/64" : "fd0b::/64").with(lab.stack("mn").port("p1").mac().interfaceId());
            logged("bu fd0f::10 " + careOf + " .*");
            seen("packets with home address option and " + protocol, 15, from, p -> p.source().equals(careOf) && p.protocol() == number(protocol)
                    && p.homeAddressOption().map(o -> o.address().equals(HOME)).orElse(false));
            seen("packets with routing header type 2 and " + protocol, 15, from, p -> p.destination().equals(careOf) && p.protocol() == number(protocol)
                    && p.type2Routing().map(r -> r.home().equals(HOME)).orElse(false));
            var before = lab.received("mn");
            assertTrue(lab.run(() -> lab.received("mn") >= before + 5, PATIENCE), "the mobile node opens the replies");
        }
        assertTrue(onTheWire(0, p -> p.protocol() == IpProtocol.ICMP6 && !Icmp6Message.isNeighbourDiscovery(p.payload().at(0))
                && !p.destination().isMulticast()).isEmpty(), "no ping in the clear");
        assertTrue(onTheWire(0, p -> p.protocol() == IpProtocol.MOBILITY).isEmpty(), "no mobility message in the clear, no return routability");
        assertFalse(log().contains("Traceback"), log());
        lab.close();
        assertEquals(0, LiveThread.made(recording()), "the recording with its secrets comes out the same");
    }

    private Path recording() {
        return folder.resolve("recording");
    }

    /** A binding update of the kernel, with its home address option, is registered by our home agent; the kernel opens the acknowledgement. */
    @ParameterizedTest
    @ValueSource(strings = {"esp", "ah"})
    void theKernelAsMobileNode(String protocol) throws Exception {
        var agent = Ip6Address.parse("fd0f::1");
        peer.run("ip addr add fd0f::10/128 dev vec0 home nodad");
        protect(protocol, agent, HOME);
        peer.run("ip xfrm state add src fd0f::10 dst fd0f::1 proto hao mode ro coa fd01::2"
                + " && ip xfrm state add src fd0f::1 dst fd0f::10 proto route2 mode ro coa fd01::2"
                + " && ip xfrm policy add src fd0f::10 dst fd0f::1 proto mobility-header type 5 dir out ptype sub"
                + " tmpl src fd0f::10 dst fd0f::1 proto hao mode ro level required"
                + " && ip xfrm policy add src fd0f::1 dst fd0f::10 proto mobility-header type 6 dir in ptype sub"
                + " tmpl src fd0f::1 dst fd0f::10 proto route2 mode ro level use");
        script("mobile.py");
        lab("""
                { "name": "kernel", "role": "mobile-node", "at": "wire", "home": { "link": "home", "address": "fd0f::10", "agent": "ha" } }""",
                "ha", "kernel", "registration", protocol);
        assertEquals("ba 0 7 10", guest("python3 /run/mobile.py fd0f::10 fd0f::1 fd01::2 7"), this::statistics);
        var binding = lab.rows("ha", Binding.class).getFirst();
        assertEquals(KERNEL, binding.careOf());
        assertEquals(Binding.Protection.SECURITY_ASSOCIATION, binding.protection());
        assertEquals("ba 135 7 0", guest("python3 /run/mobile.py fd0f::10 fd0f::1 fd01::2 7"), "the same sequence number again");
        guest("ip xfrm policy flush ptype main");
        assertEquals("nothing", guest("python3 /run/mobile.py fd0f::10 fd0f::1 fd01::2 8"), "a binding update that no SA vouches for");
    }

    private static int number(String protocol) {
        return protocol.equals("esp") ? IpProtocol.ESP : IpProtocol.AH;
    }

    /** The kernel's half of an SA pair in transport mode; SPI 0x1001 towards it, 0x2002 from it. */
    private void protect(String protocol, Ip6Address far, Ip6Address near) throws IOException {
        var algorithms = (protocol.equals("esp") ? " enc 'cbc(aes)' 0x" + ENCRYPTION : "") + " auth 'hmac(sha1)' 0x" + AUTHENTICATION;
        var lines = new StringBuilder();
        for (var way : List.of(List.of(far, near, "0x1001", "in"), List.of(near, far, "0x2002", "out"))) {
            var ends = " src " + way.get(0) + " dst " + way.get(1);
            var template = " tmpl" + ends + " proto " + protocol + " reqid 7 mode transport";
            lines.append("ip xfrm state add").append(ends).append(" proto ").append(protocol).append(" spi ").append(way.get(2))
                    .append(" reqid 7 mode transport replay-window 32").append(algorithms).append(" && ip xfrm policy add").append(ends)
                    .append(" dir ").append(way.get(3)).append(template).append(" && ");
        }
        peer.run(lines.append("true").toString());
    }

    private void script(String name) throws IOException {
        try (var script = getClass().getResourceAsStream(name)) {
            peer.write("/run/" + name, new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** @param ours our end of the protection; the other is the kernel */
    private void lab(String nodes, String ours, String kernel, String traffic, String protocol) throws Exception {
        var encryption = protocol.equals("esp") ? ", \"encryption\": \"" + ENCRYPTION + "\"" : "";
        lab = new SocketLab(LabJson.read("interop", """
                { "careof": 1, "name": "mobility under IPsec",
                  "links": [ { "name": "home", "kind": "wired", "prefix": "fd0f::/64" },
                             { "name": "cell-a", "kind": "cell", "prefix": "fd0a::/64" },
                             { "name": "cell-b", "kind": "cell", "prefix": "fd0b::/64" },
                             { "name": "backbone", "kind": "wired", "prefix": "fd0e::/64" },
                             { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "fd0f::1" }, { "link": "backbone" } ] },
                             { "name": "ra", "role": "router", "ports": [ { "link": "cell-a" }, { "link": "backbone" } ] },
                             { "name": "rb", "role": "router", "ports": [ { "link": "cell-b" }, { "link": "backbone" } ] },
                             { "name": "rw", "role": "router", "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "backbone" } ] },
                             %s ],
                  "ipsec": [ { "name": "pair", "between": [ "%s", "%s" ], "traffic": "%s",
                               "transforms": [ { "protocol": "%s", "mode": "transport"%s, "authentication": "hmac-sha1-96",
                                   "keys": [ { "from": "%s", "spi": "0x1001"%s, "authentication": "%s" },
                                             { "from": "%s", "spi": "0x2002"%s, "authentication": "%s" } ] } ] } ]%s }"""
                .formatted(nodes, ours, kernel, traffic, protocol, protocol.equals("esp") ? ", \"encryption\": \"aes-cbc\"" : "",
                        ours, encryption, AUTHENTICATION, kernel, encryption, AUTHENTICATION, ours.equals("mn") ? PINGS : "")), "kernel", peer, Optional.of(recording()));
    }

    /** Lets time pass until so many such packets have been on the kernel's link since an event. */
    private void seen(String what, int count, long from, Predicate<Ip6Packet> wanted) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (onTheWire(from, wanted).size() < count) {
            assertTrue(System.nanoTime() < deadline, () -> {
                try {
                    return "too few " + what + ": " + onTheWire(from, wanted).size() + "; " + statistics();
                } catch (Malformed e) {
                    return e.getMessage();
                }
            });
            lab.run(() -> false, Duration.ofMillis(300));
        }
    }

    /** Packets on the kernel's link since an event. */
    private List<Ip6Packet> onTheWire(long from, Predicate<Ip6Packet> wanted) throws Malformed {
        return lab.packets("wire", from, wanted);
    }

    /** Lets time pass until the script's output has such a line. */
    private void logged(String pattern) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (log().lines().noneMatch(line -> line.matches(pattern))) {
            var log = log();
            assertTrue(System.nanoTime() < deadline, () -> "nothing like \"" + pattern + "\" in: " + log + "; " + statistics());
            lab.run(() -> false, Duration.ofMillis(200));
        }
    }

    private String log() throws IOException {
        return guest("cat /run/log");
    }

    private String statistics() {
        try {
            return peer.run("cat /proc/net/xfrm_stat | xargs echo; ip -s xfrm state");
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A guest's command, while our side of the link lives on. */
    private String guest(String line) throws IOException {
        return lab.meanwhile(() -> peer.run(line));
    }
}
