package careof.engine.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers of the RFCs; "t:" before a text, "n*xx" for an octet n times, else hexadecimal. */
class VectorsTest {
    private static Octets octets(String text) {
        if (text.startsWith("t:")) {
            return Octets.wrap(text.substring(2).getBytes(StandardCharsets.US_ASCII));
        }
        int star = text.indexOf('*');
        return Octets.hex(star < 0 ? text : text.substring(star + 1).repeat(Integer.parseInt(text.substring(0, star))));
    }

    /** RFC 2202 section 2 and 3, RFC 4231 section 4; keys of lengths that no SA has, too. */
    @ParameterizedTest
    @CsvSource({
        "HmacMD5, 16*0b, t:Hi There, 9294727a3638bb1c13f48ef8158bfc9d",
        "HmacMD5, t:Jefe, t:what do ya want for nothing?, 750c783e6ab0b503eaa86e310a5db738",
        "HmacMD5, 16*aa, 50*dd, 56be34521d144c88dbb8c733f0e8b3f6",
        "HmacMD5, 0102030405060708090a0b0c0d0e0f10111213141516171819, 50*cd, 697eaf0aca3a3aea3a75164746ffaa79",
        "HmacMD5, 16*0c, t:Test With Truncation, 56461ef2342edc00f9bab995690efd4c",
        "HmacMD5, 16*0c, t:Test With Truncation, 56461ef2342edc00f9bab995",
        "HmacMD5, 80*aa, t:Test Using Larger Than Block-Size Key - Hash Key First, 6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
        "HmacMD5, 80*aa, t:Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data, 6f630fad67cda0ee1fb1f562db3aa53e",
        "HmacSHA1, 20*0b, t:Hi There, b617318655057264e28bc0b6fb378c8ef146be00",
        "HmacSHA1, t:Jefe, t:what do ya want for nothing?, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "HmacSHA1, 20*aa, 50*dd, 125d7342b9ac11cd91a39af48aa17b4f63f175d3",
        "HmacSHA1, 0102030405060708090a0b0c0d0e0f10111213141516171819, 50*cd, 4c9007f4026250c6bc8414f9bf50c86c2d7235da",
        "HmacSHA1, 20*0c, t:Test With Truncation, 4c1a03424b55e07fe7f27be1d58bb9324a9a5a04",
        "HmacSHA1, 20*0c, t:Test With Truncation, 4c1a03424b55e07fe7f27be1",
        "HmacSHA1, 80*aa, t:Test Using Larger Than Block-Size Key - Hash Key First, aa4ae5e15272d00e95705637ce8a3b55ed402112",
        "HmacSHA1, 80*aa, t:Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data, e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
        "HmacSHA256, 20*0b, t:Hi There, b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "HmacSHA256, t:Jefe, t:what do ya want for nothing?, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "HmacSHA256, 20*aa, 50*dd, 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "HmacSHA256, 0102030405060708090a0b0c0d0e0f10111213141516171819, 50*cd, 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        "HmacSHA256, 20*0c, t:Test With Truncation, a3b6167473100ee06e0c796c2955552b",
        "HmacSHA256, 131*aa, t:Test Using Larger Than Block-Size Key - Hash Key First, 60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    })
    void hmac(String name, String key, String data, String digest) {
        Octets right = Octets.hex(digest);
        check(new PacketMac.Hmac(name, octets(key), right.length()), octets(data), right);
    }

    /** RFC 4868 section 2.7.2.1, RFC 3566 section 4.6, and the truncated ones of RFC 2202. */
    @ParameterizedTest
    @CsvSource({
        "HMAC_MD5_96, 16*0c, t:Test With Truncation, 56461ef2342edc00f9bab995",
        "HMAC_SHA1_96, 20*0c, t:Test With Truncation, 4c1a03424b55e07fe7f27be1",
        "HMAC_SHA256_128, 32*0b, t:Hi There, 198a607eb44bfbc69903a0f1cf2bbdc5",
        "HMAC_SHA256_128, t:JefeJefeJefeJefeJefeJefeJefeJefe, t:what do ya want for nothing?, 167f928588c5cc2eef8e3093caa0e87c",
        "HMAC_SHA256_128, 32*aa, 50*dd, cdcb1220d1ecccea91e53aba3092f962",
        "HMAC_SHA256_128, 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20, 50*cd, 372efcf9b40b35c2115b1346903d2ef4",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 0*00, 75f0251d528ac01c4573dfd5",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 000102, 5b376580ae2f19afe7219cee",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 000102030405060708090a0b0c0d0e0f, d2a246fa349b68a79998a439",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 000102030405060708090a0b0c0d0e0f10111213, 47f51b4564966215b8985c63",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, f54f0ec8d2b9f3d36807734b",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021, becbb3bccdb518a30677d548",
        "AES_XCBC_96, 000102030405060708090a0b0c0d0e0f, 1000*00, f0dafee895db30253761103b",
    })
    void authentication(Authentication algorithm, String key, String data, String icv) {
        assertEquals(algorithm.icv(), Octets.hex(icv).length());
        check(PacketMac.of(algorithm, octets(key)), octets(data), Octets.hex(icv));
    }

    private static void check(PacketMac mac, Octets data, Octets right) {
        for (int parts = 1; parts <= 3; parts++) {    // one object for many packets, each in one piece or in several
            byte[] packet = new OctetWriter().zeros(5).octets(data).zeros(right.length() + 3).toOctets().toArray();
            int at = 5 + data.length();
            int from = 5;
            for (int part = 1; part <= parts; part++) {
                int to = 5 + data.length() * part / parts;
                mac.update(packet, from, to);
                from = to;
            }
            mac.finish(packet, at);
            assertEquals(right, Octets.wrap(packet).slice(at, at + right.length()));
            mac.update(packet, 5, at);
            assertTrue(mac.verify(packet, at));
            for (int i = 0; i < right.length(); i++) {
                packet[at + i] ^= 1;
                mac.update(packet, 5, at);
                assertFalse(mac.verify(packet, at), "octet " + i);
                packet[at + i] ^= 1;
            }
        }
    }

    /** RFC 3602 section 4, cases 1 to 4. */
    @ParameterizedTest
    @CsvSource({
        "06a9214036b8a15b512e03d534120006, 3dafba429d9eb430b422da802c9fac41, t:Single block msg, e353779c1079aeb82708942dbe77181a",
        "c286696d887c9aa0611bbb3e2025a45a, 562e17996d093d28ddb3ba695a2e6f58, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, "
            + "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1",
        "6c3ea0477630ce21a2ce334aa746c2cd, c782dc4c098c66cbd9cd27d825682c81, t:This is a 48-byte message (exactly 3 AES blocks), "
            + "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684",
        "56e47a38c5598974bc46903dba290349, 8ce82eefbea0da3c44699ed7db51b7d9, a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
            + "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf, c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e"
            + "35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55",
    })
    void aesCbc(String key, String iv, String plain, String encrypted) {
        check(Encryption.AES_CBC, octets(key), iv, octets(plain), encrypted, "");
    }

    /** RFC 3686 section 6; the SA's key is key and nonce. */
    @ParameterizedTest
    @CsvSource({
        "AE6852F8121067CC4BF7A5765577F39E, 00000030, 0000000000000000, 16, E4095D4FB7A7B3792D6175A3261311B8",
        "7E24067817FAE0D743D6CE1F32539163, 006CB6DB, C0543B59DA48D90B, 32, 5104A106168A72D9790D41EE8EDAD388EB2E1EFC46DA57C8FCE630DF9141BE28",
        "7691BE035E5020A8AC6E618529F9A0DC, 00E0017B, 27777F3F4A1786F0, 36, C1CF48A89F2FFDD9CF4652E9EFDB72D74540A42BDE6D7836D59A5CEAAEF3105325B2072F",
        "16AF5B145FC9F579C175F93E3BFB0EED863D06CCFDB78515, 00000048, 36733C147D6D93CB, 16, 4B55384FE259C9C84E7935A003CBE928",
        "7C5CB2401B3DC33C19E7340819E0F69C678C3DB8E6F6A91A, 0096B03B, 020C6EADC2CB500D, 32, "
            + "453243FC609B23327EDFAAFA7131CD9F8490701C5AD4A79CFC1FE0FF42F4FB00",
        "02BF391EE8ECB159B959617B0965279BF59B60A786D3E0FE, 0007BDFD, 5CBD60278DCC0912, 36, "
            + "96893FC55E5C722F540B7DD1DDF7E758D288BC95C69165884536C811662F2188ABEE0935",
        "776BEFF2851DB06F4C8A0542C8696F6C6A81AF1EEC96B4D37FC1D689E6C1C104, 00000060, DB5672C97AA8F0B2, 16, 145AD01DBF824EC7560863DC71E3E0C0",
        "F6D66D6BD52D59BB0796365879EFF886C66DD51A5B6A99744B50590C87A23884, 00FAAC24, C1585EF15A43D875, 32, "
            + "F05E231B3894612C49EE000B804EB2A9B8306B508F839D6A5530831D9344AF1C",
        "FF7A617CE69148E4F1726E2F43581DE2AA62D9F805532EDFF1EED687FB54153D, 001CC5B7, 51A51D70A1C11148, 36, "
            + "EB6C52821D0BBBF7CE7594462ACA4FAAB407DF866569FD07F48CC0B583D6071F1EC0E6B8",
    })
    void aesCtr(String key, String nonce, String iv, int length, String encrypted) {
        OctetWriter counting = new OctetWriter();
        for (int i = 0; i < length; i++) {
            counting.u8(i);
        }
        check(Encryption.AES_CTR, Octets.hex(key + nonce), iv, length == 16 ? octets("t:Single block msg") : counting.toOctets(), encrypted, "");
    }

    /** draft-mcgrew-gcm-test-01 section 4: contents of ESP packets, the first with an extended sequence number. */
    @ParameterizedTest
    @CsvSource({
        "4c80cdefbb5d10da906ac73c3613a6342e443b68, 4956ed7e3b244cfe, 000043218765432100000000, "
            + "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f756470037369700963796265726369747902646b00"
            + "0021000101020201, fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff62"
            + "47aeabb786b93bce61bc17d768fd9732459018148f6cbe722fd04796562dfdb4",
        "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe, facedbaddecaf888, 0000a5f80000000a, "
            + "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d075680001, "
            + "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0315b27452144cc7795457b9652037f5318027b5b4cd7a636",
        "abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344, 0102030405060708, 4a2cbfe300000002, "
            + "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b40101040201020201, "
            + "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c49"
            + "15956c96",
    })
    void aesGcm(String key, String iv, String also, String plain, String encrypted) {
        check(Encryption.AES_GCM, Octets.hex(key), iv, Octets.hex(plain), encrypted, also);
    }

    /** FIPS 81, its example of CBC mode; three times the same key makes 3DES the same as DES. */
    @Test
    void des() {
        check(Encryption.DES_CBC, Octets.hex("0123456789abcdef"), "1234567890abcdef", octets("t:Now is the time for all "),
                "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6", "");
        check(Encryption.DES3_CBC, Octets.hex("0123456789abcdef0123456789abcdef0123456789abcdef"), "1234567890abcdef",
                octets("t:Now is the time for all "), "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6", "");
    }

    private static void check(Encryption algorithm, Octets key, String iv, Octets plain, String encrypted, String also) {
        PacketCipher cipher = new PacketCipher(algorithm, key);
        int from = 3 + algorithm.iv();
        int to = from + plain.length();
        for (int i = 0; i < 2; i++) {    // the same packet a second time is the same
            byte[] packet = new OctetWriter().zeros(3).octets(Octets.hex(iv)).octets(plain).zeros(algorithm.icv() + 2).toOctets().toArray();
            cipher.encrypt(packet, 3, from, to, Octets.hex(also).toArray());
            assertEquals(Octets.hex(encrypted), Octets.wrap(packet).slice(from, to + algorithm.icv()));
            assertEquals(Octets.zeros(2), Octets.wrap(packet).from(to + algorithm.icv()));
            assertTrue(cipher.decrypt(packet, 3, from, to, Octets.hex(also).toArray()));
            assertEquals(plain, Octets.wrap(packet).slice(from, to));
        }
        if (algorithm.isCombined()) {
            byte[] packet = new OctetWriter().zeros(3).octets(Octets.hex(iv)).octets(Octets.hex(encrypted)).toOctets().toArray();
            packet[to] ^= 1;
            assertFalse(cipher.decrypt(packet, 3, from, to, Octets.hex(also).toArray()));
            packet[to] ^= 1;
            assertFalse(cipher.decrypt(packet, 3, from, to, new byte[8]));
        }
    }

    @Test
    void keysOfTheWrongLengthAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PacketCipher(Encryption.AES_GCM, Octets.zeros(16)));
        assertThrows(IllegalArgumentException.class, () -> new PacketCipher(Encryption.NULL, Octets.zeros(1)));
        assertThrows(IllegalArgumentException.class, () -> PacketMac.of(Authentication.HMAC_SHA1_96, Octets.zeros(16)));
    }
}
