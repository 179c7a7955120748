package careof.engine.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IkeCryptoTest {
    private static Octets text(String text) {
        return Octets.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** RFC 2202 sections 2 and 3, RFC 4231 section 4.3; digests of "abc" from RFC 1321 and FIPS 180. */
    @ParameterizedTest
    @CsvSource({
        "MD5, 1, 900150983cd24fb0d6963f7d28e17f72, 750c783e6ab0b503eaa86e310a5db738",
        "SHA1, 2, a9993e364706816aba3e25717850c26c9cd0d89d, effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "SHA256, 4, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    })
    void hashes(IkeHash hash, int number, String abc, String hmac) {
        assertEquals(Optional.of(hash), IkeHash.of(number));
        assertEquals(Octets.hex(abc), hash.digest(text("a"), Octets.EMPTY, text("bc")));
        assertEquals(Octets.hex(hmac), hash.prf(text("Jefe"), text("what do ya want "), text("for nothing?")));
        assertEquals(hash.length(), Octets.hex(abc).length());
        assertEquals(hash.prf(Octets.zeros(hash.length()), text("x")), hash.prf(Octets.EMPTY, text("x")));
        assertEquals(Optional.empty(), IkeHash.of(3));
    }

    /** RFC 3602 section 4 case 2; 3DES by OpenSSL. */
    @ParameterizedTest
    @CsvSource({
        "AES_CBC, 7, c286696d887c9aa0611bbb3e2025a45a, 562e17996d093d28ddb3ba695a2e6f58, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, "
            + "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1",
        "TRIPLE_DES_CBC, 5, 0123456789abcdef23456789abcdef01456789abcdef0123, 0f1e2d3c4b5a6978, 000102030405060708090a0b0c0d0e0f, fd78773d6002e9402af8b91bdf0ead37",
    })
    void ciphers(IkeCipher cipher, int number, String key, String iv, String plain, String encrypted) {
        assertEquals(Optional.of(cipher), IkeCipher.of(number));
        assertEquals(Octets.hex(encrypted), cipher.encrypt(Octets.hex(key), Octets.hex(iv), Octets.hex(plain)));
        assertEquals(Octets.hex(plain), cipher.decrypt(Octets.hex(key), Octets.hex(iv), Octets.hex(encrypted)));
        assertEquals(Octets.EMPTY, cipher.decrypt(Octets.hex(key), Octets.hex(iv), Octets.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> cipher.decrypt(Octets.hex(key), Octets.hex(iv), Octets.hex(encrypted).from(1)));
        assertThrows(IllegalArgumentException.class, () -> cipher.decrypt(Octets.hex(key).from(1), Octets.hex(iv), Octets.hex(encrypted)));
        assertThrows(IllegalArgumentException.class, () -> cipher.decrypt(Octets.hex(key), Octets.hex(iv).from(1), Octets.hex(encrypted)));
        assertEquals(Optional.empty(), IkeCipher.of(1));
    }

    @Test
    void expandedKeysStartAsShortOnes() {
        IkeKeys keys = IkeKeys.of(IkeHash.SHA1, text("skeyid"), text("secret"), text("cookie i"), text("cookie r"));
        assertEquals(keys.encryption(), keys.cipherKey(20));
        assertEquals(keys.encryption().slice(0, 16), keys.cipherKey(16));
        Octets first = IkeHash.SHA1.prf(keys.encryption(), Octets.of(0));
        assertEquals(first, keys.cipherKey(24).slice(0, 20), "what is too short is not used at all");
        assertEquals(IkeHash.SHA1.prf(keys.encryption(), first), keys.cipherKey(40).from(20));
        Octets material = keys.keymat(Octets.EMPTY, 3, Octets.hex("11223344"), text("ni"), text("nr"), 100);
        assertEquals(material.slice(0, 36), keys.keymat(Octets.EMPTY, 3, Octets.hex("11223344"), text("ni"), text("nr"), 36));
        assertNotEquals(material, keys.keymat(text("g^xy"), 3, Octets.hex("11223344"), text("ni"), text("nr"), 100));
    }

    /** What a lab's trace shows must stay what it was: computed by the words of {@link SeededKeys} with sha256sum. */
    @Test
    void seededOctets() {
        SeededKeys keys = new SeededKeys(7);
        assertEquals("6d6a0c764e8f8862bfa7184798b96e57488fc1059ba93fce171e3ea12055ee66", keys.octets("for\0this", 32).toHex());
        assertEquals("6d6a0c764e8f8862bfa7184798b96e57488fc1059ba93fce171e3ea12055ee6674d655b9ff5a52f8ae341b4059003eff373d11fd4c7237ec44a1860a74b1a543", keys.octets("for\0this", 64).toHex());
        assertEquals(Octets.EMPTY, keys.octets("x", 0));
        KeySource mn = KeySource.seeded(7, "mn");
        assertEquals(mn.octets("cookie", 40), KeySource.seeded(7, "mn").octets("cookie", 40));
        assertNotEquals(mn.octets("cookie", 8), KeySource.seeded(7, "ha").octets("cookie", 8));
        assertNotEquals(mn.octets("cookie", 8), KeySource.seeded(8, "mn").octets("cookie", 8));
        assertNotEquals(mn.octets("cookie", 8), mn.octets("nonce", 8));
    }
}
