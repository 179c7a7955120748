package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Octets;
import careof.engine.lab.LabJson;
import careof.engine.stack.IpStack;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our IPv4 and the Linux kernel's on one link: ARP, pings, fragments, and our router between it and a host. */
@Tag("interop")
@Timeout(180)
class KernelIp4Test {
    private static final Ip4Address US = Ip4Address.parse("192.0.2.1");
    private static final Ip4Address KERNEL = Ip4Address.parse("192.0.2.2");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private UmlPeer peer;
    private SocketLab lab;

    @BeforeEach
    void boot() throws Exception {
        peer = new UmlPeer();
        lab = new SocketLab(LabJson.read("interop", """
                { "careof": 1, "name": "wire",
                  "links": [ { "name": "wire", "kind": "wired", "prefix4": "192.0.2.0/24" }, { "name": "far", "kind": "wired", "prefix4": "198.51.100.0/24", "mtu": 1280 } ],
                  "nodes": [ { "name": "router", "role": "router", "ports": [ { "link": "wire", "address4": "192.0.2.1" }, { "link": "far", "address4": "198.51.100.1" } ] },
                             { "name": "host", "role": "host", "ports": [ { "link": "far", "address4": "198.51.100.2" } ] },
                             { "name": "kernel", "role": "host", "ports": [ { "link": "wire", "address4": "192.0.2.2" } ] } ] }"""),
                "kernel", peer);
        guest("ip addr add 192.0.2.2/24 dev vec0; ip route add default via 192.0.2.1");
    }

    @AfterEach
    void stop() {
        if (peer != null) {
            peer.close();
        }
    }

    @Test
    void theKernelFindsUsAndPingsUsAndWhatIsBehindUs() throws IOException {
        assertTrue(guest("busybox ping -c 3 -W 5 192.0.2.1").contains("3 packets received"));
        assertTrue(guest("busybox ping -c 2 -s 4000 -W 5 192.0.2.1").contains("2 packets received"), "in fragments");
        assertTrue(guest("busybox ping -c 2 -W 5 198.51.100.2").contains("2 packets received"), "forwarded");
        guest("busybox ping -c 1 -s 1400 -W 2 198.51.100.2; true");
        assertTrue(guest("busybox ping -c 2 -s 1400 -W 5 198.51.100.2").contains("2 packets received"), "after it learnt the path's MTU");
        assertTrue(guest("ip route get 198.51.100.2").contains("mtu 1280"), "from our \"fragmentation needed\"");
    }

    @Test
    void wePingTheKernel() {
        IpStack router = lab.stack("router");
        List<Icmp4Message> replies = new ArrayList<>();
        router.upper4().listen((_, message) -> replies.add(message));
        for (int octets : List.of(8, 1472, 1473, 5000)) {
            replies.clear();
            Octets echo = new Icmp4Message.EchoRequest(7, octets, Octets.zeros(octets)).toOctets();
            router.output4().send(Ip4Packet.mayBeCut(US, KERNEL, IpProtocol.ICMP4, echo), 0, true);
            assertTrue(run(() -> !replies.isEmpty()), octets + " octets");
            assertEquals(List.of(new Icmp4Message.EchoReply(7, octets, Octets.zeros(octets))), replies);
        }
    }

    private boolean run(java.util.function.BooleanSupplier until) {
        try {
            return lab.run(until, PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A guest's command, while our side of the link lives on. */
    private String guest(String line) throws IOException {
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> {
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
