package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.lab.LabException;
import careof.engine.lab.LabJson;
import careof.engine.stack.IpStack;
import careof.engine.state.Neighbour;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
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

/** Our node stack and the Linux kernel on one link: Neighbor Discovery, autoconfiguration, pings, fragments, UDP. */
@Tag("interop")
@Timeout(180)
class KernelStackTest {

    private static final Ip6Address US = Ip6Address.parse("fd01::1");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private UmlPeer peer;
    private SocketLab lab;

    @BeforeEach
    void boot() throws IOException {
        peer = new UmlPeer();
    }

    @AfterEach
    void stop() {
        if (peer != null) peer.close();
    }

    @Test
    void theKernelFindsUsAndPingsUsInFragmentsToo() throws IOException {
        peer.run("ip addr add fd01::2/64 dev vec0 nodad");
        var host = host();
        assertTrue(guest("busybox ping -6 -c 3 -W 5 fd01::1").contains("3 packets received"));
        assertTrue(guest("busybox ping -6 -c 2 -s 4000 -W 5 fd01::1").contains("2 packets received"));
        assertEquals(Neighbour.Reachability.REACHABLE, reachability(guest("ip -6 neigh show fd01::1")), "the kernel's view of us");
        assertTrue(host.neighbours().get(host.port("p1"), KERNEL).isPresent());
        assertEquals(0, drops());
    }

    @Test
    void wePingTheKernelAndSendItUdpInFragments() throws IOException {
        peer.run("ip addr add fd01::2/64 dev vec0 nodad");
        var host = host();
        var replies = new ArrayList<Icmp6Message.EchoReply>();
        host.upper().listen((_, message) -> message instanceof Icmp6Message.EchoReply reply && replies.add(reply));
        for (var octets : List.of(8, 1452, 1453, 5000)) {
            replies.clear();
            var echo = new Icmp6Message.EchoRequest(7, octets, Octets.zeros(octets));
            host.output().send(Ip6Packet.of(US, KERNEL, IpProtocol.ICMP6, echo.toOctets(US, KERNEL)), 0, true);
            assertTrue(lab.run(() -> !replies.isEmpty(), PATIENCE), octets + " octets");
            assertEquals(List.of(new Icmp6Message.EchoReply(7, octets, Octets.zeros(octets))), replies);
        }
        var echoed = new ArrayList<Octets>();
        host.upper().listen(4000, (_, datagram) -> echoed.add(datagram.data()));
        peer.run("(python3 -c 'import socket; s=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM); s.bind((\"::\",7));"
                + " open(\"/run/ready\",\"w\").close(); d,a=s.recvfrom(9000); s.sendto(d,a)' &) ; while [ ! -e /run/ready ]; do sleep 0.05; done");
        var data = Octets.hex("c0ffee".repeat(1000));
        host.output().send(Ip6Packet.of(US, KERNEL, IpProtocol.UDP, new Udp(4000, 7, data).toOctets(US, KERNEL)), 0, true);
        assertTrue(lab.run(() -> !echoed.isEmpty(), PATIENCE));
        assertEquals(List.of(data), echoed);
        assertEquals(0, drops());
    }

    /** Our router's advertisement makes the kernel form an address and a default route; it reaches a node behind it by both. */
    @Test
    void theKernelConfiguresItselfFromOurRouter() throws IOException {
        peer.run("echo 1 > /proc/sys/net/ipv6/conf/vec0/accept_dad; echo 2 > /proc/sys/net/ipv6/conf/vec0/router_solicitations;"
                + " ip link set vec0 down; ip link set vec0 up");
        lab("""
                { "careof": 1, "name": "router",
                  "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" }, { "name": "far", "kind": "wired", "prefix": "fd99::/64" } ],
                  "nodes": [ { "name": "router", "role": "router",
                               "ports": [ { "link": "wire", "address": "fd01::1" }, { "link": "far", "address": "fd99::1" } ] },
                             { "name": "host", "role": "host", "ports": [ { "link": "far", "address": "fd99::2" } ] },
                             { "name": "kernel", "role": "host", "ports": [ { "link": "wire" } ] } ] }""");
        var prefix = Prefix.parse("fd01::/64");
        var formed = prefix.with(peer.macAddress().interfaceId()).toString();
        var found = guest("for i in 1 2 3 4 5 6 7 8 9 10; do ip -6 addr show dev vec0 scope global -tentative; ip -6 route show default; sleep 1;"
                + " ip -6 addr show dev vec0 scope global -tentative | grep -q " + formed + " && break; done;"
                + " ip -6 addr show dev vec0 scope global -tentative; ip -6 route show default");
        assertTrue(found.contains(formed), found);
        assertTrue(found.contains("via " + Ip6Address.linkLocal(lab.stack("router").port("p1").mac().interfaceId())), found);
        assertTrue(guest("busybox ping -6 -c 2 -W 5 fd99::2").contains("2 packets received"));
    }

    /** Both sides defend their addresses against the other's duplicate address detection. */
    @Test
    void duplicatesAreFoundByBoth() throws IOException {
        peer.run("ip addr add fd01::2/64 dev vec0 nodad");
        var host = host();
        var outcomes = new ArrayList<Boolean>();
        host.dad().start(host.port("p1"), KERNEL, (unique, _) -> outcomes.add(unique));
        host.dad().start(host.port("p1"), Ip6Address.parse("fd01::77"), (unique, _) -> outcomes.add(unique));
        assertTrue(lab.run(() -> outcomes.size() == 2, PATIENCE));
        assertEquals(List.of(false, true), outcomes);
        var kernel = guest("echo 1 > /proc/sys/net/ipv6/conf/vec0/accept_dad; ip addr add fd01::1/64 dev vec0; sleep 3; ip -6 addr show dev vec0");
        assertTrue(kernel.lines().anyMatch(l -> l.contains("fd01::1/") && l.contains("dadfailed")), kernel);
    }

    /** A guest's command, while our side of the link lives on. */
    private String guest(String line) throws IOException {
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

    private IpStack host() throws IOException {
        lab("""
                { "careof": 1, "name": "wire", "links": [ { "name": "wire", "kind": "wired", "prefix": "fd01::/64" } ],
                  "nodes": [ { "name": "host", "role": "host", "ports": [ { "link": "wire", "address": "fd01::1" } ] },
                             { "name": "kernel", "role": "host", "ports": [ { "link": "wire", "address": "fd01::2" } ] } ] }""");
        return lab.stack("host");
    }

    private void lab(String json) throws IOException {
        try {
            lab = new SocketLab(LabJson.read("interop", json), "kernel", peer);
        } catch (LabException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Neighbour.Reachability reachability(String shown) {
        return Neighbour.Reachability.valueOf(shown.strip().replaceAll(".* ", ""));
    }

    /** Packets that our nodes dropped, but for what a kernel says to groups that are not ours. */
    private long drops() {
        return lab.events(TraceEvent.Dropped.class).stream().filter(drop -> drop.reason() != Reason.NOT_FOR_US).count();
    }
}
