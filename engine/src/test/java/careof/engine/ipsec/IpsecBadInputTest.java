package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.crypto.PacketMac;
import careof.engine.ipsec.IpsecKit.Layer;
import careof.engine.ipsec.IpsecKit.Node;
import careof.engine.state.Sa;
import careof.engine.state.SaUse;
import careof.engine.state.Selector;
import careof.engine.state.SpdEntry;
import careof.engine.state.State;
import careof.engine.trace.Reason;
import careof.engine.trace.TraceEvent;
import careof.engine.wire.ip.ExtensionHeader;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that are not what an SA is for: each ends with a reason, and moves neither window nor counter. */
class IpsecBadInputTest {
    private static final String A = "2001:db8:1::a";
    private static final String B = "2001:db8:1::b";
    private static final Selector THERE = IpsecKit.any(A, B);

    private final IpsecKit kit = new IpsecKit();
    private final Node a = kit.host("a", "lan", A);
    private final Node b = kit.host("b", "lan", B);

    /** Says a packet, which must end for this reason and change nothing; gives the drop. */
    private TraceEvent.Dropped ends(Reason reason, Octets packet) {
        List<State> before = b.ipsecRows();
        kit.mark();
        b.arrived.clear();
        kit.say("lan", b, packet);
        assertEquals(List.of(reason), kit.dropReasons());
        assertEquals(before, b.ipsecRows());
        assertTrue(b.arrived.isEmpty());
        kit.folds();
        TraceEvent.Dropped drop = kit.drops().getFirst();
        assertEquals(reason.names().size(), drop.args().size(), "values for all placeholders of " + reason);
        return drop;
    }

