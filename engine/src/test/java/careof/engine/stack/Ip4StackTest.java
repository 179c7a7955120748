package careof.engine.stack;

import static careof.engine.stack.StackKit.mac;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.state.Ip4AddressEntry;
import careof.engine.state.Neighbour;
import careof.engine.state.Neighbour.Reachability;
import careof.engine.state.Route;
import careof.engine.trace.Reason;
import careof.engine.wire.icmp.Icmp4Message;
import careof.engine.wire.ip.Arp;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** IPv4 of a router {@code r} between two links, heard by a probe {@code a} on the one; the other link's MTU is small. */
class Ip4StackTest {
    private static final Ip4Address A = ip("192.0.2.9");
    private static final Ip4Address R = ip("192.0.2.1");
    private static final Ip4Address B = ip("198.51.100.9");

    private final StackKit kit = new StackKit();
    private IpStack router;
    private IpStack host;
    private StackKit.Probe a;

    private static Ip4Address ip(String text) {
        return Ip4Address.parse(text);
    }

    @BeforeEach
    void wires() {
        kit.link("far", 600);
        router = kit.router("r");
        kit.plug(router, "p1", "near", 1);
        kit.plug(router, "p2", "far", 2);
        own(router, "p1", "192.0.2.1", "192.0.2.0/24");
        own(router, "p2", "198.51.100.1", "198.51.100.0/24");
        host = kit.host("h", "far", 3);
        own(host, "p1", "198.51.100.9", "198.51.100.0/24");
        host.routes().put(new Route(Ip4Prefix.ALL, "p1", Optional.of(ip("198.51.100.1")), 0, Route.Origin.STATIC), Reason.CONFIGURED);
        a = kit.new Probe("near", 9);
        kit.settle();
        a.forget();
        kit.mark();
    }

    private static void own(IpStack stack, String port, String address, String prefix) {
        stack.addresses4().put(new Ip4AddressEntry(port, ip(address), Ip4Prefix.parse(prefix), Ip4AddressEntry.Origin.FIXED), Reason.CONFIGURED);
        stack.routes().put(new Route(Ip4Prefix.parse(prefix), port, Optional.empty(), 0, Route.Origin.CONNECTED), Reason.CONFIGURED);
    }

    private void arp(MacAddress to, Arp message) {
        OctetWriter out = new OctetWriter(Arp.LENGTH);
        message.emit(out);
        say(to, Ethernet.ARP, out.toOctets());
    }

    private void say(MacAddress to, int etherType, Octets packet) {
        byte[] frame = StackKit.frame(to, a.mac, packet);
        frame[12] = (byte) (etherType >> 8);
        frame[13] = (byte) etherType;
        a.send(Octets.wrap(frame));
        kit.settle();
    }

    private void say(Ip4Packet packet) {
        say(mac(1), Ethernet.IP4, packet.toOctets());
    }

