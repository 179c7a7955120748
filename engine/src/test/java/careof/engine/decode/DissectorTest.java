package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.traffic.FlowHeader;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Scapy;
import careof.engine.wire.icmp.Icmp6Message;
import careof.engine.wire.ip.Ethernet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DissectorTest {
    private static final Ip6Address S = Ip6Address.parse("2001:db8:1::1");
    private static final Ip6Address D = Ip6Address.parse("2001:db8:2::2");

    private static Field ip(String scapy) {
        return Dissector.dissect(Octets.hex(scapy), LinkType.RAW_IP);
    }

    private static List<Field> all(Field tree, String abbreviation) {
        List<Field> found = new ArrayList<>();
        tree.walk(f -> {
            if (f.abbreviation().equals(abbreviation)) {
                found.add(f);
            }
        });
        return found;
    }

    /** What is wrong, but for quoted packets: those that the generator makes are arbitrary octets. */
    private static List<String> errors(Field tree) {
        List<String> errors = new ArrayList<>();
        if (tree.error()) {
            errors.add(tree.start() + " " + tree.name() + ": " + tree.value());
        }
        tree.children().stream().filter(f -> !f.abbreviation().equals("icmp.quoted")).forEach(f -> errors.addAll(errors(f)));
        return errors;
    }

    private static String value(Field tree, String abbreviation) {
        List<Field> found = all(tree, abbreviation);
        assertEquals(1, found.size(), abbreviation);
        return found.getFirst().bareValue();
    }

    @Test
    void everyPacketOfScapyIsGood() throws IllegalAccessException {
        int packets = 0;
        for (var constant : Scapy.class.getFields()) {
            if (Modifier.isStatic(constant.getModifiers()) && !constant.getName().equals("ARP")) {
                Octets octets = Octets.hex((String) constant.get(null));
                Field tree = Dissector.dissect(octets, LinkType.RAW_IP);
                assertFalse(tree.anyError(), constant.getName() + " " + errors(tree));
                sound(tree);
                packets++;
            }
        }
        assertTrue(packets > 30);
    }

    @Test
    void fieldsHaveNamesValuesAndRanges() {
        Field tree = ip(Scapy.BU_HAO);
        assertEquals("2001:db8:3::3", value(tree, "ipv6.opt.mipv6.home_address"));
        assertEquals("16962", value(tree, "mip6.bu.seqnr"));
        assertEquals("1", value(tree, "mip6.bu.h_flag"));
        assertEquals("0", value(tree, "mip6.bu.k_flag"));
        assertEquals("3 (12 s)", all(tree, "mip6.bu.lifetime").getFirst().value());
        assertEquals("2001:db8:4::4", value(tree, "mip6.acoa.acoa"));
        assertEquals("good", value(tree, "mip6.checksum.status"));
        assertEquals("58", value(ip(Scapy.RA), "ipv6.nxt"));
        assertEquals("1", value(ip(Scapy.RA), "icmpv6.nd.ra.flag.h"));
        assertEquals("1", value(ip(Scapy.RA), "icmpv6.opt.prefix.flag.r"));
        assertEquals("1800 s", all(ip(Scapy.RA), "icmpv6.opt.home_agent_lifetime").getFirst().value());
        Field home = all(tree, "ipv6.opt.mipv6.home_address").getFirst();
        assertEquals(48, home.start());
        assertEquals(64, home.end());
        assertEquals(home, tree.at(50));
        assertEquals("mip6.mhtype", tree.at(66).abbreviation());
        assertEquals(2, all(ip(Scapy.TUNNEL), "ipv6.src").size());
        assertEquals("24", value(ip(Scapy.FRAG), "ipv6.fraghdr.offset"));
        assertEquals("good", value(ip(Scapy.UNREACH), "udp.checksum.status"));
        assertEquals("unverified", value(ip(Scapy.RH0), "udp.checksum.status"));
    }

    @Test
    void aWrongChecksumIsSaidWithTheRightOne() {
        for (String[] one : new String[][] {{Scapy.UDP, "udp", "46"}, {Scapy.BU, "mip6", "44"}, {Scapy.NS, "icmpv6", "42"},
                {Scapy.TCP6, "tcp", "56"}}) {
            int at = Integer.parseInt(one[2]);
            Octets right = Octets.hex(one[0]);
            Octets wrong = new OctetWriter().octets(right).patch16(at, right.u16(at) ^ 0x1234).toOctets();
            Field verdict = all(Dissector.dissect(wrong, LinkType.RAW_IP), one[1] + ".checksum.status").getFirst();
            assertTrue(verdict.error());
            assertEquals(String.format("bad (should be 0x%04x)", right.u16(at)), verdict.value());
        }
    }

    @Test
    void malformedOctetsEndTheTreeWithAReason() {
        Field cut = Dissector.dissect(Octets.hex(Scapy.BU).slice(0, 70), LinkType.RAW_IP);
        assertEquals("payload length is 32, 30 octets are there", all(cut, "_ws.malformed").getFirst().value());
        Octets option = new OctetWriter().octets(Octets.hex(Scapy.NS)).patch8(65, 0).toOctets();
        Field zero = Dissector.dissect(option, LinkType.RAW_IP);
        assertEquals("Neighbor Discovery option of length 0", all(zero, "_ws.malformed").getFirst().value());
        assertEquals(1, all(zero, "icmpv6.nd.ns.target_address").size());
    }

    @Test
    void quotedPacketsMayEndAnywhere() {
        for (int length = 0; length < 60; length++) {
            Octets quoted = Octets.hex(Scapy.BU_HAO).slice(0, length);
            Octets error = new Icmp6Message.TimeExceeded(0, quoted).toOctets(S, D);
            Octets packet = Ip6Packet.of(S, D, IpProtocol.ICMP6, error).toOctets();
            Field tree = Dissector.dissect(packet, LinkType.RAW_IP);
            assertFalse(tree.anyError(), "quoted " + length + " octets");
            sound(tree);
        }
    }

    @Test
    void tunnelsWithoutEndAreCut() {
        Octets packet = Octets.hex(Scapy.UDP);
        for (int i = 0; i < 100; i++) {
            packet = Ip6Packet.of(S, D, IpProtocol.IP6, packet).toOctets();
        }
        Field tree = Dissector.dissect(packet, LinkType.RAW_IP);
        assertEquals("more than 8 packets inside each other", all(tree, "_ws.malformed").getFirst().value());
        assertEquals(9, all(tree, "ipv6.src").size());
        assertEquals("malformed", Summary.of(packet, LinkType.RAW_IP).shortName());
    }

    /** Ranges lie within their octets and within their parents of the same octets. */
    static void sound(Field field) {
        assertTrue(0 <= field.start() && field.start() <= field.end() && field.end() <= field.octets().length(), field::toString);
        for (Field child : field.children()) {
            assertTrue(child.octets() != field.octets() || field.start() <= child.start() && child.end() <= field.end(),
                    () -> child.name() + " " + child.start() + ".." + child.end() + " is not within " + field.name() + " "
                            + field.start() + ".." + field.end());
            sound(child);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatTheRecordsReadTheDissectorReads(long seed) {
        Arbitrary any = new Arbitrary(seed);
        for (int i = 0; i < 3000; i++) {
            Octets packet = any.talking(2).toOctets();
            Field tree = Dissector.dissect(packet, LinkType.RAW_IP);
            assertEquals(List.of(), errors(tree), packet::toString);
            sound(tree);
            assertFalse(Summary.of(packet, LinkType.RAW_IP).info().contains("malformed"), packet::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatTheRecordsRefuseTheDissectorMarks(long seed) {
        Arbitrary any = new Arbitrary(seed);
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            Octets packet = any.mutated(Ip6Packet.of(S, D, IpProtocol.MOBILITY, any.mobility().toOctets(S, D)).toOctets());
            boolean good;
            try {
                Ip6Packet read = Ip6Packet.parse(packet);
                if (read.protocol() == IpProtocol.MOBILITY && read.fragment().isEmpty()) {
                    MobilityHeader.parse(read.payload(), read.originalSource(), read.finalDestination());
                }
                good = true;
            } catch (Malformed e) {
                good = false;
                refused++;
            }
            Field tree = Dissector.dissect(packet, LinkType.RAW_IP);
            if (!good) {
                assertTrue(tree.anyError(), packet::toString);
            }
        }
        assertTrue(refused > 1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nothingIsEverThrown(long seed) {
        Arbitrary any = new Arbitrary(seed);
        LinkType[] links = LinkType.values();
        for (int i = 0; i < 250_000; ) {
            OctetWriter out = new OctetWriter();
            LinkType link = any.below(4) > 0 ? LinkType.ETHERNET : links[any.below(links.length)];
            if (link == LinkType.ETHERNET) {
                new Ethernet(any.mac(), any.mac(), any.below(8) == 0 ? Ethernet.IP4 : Ethernet.IP6).emit(out);
            }
            Octets frame = out.octets(any.below(10) == 0 ? any.octets(any.below(100)) : any.talking(3).toOctets()).toOctets();
            for (int mutation = 0; mutation < 20; mutation++, i++) {
                Octets mutated = any.mutated(frame);
                sound(Dissector.dissect(mutated, link));
                Summary.of(mutated, link);
            }
        }
    }

    private static void is(String scapy, String shortName, Kind kind, int rings, boolean option, boolean routing) {
        PacketSummary summary = Summary.of(Octets.hex(scapy), LinkType.RAW_IP);
        assertEquals(List.of(shortName, kind, rings, option, routing), List.of(summary.shortName(), summary.kind(), summary.rings(),
                summary.homeAddressOption(), summary.routingHeader()));
    }

    @Test
    void summariesSayWhatAPacketIs() {
        is(Scapy.BU_HAO, "BU", Kind.MOBILITY, 0, true, false);
        is(Scapy.BA_RH2, "BA", Kind.MOBILITY, 0, false, true);
        is(Scapy.HOTI, "HoTI", Kind.MOBILITY, 0, false, false);
        is(Scapy.NS, "NS", Kind.NEIGHBOUR_DISCOVERY, 0, false, false);
        is(Scapy.RA, "RA", Kind.NEIGHBOUR_DISCOVERY, 0, false, false);
        is(Scapy.ECHO, "ping 5", Kind.DATA, 0, false, false);
        is(Scapy.UNREACH, "unreachable", Kind.ICMP_ERROR, 0, false, false);
        is(Scapy.TUNNEL, "UDP", Kind.DATA, 1, false, false);
        is(Scapy.DHAAD_REP, "DHAAD", Kind.MOBILITY, 0, false, false);
        is(Scapy.FRAG, "fragment", Kind.DATA, 0, false, false);
        is(Scapy.IP4_PING, "ping 4", Kind.DATA, 0, false, false);
        Octets test = MobilityHeader.of(new MobilityMessage.HomeTestInit(1, List.of())).toOctets(S, D);
        Octets inner = Ip6Packet.of(S, D, IpProtocol.MOBILITY, test).toOctets();
        PacketSummary tunnelled = Summary.of(Ip6Packet.of(D, S, IpProtocol.IP6, inner).toOctets(), LinkType.RAW_IP);
        assertEquals(Kind.MOBILITY, tunnelled.kind());
        assertEquals(1, tunnelled.rings());
        assertEquals(D.toString(), tunnelled.source());
        assertEquals("Home Test Init, inner 2001:db8:1::1 → 2001:db8:2::2", tunnelled.info());
        assertEquals("Binding Update [A H] seq=16962 lifetime=12 s care-of 2001:db8:4::4",
                Summary.of(Octets.hex(Scapy.BU), LinkType.RAW_IP).info());
    }

    @Test
    void ourOwnTrafficShowsItsSequence() {
        Octets datagram = new Udp(7, 8, new FlowHeader(17, 1_500_000_000L).data(100)).toOctets(S, D);
        Octets packet = Ip6Packet.of(S, D, IpProtocol.UDP, datagram).toOctets();
        assertEquals("data 17", Summary.of(packet, LinkType.RAW_IP).shortName());
        Field tree = Dissector.dissect(packet, LinkType.RAW_IP);
        assertEquals("17", value(tree, "careof.seq"));
        assertEquals("1500000000 ns", all(tree, "careof.sent").getFirst().value());
    }

    @Test
    void linkTypesHaveTheirNumbers() {
        assertEquals(LinkType.ETHERNET, LinkType.of(1));
        assertEquals(LinkType.RAW_IP, LinkType.of(12));
        assertEquals(LinkType.UNKNOWN, LinkType.of(4711));
        Field cooked = Dissector.dissect(new OctetWriter().u16(0).u16(1).u16(6).zeros(8).u16(Ethernet.IP6)
                .octets(Octets.hex(Scapy.BU)).toOctets(), LinkType.LINUX_SLL);
        assertEquals("5", value(cooked, "mip6.mhtype"));
    }
}
