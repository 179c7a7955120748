package careof.engine.wire.ip;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Checksum;
import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.MacAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import careof.engine.wire.Scapy;
import careof.engine.wire.SecondChecksum;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpWireTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");
    private static final Ip6Address H = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address C = Ip6Address.parse("2001:db8:4::4");
    private static final Udp HELLO = new Udp(1000, 2000, Octets.hex("68656c6c6f"));

    private static void same(String scapy, Ip6Packet packet) throws Malformed {
        assertEquals(scapy, packet.toOctets().toHex());
        assertEquals(packet, Ip6Packet.parse(Octets.hex(scapy)));
    }

    @Test
    void packetsAreThoseOfScapy() throws Malformed {
        same(Scapy.UDP, Ip6Packet.of(S, D, IpProtocol.UDP, HELLO.toOctets(S, D)));
        same(Scapy.HAO_UDP, Ip6Packet.of(S, D, IpProtocol.UDP, HELLO.toOctets(H, D))
                .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(H)))));
        same(Scapy.RH2_UDP, Ip6Packet.of(S, D, IpProtocol.UDP, HELLO.toOctets(S, H))
                .withExtensions(List.of(new ExtensionHeader.Type2Routing(1, H))));
        same(Scapy.RH0, Ip6Packet.of(S, D, IpProtocol.UDP, HELLO.toOctets(S, C)).withExtensions(List.of(
                new ExtensionHeader.UnknownRouting(0, 2, new OctetWriter().zeros(4).address(H).address(C).toOctets()))));
        same(Scapy.FRAG, Ip6Packet.of(S, D, IpProtocol.UDP, Octets.hex("000102030405060708090a0b0c0d0e0f"))
                .withExtensions(List.of(new ExtensionHeader.Fragment(24, true, 0xdeadbeefL))));
        Ip6Packet inner = Ip6Packet.of(S, H, IpProtocol.UDP, new Udp(1, 2, Octets.hex("78")).toOctets(S, H));
        same(Scapy.TUNNEL, Ip6Packet.of(C, D, IpProtocol.IP6, inner.toOctets()));
        Ip6Packet alert = Ip6Packet.parse(Octets.hex(Scapy.HBH_RA));
        assertEquals(List.of(ExtensionHeader.HopByHop.of(new Ip6Option.RouterAlert(0))), alert.extensions());
        same(Scapy.TCP6, Ip6Packet.of(S, D, IpProtocol.TCP,
                new TcpHeader(80, 81, 0x11223344, 0x55667788, TcpHeader.SYN | TcpHeader.ACK, 1000, 0, 0, Octets.hex("020405a0"))
                        .segment(Octets.hex("6461746121"), S, D)));
    }

    @Test
    void checksumsWithHomeAddressAndRoutingUseTheHomeAddress() throws Malformed {
        Ip6Packet hao = Ip6Packet.parse(Octets.hex(Scapy.HAO_UDP));
        assertEquals(H, hao.originalSource());
        assertEquals(HELLO, Udp.parse(hao.payload(), hao.originalSource(), hao.finalDestination()));
        assertThrows(Malformed.class, () -> Udp.parse(hao.payload(), hao.source(), hao.destination()));
        Ip6Packet routed = Ip6Packet.parse(Octets.hex(Scapy.RH2_UDP));
        assertEquals(H, routed.finalDestination());
        assertEquals(HELLO, Udp.parse(routed.payload(), routed.originalSource(), routed.finalDestination()));
        Ip6Packet arrived = routed.withHeader(routed.header().withDestination(H))
                .withExtensions(List.of(new ExtensionHeader.Type2Routing(0, D)));
        assertEquals(HELLO, Udp.parse(arrived.payload(), arrived.originalSource(), arrived.finalDestination()));
    }

    @Test
    void ip4AndArpAreThoseOfScapy() throws Malformed {
        Ip4Address a = Ip4Address.parse("192.0.2.1");
        Ip4Address b = Ip4Address.parse("192.0.2.2");
        Ip4Header header = new Ip4Header(4, 33, 0x99, true, false, 0, 63, IpProtocol.UDP, a, b, Octets.EMPTY);
        OctetWriter out = new OctetWriter(1);
        header.emit(out);
        assertEquals(Scapy.IP4_UDP, out.octets(HELLO.toOctets(a, b)).toOctets().toHex());
        Arp arp = new Arp(Arp.REQUEST, MacAddress.parse("02:00:00:00:00:01"), a, new MacAddress(0), b);
        OctetWriter wire = new OctetWriter(1);
        arp.emit(wire);
        assertEquals(Scapy.ARP, wire.toOctets().toHex());
        assertThrows(Malformed.class, () -> Arp.parse(new OctetReader(Octets.hex(Scapy.ARP.replaceFirst("0001", "0002")))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsWrittenIsReadAgain(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 2000; i++) {
            Laws.writtenThenRead(any.ethernet(), Ethernet::emit, Ethernet::parse);
            Laws.writtenThenRead(any.arp(), Arp::emit, Arp::parse);
            Laws.writtenThenRead(any.ip6Header(), Ip6Header::emit, Ip6Header::parse);
            Laws.writtenThenRead(any.ip4Header(0), Ip4Header::emit, Ip4Header::parse);
            Laws.writtenThenRead(any.tcp(), TcpHeader::emit, TcpHeader::parse);
            Laws.writtenThenRead(any.ip6Option(), Ip6Option::emit, Ip6Option::parse);
            Laws.writtenThenRead(any.ip6Packet(), Ip6Packet::emit, in -> Ip6Packet.parse(in.rest()));
            ExtensionHeader extension = any.extension(true);
            Laws.writtenThenRead(extension, (e, out) -> e.emit(out, 17), in -> ExtensionHeader.parse(extension.protocol(), in));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void checksumsAreRightByASecondComputation(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 500; i++) {
            Ip6Address s = any.ip6();
            Ip6Address d = any.ip6();
            Udp udp = any.udp();
            Octets datagram = udp.toOctets(s, d);
            assertTrue(SecondChecksum.right(s.octets(), d.octets(), IpProtocol.UDP, datagram));
            assertEquals(udp, Udp.parse(datagram, s, d));
            Octets segment = any.tcp().segment(any.octets(any.below(50)), s, d);
            assertTrue(SecondChecksum.right(s.octets(), d.octets(), IpProtocol.TCP, segment));
            assertTrue(TcpHeader.verify(segment, s, d));
            Ip4Header header = any.ip4Header(0);
            OctetWriter out = new OctetWriter(1);
            header.emit(out);
            assertTrue(SecondChecksum.sumsToZero(out.toOctets().toHex()));
            Octets ip4 = udp.toOctets(header.source(), header.destination());
            assertEquals(udp, Udp.parse(ip4, header.source(), header.destination()));
        }
    }

    @Test
    void aUdpSumOfZeroIsSentAsAllOnes() throws Malformed {
        Octets zero = new Udp(1, 2, Octets.zeros(2)).toOctets(S, D);
        Octets data = new OctetWriter().u16(zero.u16(6)).toOctets();
        Octets datagram = new Udp(1, 2, data).toOctets(S, D);
        assertEquals(0xffff, datagram.u16(6));
        assertEquals(data, Udp.parse(datagram, S, D).data());
        Octets absent = new OctetWriter().octets(zero).patch16(6, 0).toOctets();
        assertEquals("UDP without a checksum in IPv6", assertThrows(Malformed.class, () -> Udp.parse(absent, S, D)).getMessage());
        assertEquals(Octets.zeros(2), Udp.parse(absent, Ip4Address.ANY, Ip4Address.BROADCAST).data());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void badOctetsAreMalformedOrStable(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int read = 0;
        for (int i = 0; i < 20000; i++) {
            Octets packet = i % 4 == 0 ? any.octets(any.below(120)) : any.mutated(any.ip6Packet().toOctets());
            read += Laws.malformedOrStable(packet, Ip6Packet::parse, Ip6Packet::toOctets) ? 1 : 0;
            Octets random = any.octets(any.below(60));
            Laws.malformedOrStable(random, o -> Ip4Header.parse(new OctetReader(o)), h -> {
                OctetWriter out = new OctetWriter(1);
                h.emit(out);
                return out.zeros(h.payloadLength()).toOctets();
            });
            Laws.malformedOrStable(random, o -> TcpHeader.parse(new OctetReader(o)), h -> {
                OctetWriter out = new OctetWriter(1);
                h.emit(out);
                return out.toOctets();
            });
            assertDoesNotThrow(() -> {
                try {
                    Udp.parse(random, S, D);
                } catch (Malformed expected) {
                    assertFalse(expected.getMessage().isEmpty());
                }
            });
        }
        assertTrue(read > 5000, "only " + read + " were readable: the property was hardly tested");
    }

    @Test
    void chainsAreBoundedAndOrdered() {
        ExtensionHeader empty = ExtensionHeader.DestinationOptions.of();
        Octets deep = Ip6Packet.of(S, D, IpProtocol.NONE, Octets.EMPTY)
                .withExtensions(java.util.Collections.nCopies(16, empty)).toOctets();
        OctetWriter longer = new OctetWriter().octets(deep.slice(0, 40)).octets(Octets.hex("3c00010400000000")).octets(deep.from(40))
                .patch16(4, 17 * 8);
        assertDoesNotThrow(() -> Ip6Packet.parse(deep));
        refused("more than 16 extension headers", longer.toOctets());
        refused("Hop-by-Hop Options are not the first extension header",
                Octets.hex(Scapy.UDP.substring(0, 8) + "00103c40" + Scapy.UDP.substring(16, 80) + "00000104000000003b00010400000000"));
        Octets home = Octets.hex(Scapy.HAO_UDP);
        OctetWriter twice = new OctetWriter().octets(home.slice(0, 64)).octets(home.slice(40, 64)).octets(home.from(64));
        refused("more than one Home Address option",
                twice.patch16(4, home.u16(4) + 24).patch8(40, IpProtocol.DESTINATION_OPTIONS).toOctets());
        refused("payload length is 13, 12 octets are there", Octets.hex(Scapy.UDP).slice(0, 52));
        refused("routing header type 2 takes 24 octets, not 40",
                Octets.hex(Scapy.RH0.replace("1104000200000000", "1104020200000000")));
        refused("Home Address option has length 15, not 16", Octets.hex(Scapy.HAO_UDP.replace("c910", "c90f")));
        refused("option of type 1 runs 13 octets past its header", Octets.hex(Scapy.UDP.substring(0, 8) + "00083c40"
                + Scapy.UDP.substring(16, 80) + "3b00011100000000"));
    }

    private static void refused(String why, Octets packet) {
        assertEquals(why, assertThrows(Malformed.class, () -> Ip6Packet.parse(packet)).getMessage());
    }

    @Test
    void etherPaddingIsIgnored() throws Malformed {
        Octets padded = new OctetWriter().octets(Octets.hex(Scapy.UDP)).zeros(7).toOctets();
        assertEquals(Ip6Packet.parse(Octets.hex(Scapy.UDP)), Ip6Packet.parse(padded));
    }

    @Test
    void optionsAreAlignedByPadding() {
        for (int before = 0; before < 8; before++) {
            List<Ip6Option> options = Ip6Option.padded(List.of(new Ip6Option.Unknown(0x1e, Octets.zeros(before)),
                    new Ip6Option.HomeAddress(H), new Ip6Option.RouterAlert(0)));
            int at = 2;
            for (Ip6Option option : options) {
                assertTrue(!(option instanceof Ip6Option.HomeAddress) || at % 8 == 6, "Home Address at " + at);
                assertTrue(!(option instanceof Ip6Option.RouterAlert) || at % 2 == 0, "Router Alert at " + at);
                at += option.size();
            }
            assertEquals(0, at % 8);
        }
    }

    @Test
    void unknownOptionsTellWhatToDo() {
        assertEquals(UnknownAction.SKIP, new Ip6Option.Unknown(0x1e, Octets.EMPTY).action());
        assertEquals(UnknownAction.DISCARD, new Ip6Option.Unknown(0x5e, Octets.EMPTY).action());
        assertEquals(UnknownAction.DISCARD_REPORT, new Ip6Option.Unknown(0x9e, Octets.EMPTY).action());
        assertEquals(UnknownAction.DISCARD_REPORT_UNLESS_MULTICAST, new Ip6Option.Unknown(0xde, Octets.EMPTY).action());
    }

    @Test
    void aWrongIp4HeaderChecksumIsNamed() {
        Octets wrong = Octets.hex(Scapy.IP4_UDP.replaceFirst("3f11", "3e11"));
        assertEquals("header checksum", assertThrows(Malformed.class, () -> Ip4Header.parse(new OctetReader(wrong))).getMessage());
        assertEquals(0, Checksum.of(Octets.hex(Scapy.IP4_UDP).slice(0, 20)));
    }
}
