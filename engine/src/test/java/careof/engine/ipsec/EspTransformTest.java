package careof.engine.ipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.Sa;
import careof.engine.wire.Arbitrary;
import careof.engine.wire.ip.IpProtocol;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EspTransformTest {
    private static IvSource iv(String hex) {
        Octets octets = Octets.hex(hex);
        return ordinal -> {
            int at = ordinal % 2 == 1 ? 0 : 8;
            return (long) octets.u16(at) << 48 | (long) octets.u16(at + 2) << 32 | (long) octets.u16(at + 4) << 16 | octets.u16(at + 6);
        };
    }

    static IvSource random(long seed) {
        return ordinal -> new Random(seed * 31 + ordinal).nextLong();
    }

    private static Unwrapped.Payload opened(Unwrapped unwrapped) {
        return assertInstanceOf(Unwrapped.Payload.class, unwrapped);
    }

    /** RFC 3602 section 4, cases 5 to 8: what follows the IP header of whole packets. */
    @ParameterizedTest
    @CsvSource({
        "90d382b410eeba7ad938c46cec1a82bf, 4321, 1, e96e8c08ab465763fd098d45dd3ff893, 1, "
            + "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637, "
            + "f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874a"
            + "a269add047ad2d5913ac19b7cfbad4a6",
        "90d382b410eeba7ad938c46cec1a82bf, 4321, 8, 69d08df7d203329db093fc4924e5bd80, 1, "
            + "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777"
            + ", f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75",
        "0123456789abcdef0123456789abcdef, 8765, 2, f4e765244f6407adf13dc1380f673f37, 4, "
            + "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223"
            + "2425262728292a2b2c2d2e2f3031323334353637, "
            + "773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5"
            + "c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5a100b842f1c22f0d",
        "0123456789abcdef0123456789abcdef, 8765, 5, 85d47224b5f3dd5d2101d4ea8dffab22, 4, "
            + "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            + "ffffffff, "
            + "15b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb50f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3"
            + "d2726d9b5ef6affc6d17a0decbb13892",
    })
    void wholePacketsOfAesCbc(String key, String spi, long sequence, String iv, int nextHeader, String payload, String encrypted) {
        EspTransform esp = new EspTransform(
                Sas.esp(Long.parseLong(spi, 16), Encryption.AES_CBC, Octets.hex(key), Authentication.NULL, Octets.EMPTY, false));
        Octets packet = Octets.hex("0000" + spi + "%08x".formatted(sequence) + iv + encrypted);
        assertEquals(packet, esp.seal(nextHeader, Octets.hex(payload), 0, sequence, iv(iv)));
        Unwrapped.Payload opened = opened(esp.open(packet, sequence));
        assertEquals(nextHeader, opened.nextHeader());
        assertEquals(Octets.hex(payload), opened.payload());
    }

    /** draft-mcgrew-gcm-test-01 section 4, its first: an extended sequence number, and an IV that does not count. */
    @Test
    void aWholePacketOfAesGcm() {
        Sa sa = Sas.esp(0x4321, Encryption.AES_GCM, Octets.hex("4c80cdefbb5d10da906ac73c3613a6342e443b68"), Authentication.NULL, Octets.EMPTY, true);
        Octets packet = Octets.hex("0000432100000000" + "4956ed7e3b244cfe"
                + "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce"
                + "61bc17d768fd9732459018148f6cbe722fd04796562dfdb4");
        EspTransform esp = new EspTransform(sa);
        Unwrapped.Payload opened = opened(esp.open(packet, 0x87654321_00000000L));
        assertEquals(Octets.hex("45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f75647003736970096379626572"
                + "6369747902646b0000210001"), opened.payload());
        assertEquals(IpProtocol.ICMP4, opened.nextHeader());
        assertInstanceOf(Unwrapped.BadIcv.class, esp.open(packet, 0x87654322_00000000L));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsSealedOpensAndNothingElseDoes(long seed) {
        Arbitrary any = new Arbitrary(seed);
        for (Sa sa : Sas.allOfEsp(seed)) {
            EspTransform esp = new EspTransform(sa);
            for (int i = 0; i < 12; i++) {
                String where = "seed " + seed + ", " + sa.encryption() + " " + sa.authentication() + ", packet " + i;
                Octets payload = any.octets(i < 4 ? i : any.below(1500));
                int nextHeader = any.u8();
                int flow = any.bool() ? 0 : any.below(300);
                long sequence = 1 + any.below(1000) + (sa.extendedSequence() ? any.u32() << 32 : 0);
                Octets packet = esp.seal(nextHeader, payload, flow, sequence, random(seed));
                assertEquals(esp.sealedLength(payload.length(), flow), packet.length(), where);
                assertEquals(packet, new EspTransform(sa).seal(nextHeader, payload, flow, sequence, random(seed)), where);
                Unwrapped.Payload opened = opened(esp.open(packet, sequence));
                assertEquals(nextHeader, opened.nextHeader(), where);
                assertEquals(payload, opened.payload().slice(0, payload.length()), where);
                assertEquals(Octets.zeros(flow), opened.payload().from(payload.length()), where);
                assertEquals(opened.payload(), opened.clear().slice(opened.start(), opened.start() + opened.payload().length()), where);
                assertEquals(packet.slice(0, esp.payloadOffset()), opened.clear().slice(0, esp.payloadOffset()), where);
                if (sa.authenticates()) {
                    int at = any.below(packet.length());
                    byte[] other = packet.toArray();
                    other[at] ^= (byte) (1 << any.below(8));
                    assertInstanceOf(Unwrapped.BadIcv.class, esp.open(Octets.wrap(other), sequence), where + ", octet " + at);
                    if (sa.extendedSequence()) {
                        assertInstanceOf(Unwrapped.BadIcv.class, esp.open(packet, sequence + (1L << 32)), where);
                    }
                }
                esp.open(any.mutated(packet), sequence);    // whatever it is, nothing is thrown
                esp.open(packet.slice(0, any.below(packet.length() + 1)), sequence);
            }
        }
    }

    @Test
    void sealsInPlaceBehindHeadersThatAreThere() {
        for (Sa sa : Sas.allOfEsp(7)) {
            EspTransform esp = new EspTransform(sa);
            Octets payload = new Arbitrary(7).octets(333);
            byte[] buffer = new byte[40 + esp.sealedLength(333, 5) + 9];
            java.util.Arrays.fill(buffer, 0, 40, (byte) 0xee);
            java.util.Arrays.fill(buffer, buffer.length - 9, buffer.length, (byte) 0xdd);
            payload.copyTo(buffer, 40 + esp.payloadOffset());
            esp.sealInPlace(buffer, 40, 333, 41, 5, 77, random(7));
            Octets all = Octets.wrap(buffer);
            assertEquals(esp.seal(41, payload, 5, 77, random(7)), all.slice(40, buffer.length - 9));
            assertEquals(Octets.hex("ee".repeat(40)), all.slice(0, 40));
            assertEquals(Octets.hex("dd".repeat(9)), all.from(buffer.length - 9));
        }
    }

    @Test
    void cbcTakesItsIvFromTheSourceAndCountersCount() {
        Octets payload = Octets.zeros(20);
        EspTransform cbc = new EspTransform(Sas.esp(256, Encryption.AES_CBC, Octets.zeros(16), Authentication.NULL, Octets.EMPTY, false));
        assertEquals(Octets.hex("0000000000000005" + "0000000000000006"), cbc.seal(6, payload, 0, 3, n -> n).slice(8, 24));
        EspTransform des = new EspTransform(Sas.esp(256, Encryption.DES3_CBC, Octets.hex("01234567".repeat(6)), Authentication.NULL, Octets.EMPTY, false));
        assertEquals(Octets.hex("0000000000000005"), des.seal(6, payload, 0, 3, n -> n).slice(8, 16));
        IvSource none = _ -> {
            throw new AssertionError("not to be asked");
        };
        EspTransform gcm = new EspTransform(Sas.esp(256, Encryption.AES_GCM, Octets.zeros(20), Authentication.NULL, Octets.EMPTY, true));
        assertEquals(Octets.hex("0000010000000003"), gcm.seal(6, payload, 0, 0x100_0000_0003L, none).slice(8, 16));
        EspTransform ctr = new EspTransform(Sas.esp(256, Encryption.AES_CTR, Octets.zeros(20), Authentication.NULL, Octets.EMPTY, false));
        assertEquals(Octets.hex("0000000000000003"), ctr.seal(6, payload, 0, 3, none).slice(8, 16));
    }

    @Test
    void wrongPaddingIsTold() {
        EspTransform esp = new EspTransform(Sas.esp(256, Encryption.NULL, Octets.EMPTY, Authentication.NULL, Octets.EMPTY, false));
        String header = "0000010000000001";
        assertEquals(new Unwrapped.BadPadding("octet 2 of the padding is 3"), esp.open(Octets.hex(header + "aaaaaaaa" + "01030211"), 1));
        assertEquals(new Unwrapped.BadPadding("3 octets of padding in 4"), esp.open(Octets.hex(header + "01020311"), 1));
        assertEquals(new Unwrapped.Broken("what is encrypted takes 3 octets, no multiple of 4"), esp.open(Octets.hex(header + "010011"), 1));
        assertEquals(new Unwrapped.Broken("ESP of 9 octets, this SA takes at least 10"), esp.open(Octets.hex(header + "01"), 1));
        assertEquals(Octets.EMPTY, opened(esp.open(Octets.hex(header + "01020211"), 1)).payload());
    }

    @Test
    void aDummyCarriesNothing() {
        EspTransform esp = new EspTransform(Sas.esp(256, Encryption.AES_GCM, Octets.zeros(20), Authentication.NULL, Octets.EMPTY, false));
        Octets dummy = esp.dummy(100, 9, random(1));
        assertEquals(esp.sealedLength(100, 0), dummy.length());
        assertEquals(IpProtocol.NONE, opened(esp.open(dummy, 9)).nextHeader());
    }

    @Test
    void anSaOfAhIsRefused() {
        Sa ah = Sas.ah(256, Authentication.HMAC_MD5_96, Octets.zeros(16), false);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new EspTransform(ah)).getMessage().contains("not an SA of ESP"));
    }
}
