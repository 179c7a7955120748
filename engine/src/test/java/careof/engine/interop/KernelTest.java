package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The harness itself, with frames built by hand from the RFCs, so that a fault of our own codecs cannot hide here: the
 * kernel boots, resolves and is resolved, answers pings, and plays the correspondent of RFC 6275 with its state set by hand.
 */
@Tag("interop")
@Timeout(180)
class KernelTest {

    private static final Ip6Address US = Ip6Address.parse("fd01::1");
    private static final Ip6Address CARE_OF = Ip6Address.parse("fd01::c0a");
    private static final Ip6Address HOME = Ip6Address.parse("fd0f::1");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final MacAddress OUR_MAC = MacAddress.parse("02:00:00:00:00:01");
    private static final int ICMP = 58;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int ROUTING = 43;

    private static UmlPeer peer;
    private static MacAddress kernelMac;

    @BeforeAll
    static void boot() throws IOException {
        peer = new UmlPeer();
        kernelMac = peer.macAddress();
        peer.run("ip addr add fd01::2/64 dev vec0 nodad; ip -6 route add default via fd01::1");
    }

    @AfterAll
    static void stop() {
        if (peer != null) peer.close();
    }

    @Test
    void itAnswersANeighborSolicitation() throws IOException {
        var body = new OctetWriter().u8(135).u8(0).u16(0).u32(0).address(KERNEL).u8(1).u8(1).mac(OUR_MAC).toOctets();
        send(MacAddress.multicast(KERNEL.solicitedNode()), packet(US, KERNEL.solicitedNode(), ICMP, 255, icmp(US, KERNEL.solicitedNode(), body)));
        var answer = await(p -> nextHeader(p) == ICMP && p.at(40) == 136);
        assertEquals(KERNEL.octets(), answer.slice(48, 64));
        assertEquals(Octets.of(2, 1), answer.slice(64, 66), "target link-layer address option");
        assertEquals(kernelMac, macAt(answer, 66));
    }

    @Test
    void itPingsUsAfterResolvingUs() throws IOException {
        peer.run("ip -6 neigh flush dev vec0");
        peer.start("busybox ping -6 -c 1 -W 5 fd01::1");
        var question = await(p -> nextHeader(p) == ICMP && p.at(40) == 135 && p.slice(48, 64).equals(US.octets()));
        assertTrue(question.length() > 48);
        advertise(US);
        var echo = await(p -> nextHeader(p) == ICMP && p.at(40) == 128);
        var reply = new OctetWriter().u8(129).u8(0).u16(0).octets(echo.from(44)).toOctets();
        send(kernelMac, packet(US, KERNEL, ICMP, 64, icmp(US, KERNEL, reply)));
        assertTrue(peer.finish(Duration.ofSeconds(10)).contains("1 packets received"));
    }

    @Test
    void asCorrespondentItTakesTheHomeAddressOptionAndAnswersWithRoutingHeaderType2() throws IOException {
        peer.run("ip xfrm state flush; ip xfrm policy flush; ip xfrm policy flush ptype sub");
        knows(CARE_OF);
        var home = " src fd0f::1 dst fd01::2 ";
        var back = " src fd01::2 dst fd0f::1 ";
        peer.run("ip xfrm state add" + home + "proto hao mode ro coa fd01::c0a"
                + " && ip xfrm state add" + back + "proto route2 mode ro coa fd01::c0a"
                + " && ip xfrm policy add" + home + "dir in ptype sub tmpl" + home + "proto hao mode ro level use"
                + " && ip xfrm policy add" + back + "dir out ptype sub tmpl" + back + "proto route2 mode ro level required");
        var echo = new OctetWriter().u8(128).u8(0).u16(0).u16(9).u16(1).octets(Octets.hex("0102030405060708")).toOctets();
        // PadN 2+2, then the option at 8n+6 (RFC 6275 6.3); the checksum counts the home address as source
        var options = new OctetWriter().u8(ICMP).u8(2).u8(1).u8(2).u16(0).u8(201).u8(16).address(HOME).toOctets();
        var payload = new OctetWriter().octets(options).octets(icmp(HOME, KERNEL, echo)).toOctets();
        send(kernelMac, packet(CARE_OF, KERNEL, DESTINATION_OPTIONS, 64, payload));
        var answer = await(p -> nextHeader(p) == ROUTING);
        assertEquals(CARE_OF.octets(), answer.slice(24, 40), "goes to the care-of address");
        assertEquals(Octets.of(ICMP, 2, 2, 1), answer.slice(40, 44), "type 2, one segment left");
        assertEquals(HOME.octets(), answer.slice(48, 64));
        assertEquals(129, answer.at(64));
    }

