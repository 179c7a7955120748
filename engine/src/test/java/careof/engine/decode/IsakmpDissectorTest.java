package careof.engine.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip4Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.decode.PacketSummary.Kind;
import careof.engine.pki.CertificatePlan;
import careof.engine.pki.Pki;
import careof.engine.pki.RsaKeys;
import careof.engine.pki.SubjectName;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.MessageName;
import careof.engine.wire.Scapy;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.ipsec.UdpEncapsulation;
import careof.engine.wire.isakmp.ArbitraryIsakmp;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.IsakmpName;
import careof.engine.wire.isakmp.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsakmpDissectorTest {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    static Octets certificate() {
        CertificatePlan plan = new CertificatePlan("mn", "ca", "O=Lab,CN=mn", List.of(SubjectName.parse("dns:mn.lab"), SubjectName.parse("ip:2001:db8:1::1")),
                EPOCH, EPOCH.plusSeconds(86400), false, 1024, "mn", false);
        return Pki.make(List.of("ca"), List.of(plan), EPOCH, RsaKeys.ofNames()).credentials().get("mn").chain().getFirst();
    }

    private static Field tree(IpPacket packet, Opener opener) {
        Field tree = Dissector.dissect(packet.toOctets(), LinkType.RAW_IP, opener);
        DissectorTest.sound(tree);
        return tree;
    }

    private static PacketSummary line(IpPacket packet, Opener opener) {
        return Summary.of(packet.toOctets(), LinkType.RAW_IP, opener);
    }

    private static List<String> values(Field tree, String abbreviation) {
        List<String> found = new ArrayList<>();
        tree.walk(f -> {
            if (f.abbreviation().equals(abbreviation)) {
                found.add(f.value());
            }
        });
        return found;
    }

    private static Ip6Packet packet(Octets isakmp) {
        return new IkeTalk.Said(true, null, Octets.EMPTY, "").packet(isakmp);
    }

    @Test
    void whatScapyWroteIsReadFieldByField() {
        Field tree = Dissector.dissect(Octets.hex(Scapy.IKE_SA), LinkType.RAW_IP);
        assertFalse(tree.anyError());
        assertEquals(List.of("number 1, KEY_IKE: AES-CBC, key length 128, SHA, modp-1536, pre-shared key, life duration 86400",
                "number 2, KEY_IKE: 3DES-CBC, MD5, modp-1024, RSA signatures, life duration 28800"), values(tree, "isakmp.transform"));
        assertEquals(List.of("7 (AES-CBC)", "5 (3DES-CBC)"), values(tree, "isakmp.ike.attr.encryption_algorithm"));
        assertEquals(List.of("3"), values(tree, "isakmp.ike.attr.length"));
        assertEquals(List.of("dead peer detection 1.0"), values(tree, "isakmp.vid_name"));
        PacketSummary line = Summary.of(Octets.hex(Scapy.IKE_SA), LinkType.RAW_IP);
        assertEquals(List.of("ISAKMP", "MM1", Kind.IKE, "main mode (MM1): SA VID, 0102030405060708:0000000000000000"),
                List.of(line.protocol(), line.shortName(), line.kind(), line.info()));
        assertEquals("MM", Summary.of(Octets.hex(Scapy.IKE_KE), LinkType.RAW_IP).shortName());
        Field id = Dissector.dissect(Octets.hex(Scapy.IKE_ID), LinkType.RAW_IP);
        assertTrue(values(id, "isakmp.payload").contains("ip:192.0.2.1, UDP port 500"), () -> values(id, "isakmp.payload").toString());
        assertEquals("AM3", Summary.of(Octets.hex(Scapy.IKE_ID), LinkType.RAW_IP).shortName());
    }

    @ParameterizedTest
    @CsvSource({"TRIPLE_DES_CBC,24,MD5", "TRIPLE_DES_CBC,24,SHA1", "AES_CBC,16,SHA1", "AES_CBC,32,MD5", "AES_CBC,24,SHA256"})
    void everyMessageOfATalkIsOpenedAndNamed(IkeCipher cipher, int keyLength, IkeHash hash) {
        IkeTalk talk = IkeTalk.whole(cipher, keyLength, hash, 5, certificate());
        Map<Long, Octets> keys = new LinkedHashMap<>();
        keys.put(talk.initiatorCookie, talk.key);
        List<Opener> openers = List.of(talk.known("mn", "ha"), talk.known("mn"), talk.known("ha"), new IkeDecryptor(keys));
        for (Opener opener : openers) {
            for (int round = 0; round < 2; round++) {    // an opener that learns is asked more than once
                for (IkeTalk.Said said : talk.all) {
                    IpPacket packet = said.packet();
                    assertEquals(said.name(), line(packet, opener).shortName());
                    assertEquals(said.name(), SeenIke.name(packet, opener));
                    Field tree = tree(packet, opener);
                    assertFalse(tree.anyError(), tree::toString);
                    List<Octets> decrypted = new ArrayList<>();
                    tree.walk(f -> {
                        if (f.abbreviation().equals("isakmp.decrypted")) {
                            decrypted.add(f.octets());
                        }
                    });
                    assertEquals(said.message().isEncrypted() ? List.of(said.plain()) : List.of(), decrypted);
                }
            }
        }
    }

    @Test
    void whatIsEncryptedShowsAsWhatItIs() {
        IkeTalk talk = IkeTalk.whole(IkeCipher.AES_CBC, 16, IkeHash.SHA256, 7, certificate());
        IpPacket five = talk.all.get(4).packet();
        Field tree = tree(five, talk.known("mn"));
        assertEquals(List.of("fqdn:mn.lab", "O=Lab,CN=mn", "256 octets", "INITIAL-CONTACT for ISAKMP"), values(tree, "isakmp.payload"));
        assertEquals(List.of("dns:mn.lab", "ip:2001:db8:1::1"), values(tree, "isakmp.cert.name"));
        assertEquals(List.of("CN=ca"), values(tree, "isakmp.cert.issuer"));
        assertEquals(List.of("RSA of 1024 bits"), values(tree, "isakmp.cert.key"));
        assertEquals("main mode (MM5): ID fqdn:mn.lab CERT SIG INITIAL-CONTACT, 0102030405060708:1112131415161718", line(five, talk.known("mn")).info());
        IpPacket quick = talk.all.get(6).packet();
        assertTrue(line(quick, talk.known("mn")).info().startsWith("quick mode (QM1): HASH SA ESP NONCE ID ip:2001:db8:1::1[135] ID ip:2001:db8:2::2[135], "));
        assertTrue(values(tree(quick, talk.known("mn")), "isakmp.transform").getFirst()
                .startsWith("number 1, ESP_AES-CBC: life duration 3600, transport, HMAC-SHA, key length 128"));
        assertEquals(List.of("life duration 1000"), values(tree(talk.all.get(14).packet(), talk.known("mn")), "isakmp.notify.data.resp_lifetime"));
    }

    /** Beside its packet the trace has a message as it was before its encryption. */
    @Test
    void whatWasDecryptedBeforeIsReadWithItsPadding() throws Malformed {
        IkeTalk talk = IkeTalk.whole(IkeCipher.AES_CBC, 16, IkeHash.SHA256, 7, certificate());
        for (IkeTalk.Said said : talk.all) {
            if (said.message().isEncrypted()) {
                Octets plain = new OctetWriter().octets(said.message().header().withFlags(0).toOctets()).octets(said.plain()).toOctets();
                SeenIke seen = SeenIke.ofPlain(plain);
                assertTrue(said.name().startsWith(seen.name()), said.name() + " is called " + seen.name());
                Field tree = IsakmpDissector.dissectPlain(plain);
                DissectorTest.sound(tree);
                assertFalse(tree.anyError());
                assertEquals(values(tree(said.packet(), talk.known("mn")), "isakmp.payload"), values(tree, "isakmp.payload"));
                assertTrue(IsakmpDissector.dissectPlain(plain.slice(0, plain.length() - 40)).anyError(), said.name());
            }
        }
        assertTrue(IsakmpDissector.dissectPlain(Octets.EMPTY).anyError());
    }

    @Test
    void withoutAKeyOrWithAWrongOneItStaysClosed() {
        IkeTalk talk = IkeTalk.whole(IkeCipher.AES_CBC, 16, IkeHash.SHA1, 7, certificate());
        IkeTalk other = IkeTalk.whole(IkeCipher.AES_CBC, 16, IkeHash.SHA1, 8, certificate());
        Map<Long, Octets> keys = new LinkedHashMap<>();
        keys.put(talk.initiatorCookie, other.key);
        for (Opener opener : List.of(Opener.NONE, other.known("mn", "ha"), new IkeDecryptor(keys))) {
            List<String> names = talk.all.stream().map(said -> line(said.packet(), opener).shortName()).toList();
            for (int i = 0; i < names.size(); i++) {
                String wanted = talk.all.get(i).name();
                assertTrue(wanted.startsWith(names.get(i)) || names.get(i).equals("INFO"), wanted + " is called " + names.get(i));
                assertEquals(List.of(), values(tree(talk.all.get(i).packet(), opener), "isakmp.decrypted"));
            }
            assertEquals("quick mode (QM), encrypted, 0102030405060708:1112131415161718 id=10000001", line(talk.all.get(6).packet(), opener).info());
        }
    }

    /** One that misses a message of phase one cannot go on; one that misses the middle of a quick mode knows the next one. */
    @Test
    void lostMessagesBreakNoMoreThanTheirChain() {
        IkeTalk talk = IkeTalk.whole(IkeCipher.TRIPLE_DES_CBC, 24, IkeHash.MD5, 9, certificate());
        Map<Long, Octets> keys = new LinkedHashMap<>();
        keys.put(talk.initiatorCookie, talk.key);
        IkeDecryptor decryptor = new IkeDecryptor(keys);
        List<String> closed = new ArrayList<>();
        for (int i = 0; i < talk.all.size(); i++) {
            IkeTalk.Said said = talk.all.get(i);
            if (i != 7 && said.message().isEncrypted() && values(tree(said.packet(), decryptor), "isakmp.decrypted").isEmpty()) {
                closed.add(said.name());
            } else if (i != 7) {
                tree(said.packet(), decryptor);
            }
        }
        assertEquals(List.of("QM3"), closed);
    }

    /** Fragments of a message lead to those after it. */
    @Test
    void fragmentsArePutTogether() {
        IkeTalk talk = IkeTalk.whole(IkeCipher.AES_CBC, 16, IkeHash.SHA1, 10, certificate());
        Map<Long, Octets> keys = new LinkedHashMap<>();
        keys.put(talk.initiatorCookie, talk.key);
        IkeDecryptor decryptor = new IkeDecryptor(keys);
        for (IkeTalk.Said said : talk.all) {
            if (!said.name().equals("MM5")) {
                tree(said.packet(), decryptor);
                continue;
            }
            Octets whole = said.message().toOctets();
            for (int number : new int[] {2, 1, 3}) {
                Octets piece = whole.slice(200 * (number - 1), number == 3 ? whole.length() : 200 * number);
                IsakmpMessage fragment = IsakmpMessage.clear(said.message().header().withFlags(0),
                        List.of(new Payload.Fragment(1, number, number == 3 ? 1 : 0, piece)));
                assertEquals("fragment of IKE", line(said.packet(fragment.toOctets()), decryptor).shortName());
                assertFalse(tree(said.packet(fragment.toOctets()), decryptor).anyError());
            }
        }
        assertEquals(List.of(), talk.all.stream().filter(said -> said.message().isEncrypted() && !said.name().equals("MM5"))
                .filter(said -> values(tree(said.packet(), decryptor), "isakmp.decrypted").isEmpty()).map(IkeTalk.Said::name).toList());
    }

    /** In the clear, the tree has an error where the records refuse, and there only. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatTheRecordsRefuseTheDissectorMarks(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        ArbitraryIsakmp isakmp = new ArbitraryIsakmp(any);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            IsakmpMessage message = isakmp.message();
            Octets octets = i % 4 == 0 ? message.toOctets() : any.mutated(message.toOctets());
            if (octets.isEmpty()) {
                continue;    // a datagram without data
            }
            Field tree = tree(packet(octets), Opener.NONE);
            String name = line(packet(octets), Opener.NONE).shortName();
            assertTrue(IsakmpName.known().contains(name), name);
            boolean bad = true;
            String why = "";
            try {
                IsakmpMessage parsed = IsakmpMessage.parse(octets);
                bad = !parsed.isEncrypted() && hasOtherErrors(parsed);
                if (!parsed.isEncrypted()) {
                    parsed.chain();
                }
            } catch (Malformed e) {
                why = e.getMessage();
                bad = !why.startsWith("major version");
            }
            String said = why;
            boolean expected = bad;
            assertEquals(expected, tree.anyError(), () -> said + " of " + octets);
            refused += bad ? 1 : 0;
        }
        assertTrue(refused > 500);
    }

    /** What records do not look into: certificates. Lifetimes in notifications are rare here. */
    private static boolean hasOtherErrors(IsakmpMessage message) throws Malformed {
        return message.chain().all(Payload.Certificate.class).stream().anyMatch(c -> List.of(4, 5, 7).contains(c.encoding()));
    }

    @Test
    void inUdpOfNatTraversal() {
        IsakmpMessage message = IsakmpMessage.clear(IsakmpHeader.of(1, 2, IsakmpHeader.AGGRESSIVE, 0), List.of(Identification.homeAddress(IkeTalk.INITIATOR)));
        Ip4Address from = Ip4Address.parse("192.0.2.1");
        Ip4Address to = Ip4Address.parse("192.0.2.2");
        Octets marked = new UdpEncapsulation.Ike(message.toOctets()).toOctets();
        Ip4Packet packet = Ip4Packet.of(from, to, IpProtocol.UDP, new Udp(4500, 30000, marked).toOctets(from, to));
        assertEquals(List.of("home-address:2001:db8:1::1"), values(tree(packet, Opener.NONE), "isakmp.payload"));
        assertEquals(List.of("AM3", Kind.IKE), List.of(line(packet, Opener.NONE).shortName(), line(packet, Opener.NONE).kind()));
        assertEquals("AM3", MessageName.of(packet));
        assertEquals("UDP", MessageName.of(Ip4Packet.of(from, to, IpProtocol.UDP, new Udp(501, 501, message.toOctets()).toOctets(from, to))));
        assertEquals("IKE", MessageName.of(packet(Octets.zeros(20))));
    }

    /** IKE version 2 has the same port and nearly the same header. */
    @Test
    void anotherVersionIsNoError() {
        IsakmpHeader header = new IsakmpHeader(1, 0, 33, 0x20, 34, 8, 0, 40);
        Octets octets = new OctetWriter().octets(header.toOctets()).zeros(12).toOctets();
        Field tree = tree(packet(octets), Opener.NONE);
        assertFalse(tree.anyError());
        assertEquals(List.of("version 2.0"), values(tree, "isakmp"));
    }

    @Test
    void namesHaveFamilies() {
        assertEquals(List.of("MM1", "MM6", "QM3", "DPD?", "DEL", "INFO"), List.of("MM1", "MM6", "QM3", "DPD?", "DEL", "INFO").stream()
                .filter(name -> MessageName.isOf(name, "IKE") && MessageName.isOf(name, name)).toList());
        assertTrue(MessageName.isOf("MM4", "MM") && MessageName.isOf("DPD", "INFO") && MessageName.isOf("QM", "QM") && MessageName.isOf("BU", "BU"));
        assertFalse(MessageName.isOf("MM4", "MM5") || MessageName.isOf("QM1", "MM") || MessageName.isOf("BU", "IKE") || MessageName.isOf("MMX", "MM"));
    }
}
