package careof.engine.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.lab.Action;
import careof.engine.lab.Lab;
import careof.engine.lab.LabJson;
import careof.engine.state.FlowEnd;
import careof.engine.state.IkeSa;
import careof.engine.state.Sa;
import careof.engine.trace.Detail;
import careof.engine.trace.OutsidePort;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A lab that spans two Careofs: each runs its half, and the link between both goes over a socket. */
@Tag("everywhere")
@Isolated("it goes by the clock")
class TwoLivesTest {
    @TempDir
    private Path folder;

    private static Lab lab(String outside) throws Exception {
        Lab lab = LabJson.read("halves", """
                { "careof": 1, "name": "two halves", "seed": 5,
                  "links": [ { "name": "home", "kind": "wired", "prefix": "2001:db8:1::/64" }, { "name": "cell", "kind": "cell", "prefix": "2001:db8:2::/64" },
                             { "name": "wire", "kind": "wired", "prefix": "2001:db8:9::/64" } ],
                  "nodes": [ { "name": "ha", "role": "home-agent", "ports": [ { "link": "home", "address": "2001:db8:1::1" }, { "link": "cell", "address": "2001:db8:2::1" }, { "link": "wire", "address": "2001:db8:9::1" } ] },
                             { "name": "mn", "role": "mobile-node", "at": "home", "home": { "link": "home", "address": "2001:db8:1::10", "agent": "ha" } },
                             { "name": "cn", "role": "correspondent", "ports": [ { "link": "wire", "address": "2001:db8:9::9" } ] } ],
                  "ipsec": [ { "name": "all", "between": [ "mn", "cn" ], "traffic": "all", "keying": "ike", "transforms": [ { "protocol": "esp", "mode": "transport", "encryption": "aes-cbc", "authentication": "hmac-sha256-128" } ] } ],
                  "traffic": [ { "name": "ping", "kind": "ping", "from": "mn", "to": "cn", "every": "100ms", "octets": 56, "start": "1s", "stop": "600s" } ],
                  "until": "600s" }""");
        return lab.withNodes(lab.nodes().stream().map(node -> node.withOutside(outside.contains(node.name()))).toList());
    }

    private static long answers(LiveRun live) {
        return live.run().rows().values().stream().mapToLong(row -> row instanceof FlowEnd end && !end.sending() ? end.packets() : 0).sum();
    }

    private static long count(LiveRun live, String node, Class<?> kind) {
        return live.run().rows().entrySet().stream().filter(row -> row.getKey().node().equals(node) && kind.isInstance(row.getValue())).count();
    }

    @Test
    void halvesAgreeOnKeysAndOneMoves() throws Exception {
        int here;
        int there;
        try (var a = new DatagramSocket(0, InetAddress.getLoopbackAddress()); var b = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            here = a.getLocalPort();
            there = b.getLocalPort();
        }
        try (var mobile = new LiveThread(lab("cn"), Detail.SUMMARY, Optional.of(folder.resolve("mobile"))); var fixed = new LiveThread(lab("ha mn"), Detail.SUMMARY, Optional.of(folder.resolve("fixed")))) {
            mobile.open(new OutsidePort.Segment("out", "wire"), new SocketLink(new InetSocketAddress("127.0.0.1", here), new InetSocketAddress("127.0.0.1", there), 1, 2));
            fixed.open(new OutsidePort.Segment("out", "wire"), new SocketLink(new InetSocketAddress("127.0.0.1", there), new InetSocketAddress("127.0.0.1", here), 2, 1));
            assertTrue(mobile.until(live -> answers(live) > 5), "pings are answered");
            assertEquals(1L, (long) mobile.ask(live -> count(live, "mn", IkeSa.class)));
            assertEquals(1L, (long) fixed.ask(live -> count(live, "cn", IkeSa.class)));
            assertEquals(2L, (long) fixed.ask(live -> count(live, "cn", Sa.class)));
            assertEquals(0L, (long) fixed.ask(live -> count(live, "mn", Sa.class)), "the other half is not here");
            mobile.apply(new Action.Move("mn", Optional.of("cell")));
            long before = mobile.ask(TwoLivesTest::answers);
            assertTrue(mobile.until(live -> answers(live) > before + 10), "pings go on from the cell");

            // Datagrams of others, cut short, of another session, or just noise, are nobody's frames.
            Random random = new Random(1);
            var in = fixed.ask(live -> live.ports().getFirst().in());
            try (var stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                for (int i = 0; i < 500; i++) {
                    byte[] noise = new byte[random.nextInt(200)];
                    random.nextBytes(noise);
                    if (i % 2 == 0 && noise.length > 8) {
                        System.arraycopy(new byte[] {0, 3, 0, 0, 0, 0, 0, 2}, 0, noise, 0, 8);
                    }
                    stranger.send(new DatagramPacket(noise, noise.length, InetAddress.getLoopbackAddress(), there));
                }
            }
            long then = mobile.ask(TwoLivesTest::answers);
            assertTrue(mobile.until(live -> answers(live) > then + 3), "they do not disturb");
            assertTrue(fixed.ask(live -> live.ports().getFirst().in()) < in + 400, "they are not taken");
        }
        for (String half : List.of("mobile", "fixed")) {
            assertEquals(0, LiveThread.made(folder.resolve(half)), "with IKE and ESP, too, a recording with its secrets comes out the same: " + half);
        }
    }
}