    @Test
    void withoutABindingItRefusesTheHomeAddressOption() throws IOException {
        peer.run("ip xfrm state flush; ip xfrm policy flush; ip xfrm policy flush ptype sub");
        knows(CARE_OF);
        var echo = new OctetWriter().u8(128).u8(0).u16(0).u16(9).u16(2).octets(Octets.hex("0102030405060708")).toOctets();
        var options = new OctetWriter().u8(ICMP).u8(2).u8(1).u8(2).u16(0).u8(201).u8(16).address(HOME).toOctets();
        send(kernelMac, packet(CARE_OF, KERNEL, DESTINATION_OPTIONS, 64,
                new OctetWriter().octets(options).octets(icmp(HOME, KERNEL, echo)).toOctets()));
        var end = System.nanoTime() + 1_000_000_000L;
        while (System.nanoTime() < end) {
            var frame = peer.link().receive(Duration.ofMillis(200));
            assertTrue(frame.isEmpty() || nextHeader(frame.get().from(14)) != ROUTING
                    && (nextHeader(frame.get().from(14)) != ICMP || frame.get().at(14 + 40) != 129));
        }
    }

    /** Saves the test the kernel's resolution of that address. */
    private static void knows(Ip6Address address) throws IOException {
        peer.run("ip -6 neigh replace " + address + " lladdr " + OUR_MAC + " dev vec0 nud permanent");
    }

    private static void advertise(Ip6Address address) throws IOException {
        var body = new OctetWriter().u8(136).u8(0).u16(0).u32(0x6000_0000L).address(address).u8(2).u8(1).mac(OUR_MAC).toOctets();
        send(kernelMac, packet(address, KERNEL, ICMP, 255, icmp(address, KERNEL, body)));
    }

    private static Octets packet(Ip6Address source, Ip6Address destination, int nextHeader, int hopLimit, Octets payload) {
        return new OctetWriter().u32(0x6000_0000L).u16(payload.length()).u8(nextHeader).u8(hopLimit)
                .address(source).address(destination).octets(payload).toOctets();
    }

    private static Octets icmp(Ip6Address source, Ip6Address destination, Octets body) {
        var writer = new OctetWriter().octets(body);
        return writer.patch16(2, Checksum.ip6(source, destination, ICMP, body)).toOctets();
    }

    private static void send(MacAddress to, Octets packet) throws IOException {
        peer.link().send(new OctetWriter().mac(to).mac(OUR_MAC).u16(0x86dd).octets(packet).toOctets());
    }

    /** The next IPv6 packet from the kernel that is such a one. */
    private static Octets await(Predicate<Octets> wanted) throws IOException {
        var deadline = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < deadline) {
            var frame = peer.link().receive(Duration.ofMillis(500));
            if (frame.isPresent() && frame.get().u16(12) == 0x86dd && wanted.test(frame.get().from(14))) return frame.get().from(14);
        }
        throw new AssertionError("the kernel sent no such packet within 5 s");
    }

    private static int nextHeader(Octets packet) {
        return packet.at(6);
    }

    private static MacAddress macAt(Octets octets, int at) {
        var bits = 0L;
        for (var i = 0; i < 6; i++) bits = bits << 8 | octets.at(at + i);
        return new MacAddress(bits);
    }
}