    private static Octets esp(Octets octets) {
        return Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), IpProtocol.ESP, octets).toOctets();
    }

    private static Octets ah(Octets octets) {
        return Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), IpProtocol.AH, octets).toOctets();
    }

    private static Octets sealed(Sa sa, long sequence) {
        Ip6Packet plain = IpsecKit.udp(A, B, 20);
        return new EspTransform(sa).seal(plain.protocol(), plain.payload(), 0, sequence, ordinal -> ordinal);
    }

    private Sa sa(Layer layer) {
        kit.protect(a, b, THERE, layer);
        return b.sa(layer.protocol());
    }

    @Test
    void espCutShort() {
        Sa sa = sa(Layer.esp());
        Octets whole = sealed(sa, 1);
        for (int length = 0; length < 8; length++) {
            ends(Reason.IPSEC_MALFORMED, esp(whole.slice(0, length)));
        }
        for (int length = 8; length < whole.length(); length++) {
            Reason reason = length - 8 - 16 - 12 < 2 || (length - 8 - 16 - 12) % 16 != 0 ? Reason.IPSEC_MALFORMED : Reason.IPSEC_BAD_ICV;
            ends(reason, esp(whole.slice(0, length)));
        }
    }

    @Test
    void ahCutShort() {
        Sa sa = sa(Layer.ah());
        Octets whole = new AhTransform(sa).seal(IpsecKit.udp(A, B, 20), 1).payload();
        for (int length = 0; length < 24; length++) {
            ends(Reason.IPSEC_MALFORMED, ah(whole.slice(0, length)));
        }
        for (int length = 24; length < whole.length(); length++) {
            ends(Reason.IPSEC_BAD_ICV, ah(whole.slice(0, length)));
        }
    }

    /** Each octet of ESP counts. */
    @ParameterizedTest
    @MethodSource("authenticating")
    void oneOctetIsAnother(Layer layer) {
        Sa sa = sa(layer);
        byte[] whole = sealed(sa, 1).toArray();
        for (int at = 8; at < whole.length; at++) {
            byte[] bad = whole.clone();
            bad[at] ^= 0x40;
            TraceEvent.Dropped drop = ends(Reason.IPSEC_BAD_ICV, esp(Octets.wrap(bad)));
            assertEquals("sa " + sa.id(), drop.entry());
        }
    }

    static Stream<Layer> authenticating() {
        return Stream.of(Layer.esp(), Layer.esp(Encryption.AES_GCM, Authentication.NULL), Layer.esp(Encryption.NULL, Authentication.HMAC_SHA256_128),
                Layer.esp(Encryption.AES_CTR, Authentication.AES_XCBC_96).withExtended());
    }

    /** AH covers the addresses on the wire, too. */
    @Test
    void oneOctetOfAHeaderIsAnother() {
        Sa sa = sa(Layer.ah());
        byte[] whole = new AhTransform(sa).seal(IpsecKit.udp(A, B, 20), 1).toOctets().toArray();
        byte[] source = whole.clone();
        source[23] ^= 1;
        ends(Reason.IPSEC_BAD_ICV, Octets.wrap(source));
        byte[] payload = whole.clone();
        payload[whole.length - 1] ^= 1;
        ends(Reason.IPSEC_BAD_ICV, Octets.wrap(payload));
    }

    @Test
    void wrongPadding() {
        Sa sa = sa(Layer.esp(Encryption.NULL, Authentication.HMAC_SHA1_96));
        Octets tail = new OctetWriter().octets(IpsecKit.udp(A, B, 4).payload()).u8(1).u8(3).u8(2).u8(IpProtocol.UDP).toOctets();
        ends(Reason.IPSEC_BAD_PADDING, esp(signed(sa, 1, tail)));
        Octets long1 = new OctetWriter().octets(IpsecKit.udp(A, B, 4).payload()).u8(1).u8(2).u8(200).u8(IpProtocol.UDP).toOctets();
        ends(Reason.IPSEC_BAD_PADDING, esp(signed(sa, 1, long1)));
    }

    /** ESP without encryption around these octets, with the right ICV. */
    private static Octets signed(Sa sa, long sequence, Octets octets) {
        byte[] covered = new OctetWriter().u32(sa.spi()).u32(sequence).octets(octets).zeros(sa.authentication().icv()).toOctets().toArray();
        PacketMac mac = PacketMac.of(sa.authentication(), sa.authenticationKey());
        mac.update(covered, 0, covered.length - sa.authentication().icv());
        mac.finish(covered, covered.length - sa.authentication().icv());
        return Octets.wrap(covered);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255})
    void reservedSpi(long spi) {
        sa(Layer.esp());
        Octets rest = Octets.zeros(60);
        ends(Reason.IPSEC_SPI_RESERVED, esp(new OctetWriter().u32(spi).u32(1).octets(rest).toOctets()));
        ends(Reason.IPSEC_SPI_RESERVED, ah(new OctetWriter().u8(17).u8(4).u16(0).u32(spi).u32(1).zeros(12).octets(rest).toOctets()));
    }

    @Test
    void unknownSpi() {
        Sa sa = sa(Layer.esp());
        TraceEvent.Dropped drop = ends(Reason.IPSEC_UNKNOWN_SPI, esp(new OctetWriter().u32(0x0bad_0bad).u32(1).zeros(60).toOctets()));
        assertEquals(List.of("0x0bad0bad", B), drop.args());
        ends(Reason.IPSEC_UNKNOWN_SPI, ah(new OctetWriter().u8(17).u8(4).u16(0).u32(sa.spi()).u32(1).zeros(12).zeros(60).toOctets()));
    }

    @Test
    void replay() {
        Sa sa = sa(Layer.esp().window(8));
        kit.say("lan", b, esp(sealed(sa, 1)));
        ends(Reason.IPSEC_REPLAY, esp(sealed(sa, 1)));
        ends(Reason.IPSEC_REPLAY, esp(sealed(sa, 0)));
        kit.say("lan", b, esp(sealed(sa, 100)));
        // The window's left edge: eight numbers up to 100, so 93 is in it and 92 is not.
        TraceEvent.Dropped drop = ends(Reason.IPSEC_REPLAY, esp(sealed(sa, 92)));
        assertEquals(List.of("92", "100"), drop.args());
        b.arrived.clear();
        kit.say("lan", b, esp(sealed(sa, 93)));
        assertEquals(1, b.arrived.size());
        ends(Reason.IPSEC_REPLAY, esp(sealed(sa, 93)));
        assertEquals(0b10000001, b.use(sa).window());
    }

    /** A forged number far ahead does not move the window: what is under way still comes in. */
    @Test
    void theWindowMovesOnlyWithAGoodIcv() {
        Sa sa = sa(Layer.esp());
        byte[] forged = sealed(sa, 1_000_000).toArray();
        forged[forged.length - 1] ^= 1;
        ends(Reason.IPSEC_BAD_ICV, esp(Octets.wrap(forged)));
        kit.say("lan", b, esp(sealed(sa, 1)));
        assertEquals(1, b.arrived.size());
    }

    @Test
    void withoutAuthenticationThereIsNoWindow() {
        Sa sa = sa(Layer.esp(Encryption.AES_CBC, Authentication.NULL));
        kit.say("lan", b, esp(sealed(sa, 1_000_000)));
        kit.say("lan", b, esp(sealed(sa, 1)));
        assertEquals(2, b.arrived.size());
    }

    @Test
    void sequenceNumbersUsedUp() {
        Sa sa = kit.protect(a, b, THERE, Layer.esp()).getFirst();
        a.sad.sent(sa, 0xffff_fffeL, 0);
        kit.mark();
        a.send(IpsecKit.udp(A, B, 4));
        assertEquals(1, b.arrived.size(), "the last number may be used");
        a.send(IpsecKit.udp(A, B, 4));
        assertEquals(List.of(Reason.IPSEC_SEQUENCE_OVERFLOW), kit.dropReasons());
        assertEquals(1, b.arrived.size());
        kit.folds();
    }

    @Test
    void extendedNumbersGoOn() {
        Sa sa = kit.protect(a, b, THERE, Layer.esp().withExtended()).getFirst();
        Sa there = b.sa(Sa.Protocol.ESP);
        a.sad.sent(sa, 0xffff_fffeL, 0);
        b.sad.received(there, 0xffff_fffeL, 1, 0);
        kit.mark();
        for (int i = 0; i < 4; i++) {
            a.send(IpsecKit.udp(A, B, 4));
        }
        assertEquals(List.of(), kit.drops());
        assertEquals(0x1_0000_0002L, b.use(there).sequence());
    }

    /** It is not for AH or ESP to know protocols: the packet is good, and nobody is there for it. */
    @Test
    void unknownNextHeader() {
        Sa sa = sa(Layer.esp());
        kit.mark();
        kit.say("lan", b, esp(new EspTransform(sa).seal(200, Octets.zeros(20), 0, 1, ordinal -> ordinal)));
        assertEquals(Reason.UNKNOWN_NEXT_HEADER, kit.dropReasons().getFirst());
    }

    @Test
    void unknownNextHeaderInATunnel() {
        Sa sa = sa(Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        endsVerified(sa, Reason.IPSEC_MALFORMED, 17, IpsecKit.udp(A, B, 4).payload());
        endsVerified(sa, Reason.IPSEC_MALFORMED, 41, Octets.zeros(60));
        endsVerified(sa, Reason.IPSEC_MALFORMED, 41, IpsecKit.udp(A, B, 4).toOctets().slice(0, 44));
        endsVerified(sa, Reason.IPSEC_MALFORMED, 4, IpsecKit.udp(A, B, 4).toOctets());
        endsVerified(sa, Reason.IPSEC_DUMMY, 59, Octets.zeros(100));
    }

    private int verified;

    /** A packet of somebody who has the key: it counts as received, and ends. */
    private void endsVerified(Sa sa, Reason reason, int nextHeader, Octets payload) {
        kit.mark();
        b.arrived.clear();
        kit.say("lan", b, esp(new EspTransform(sa).seal(nextHeader, payload, 0, ++verified, ordinal -> ordinal)));
        assertEquals(List.of(reason), kit.dropReasons());
        assertTrue(b.arrived.isEmpty());
        assertEquals(verified, b.use(sa).sequence());
    }

    @Test
    void otherAddressesThanTheSaIsFor() {
        Sa sa = sa(Layer.esp());
        kit.mark();
        Octets sealed = sealed(sa, 1);
        kit.say("lan", b, Ip6Packet.of(IpsecKit.ip("2001:db8:1::c"), IpsecKit.ip(B), IpProtocol.ESP, sealed).toOctets());
        assertEquals(List.of(Reason.IPSEC_SELECTOR), kit.dropReasons());
        assertEquals(1, b.use(sa).packets(), "who has the key sent it");
    }

    @Test
    void innerAddressesThanTheSaIsFor() {
        Sa sa = sa(Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        endsVerified(sa, Reason.IPSEC_SELECTOR, 41, IpsecKit.udp("2001:db8:9::9", B, 4).toOctets());
        endsVerified(sa, Reason.IPSEC_SELECTOR, 41, IpsecKit.udp(A, "2001:db8:9::9", 4).toOctets());
    }

    @Test
    void otherPortsThanTheSaIsFor() {
        Selector port = new Selector(THERE.source(), THERE.destination(), IpProtocol.UDP, Selector.Ports.ANY, Selector.Ports.of(IpsecKit.PORT));
        kit.protect(a, b, port, Layer.esp());
        Sa sa = b.sa(Sa.Protocol.ESP);
        Ip6Packet other = IpsecKit.udp(A, B, IpsecKit.PORT + 1, 4);
        endsVerified(sa, Reason.IPSEC_SELECTOR, IpProtocol.UDP, other.payload());
        endsVerified(sa, Reason.IPSEC_SELECTOR, IpProtocol.TCP, Octets.zeros(20));
        a.send(IpsecKit.udp(A, B, 4));
        assertEquals(1, a.use(a.sa(Sa.Protocol.ESP)).packets());
    }

    /** Layer upon layer, each right: the door closes before all are off. */
    @Test
    void nestingBomb() {
        Sa sa = sa(Layer.ah());
        Ip6Packet packet = IpsecKit.udp(A, B, 4);
        AhTransform transform = new AhTransform(sa);
        for (int i = 20; i > 0; i--) {
            packet = (Ip6Packet) transform.seal(packet, i);
        }
        kit.mark();
        kit.say("lan", b, packet.toOctets());
        assertEquals(List.of(Reason.IPSEC_NESTING), kit.dropReasons());
        assertEquals(Opening.MOST_LAYERS, b.use(sa).packets());
        kit.folds();
    }

    @Test
    void tunnelsInTunnels() {
        Sa sa = sa(Layer.esp(Encryption.AES_GCM, Authentication.NULL).tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        Octets packet = IpsecKit.udp(A, B, 4).toOctets();
        for (int i = 10; i > 0; i--) {
            packet = esp(new EspTransform(sa).seal(41, packet, 0, i, ordinal -> ordinal));
        }
        kit.mark();
        kit.say("lan", b, packet);
        assertEquals(1, kit.drops().size());
        assertTrue(b.arrived.isEmpty());
        assertTrue(b.use(sa).packets() <= Opening.MOST_LAYERS);
    }

    /** Fragments are put together first; ESP that is in pieces otherwise is nobody's. */
    @Test
    void aPieceOfEspWaitsForTheRest() {
        Sa sa = sa(Layer.esp());
        Octets sealed = sealed(sa, 1);
        Ip6Packet whole = Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), IpProtocol.ESP, sealed);
        Ip6Packet first = whole.withExtensions(List.of(new ExtensionHeader.Fragment(0, true, 7))).withPayload(IpProtocol.ESP, sealed.slice(0, 32));
        Ip6Packet last = whole.withExtensions(List.of(new ExtensionHeader.Fragment(32, false, 7))).withPayload(IpProtocol.ESP, sealed.from(32));
        List<State> before = b.ipsecRows();
        kit.say("lan", b, first.toOctets());
        assertEquals(before, b.ipsecRows());
        kit.say("lan", b, last.toOctets());
        assertEquals(1, b.arrived.size());
    }

    /** An atomic fragment is a whole packet. */
    @Test
    void espBehindAnAtomicFragmentHeader() {
        Sa sa = sa(Layer.esp());
        Ip6Packet whole = Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), IpProtocol.ESP, sealed(sa, 1));
        kit.say("lan", b, whole.withExtensions(List.of(new ExtensionHeader.Fragment(0, false, 7))).toOctets());
        assertEquals(1, b.arrived.size());
    }

    @Test
    void piecesOfDifferentProtectionNeverJoin() {
        kit.protect(a, b, THERE, Layer.esp().tunnel(IpsecKit.ip(A), IpsecKit.ip(B)));
        Sa sa = b.sa(Sa.Protocol.ESP);
        Ip6Packet plain = IpsecKit.udp(A, B, 24);
        Ip6Packet first = plain.withExtensions(List.of(new ExtensionHeader.Fragment(0, true, 7))).withPayload(IpProtocol.UDP, plain.payload().slice(0, 16));
        Ip6Packet last = plain.withExtensions(List.of(new ExtensionHeader.Fragment(16, false, 7))).withPayload(IpProtocol.UDP, plain.payload().from(16));
        kit.say("lan", b, esp(new EspTransform(sa).seal(41, first.toOctets(), 0, 1, ordinal -> ordinal)));
        kit.say("lan", b, last.toOctets());
        assertTrue(b.arrived.isEmpty());
        kit.say("lan", b, esp(new EspTransform(sa).seal(41, last.toOctets(), 0, 2, ordinal -> ordinal)));
        assertEquals(List.of(plain.payload()), b.arrived.stream().map(in -> in.ip().payload()).toList());
        assertEquals(1, b.arrived.getFirst().sas().size());
        kit.folds();
    }

    /** Random octets after a header that names a real SA: nothing moves, nothing is thrown. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void fuzz(long seed) {
        kit.protect(a, b, THERE, Layer.esp(), Layer.ah());
        kit.protect(b, a, IpsecKit.any(B, A), Layer.esp(Encryption.AES_GCM, Authentication.NULL).tunnel(IpsecKit.ip(B), IpsecKit.ip(A)));
        List<Sa> sas = b.sad.all();
        List<State> before = b.ipsecRows();
        Random random = new Random(seed);
        kit.mark();
        for (int i = 0; i < 400; i++) {
            Sa sa = sas.get(random.nextInt(sas.size()));
            byte[] rest = new byte[random.nextInt(120)];
            random.nextBytes(rest);
            OctetWriter out = new OctetWriter();
            int protocol = random.nextBoolean() ? IpProtocol.ESP : IpProtocol.AH;
            if (protocol == IpProtocol.AH) {
                out.u8(random.nextInt(256)).u8(random.nextInt(8)).u16(0);
            }
            Octets octets = out.u32(sa.spi()).u32(random.nextInt(1000)).octets(Octets.wrap(rest)).toOctets();
            Ip6Packet packet = Ip6Packet.of(IpsecKit.ip(A), IpsecKit.ip(B), protocol, octets);
            kit.say("lan", b, packet.toOctets());
        }
        assertEquals(400, kit.drops().stream().filter(drop -> drop.node().equals("b")).count());
        assertEquals(before, b.ipsecRows(), "seed " + seed);
        kit.folds();
    }

    /** Real packets with some octets changed: either dropped, or what was changed is not covered. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void mutations(long seed) {
        Sa sa = sa(Layer.ah());
        Random random = new Random(seed);
        AhTransform transform = new AhTransform(sa);
        for (int i = 1; i <= 300; i++) {
            byte[] packet = transform.seal(IpsecKit.udp(A, B, 30), i).toOctets().toArray();
            int at = 40 + random.nextInt(packet.length - 40);
            packet[at] ^= (byte) (1 + random.nextInt(255));
            List<State> before = b.ipsecRows();
            b.arrived.clear();
            kit.say("lan", b, Octets.wrap(packet));
            assertTrue(b.arrived.isEmpty(), "seed " + seed + ", packet " + i + ", octet " + at);
            assertEquals(before, b.ipsecRows(), "seed " + seed + ", packet " + i + ", octet " + at);
        }
    }

    /** Two SAs with one SPI go by what they are for: destination and protocol (RFC 4301 section 4.1). */
    @Test
    void oneSpiTwice() {
        Sa sa = sa(Layer.esp());
        int before = b.sad.size();
        assertNotEquals(0, b.daemon.request(SaMessages.add(sa)).errno());
        assertEquals(before, b.sad.size());
        b.arrived.clear();
        kit.say("lan", b, esp(sealed(sa, 1)));
        assertEquals(1, b.arrived.size());
    }

    @Test
    void withoutPolicyOrSaNothingIsAsked() {
        kit.mark();
        kit.say("lan", b, esp(Octets.zeros(40)));
        assertEquals(Reason.UNKNOWN_NEXT_HEADER, kit.dropReasons().getFirst());
        b.policy(SpdEntry.Direction.IN, THERE, SpdEntry.Action.DISCARD);
        kit.mark();
        kit.say("lan", b, esp(Octets.zeros(40)));
        assertEquals(List.of(Reason.IPSEC_SPI_RESERVED), kit.dropReasons());
    }

    /** What the lifetime counts is what was encrypted; the packet that comes to the limit is the last. */
    @Test
    void octetsCount() {
        Sa sa = kit.protect(a, b, THERE, Layer.esp()).getFirst();
        a.send(IpsecKit.udp(A, B, 20));
        SaUse use = a.use(sa);
        assertEquals(32, use.octets(), "8 + 20 octets, 2 of padding, 2 of trailer: two blocks");
        assertEquals(32, b.use(b.sa(Sa.Protocol.ESP)).octets());
    }

    @Test
    void aBlockThatIsNone() {
        Sa sa = sa(Layer.esp(Encryption.DES3_CBC, Authentication.NULL));
        ends(Reason.IPSEC_MALFORMED, esp(new OctetWriter().u32(sa.spi()).u32(1).zeros(8).zeros(13).toOctets()));
    }
}
