package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.Prefix;
import careof.engine.base.VirtualTime;
import careof.engine.lab.LabJson;
import careof.engine.traffic.Flow;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Our mobile node, home agent and routers, with a Linux kernel as the correspondent. The kernel does the data path; a script
 * in the guest answers return routability, checks our authenticators with Python's hashes and sets the kernel's state.
 */
@Tag("interop")
@Timeout(180)
class KernelCorrespondentTest {

    private static final Ip6Address HOME = Ip6Address.parse("fd0f::10");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final Prefix CELL_A = Prefix.parse("fd0a::/64");
    private static final Prefix CELL_B = Prefix.parse("fd0b::/64");
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private UmlPeer peer;
    private SocketLab lab;

    @BeforeEach
    void boot() throws Exception {
        peer = new UmlPeer();
        peer.run("ip addr add fd01::2/64 dev vec0 nodad; ip -6 route add default via fd01::1");
        try (var script = getClass().getResourceAsStream("correspondent.py")) {
            peer.write("/run/correspondent.py", new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        peer.run("(python3 /run/correspondent.py fd01::2 > /run/log 2>&1 &); while ! grep -q ready /run/log; do sleep 0.05; done");
        lab = new SocketLab(LabJson.read("interop", """
                { "careof": 1, "name": "kernel as correspondent",
                  "links": [ { "name": "home", "kind": "wired", "prefix": "fd0f::/64" },
                             { "name": "cell-a", "kind": "cell", "prefix": "fd0a::/64" },
                             { "name": "cell-b", "kind": "cell", "prefix": "fd0b::/64" },
                             { "name": "backbone", "kind": "wired", "prefix": "fd0e::/64" },
                             { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "fd0f::1" }, { "link": "backbone" } ] },
                             { "name": "ra", "role": "router", "ports": [ { "link": "cell-a" }, { "link": "backbone" } ] },
                             { "name": "rb", "role": "router", "ports": [ { "link": "cell-b" }, { "link": "backbone" } ] },
                             { "name": "rw", "role": "router", "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "backbone" } ] },
                             { "name": "mn", "role": "mobile-node", "at": "home",
                               "home": { "link": "home", "address": "fd0f::10", "agent": "ha" }, "modes": { "kernel": "optimized" } },
                             { "name": "kernel", "role": "correspondent", "ports": [ { "link": "wire", "address": "fd01::2" } ] } ] }"""),
                "kernel", peer);
    }

    @AfterEach
    void stop() {
        if (peer != null) peer.close();
    }

    @Test
    void itFollowsOurMobileNodeAndBack() throws Exception {
        lab.node("mn").flows().send(new Flow("ping", "mn-kernel", 1, true, HOME, KERNEL, 100 * VirtualTime.MILLISECOND, 64, 0,
                100 * VirtualTime.SECOND));
        assertTrue(lab.run(() -> lab.received("mn") >= 5, PATIENCE), "pings at home");

        follows("cell-a", CELL_A);
        follows("cell-b", CELL_B);

        lab.move("mn", "home");
        logged("bu fd0f::10 .* lifetime 0 authenticator right");
        var before = lab.received("mn");
        assertTrue(lab.run(() -> lab.received("mn") >= before + 10, PATIENCE), "pings at home again");
        assertFalse(log().contains("WRONG"), log());
        assertFalse(log().contains("Traceback"), log());
        assertFalse(log().contains("with option"), "test init messages never carry a home address option: " + log());
    }

    /** Moves the mobile node to a cell, until the kernel has its binding and data goes both ways without the home agent. */
    private void follows(String link, Prefix cell) throws Exception {
        var from = lab.trace().size();
        lab.move("mn", link);
        var careOf = cell.with(lab.stack("mn").port("p1").mac().interfaceId());
        logged("bu fd0f::10 " + careOf + " .* authenticator right");
        seen("requests with the home address option", 15, from, p -> p.source().equals(careOf) && p.protocol() == IpProtocol.ICMP6
                && p.homeAddressOption().map(o -> o.address().equals(HOME)).orElse(false));
        seen("replies with routing header type 2", 15, from, p -> p.destination().equals(careOf) && p.protocol() == IpProtocol.ICMP6
                && p.type2Routing().map(r -> r.home().equals(HOME)).orElse(false));
        seen("binding acknowledgement with routing header type 2", 1, from, p -> p.destination().equals(careOf)
                && p.protocol() == IpProtocol.MOBILITY && p.type2Routing().isPresent());
        var before = lab.received("mn");
        assertTrue(lab.run(() -> lab.received("mn") >= before + 5, PATIENCE), "the mobile node takes the replies");
    }

    /** Lets time pass until so many such packets have been on the kernel's link since an event. */
    private void seen(String what, int count, long from, Predicate<Ip6Packet> wanted) throws Exception {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (onTheWire(from, wanted).size() < count) {
            assertTrue(System.nanoTime() < deadline, "too few " + what + ": " + onTheWire(from, wanted).size());
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
            assertTrue(System.nanoTime() < deadline, "nothing like \"" + pattern + "\" in: " + log());
            lab.run(() -> false, Duration.ofMillis(200));
        }
    }

    private String log() throws IOException {
        return lab.meanwhile(() -> peer.run("cat /run/log"));
    }
}
