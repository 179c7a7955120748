package careof.engine.wire.icmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import careof.engine.wire.Scapy;
import careof.engine.wire.SecondChecksum;
import careof.engine.wire.icmp.Icmp6Message.*;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpWireTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");
    private static final Ip6Address C = Ip6Address.parse("2001:db8:4::4");
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    private static void same(String scapy, Icmp6Message message) throws Malformed {
        assertEquals(scapy, Ip6Packet.of(S, D, IpProtocol.ICMP6, message.toOctets(S, D)).toOctets().toHex());
        Ip6Packet packet = Ip6Packet.parse(Octets.hex(scapy));
        assertEquals(message, Icmp6Message.parse(packet.payload(), S, D));
    }

    @Test
    void messagesAreThoseOfScapy() throws Malformed {
        Octets abc = Octets.hex("616263");
        Octets invoking = Octets.hex("600000000008114020010db800020000000000000000000220010db8000400000000000000000004000100020008a45d");
        NdOption source = new NdOption.SourceLinkLayer(MAC);
        NdOption target = new NdOption.TargetLinkLayer(MAC);
        same(Scapy.ECHO, new EchoRequest(0x1234, 5, abc));
        same(Scapy.ECHO_REPLY, new EchoReply(0x1234, 5, abc));
        same(Scapy.UNREACH, new DestinationUnreachable(3, invoking));
        same(Scapy.TOO_BIG, new PacketTooBig(1280, invoking));
        same(Scapy.TIME, new TimeExceeded(1, invoking));
        same(Scapy.PARAM, new ParameterProblem(2, 42, invoking));
        same(Scapy.RS, new RouterSolicitation(List.of(source)));
        same(Scapy.RA, new RouterAdvertisement(64, true, true, true, 3, 1800, 30000, 1000, List.of(source, new NdOption.Mtu(1500),
                new NdOption.PrefixInformation(64, true, true, true, 86400, 14400, S), new NdOption.AdvertisementInterval(70),
                new NdOption.HomeAgentInformation(10, 1800))));
        same(Scapy.NS, new NeighbourSolicitation(D, List.of(source)));
        same(Scapy.NA, new NeighbourAdvertisement(true, true, true, D, List.of(target)));
        same(Scapy.REDIRECT, new Redirect(C, D, List.of(target, NdOption.RedirectedHeader.of(invoking, 1000))));
        same(Scapy.DHAAD_REQ, new HomeAgentDiscoveryRequest(0x77));
        same(Scapy.DHAAD_REP, new HomeAgentDiscoveryReply(0x77, List.of(S, C)));
        same(Scapy.MPS, new MobilePrefixSolicitation(0x88));
        same(Scapy.MPA, new MobilePrefixAdvertisement(0x88, true, true,
                List.of(new NdOption.PrefixInformation(64, true, true, false, 86400, 14400, S))));
        assertEquals(Scapy.IP4_PING.substring(40), new Icmp4Message.EchoRequest(3, 4, Octets.hex("68656c6c6f")).toOctets().toHex());
        assertEquals(Scapy.IP4_UNREACH.substring(40),
                new Icmp4Message.DestinationUnreachable(4, 1400, Octets.hex("68656c6c6f")).toOctets().toHex());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrittenIsReadAgainWithARightChecksum(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 3000; i++) {
            Ip6Address s = any.ip6();
            Ip6Address d = any.ip6();
            Icmp6Message message = any.icmp6(i % Arbitrary.ICMP6_KINDS);
            Octets octets = message.toOctets(s, d);
            assertTrue(SecondChecksum.right(s.octets(), d.octets(), IpProtocol.ICMP6, octets));
            assertEquals(message, Icmp6Message.parse(octets, s, d));
            Laws.writtenThenRead(any.ndOption(), NdOption::emit, NdOption::parse);
            Icmp4Message four = any.icmp4();
            assertTrue(SecondChecksum.sumsToZero(four.toOctets().toHex()));
            assertEquals(four, Icmp4Message.parse(four.toOctets()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void badOctetsAreMalformedOrStable(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int read = 0;
        for (int i = 0; i < 20000; i++) {
            Octets octets = i % 4 == 0 ? any.octets(4 + any.below(60)) : any.mutated(any.icmp6().toOctets(S, D));
            if (octets.length() >= 4 && i % 8 != 0) {
                OctetWriter right = new OctetWriter().octets(octets).patch16(2, 0);
                octets = right.patch16(2, Checksum.ip6(S, D, IpProtocol.ICMP6, right.toOctets())).toOctets();
            }
            read += Laws.malformedOrStable(octets, o -> Icmp6Message.parse(o, S, D), m -> m.toOctets(S, D)) ? 1 : 0;
            Octets four = any.mutated(any.icmp4().toOctets());
            if (four.length() >= 4) {
                OctetWriter right = new OctetWriter().octets(four).patch16(2, 0);
                four = right.patch16(2, Checksum.of(right.toOctets())).toOctets();
            }
            Laws.malformedOrStable(four, Icmp4Message::parse, Icmp4Message::toOctets);
        }
        assertTrue(read > 5000, "only " + read + " were readable: the property was hardly tested");
    }

    @Test
    void badMessagesAreNamed() {
        Octets advertisement = Octets.hex(Scapy.RA).from(40);
        assertEquals("ICMPv6 checksum",
                assertThrows(Malformed.class, () -> Icmp6Message.parse(advertisement, S, C)).getMessage());
        assertEquals("Neighbor Discovery option of length 0", why(Scapy.RA, 17, 0));
        assertEquals("Neighbor Discovery option 1 takes 8 octets, not 16", why(Scapy.RA, 17, 2));
        assertEquals("Neighbor Discovery option 8 runs 8 octets past the message", why(Scapy.RA, 73, 2));
        assertEquals("Neighbor Discovery message of type 135 with code 1", why(Scapy.NS, 1, 1));
    }

    private static String why(String scapy, int at, int value) {
        OctetWriter changed = new OctetWriter().octets(Octets.hex(scapy).from(40)).patch8(at, value).patch16(2, 0);
        changed.patch16(2, Checksum.ip6(S, D, IpProtocol.ICMP6, changed.toOctets()));
        return assertThrows(Malformed.class, () -> Icmp6Message.parse(changed.toOctets(), S, D)).getMessage();
    }

    @Test
    void aRedirectedHeaderIsCutToWholeUnits() {
        assertEquals(40, NdOption.RedirectedHeader.of(Octets.zeros(47), 1000).packet().length());
        assertEquals(32, NdOption.RedirectedHeader.of(Octets.zeros(470), 47).packet().length());
        assertEquals(2032, NdOption.RedirectedHeader.of(Octets.zeros(4000), 4000).packet().length());
        assertEquals(0, NdOption.RedirectedHeader.of(Octets.zeros(4000), 3).packet().length());
    }
}
