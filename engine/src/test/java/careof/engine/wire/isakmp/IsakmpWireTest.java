package careof.engine.wire.isakmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.base.Prefix;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.Laws;
import careof.engine.wire.Scapy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsakmpWireTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void writtenThenRead(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryIsakmp isakmp = new ArbitraryIsakmp(any);
        for (int i = 0; i < 300; i++) {
            Laws.writtenThenRead(isakmp.header(), IsakmpHeader::emit, in -> IsakmpHeader.parse(in.octets(IsakmpHeader.LENGTH)));
            Laws.writtenThenRead(isakmp.attribute(), Attribute::emit, Attribute::parse);
            List<Payload> payloads = new ArrayList<>(isakmp.payloads());
            payloads.add(isakmp.payload(i % ArbitraryIsakmp.KINDS));
            Octets padding = any.octets(any.below(8));
            Octets emitted = PayloadChain.emit(payloads);
            PayloadChain chain = PayloadChain.parse(PayloadChain.firstType(payloads),
                    new OctetWriter().octets(emitted).octets(padding).toOctets());
            assertEquals(payloads, chain.payloads());
            assertEquals(padding, chain.padding());
            OctetWriter links = new OctetWriter();
            for (PayloadChain.Link link : chain.links()) {
                assertEquals(links.length(), link.offset());
                assertEquals(link.payload().type(), link.type());
                assertEquals(link.payload().body(), link.body());
                links.octets(link.whole());
            }
            assertEquals(emitted, links.toOctets());
            IsakmpMessage message = isakmp.message();
            assertEquals(message, IsakmpMessage.parse(message.toOctets()));
        }
    }

    /** Nothing but Malformed comes of bad octets, and what is read is written as it was. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void badOctetsAreMalformedOrWrittenAsTheyWere(long seed) {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryIsakmp isakmp = new ArbitraryIsakmp(any);
        int read = 0;
        for (int i = 0; i < 3000; i++) {
            List<Payload> payloads = isakmp.payloads();
            Octets octets = any.mutated(PayloadChain.emit(payloads));
            int first = any.below(20) == 0 ? any.u8() : PayloadChain.firstType(payloads);
            try {
                PayloadChain chain = PayloadChain.parse(first, octets);
                assertEquals(octets, new OctetWriter().octets(PayloadChain.emit(chain.payloads())).octets(chain.padding()).toOctets());
                assertEquals(first, PayloadChain.firstType(chain.payloads()));
                chain.all(Identification.class).forEach(Identification::text);
                read += chain.links().isEmpty() ? 0 : 1;
            } catch (Malformed e) {
                assertTrue(e.at() >= 0 && e.at() <= octets.length(), () -> e.at() + " in " + octets);
            }
            Octets message = any.mutated(isakmp.message().toOctets());
            Laws.malformedOrStable(message, IsakmpMessage::parse, IsakmpMessage::toOctets);
            Laws.malformedOrStable(message, whole -> IsakmpMessage.parse(whole).chain(), chain -> message);
        }
        assertTrue(read > 500, "only " + read + " could be read");
    }

    /** Octet for octet as RFC 2408 and RFC 2407 section 4.5.2 draw it. */
    @Test
    void firstMessageOnTheWire() throws Malformed {
        Octets octets = Octets.hex("0102030405060708 0000000000000000 01100200 00000000 00000064"
                + "0d000034 00000001 00000001"
                + "00000028 01010001"
                + "00000020 01010000 80010007 800e0080 80020002 80030001 000c0004 00015180"
                + "00000014 afcad71368a1f1c96b8696fc77570100");
        IsakmpMessage message = IsakmpMessage.parse(octets);
        List<Payload> payloads = List.of(
                SecurityAssociation.of(new Proposal(1, SecurityProtocol.ISAKMP, Octets.EMPTY, List.of(new Transform(1, TransformId.KEY_IKE, List.of(
                        Attribute.of(PhaseOneAttribute.ENCRYPTION, PhaseOneAttribute.AES_CBC),
                        Attribute.of(PhaseOneAttribute.KEY_LENGTH, 128),
                        Attribute.of(PhaseOneAttribute.HASH, PhaseOneAttribute.SHA1),
                        Attribute.of(PhaseOneAttribute.AUTHENTICATION, PhaseOneAttribute.PRE_SHARED_KEY),
                        Attribute.of(PhaseOneAttribute.LIFE_DURATION, 86400)))))),
                new Payload.VendorId(VendorIds.DPD));
        assertEquals(payloads, message.chain().payloads());
        assertEquals(octets, message.toOctets());
        assertEquals(message, IsakmpMessage.clear(IsakmpHeader.of(0x0102030405060708L, 0, IsakmpHeader.IDENTITY_PROTECTION, 0), payloads));
        assertEquals(octets.slice(28 + 4, 28 + 52), message.chain().links().getFirst().body());
    }

    /** Scapy gives a lifetime three octets. */
    @Test
    void whatScapyWroteIsReadAndWrittenAsItWas() throws Malformed {
        for (String scapy : List.of(Scapy.IKE_SA, Scapy.IKE_KE, Scapy.IKE_ID)) {
            Octets octets = Octets.hex(scapy).from(48);
            PayloadChain chain = IsakmpMessage.parse(octets).chain();
            assertEquals(octets, IsakmpMessage.clear(IsakmpMessage.parse(octets).header(), chain.payloads()).toOctets());
        }
        SecurityAssociation offer = IsakmpMessage.parse(Octets.hex(Scapy.IKE_SA).from(48)).chain().find(SecurityAssociation.class).orElseThrow();
        Attribute lifetime = offer.proposals().getFirst().transforms().getFirst().attribute(PhaseOneAttribute.LIFE_DURATION).orElseThrow();
        assertEquals(Attribute.of(PhaseOneAttribute.LIFE_DURATION, Octets.hex("015180")), lifetime);
        assertEquals(OptionalLong.of(86400), lifetime.longValue());
    }

    @Test
    void attributesAreNumbersInEitherForm() throws Malformed {
        Attribute duration = Attribute.parse(new OctetReader(Octets.hex("0002000400015180")));
        assertEquals(OptionalLong.of(86400), duration.longValue());
        assertEquals(duration, Attribute.of(IpsecAttribute.LIFE_DURATION, 86400));
        assertEquals(new Attribute(1, true, Octets.hex("ffff")), Attribute.of(1, 65535));
        assertEquals(new Attribute(1, false, Octets.hex("00010000")), Attribute.of(1, 65536));
        assertEquals(new Attribute(1, false, Octets.hex("0000000100000000")), Attribute.of(1, 1L << 32));
        assertEquals(OptionalLong.of(5), Attribute.of(1, Octets.hex("00000000000000000005")).longValue());
        assertEquals(OptionalLong.of(Long.MAX_VALUE), Attribute.of(1, Octets.hex("7fffffffffffffff")).longValue());
        assertEquals(OptionalLong.empty(), Attribute.of(1, Octets.hex("8000000000000000")).longValue());
        assertEquals(OptionalLong.empty(), Attribute.of(1, Octets.hex("010000000000000000")).longValue());
        assertEquals(OptionalLong.empty(), Attribute.of(1, Octets.EMPTY).longValue());
        assertThrows(IllegalArgumentException.class, () -> Attribute.of(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new Attribute(1, true, Octets.hex("00")));
    }

    private static Malformed malformed(int first, String hex) {
        return assertThrows(Malformed.class, () -> PayloadChain.parse(first, Octets.hex(hex)));
    }

    @Test
    void eachWrongIsSaidWhereItIs() {
        assertEquals(1, malformed(10, "00010008 01020304").at());    // reserved octet
        assertEquals(2, malformed(10, "00000003").at());
        assertEquals(2, malformed(10, "00000009 01020304").at());
        assertEquals(8, malformed(10, "0a000008 01020304").at());    // names a next one that is not there
        assertEquals(0, malformed(2, "00000008 01010000").at());     // a proposal on its own
        String transform = "0000000c 01010000 80010007";
        assertEquals(6 + 12 + 8, malformed(1, "00000020 00000001 00000001 00000014 01010001 0000000c 01010001 80010007").at());
        assertEquals(12 + 8, malformed(1, "00000020 00000001 00000001 00000014 01010001 0300000c 01010000 80010007").at());
        assertEquals(12, malformed(1, "00000020 00000001 00000001 03000014 01010001" + transform).at());
        assertEquals(12 + 8, malformed(1, "00000020 00000001 00000001 00000014 01010002" + transform).at());
        assertEquals(12 + 8, malformed(1, "00000020 00000001 00000001 00000014 01010000" + transform).at());
        assertEquals(12 + 20, malformed(1, "00000024 00000001 00000001 00000014 01010001" + transform + "00000000").at());
        assertEquals(12 + 8 + 12, malformed(1, "00000020 00000001 00000001 00000014 01010001 0000000c 01010000 00010007").at());
        assertEquals(8, malformed(1, "0000000a 00000001 0000").at());    // no whole situation
        assertEquals(9, malformed(12, "0000000c 00000001 03040001").at());    // no SPI where one is said
        assertEquals(9, malformed(12, "0000000c 00000001 0300ffff").at());    // 65535 SPIs of no octet
        assertEquals(12, malformed(11, "0000000e 00000001 03040001 0102").at());
        assertEquals(5, malformed(21, "0000000c 01000001 c0000201").at());
        assertEquals(4, malformed(21, "0000000c 02000000 c0000201").at());
        assertEquals(7, malformed(132, "00000007 000101").at());
    }

    @Test
    void lengthVersionAndEncryptionAreChecked() throws Malformed {
        IsakmpMessage message = IsakmpMessage.clear(IsakmpHeader.of(1, 2, IsakmpHeader.QUICK_MODE, 3), List.of(new Payload.Nonce(Octets.zeros(8))));
        Octets octets = message.toOctets();
        assertEquals(24, assertThrows(Malformed.class, () -> IsakmpMessage.parse(octets.slice(0, octets.length() - 1))).at());
        assertEquals(24, assertThrows(Malformed.class, () -> IsakmpMessage.parse(new OctetWriter().octets(octets).u8(0).toOctets())).at());
        assertEquals(17, assertThrows(Malformed.class, () -> IsakmpMessage.parse(new OctetWriter().octets(octets).patch8(17, 0x20).toOctets())).at());
        assertThrows(Malformed.class, () -> IsakmpMessage.parse(octets.slice(0, 27)));
        IsakmpMessage encrypted = IsakmpMessage.encrypted(message.header(), Octets.zeros(16));
        assertTrue(encrypted.isEncrypted());
        assertEquals(encrypted, IsakmpMessage.parse(encrypted.toOctets()));
        assertEquals(28, assertThrows(Malformed.class, encrypted::chain).at());
        assertThrows(IllegalArgumentException.class, () -> new IsakmpMessage(message.header(), Octets.EMPTY));
        assertEquals("the reserved octet of a payload is not zero", assertThrows(Malformed.class,
                () -> IsakmpMessage.parse(new OctetWriter().octets(octets).patch8(29, 1).toOctets()).chain()).getMessage());
        assertEquals(29, assertThrows(Malformed.class, () -> IsakmpMessage.parse(new OctetWriter().octets(octets).patch8(29, 1).toOctets()).chain()).at());
    }

    /** Pluto pads to 4 octets also in the clear. */
    @Test
    void aFewZerosMayFollowInTheClear() throws Malformed {
        Octets octets = IsakmpMessage.clear(IsakmpHeader.of(1, 2, IsakmpHeader.INFORMATIONAL, 3), List.of(new Payload.Nonce(Octets.zeros(9)))).toOctets();
        assertEquals(Octets.zeros(3), padded(octets, "000000").chain().padding());
        assertEquals(octets.length(), assertThrows(Malformed.class, () -> padded(octets, "00000000").chain()).at());
        assertThrows(Malformed.class, () -> padded(octets, "000001").chain());
    }

    private static IsakmpMessage padded(Octets octets, String padding) throws Malformed {
        OctetWriter out = new OctetWriter().octets(octets).octets(Octets.hex(padding));
        return IsakmpMessage.parse(out.patch16(26, out.length()).toOctets());
    }

    @Test
    void bombsAreMalformed() throws Malformed {
        assertEquals(64, PayloadChain.parse(13, chain(64)).links().size());
        assertEquals("more than 64 payloads", assertThrows(Malformed.class, () -> PayloadChain.parse(13, chain(65))).getMessage());
        assertEquals(256 - 16, read(16, 15, 0).proposals().stream().mapToInt(proposal -> proposal.transforms().size()).sum());
        assertThrows(Malformed.class, () -> read(16, 16, 0));
        assertThrows(Malformed.class, () -> read(257, 0, 0));
        assertEquals(64, read(1, 1, 64).proposals().getFirst().transforms().getFirst().attributes().size());
        assertThrows(Malformed.class, () -> read(1, 1, 65));
    }

    private static Octets chain(int count) {
        OctetWriter out = new OctetWriter();
        for (int i = 1; i <= count; i++) {
            out.u8(i < count ? 13 : 0).u8(0).u16(4);
        }
        return out.toOctets();
    }

    private static SecurityAssociation read(int proposals, int transforms, int attributes) throws Malformed {
        List<Attribute> some = new ArrayList<>();
        for (int i = 0; i < attributes; i++) {
            some.add(Attribute.of(1, 1));
        }
        List<Transform> each = new ArrayList<>();
        for (int i = 0; i < transforms; i++) {
            each.add(new Transform(i, 1, some));
        }
        List<Proposal> all = new ArrayList<>();
        for (int i = 0; i < proposals; i++) {
            all.add(new Proposal(i & 255, 1, Octets.EMPTY, each));
        }
        SecurityAssociation association = new SecurityAssociation(all);
        return PayloadChain.parse(1, PayloadChain.emit(List.of(association))).find(SecurityAssociation.class).orElseThrow();
    }

    @Test
    void identificationsAndWhatTheyStandFor() {
        IpAddress mn = IpAddress.parse("2001:db8:1::10");
        assertEquals(Octets.hex("05000000 20010db8000100000000000000000010"), Identification.of(mn).body());
        assertEquals(Octets.hex("fa87 0000 20010db8000100000000000000000010".replace(" ", "")),
                Identification.homeAddress(mn).withSelector(135, 0).body());
        assertEquals(Optional.of(mn), Identification.homeAddress(mn).address());
        assertEquals(Optional.empty(), Identification.homeAddress(mn).range());
        assertEquals("home-address:2001:db8:1::10", Identification.homeAddress(mn).text());
        Identification subnet = Identification.of(Prefix.parse("2001:db8:1::/52"));
        assertEquals(Octets.hex("06000000 20010db8000100000000000000000000 fffffffffffff0000000000000000000"), subnet.body());
        assertEquals(Optional.of(Prefix.parse("2001:db8:1::/52")), subnet.prefix());
        assertEquals(Ip6Address.parse("2001:db8:1:fff:ffff:ffff:ffff:ffff"), subnet.range().orElseThrow().high());
        assertEquals("ip:2001:db8:1::/52", subnet.text());
        assertEquals(Optional.of(Prefix.parse("2001:db8::8/125")), Identification.of(Prefix.parse("2001:db8::8/125")).prefix());
        assertEquals(Optional.of(Prefix.ALL), Identification.of(Prefix.ALL).prefix());
        Identification holes = new Identification(Identification.IPV4_ADDR_SUBNET, 0, 0, Octets.hex("c0000200ff00ff00"));
        assertEquals(Optional.empty(), holes.range());
        assertEquals("ID_IPV4_ADDR_SUBNET:0xc0000200ff00ff00", holes.text());
        Identification backwards = new Identification(Identification.IPV4_ADDR_RANGE, 0, 0, Octets.hex("c0000205c0000204"));
        assertEquals(Optional.empty(), backwards.range());
        Identification.Range range = new Identification.Range(Ip4Address.parse("192.0.2.4"), Ip4Address.parse("192.0.2.255"));
        assertEquals(Optional.of(range), Identification.of(range).range());
        assertEquals("ip:192.0.2.4-192.0.2.255", Identification.of(range).text());
        assertEquals(Optional.empty(), new Identification(Identification.IPV4_ADDR, 0, 0, Octets.zeros(5)).address());
        assertEquals("fqdn:mn.lab", Identification.fqdn("mn.lab").text());
        assertEquals("mail:mn?@lab", new Identification(Identification.USER_FQDN, 0, 0, Octets.hex("6d6e07406c6162")).text());
        assertEquals("key-id:0xabcd", Identification.keyId(Octets.hex("abcd")).text());
    }

    @Test
    void numbersHaveNames() {
        assertEquals("R-U-THERE", NotifyType.name(36136));
        assertEquals("NO-PROPOSAL-CHOSEN", NotifyType.name(14));
        assertEquals("UNEQUAL-PAYLOAD-LENGTHS", NotifyType.name(30));
        assertEquals("error 31", NotifyType.name(31));
        assertEquals("status 40000", NotifyType.name(40000));
        assertEquals("AES-CBC", PhaseOneAttribute.valueName(PhaseOneAttribute.ENCRYPTION, 7));
        assertEquals("SHA2-256", PhaseOneAttribute.valueName(PhaseOneAttribute.HASH, 4));
        assertEquals("modp-2048", PhaseOneAttribute.valueName(PhaseOneAttribute.GROUP, 14));
        assertEquals("ecp-256", IpsecAttribute.valueName(IpsecAttribute.GROUP, 19));
        assertEquals("6", PhaseOneAttribute.valueName(PhaseOneAttribute.AUTHENTICATION, 6));
        assertEquals("HMAC-SHA2-256", IpsecAttribute.valueName(IpsecAttribute.AUTHENTICATION, 5));
        assertEquals("ESP_AES-CBC", TransformId.name(SecurityProtocol.ESP, 12));
        assertEquals("transform 17", TransformId.name(SecurityProtocol.ESP, 17));
        assertEquals("AH_SHA", TransformId.name(SecurityProtocol.AH, 3));
        assertEquals(Optional.of("dead peer detection 1.0"), VendorIds.name(VendorIds.DPD));
        assertEquals(Optional.of("NAT traversal, RFC 3947"), VendorIds.name(VendorIds.NAT_TRAVERSAL));
        assertEquals(Optional.empty(), VendorIds.name(Octets.hex("00")));
    }
}
