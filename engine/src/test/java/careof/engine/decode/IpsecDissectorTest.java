package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.decode.PacketSummary.Wrap;
import careof.engine.ipsec.AhTransform;
import careof.engine.ipsec.EspTransform;
import careof.engine.ipsec.Sas;
import careof.engine.query.FieldSource;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.State;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.UdpEncapsulation;
import careof.engine.wire.mobility.MobilityHeader;
import careof.engine.wire.mobility.MobilityMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpsecDissectorTest {
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:4::4");
    private static final Ip6Address AGENT = Ip6Address.parse("2001:db8:2::2");
    private static final Ip4Address FOUR = Ip4Address.parse("192.0.2.1");
    private static final Ip4Address TWO = Ip4Address.parse("192.0.2.2");
    private static final Sa GCM = Sas.esp(0x1001, Encryption.AES_GCM, Octets.hex("11".repeat(20)), Authentication.NULL, Octets.EMPTY, false);
    private static final Sa CBC = Sas.esp(0x1002, Encryption.AES_CBC, Octets.hex("22".repeat(16)), Authentication.HMAC_SHA1_96, Octets.hex("23".repeat(20)),
            true);
    private static final Sa AH = Sas.ah(0x1003, Authentication.HMAC_SHA256_128, Octets.hex("33".repeat(32)), false);
    private static final Octets UPDATE = MobilityHeader.of(new MobilityMessage.BindingUpdate(7, true, true, false, false, 10, List.of()))
            .toOctets(HOME, AGENT);
    private static final Ip6Packet BARE = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.MOBILITY, UPDATE)
            .withExtensions(List.of(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME))));

    private static KnownSas known(State... rows) {
        KnownSas sas = new KnownSas();
        for (State row : rows) {
            sas.accept(new TraceEvent.Changed(1, 0, "ha", 0, 0, 0, Optional.empty(), Optional.of(row), Reason.CONFIGURED, List.of()));
        }
        return sas;
    }

    private static Sa with(Sa sa, int id) {
        return new Sa(id, sa.spi(), sa.protocol(), sa.mode(), sa.source(), sa.destination(), sa.selector(), sa.encryption(), sa.encryptionKey(),
                sa.authentication(), sa.authenticationKey(), sa.extendedSequence(), sa.replayWindow(), sa.requestId(), sa.lifetimes(), sa.udp(), sa.phase(), 0);
    }

    private static IpPacket esp(Sa sa, IpPacket packet, long sequence) {
        return packet.withPayload(IpProtocol.ESP, new EspTransform(sa).seal(packet.protocol(), packet.payload(), 0, sequence, n -> n));
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

    private static String value(Field tree, String abbreviation) {
        List<Field> found = all(tree, abbreviation);
        assertEquals(1, found.size(), abbreviation);
        return found.getFirst().value();
    }

    private static Field tree(IpPacket packet, Opener opener) {
        Field tree = Dissector.dissect(packet.toOctets(), LinkType.RAW_IP, opener);
        DissectorTest.sound(tree);
        return tree;
    }

    private static PacketSummary line(IpPacket packet, Opener opener) {
        return Summary.of(packet.toOctets(), LinkType.RAW_IP, opener);
    }

    @Test
    void espWithoutAKeyShowsWhatItShows() {
        Field tree = tree(esp(GCM, BARE, 5), Opener.NONE);
        assertEquals("0x00001001", value(tree, "esp.spi"));
        assertEquals("5", value(tree, "esp.sequence"));
        assertEquals(List.of(), all(tree, "mip6"));
        assertFalse(tree.anyError());
        PacketSummary line = line(esp(GCM, BARE, 5), Opener.NONE);
        assertEquals(List.of("ESP", "ESP", Kind.OTHER, List.of(Wrap.ESP)), List.of(line.label(), line.shortName(), line.kind(), line.wraps()));
        assertTrue(line.homeAddressOption());
    }

    @Test
    void espWithItsKeyShowsTheLayersBeneathInOctetsOfTheirOwn() {
        KnownSas sas = known(GCM);
        IpPacket packet = esp(GCM, BARE, 5);
        Field tree = tree(packet, sas);
        assertFalse(tree.anyError());
        assertEquals("1 (good)", value(tree, "esp.icv_good"));
        assertEquals("7", value(tree, "mip6.bu.seqnr"));
        assertEquals("good", value(tree, "mip6.checksum.status"));
        assertEquals("135 (Mobility Header)", value(tree, "esp.protocol"));
        Field decrypted = all(tree, "esp.decrypted_data").getFirst();
        assertEquals(UPDATE, decrypted.octets().slice(decrypted.start(), decrypted.start() + UPDATE.length()));
        Field sequence = all(tree, "mip6.bu.seqnr").getFirst();
        assertEquals(7, sequence.octets().u16(sequence.start()));
        assertEquals(sequence, decrypted.at(sequence.start()));
        assertEquals("esp.encrypted_data", tree.at(packet.length() - 20).abbreviation(), "the frame's own octets lead to its own fields");
        PacketSummary line = line(packet, sas);
        assertEquals(List.of("ESP (BU)", "BU", "MIPv6", Kind.MOBILITY, 0), List.of(line.label(), line.shortName(), line.protocol(), line.kind(), line.rings()));
    }

    @Test
    void aWrongIcvIsSaidAndNothingIsDecrypted() {
        byte[] octets = esp(GCM, BARE, 5).toOctets().toArray();
        octets[octets.length - 1] ^= 1;
        Field tree = Dissector.dissect(Octets.wrap(octets), LinkType.RAW_IP, known(GCM));
        assertEquals("1 (bad)", value(tree, "esp.icv_bad"));
        assertEquals(List.of(), all(tree, "esp.decrypted_data"));
        assertTrue(Summary.of(Octets.wrap(octets), LinkType.RAW_IP, known(GCM)).info().endsWith("ICV wrong"));
    }

    @Test
    void ofSeveralSasWithOneSpiTheIcvTellsWhose() {
        Sa other = new Sa(9, GCM.spi(), GCM.protocol(), GCM.mode(), GCM.source(), GCM.destination(), GCM.selector(), GCM.encryption(),
                Octets.hex("44".repeat(20)), GCM.authentication(), Octets.EMPTY, false, 64, 0, GCM.lifetimes(), GCM.udp(), GCM.phase(), 0);
        for (KnownSas sas : List.of(known(GCM, other), known(other, GCM))) {
            assertEquals("7", value(tree(esp(GCM, BARE, 5), sas), "mip6.bu.seqnr"));
            assertEquals("7", value(tree(esp(other, BARE, 5), sas), "mip6.bu.seqnr"));
        }
        Sa rekeyed = with(other, GCM.id());
        assertEquals("7", value(tree(esp(GCM, BARE, 5), known(GCM, rekeyed)), "mip6.bu.seqnr"), "an old key is still known");
    }

    @Test
    void anExtendedSequenceNumberIsFoundNearTheOneInUse() {
        KnownSas sas = known(CBC, new SaUse(CBC.id(), 0x5_ffff_fff0L, 1, 1, 1, 0));
        Field tree = tree(esp(CBC, BARE, 0x6_0000_0003L), sas);
        assertEquals(Long.toString(0x6_0000_0003L), value(tree, "sa.sequence"));
        assertEquals("7", value(tree, "mip6.bu.seqnr"));
        assertEquals("7", value(tree(esp(CBC, BARE, 9), known(CBC)), "mip6.bu.seqnr"));
    }

    @Test
    void theReplayWindowIsTold() {
        KnownSas sas = known(GCM, new SaUse(GCM.id(), 100, 0b101, 2, 2, 0));
        assertEquals("2 left of the highest, 100, came (window of 64 at ha)", value(tree(esp(GCM, BARE, 98), sas), "sa.window"));
        assertEquals("1 left of the highest, 100, did not come (window of 64 at ha)", value(tree(esp(GCM, BARE, 99), sas), "sa.window"));
        assertEquals("the highest, came (window of 64 at ha)", value(tree(esp(GCM, BARE, 100), sas), "sa.window"));
        assertEquals("right of the highest, 100 (window of 64 at ha)", value(tree(esp(GCM, BARE, 101), sas), "sa.window"));
        assertEquals("64 left of the highest, 100: out of the window (window of 64 at ha)", value(tree(esp(GCM, BARE, 36), sas), "sa.window"));
    }

    @Test
    void ahIsJudgedInItsFinalForm() {
        IpPacket sealed = new AhTransform(AH).seal(BARE, 3);
        Field tree = tree(sealed, known(AH));
        assertEquals("good", value(tree, "ah.icv.status"));
        assertEquals("3", value(tree, "ah.sequence"));
        assertEquals("7", value(tree, "mip6.bu.seqnr"));
        Ip6Packet elsewhere = ((Ip6Packet) sealed).withHeader(((Ip6Packet) sealed).header().withSource(AGENT));
        assertEquals("bad", value(tree(elsewhere, known(AH)), "ah.icv.status"));
        assertTrue(value(tree(sealed, Opener.NONE), "ah.icv.status").startsWith("unverified"));
        assertEquals("AH (BU)", line(sealed, Opener.NONE).label());
        assertEquals("good", value(tree(new AhTransform(AH).seal(Ip4Packet.of(FOUR, TWO, IpProtocol.UDP, new Udp(1, 2, Octets.EMPTY).toOctets(FOUR, TWO)), 3),
                known(AH)), "ah.icv.status"));
    }

    @Test
    void protectionInProtectionInATunnel() {
        Ip6Packet inner = Ip6Packet.of(HOME, AGENT, IpProtocol.MOBILITY, UPDATE);
        IpPacket sealed = esp(GCM, new AhTransform(AH).seal(esp(CBC, inner, 1), 1), 1);
        Ip6Packet outer = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.IP6, sealed.toOctets());
        KnownSas sas = known(GCM, with(CBC, 2), with(AH, 3));
        Field tree = tree(outer, sas);
        assertEquals("7", value(tree, "mip6.bu.seqnr"));
        assertEquals("good", value(tree, "ah.icv.status"));
        assertEquals(2, all(tree, "esp.icv_good").size());
        PacketSummary line = line(outer, sas);
        assertEquals(List.of(Wrap.TUNNEL, Wrap.ESP, Wrap.AH, Wrap.ESP), line.wraps());
        assertEquals("ESP AH ESP (BU)", line.label());
        assertEquals(1, line.rings());
        PacketFields fields = new PacketFields(sas);
        FieldSource.Packet packet = new FieldSource.Packet(outer.toOctets(), false);
        assertEquals(List.of("7"), fields.values(packet, "mip6.bu.seqnr"));
        assertTrue(fields.protocols(packet).containsAll(List.of("BU", "MIPv6", "esp", "ah", "mip6", "ipv6")), fields.protocols(packet).toString());
        assertFalse(new PacketFields().protocols(packet).contains("mip6"));
    }

    @Test
    void extensionHeadersInsideEspAreRead() {
        Octets option = Octets.hex("870201020000c910" + HOME.octets().toHex());
        Ip6Packet packet = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.DESTINATION_OPTIONS, new OctetWriter().octets(option).octets(UPDATE).toOctets());
        IpPacket sealed = packet.withPayload(IpProtocol.ESP,
                new EspTransform(GCM).seal(IpProtocol.DESTINATION_OPTIONS, packet.payload(), 0, 1, n -> n));
        assertEquals("good", value(tree(sealed, known(GCM)), "mip6.checksum.status"));
        assertEquals("ESP (BU)", line(sealed, known(GCM)).label());
    }

    @Test
    void flowPaddingAndDummies() {
        EspTransform transform = new EspTransform(GCM);
        Ip6Packet inner = Ip6Packet.of(HOME, AGENT, IpProtocol.MOBILITY, UPDATE);
        Ip6Packet padded = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.ESP, transform.seal(IpProtocol.IP6, inner.toOctets(), 50, 1, n -> n));
        Field tree = tree(padded, known(GCM));
        assertFalse(tree.anyError());
        assertEquals("7", value(tree, "mip6.bu.seqnr"));
        assertEquals("ESP (BU)", line(padded, known(GCM)).label());
        Ip6Packet dummy = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.ESP, transform.dummy(100, 2, n -> n));
        assertEquals("ESP (dummy)", line(dummy, known(GCM)).label());
        assertFalse(tree(dummy, known(GCM)).anyError());
    }

    @Test
    void inUdp() {
        Octets inner = Ip6Packet.of(HOME, AGENT, IpProtocol.MOBILITY, UPDATE).toOctets();
        Octets sealed = new EspTransform(GCM).seal(IpProtocol.IP6, inner, 0, 1, n -> n);
        Ip4Packet nat = udp(4500, 4500, sealed);
        assertEquals("7", value(tree(nat, known(GCM)), "mip6.bu.seqnr"));
        assertEquals("ESP (BU)", line(nat, known(GCM)).label());
        assertEquals("ESP", line(nat, Opener.NONE).label());
        Ip4Packet keepalive = udp(4500, 4500, new UdpEncapsulation.Keepalive().toOctets());
        assertEquals(1, all(tree(keepalive, Opener.NONE), "udpencap.nat_keepalive").size());
        Ip4Packet ike = udp(4500, 4500, new UdpEncapsulation.Ike(Octets.zeros(28)).toOctets());
        assertEquals("00000000", value(tree(ike, Opener.NONE), "udpencap.non_esp_marker"));
        assertEquals("IKE", line(ike, Opener.NONE).label());
        Ip4Packet mobile = udp(4191, 4191, inner);
        assertEquals("7", value(tree(mobile, Opener.NONE), "mip6.bu.seqnr"));
        assertEquals(List.of("BU", 1), List.of(line(mobile, Opener.NONE).label(), line(mobile, Opener.NONE).rings()));
        Sa ported = new Sa(1, GCM.spi(), GCM.protocol(), GCM.mode(), GCM.source(), GCM.destination(), GCM.selector(), GCM.encryption(), GCM.encryptionKey(),
                GCM.authentication(), Octets.EMPTY, false, 64, 0, GCM.lifetimes(), new Sa.UdpPorts(5000, 5001), GCM.phase(), 0);
        assertEquals("ESP (BU)", line(udp(5000, 5001, sealed), known(ported)).label());
        assertEquals("7", value(tree(udp(5000, 5001, sealed), known(ported)), "mip6.bu.seqnr"));
        assertEquals("UDP", line(udp(5001, 5000, sealed), known(ported)).label());
    }

    private static Ip4Packet udp(int from, int to, Octets data) {
        return Ip4Packet.of(FOUR, TWO, IpProtocol.UDP, new Udp(from, to, data).toOctets(FOUR, TWO));
    }

    /** Nesting costs little and ends: a packet full of AH headers, and ESP in ESP as deep as it fits. */
    @Test
    void nestingBombsEnd() {
        OctetWriter headers = new OctetWriter();
        for (int i = 0; i < 2000; i++) {
            headers.u8(IpProtocol.AH).u8(4).u16(0).u32(0x1003).u32(1).zeros(12);
        }
        Ip6Packet bomb = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.AH, headers.toOctets());
        assertTrue(tree(bomb, known(AH)).anyError());
        assertTrue(line(bomb, known(AH)).info().contains("more than"));
        IpPacket deep = Ip6Packet.of(CARE_OF, AGENT, IpProtocol.MOBILITY, UPDATE);
        for (int i = 0; i < 40; i++) {
            deep = esp(GCM, deep, i + 1);
        }
        assertTrue(tree(deep, known(GCM)).anyError());
        assertTrue(line(deep, known(GCM)).info().contains("more than"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothingIsEverThrown(long seed) {
        Arbitrary any = new Arbitrary(seed);
        List<Sa> sas = new ArrayList<>();
        int id = 0;
        for (Sa sa : Sas.allOfEsp(seed)) {
            sas.add(with(sa, ++id));
        }
        for (Sa sa : Sas.allOfAh(seed)) {
            sas.add(with(sa, ++id));
        }
        KnownSas known = known(sas.toArray(State[]::new));
        Sa unsafe = sas.getFirst();    // NULL and NULL: whatever is in it gets through
        assertFalse(unsafe.authenticates());
        int opened = 0;
        for (int i = 0; i < 4000; i++) {
            IpPacket packet = any.talking(2);
            boolean piece = ((Ip6Packet) packet).extensions().stream().anyMatch(e -> e instanceof ExtensionHeader.Fragment
                    || e instanceof ExtensionHeader.UnknownRouting);
            for (int layers = piece ? 0 : any.below(4); layers > 0; layers--) {
                Sa sa = any.below(3) == 0 ? unsafe : sas.get(any.below(sas.size()));
                packet = sa.protocol() == Sa.Protocol.AH ? new AhTransform(sa).seal(packet, 1)
                        : packet.withPayload(IpProtocol.ESP, new EspTransform(sa).seal(any.below(10) == 0 ? any.u8() : packet.protocol(),
                                any.below(4) == 0 ? any.mutated(packet.payload()) : packet.payload(), 0, 1, n -> n));
            }
            for (int mutation = 0; mutation < 5; mutation++) {
                Octets octets = mutation == 0 ? packet.toOctets() : any.mutated(packet.toOctets());
                Field tree = Dissector.dissect(octets, LinkType.RAW_IP, known);
                DissectorTest.sound(tree);
                opened += all(tree, "esp.decrypted_data").size();
                Summary.of(octets, LinkType.RAW_IP, known);
            }
        }
        assertTrue(opened > 1000, () -> "the generator makes too little that opens");
    }

    @Test
    void errorsThatQuoteEspShowItsHeader() {
        Octets invoking = esp(GCM, BARE, 5).toOctets();
        Ip6Packet error = Ip6Packet.of(AGENT, CARE_OF, IpProtocol.ICMP6,
                new careof.engine.wire.icmp.Icmp6Message.PacketTooBig(1280, invoking.slice(0, 90)).toOctets(AGENT, CARE_OF));
        Field tree = tree(error, known(GCM));
        assertFalse(tree.anyError());
        assertEquals("0x00001001", value(tree, "esp.spi"));
        assertEquals(IpAddress.parse("2001:db8:3::3").toString(), value(tree, "ipv6.opt.mipv6.home_address"));
    }
}
