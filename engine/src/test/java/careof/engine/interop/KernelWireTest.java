package careof.engine.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import careof.engine.wire.mobility.MobilityOption;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What our codecs write the Linux kernel reads, and the other way: Mobility Headers, home address option, routing header type 2. */
@Tag("interop")
@Timeout(180)
class KernelWireTest {

    private static final Ip6Address CARE_OF = Ip6Address.parse("fd01::c0a");
    private static final Ip6Address HOME = Ip6Address.parse("fd0f::1");
    private static final Ip6Address KERNEL = Ip6Address.parse("fd01::2");
    private static final MacAddress OUR_MAC = MacAddress.parse("02:00:00:00:00:01");

    private static UmlPeer peer;
    private static MacAddress kernelMac;

    @BeforeAll
    static void boot() throws IOException {
        peer = new UmlPeer();
        kernelMac = peer.macAddress();
        peer.run("ip addr add fd01::2/64 dev vec0 nodad; ip -6 route add default via fd01::c0a");
        peer.run("ip -6 neigh replace " + CARE_OF + " lladdr " + OUR_MAC + " dev vec0 nud permanent");
    }

    @AfterAll
    static void stop() {
        if (peer != null) peer.close();
    }

    @BeforeEach
    void forget() throws IOException {
        peer.run("ip xfrm state flush; ip xfrm policy flush; ip xfrm policy flush ptype sub");
    }