    /** The router knows where the probe is. */
    private void introduce() {
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, A, new MacAddress(0), R));
        a.forget();
    }

    private List<Arp> arps() {
        List<Arp> all = new ArrayList<>();
        for (StackKit.Heard one : a.heard) {
            if (one.frame().u16(12) == Ethernet.ARP) {
                try {
                    all.add(Arp.parse(new OctetReader(one.frame().from(Ethernet.HEADER))));
                } catch (Malformed e) {
                    throw new AssertionError(e);
                }
            }
        }
        return all;
    }

    private List<Ip4Packet> packets() {
        List<Ip4Packet> all = new ArrayList<>();
        for (StackKit.Heard one : a.heard) {
            if (one.frame().u16(12) == Ethernet.IP4) {
                try {
                    all.add(Ip4Packet.parse(one.frame().from(Ethernet.HEADER)));
                } catch (Malformed e) {
                    throw new AssertionError(e);
                }
            }
        }
        return all;
    }

    private Icmp4Message answer() {
        try {
            assertEquals(1, packets().size());
            return Icmp4Message.parse(packets().getFirst().payload());
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static Octets echo(int octets) {
        return new Icmp4Message.EchoRequest(7, 1, Octets.zeros(octets)).toOctets();
    }

    @Test
    void arpIsAnsweredForOwnAndProxiedAddressesOnly() {
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, A, new MacAddress(0), R));
        assertEquals(List.of(new Arp(Arp.REPLY, mac(1), R, a.mac, A)), arps());
        assertEquals(Optional.of(a.mac), router.arp().get(router.port("p1"), A).flatMap(Neighbour::mac), "who asks is known from then on");
        a.forget();
        Ip4Address away = ip("192.0.2.77");
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, A, new MacAddress(0), away));
        assertEquals(List.of(), arps());
        router.arp().startProxy(router.port("p1"), away);
        router.arp().announce(router.port("p1"), away);
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, A, new MacAddress(0), away));
        assertEquals(List.of(new Arp(Arp.REQUEST, mac(1), away, new MacAddress(0), away), new Arp(Arp.REPLY, mac(1), away, a.mac, A)), arps());
        router.arp().stopProxy(router.port("p1"), away);
        a.forget();
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, A, new MacAddress(0), away));
        assertEquals(List.of(), arps());
    }

    @Test
    void nobodyTakesOurAddressByArp() {
        arp(MacAddress.BROADCAST, new Arp(Arp.REQUEST, a.mac, R, new MacAddress(0), R));
        arp(mac(1), new Arp(Arp.REPLY, MacAddress.BROADCAST, A, mac(1), R));
        assertEquals(List.of(Reason.ARP_INVALID, Reason.ARP_INVALID), kit.dropReasons());
        assertTrue(router.arp().get(router.port("p1"), A).isEmpty() && router.arp().get(router.port("p1"), R).isEmpty());
    }

    /** A packet waits for its neighbour; after three requests, a second apart, its sender hears that the neighbour is not there. */
    @Test
    void resolution() {
        router.output4().send(Ip4Packet.of(R, A, IpProtocol.ICMP4, echo(8)), 0, true);
        kit.settle();
        assertEquals(List.of(new Arp(Arp.REQUEST, mac(1), R, new MacAddress(0), A)), arps());
        arp(mac(1), new Arp(Arp.REPLY, a.mac, A, mac(1), R));
        assertEquals(1, packets().size());
        a.forget();
        Ip4Address nobody = ip("192.0.2.200");
        router.output4().send(Ip4Packet.of(R, nobody, IpProtocol.ICMP4, echo(8)), 0, true);
        kit.until(kit.scheduler.now() + 10 * StackKit.SECOND);
        assertEquals(3, arps().size());
        assertEquals(1, kit.drops(Reason.IP4_UNREACHABLE));
    }

    @Test
    void oldEntriesArePolledWhereTheyWere() {
        introduce();
        kit.until(kit.scheduler.now() + 61 * StackKit.SECOND);
        assertEquals(Optional.of(Reachability.STALE), router.arp().get(router.port("p1"), A).map(Neighbour::reachability));
        router.output4().send(Ip4Packet.of(R, A, IpProtocol.ICMP4, echo(8)), 0, true);
        kit.settle();
        assertEquals(1, packets().size(), "goes at once");
        assertEquals(List.of(a.mac), a.heard.stream().filter(one -> one.frame().u16(12) == Ethernet.ARP).map(StackKit.Heard::to).toList());
        kit.until(kit.scheduler.now() + 5 * StackKit.SECOND);
        assertTrue(router.arp().get(router.port("p1"), A).isEmpty(), "it did not answer");
    }

    @Test
    void forwardingCountsDownAndCuts() throws Exception {
        introduce();
        List<Octets> arrived = new ArrayList<>();
        host.upper().listen(4000, (_, datagram) -> arrived.add(datagram.data()));
        Octets data = Octets.wrap(new byte[1400]);
        say(Ip4Packet.mayBeCut(A, B, IpProtocol.UDP, new Udp(1, 4000, data).toOctets(A, B)).withIdentification(77));
        assertEquals(List.of(data), arrived, "in pieces over the small link, whole again");
        assertEquals(1, kit.decisions(Reason.IP4_FRAGMENTED));
        say(Ip4Packet.of(A, B, IpProtocol.UDP, new Udp(1, 4000, data).toOctets(A, B)));
        assertTrue(answer() instanceof Icmp4Message.DestinationUnreachable m && m.code() == Icmp4Errors.FRAGMENTATION_NEEDED && m.mtu() == 600);
        a.forget();
        say(Ip4Packet.of(A, B, IpProtocol.ICMP4, echo(8)).withTimeToLive(1));
        assertTrue(answer() instanceof Icmp4Message.TimeExceeded m && m.code() == Icmp4Errors.TIME_TO_LIVE);
        a.forget();
        say(Ip4Packet.of(A, B, IpProtocol.ICMP4, echo(8)).withTimeToLive(2));
        assertTrue(answer() instanceof Icmp4Message.EchoReply);
        assertEquals(63, packets().getFirst().hopLimit(), "the answer was forwarded once");
    }

    @Test
    void errorsWhereTheyAreDue() {
        introduce();
        say(Ip4Packet.of(A, R, IpProtocol.UDP, new Udp(1, 9999, Octets.EMPTY).toOctets(A, R)));
        assertTrue(answer() instanceof Icmp4Message.DestinationUnreachable m && m.code() == Icmp4Errors.PORT);
        a.forget();
        say(Ip4Packet.of(A, R, 200, Octets.EMPTY));
        assertTrue(answer() instanceof Icmp4Message.DestinationUnreachable m && m.code() == Icmp4Errors.PROTOCOL);
        a.forget();
        say(Ip4Packet.of(A, ip("203.0.113.1"), IpProtocol.ICMP4, echo(8)));
        assertTrue(answer() instanceof Icmp4Message.DestinationUnreachable m && m.code() == Icmp4Errors.NET);
        a.forget();
        say(Ip4Packet.of(A, ip("203.0.113.1"), IpProtocol.ICMP4, new Icmp4Message.TimeExceeded(0, Octets.zeros(28)).toOctets()));
        say(MacAddress.BROADCAST, Ethernet.IP4, Ip4Packet.of(A, ip("192.0.2.255"), IpProtocol.UDP, new Udp(1, 9999, Octets.EMPTY).toOctets(A, ip("192.0.2.255"))).toOctets());
        say(MacAddress.BROADCAST, Ethernet.IP4, Ip4Packet.of(A, R, IpProtocol.ICMP4, echo(8)).toOctets());
        assertEquals(List.of(), packets(), "none about errors, broadcasts and frames to all");
        for (int i = 0; i < 50; i++) {
            say(Ip4Packet.of(A, R, 200, Octets.EMPTY));
        }
        assertTrue(packets().size() < 15, "limited: " + packets().size());
    }

    @Test
    void whatIsNotTaken() {
        introduce();
        say(new Ip4Packet(new Ip4Header(0, 28, 0, true, false, 0, 64, IpProtocol.ICMP4, A, B, Octets.hex("8307040a00000100")), echo(8)));
        say(Ip4Packet.of(ip("224.0.0.1"), R, IpProtocol.ICMP4, echo(8)));
        say(Ip4Packet.of(A, ip("127.0.0.1"), IpProtocol.ICMP4, echo(8)));
        assertEquals(List.of(Reason.IP4_SOURCE_ROUTE, Reason.IP4_BAD_SOURCE, Reason.IP4_BAD_SOURCE), kit.dropReasons());
        kit.mark();
        say(new Ip4Packet(new Ip4Header(0, 24, 0, true, false, 0, 64, IpProtocol.ICMP4, A, R, Octets.hex("94040000")), echo(8)));
        assertTrue(answer() instanceof Icmp4Message.EchoReply, "other options are no hindrance");
    }

    /** Whatever comes: nothing is thrown, tables stay bounded, and afterwards the node works as before. */
    @Test
    void hostileInput() {
        introduce();
        Random random = new Random(5555);
        Octets good = Ip4Packet.mayBeCut(A, R, IpProtocol.UDP, new Udp(1, 4191, Octets.zeros(40)).toOctets(A, R)).toOctets();
        for (int i = 0; i < 3000; i++) {
            byte[] octets = good.toArray();
            for (int k = random.nextInt(6); k >= 0; k--) {
                octets[random.nextInt(random.nextBoolean() ? 20 : octets.length)] = (byte) random.nextInt();
            }
            if (random.nextBoolean() && octets[0] == 0x45) {
                octets[10] = 0;
                octets[11] = 0;
                int sum = careof.engine.base.Checksum.of(Octets.wrap(octets).slice(0, 20));
                octets[10] = (byte) (sum >> 8);
                octets[11] = (byte) sum;
            }
            say(random.nextInt(4) == 0 ? MacAddress.BROADCAST : mac(1), random.nextInt(5) == 0 ? Ethernet.ARP : Ethernet.IP4,
                    Octets.wrap(octets).slice(0, random.nextInt(3) == 0 ? random.nextInt(octets.length) : octets.length));
        }
        for (int i = 0; i < 2000; i++) {
            arp(mac(1), new Arp(Arp.REQUEST, new MacAddress(0x0200_0000_0000L | i), new Ip4Address(0xc000_0200 + i), new MacAddress(0), R));
        }
        kit.until(kit.scheduler.now() + 100 * StackKit.SECOND);
        introduce();
        say(Ip4Packet.of(A, R, IpProtocol.ICMP4, echo(8)));
        assertTrue(packets().stream().anyMatch(packet -> packet.protocol() == IpProtocol.ICMP4));
    }
}
