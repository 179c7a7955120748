package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.PacketMac;
import careof.engine.state.Sa;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip4Header;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Header;
import careof.engine.wire.ip.Ip6Option;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ipsec.AhHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AhTransformTest {
    private static final Ip6Address CARE_OF = Ip6Address.parse("2001:db8:4::4");
    private static final Ip6Address HOME = Ip6Address.parse("2001:db8:3::3");
    private static final Ip6Address PEER = Ip6Address.parse("2001:db8:2::2");
    private static final AhTransform AH = new AhTransform(Sas.ah(0x1001, Authentication.HMAC_SHA1_96, Octets.hex("42".repeat(20)), false));
    private static final Octets DATA = Octets.hex("00112233445566778899aabbccddeeff");

    private static Octets icv(IpPacket sealed) throws Malformed {
        return AhHeader.parse(new OctetReader(sealed.payload())).icv();
    }

    private static void opens(AhTransform ah, IpPacket packet, int protocol, Octets payload, long sequence) {
        Unwrapped.Payload opened = assertInstanceOf(Unwrapped.Payload.class, ah.open(packet.toOctets(), sequence));
        assertEquals(protocol, opened.nextHeader());
        assertEquals(payload, opened.payload());
        assertEquals(payload, opened.clear().from(opened.start()));
    }

    private static void fails(AhTransform ah, IpPacket packet, long sequence) {
        assertInstanceOf(Unwrapped.BadIcv.class, ah.open(packet.toOctets(), sequence));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsSealedOpensAndNothingElseDoes(long seed) throws Malformed {
        Arbitrary any = new Arbitrary(seed);
        for (Sa sa : Sas.allOfAh(seed)) {
            AhTransform ah = new AhTransform(sa);
            for (int i = 0; i < 60; i++) {
                IpPacket plain = plain(any);
                long sequence = 1 + any.below(1000) + (sa.extendedSequence() ? any.u32() << 32 : 0);
                IpPacket sealed = ah.seal(plain, sequence);
                String where = "seed " + seed + ", " + sa.authentication() + ", packet " + i + ": " + sealed;
                assertEquals(plain.length() + ah.overhead(plain instanceof Ip6Packet), sealed.length(), where);
                assertEquals(0, (sealed.payload().length() - plain.payload().length()) % (plain instanceof Ip6Packet ? 8 : 4), where);
                opens(ah, sealed, plain.protocol(), plain.payload(), sequence);
                Octets wire = sealed.toOctets();
                opens(ah, parse(wire), plain.protocol(), plain.payload(), sequence);
                int at = wire.length() - sealed.payload().length() + any.below(sealed.payload().length());
                byte[] other = wire.toArray();
                other[at] ^= (byte) (1 << any.below(8));
                IpPacket changed = parse(Octets.wrap(other));
                assertNotEquals(Unwrapped.Payload.class, ah.open(changed.toOctets(), sequence).getClass(), where + ", octet " + at);
                if (sa.extendedSequence()) {
                    fails(ah, sealed, sequence + (1L << 32));
                }
                ah.open(any.mutated(wire), sequence);    // whatever it is, nothing is thrown
                ah.open(sealed.withPayload(IpProtocol.AH, sealed.payload().slice(0, any.below(sealed.payload().length()))).toOctets(), sequence);
            }
        }
    }

    private static IpPacket plain(Arbitrary any) {
        if (any.below(3) == 0) {
            Octets options = List.of(Octets.EMPTY, Octets.hex("94040000"), Octets.hex("94040000" + "440c05000000000000000000" + "01010100")).get(any.below(3));
            Octets payload = any.octets(any.below(100));
            return new Ip4Packet(new Ip4Header(any.u8(), Ip4Header.LENGTH + options.length() + payload.length(), any.u16(), any.bool(), false, 0, any.u8(),
                    any.u8(), any.ip4(), any.ip4(), options), payload);
        }
        while (true) {
            Ip6Packet packet = any.ip6Packet();
            boolean fits = packet.extensions().stream().noneMatch(e -> e instanceof ExtensionHeader.Fragment
                    || e instanceof ExtensionHeader.UnknownRouting r && r.segmentsLeft() > 0);
            if (fits) {
                return packet;
            }
        }
    }

    private static IpPacket parse(Octets octets) throws Malformed {
        return !octets.isEmpty() && octets.at(0) >>> 4 == 4 ? Ip4Packet.parse(octets) : Ip6Packet.parse(octets);
    }

    private static Ip6Packet plain(ExtensionHeader... extensions) {
        return Ip6Packet.of(CARE_OF, PEER, IpProtocol.UDP, DATA).withExtensions(List.of(extensions));
    }

    @Test
    void whatChangesOnTheWayDoesNotCount() {
        Ip6Packet sealed = (Ip6Packet) AH.seal(plain(ExtensionHeader.HopByHop.of(new Ip6Option.Unknown(0x3e, Octets.hex("0102"))),
                ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME), new Ip6Option.Unknown(0x1e, Octets.hex("0304")))), 7);
        Ip6Header h = sealed.header();
        opens(AH, sealed.withHeader(new Ip6Header(0xfd, 0x12345, 0, 0, 3, h.source(), h.destination())), IpProtocol.UDP, DATA, 7);
        opens(AH, sealed.withExtensions(List.of(ExtensionHeader.HopByHop.of(new Ip6Option.Unknown(0x3e, Octets.hex("0909"))), sealed.extensions().get(1))),
                IpProtocol.UDP, DATA, 7);
        fails(AH, sealed.withExtensions(List.of(ExtensionHeader.HopByHop.of(new Ip6Option.Unknown(0x3f, Octets.hex("0102"))), sealed.extensions().get(1))), 7);
        fails(AH, sealed.withExtensions(List.of(sealed.extensions().getFirst(), ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME),
                new Ip6Option.Unknown(0x1e, Octets.hex("0305"))))), 7);
        fails(AH, sealed.withHeader(h.withSource(PEER)), 7);
        fails(AH, sealed.withHeader(h.withDestination(HOME)), 7);
    }

    /** The final form: whoever computes it with the home address as source and the care-of address in the option comes to the same. */
    @Test
    void theHomeAddressOptionCountsAsTheReceiverSeesIt() throws Malformed {
        Octets wire = icv(AH.seal(plain(ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(HOME))), 7));
        var exchanged = ExtensionHeader.DestinationOptions.of(new Ip6Option.HomeAddress(CARE_OF));
        assertNotEquals(wire, icv(AH.seal(plain(exchanged), 7)));
        assertEquals(wire, byHand(HOME, PEER, exchanged, IpProtocol.DESTINATION_OPTIONS));
    }

    @Test
    void theRoutingHeaderCountsAsTheReceiverSeesIt() throws Malformed {
        Octets wire = icv(AH.seal(plain(new ExtensionHeader.Type2Routing(1, HOME)), 7));
        assertEquals(wire, byHand(CARE_OF, HOME, new ExtensionHeader.Type2Routing(0, PEER), IpProtocol.ROUTING));
        Ip6Packet arrived = (Ip6Packet) AH.seal(plain(new ExtensionHeader.Type2Routing(1, HOME)), 7);
        arrived = arrived.withHeader(arrived.header().withDestination(HOME)).withExtensions(List.of(new ExtensionHeader.Type2Routing(0, PEER)));
        opens(AH, arrived, IpProtocol.UDP, DATA, 7);
    }

    /** HMAC-SHA1 over octets that are put together here. */
    private static Octets byHand(Ip6Address source, Ip6Address destination, ExtensionHeader extension, int next) {
        OctetWriter out = new OctetWriter();
        out.u32(6L << 28).u16(extension.size() + 24 + DATA.length()).u8(next).u8(0).address(source).address(destination);
        extension.emit(out, IpProtocol.AH);
        out.u8(IpProtocol.UDP).u8(4).u16(0).u32(0x1001).u32(7).zeros(12).octets(DATA);
        PacketMac mac = PacketMac.of(Authentication.HMAC_SHA1_96, Octets.hex("42".repeat(20)));
        byte[] octets = out.toOctets().toArray();
        mac.update(octets, 0, octets.length);
        byte[] icv = new byte[12];
        mac.finish(icv, 0);
        return Octets.wrap(icv);
    }

    @Test
    void ip4HeadersCountWithoutWhatChanges() {
        Ip4Address from = Ip4Address.parse("192.0.2.1");
        Ip4Address to = Ip4Address.parse("192.0.2.2");
        Octets options = Octets.hex("94040000" + "0704040100000000");
        Ip4Packet sealed = (Ip4Packet) AH.seal(new Ip4Packet(new Ip4Header(0, 32, 99, true, false, 0, 64, 17, from, to, options), DATA), 7);
        Ip4Header h = sealed.header();
        opens(AH, new Ip4Packet(new Ip4Header(0x28, h.totalLength(), 99, false, false, 0, 3, IpProtocol.AH, from, to,
                Octets.hex("94040000" + "0704080100000000")), sealed.payload()), IpProtocol.UDP, DATA, 7);
        fails(AH, new Ip4Packet(new Ip4Header(0, h.totalLength(), 98, true, false, 0, 64, IpProtocol.AH, from, to, options), sealed.payload()), 7);
        fails(AH, new Ip4Packet(new Ip4Header(0, h.totalLength(), 99, true, false, 0, 64, IpProtocol.AH, from, to,
                Octets.hex("94040001" + "0704040100000000")), sealed.payload()), 7);
        assertInstanceOf(Unwrapped.Broken.class, AH.open(new Ip4Packet(new Ip4Header(0, h.totalLength(), 99, true, false, 0, 64, IpProtocol.AH, from, to,
                Octets.hex("94010000" + "0704040100000000")), sealed.payload()).toOctets(), 7));
    }

    /** A whole header is a multiple of 8 octets in IPv6 and of 4 in IPv4 (RFC 4302 section 2.2), where some pad to 8 octets, too. */
    @Test
    void theIcvIsPadded() throws Malformed {
        Sa sa = Sas.ah(0x1001, Authentication.HMAC_SHA256_128, Octets.hex("42".repeat(32)), false);
        AhTransform ah = new AhTransform(sa);
        assertEquals(28, ah.overhead(false));
        assertEquals(32, ah.overhead(true));
        Ip4Address from = Ip4Address.parse("192.0.2.1");
        Ip4Packet longer = Ip4Packet.of(from, from, IpProtocol.AH, new OctetWriter().octets(Octets.hex("11060000" + "00001001" + "00000007")).zeros(20)
                .octets(DATA).toOctets());
        PacketMac mac = PacketMac.of(Authentication.HMAC_SHA256_128, Octets.hex("42".repeat(32)));
        byte[] covered = Octets.hex("45000044" + "00000000" + "00330000" + "c0000201" + "c0000201" + longer.payload().toHex()).toArray();
        mac.update(covered, 0, covered.length);
        mac.finish(covered, 32);
        opens(ah, longer.withPayload(IpProtocol.AH, Octets.wrap(covered).from(20)), IpProtocol.UDP, DATA, 7);
    }

    @Test
    void fragmentsAreRefused() {
        Ip6Packet sealed = (Ip6Packet) AH.seal(plain(), 7);
        opens(AH, sealed.withExtensions(List.of(new ExtensionHeader.Fragment(0, false, 9))), IpProtocol.UDP, DATA, 7);
        assertInstanceOf(Unwrapped.Broken.class, AH.open(sealed.withExtensions(List.of(new ExtensionHeader.Fragment(0, true, 9))).toOctets(), 7));
        assertThrows(IllegalArgumentException.class, () -> AH.seal(plain(new ExtensionHeader.Fragment(8, false, 9)), 7));
        assertInstanceOf(Unwrapped.Broken.class,
                AH.open(sealed.withExtensions(List.of(new ExtensionHeader.UnknownRouting(0, 1, Octets.zeros(20)))).toOctets(), 7));
    }

    @Test
    void anotherAlgorithmsIcvIsBroken() {
        AhTransform other = new AhTransform(Sas.ah(0x1001, Authentication.HMAC_SHA256_128, Octets.hex("42".repeat(32)), false));
        assertInstanceOf(Unwrapped.Broken.class, other.open(AH.seal(plain(), 7).toOctets(), 7));
    }

    private static final String SOURCE_IS_CARE_OF = "20010db8000400000000000000000004";
    private static final String HOME_HEX = "20010db8000300000000000000000003";
    private static final String PEER_HEX = "20010db8000200000000000000000002";
    private static final String AH_WITHOUT_ICV = "11040000" + "00001001" + "00000007";

    /** What a packet is on its way, with the right ICV for what it covers; both without the ICV, after which the data stand. */
    private static Octets authentic(String wire, String covered) {
        byte[] octets = Octets.hex(covered + "00".repeat(12) + DATA.toHex()).toArray();
        PacketMac mac = PacketMac.of(Authentication.HMAC_SHA1_96, Octets.hex("42".repeat(20)));
        mac.update(octets, 0, octets.length);
        byte[] icv = new byte[12];
        mac.finish(icv, 0);
        return Octets.hex(wire + Octets.wrap(icv).toHex() + DATA.toHex());
    }

    private static void opensAsItCame(Octets packet) {
        Unwrapped.Payload opened = assertInstanceOf(Unwrapped.Payload.class, AH.open(packet, 7));
        assertEquals(IpProtocol.UDP, opened.nextHeader());
        assertEquals(DATA, opened.payload());
    }

    /** A sender may fill padding as it likes; whoever covers the octets, as a Linux kernel does, covers these. */
    @Test
    void theDataOfPaddingCounts() {
        String padding = "0104deadbeef";
        String changes = "3e02aabb" + "0100";                       // an option that may change on the way
        String zero = "3e020000" + "0100";
        String wire = "6edabcde" + "0048" + "00" + "21" + SOURCE_IS_CARE_OF + PEER_HEX + "3c01" + padding + changes + "0100"
                + "3302" + "0102c0de" + "c910" + HOME_HEX;
        String covered = "60000000" + "0048" + "00" + "00" + HOME_HEX + PEER_HEX + "3c01" + padding + zero + "0100"
                + "3302" + "0102c0de" + "c910" + SOURCE_IS_CARE_OF;
        int length = (wire.length() - 80) / 2 + 24 + DATA.length();
        String said = "%04x".formatted(length);
        Octets packet = authentic(wire.replace("0048" + "00" + "21", said + "0021") + AH_WITHOUT_ICV, covered.replace("0048" + "00" + "00", said + "0000")
                + AH_WITHOUT_ICV);
        opensAsItCame(packet);
        byte[] other = packet.toArray();
        other[Ip6Header.LENGTH + 4] ^= 1;
        assertInstanceOf(Unwrapped.BadIcv.class, AH.open(Octets.wrap(other), 7));
        other = packet.toArray();
        other[Ip6Header.LENGTH + 10] ^= 1;
        opensAsItCame(Octets.wrap(other));
    }

    /** So do reserved fields, but for those of a fragment header around a whole packet, which does not count at all. */
    @Test
    void reservedFieldsCount() {
        String routing = "02" + "02";
        String length = "%04x".formatted(24 + 24 + DATA.length());
        Octets routed = authentic("60000000" + length + "2b40" + SOURCE_IS_CARE_OF + PEER_HEX + "33" + routing + "01" + "5eed5eed" + HOME_HEX + AH_WITHOUT_ICV,
                "60000000" + length + "2b00" + SOURCE_IS_CARE_OF + HOME_HEX + "33" + routing + "00" + "5eed5eed" + PEER_HEX + AH_WITHOUT_ICV);
        opensAsItCame(routed);
        byte[] other = routed.toArray();
        other[Ip6Header.LENGTH + 5] ^= 1;
        assertInstanceOf(Unwrapped.BadIcv.class, AH.open(Octets.wrap(other), 7));
        String longer = "%04x".formatted(24 + 24 + 8 + DATA.length());
        opensAsItCame(authentic(
                "60000000" + longer + "2b40" + SOURCE_IS_CARE_OF + PEER_HEX + "2c" + routing + "01" + "5eed5eed" + HOME_HEX + "33770006" + "00000063" + AH_WITHOUT_ICV,
                "60000000" + length + "2b00" + SOURCE_IS_CARE_OF + HOME_HEX + "33" + routing + "00" + "5eed5eed" + PEER_HEX + AH_WITHOUT_ICV));
    }

    /** The reserved flag of IPv4 changes on the way as the other flags do; what follows the end of the options stands. */
    @Test
    void ip4OptionsCountToTheLastOctet() {
        String length = "%04x".formatted(20 + 12 + 24 + DATA.length());
        String options = "94040000" + "00c0ffee" + "deadbeef";
        String addresses = "c0000201" + "c0000202";
        Octets covered = Octets.hex("48" + "00" + length + "0063" + "0000" + "00" + "33" + "0000" + addresses + options);
        byte[] header = Octets.hex("48" + "2e" + length + "0063" + "8000" + "21" + "33" + "0000" + addresses + options).toArray();
        int sum = careof.engine.base.Checksum.of(Octets.wrap(header));
        header[10] = (byte) (sum >>> 8);
        header[11] = (byte) sum;
        opensAsItCame(authentic(Octets.wrap(header).toHex() + AH_WITHOUT_ICV, covered.toHex() + AH_WITHOUT_ICV));
    }
}