    /** A raw socket of the kernel passes on only Mobility Headers whose checksum is right, over the home address. */
    @Test
    void itReadsOurBindingUpdateWithItsHomeAddressOption() throws Exception {
        peer.run("ip xfrm state add src :: dst :: proto hao mode ro coa :: flag wildrecv"
                + " && ip xfrm policy add src ::/0 dst fd01::2 proto 135 dir in ptype sub tmpl src :: dst :: proto hao mode ro level use");
        var update = MobilityHeader.of(new MobilityMessage.BindingUpdate(77, true, true, false, false, 30,
                List.of(new MobilityOption.AlternateCareOfAddress(CARE_OF))));
        var octets = update.toOctets(HOME, KERNEL);
        listen();
        send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.MOBILITY, octets)
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME)))));
        assertEquals("MH fd0f::1 " + octets.toHex(), heard());
    }

    @Test
    void itReadsTheInitialMessagesOfReturnRoutability() throws Exception {
        for (var message : List.of(new MobilityMessage.HomeTestInit(0x0102030405060708L, List.of()),
                new MobilityMessage.CareOfTestInit(-2L, List.of()))) {
            var octets = MobilityHeader.of(message).toOctets(CARE_OF, KERNEL);
            listen();
            send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.MOBILITY, octets));
            assertEquals("MH fd01::c0a " + octets.toHex(), heard());
        }
    }

    /** Guards the two tests above: a wrong checksum must not be heard. */
    @Test
    void itDropsAMobilityHeaderWithAWrongChecksum() throws Exception {
        var octets = MobilityHeader.of(new MobilityMessage.CareOfTestInit(5, List.of())).toOctets(HOME, KERNEL);
        listen();
        send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.MOBILITY, octets));
        assertTrue(heard().contains("timed out"));
    }

    /** The kernel fills in the checksum of a Binding Acknowledgement and adds the routing header; our parser agrees with both. */
    @Test
    void weReadItsBindingAcknowledgementBehindRoutingHeaderType2() throws Exception {
        bind();
        var message = MobilityHeader.of(new MobilityMessage.BindingAcknowledgement(0, false, 77, 30, List.of()));
        peer.run("python3 -c 'import socket; s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,135); s.sendto(bytes.fromhex(\""
                + message.toOctetsWithoutChecksum().toHex() + "\"),(\"fd0f::1\",0))'");
        var packet = await(p -> p.protocol() == IpProtocol.MOBILITY);
        assertEquals(CARE_OF, packet.destination());
        assertEquals(Optional.of(new ExtensionHeader.Type2Routing(1, HOME)), packet.type2Routing());
        assertEquals(message, MobilityHeader.parse(packet.payload(), packet.source(), packet.finalDestination()));
    }

    @Test
    void aPingFromTheHomeAddressComesBackBehindRoutingHeaderType2() throws Exception {
        bind();
        var echo = new Icmp6Message.EchoRequest(9, 1, Octets.hex("00112233"));
        send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.ICMP6, echo.toOctets(HOME, KERNEL))
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME)))));
        var packet = await(p -> p.protocol() == IpProtocol.ICMP6 && p.type2Routing().isPresent());
        var reply = assertInstanceOf(Icmp6Message.EchoReply.class,
                Icmp6Message.parse(packet.payload(), packet.source(), packet.finalDestination()));
        assertEquals(echo.data(), reply.data());
        assertEquals(packet.toOctets(), Ip6Packet.parse(packet.toOctets()).toOctets());
    }

    /** Two fragments go in, the reply comes in fragments that join to the same octets. */
    @Test
    void fragmentsGoBothWays() throws Exception {
        var echo = new Icmp6Message.EchoRequest(9, 2, Octets.zeros(2000)).toOctets(CARE_OF, KERNEL);
        send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.ICMP6, echo.slice(0, 1024))
                .withExtensions(List.of(new ExtensionHeader.Fragment(0, true, 0xabcdef01L))));
        send(Ip6Packet.of(CARE_OF, KERNEL, IpProtocol.ICMP6, echo.from(1024))
                .withExtensions(List.of(new ExtensionHeader.Fragment(1024, false, 0xabcdef01L))));
        var joined = new byte[echo.length()];
        for (var rest = echo.length(); rest > 0; ) {
            var piece = await(p -> p.fragment().isPresent());
            piece.payload().copyTo(joined, piece.fragment().get().offset());
            rest -= piece.payload().length();
        }
        var reply = Icmp6Message.parse(Octets.wrap(joined), KERNEL, CARE_OF);
        assertEquals(new Icmp6Message.EchoReply(9, 2, Octets.zeros(2000)), reply);
    }

    /** Sets by hand what a correspondent's binding cache would put into the kernel. */
    private static void bind() throws IOException {
        var home = " src fd0f::1 dst fd01::2 ";
        var back = " src fd01::2 dst fd0f::1 ";
        peer.run("ip xfrm state add" + home + "proto hao mode ro coa fd01::c0a"
                + " && ip xfrm state add" + back + "proto route2 mode ro coa fd01::c0a"
                + " && ip xfrm policy add" + home + "dir in ptype sub tmpl" + home + "proto hao mode ro level use"
                + " && ip xfrm policy add" + back + "dir out ptype sub tmpl" + back + "proto route2 mode ro level required");
    }

    /** Opens a raw socket for Mobility Headers in the guest, which will write down the first that it hears within 3 s. */
    private static void listen() throws IOException {
        peer.run("rm -f /run/ready /run/heard; (python3 -c 'import socket; s=socket.socket(socket.AF_INET6,socket.SOCK_RAW,135);"
                + " s.settimeout(3); open(\"/run/ready\",\"w\").close(); d,a=s.recvfrom(2000); print(\"MH\",a[0],d.hex())'"
                + " > /run/hearing 2>&1; mv /run/hearing /run/heard) & while [ ! -e /run/ready ]; do sleep 0.05; done");
    }

    private static String heard() throws IOException {
        return peer.run("while [ ! -e /run/heard ]; do sleep 0.05; done; cat /run/heard").strip();
    }

    private static void send(Ip6Packet packet) throws IOException {
        var out = new OctetWriter();
        new Ethernet(kernelMac, OUR_MAC, Ethernet.IP6).emit(out);
        packet.emit(out);
        peer.link().send(out.toOctets());
    }

    private static Ip6Packet await(Predicate<Ip6Packet> wanted) throws IOException, Malformed {
        var deadline = System.nanoTime() + 5_000_000_000L;
        while (System.nanoTime() < deadline) {
            var frame = peer.link().receive(Duration.ofMillis(500));
            if (frame.isEmpty() || Ethernet.parse(new OctetReader(frame.get())).etherType() != Ethernet.IP6) continue;
            var packet = Ip6Packet.parse(frame.get().from(Ethernet.HEADER));
            if (wanted.test(packet)) return packet;
        }
        throw new AssertionError("the kernel sent no such packet within 5 s");
    }
}
