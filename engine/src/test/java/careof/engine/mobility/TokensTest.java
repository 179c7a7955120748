package careof.engine.mobility;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokensTest {
    /** RFC 2202 section 3, cases 1 and 6: the judge itself is right. */
    @Test
    void theJudgeKnowsTheVectorsOfRfc2202() {
        byte[] key = new byte[20];
        java.util.Arrays.fill(key, (byte) 0x0b);
        assertEquals("b617318655057264e28bc0b6fb378c8ef146be00", HexFormat.of().formatHex(Formulas.hmac(key, "Hi There".getBytes())));
        byte[] longKey = new byte[80];
        java.util.Arrays.fill(longKey, (byte) 0xaa);
        assertEquals("aa4ae5e15272d00e95705637ce8a3b55ed402112",
                HexFormat.of().formatHex(Formulas.hmac(longKey, "Test Using Larger Than Block-Size Key - Hash Key First".getBytes())));
    }

    @Test
    void tokensKeysAndAuthenticatorsAreThoseOfTheFormulas() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] key = bytes(random, 20);
            byte[] nonce = bytes(random, 8);
            Ip6Address a = new Ip6Address(random.nextLong(), random.nextLong());
            Ip6Address b = new Ip6Address(random.nextLong(), random.nextLong());
            long home = Tokens.keygen(Octets.wrap(key), a, Octets.wrap(nonce), Tokens.Kind.HOME);
            long careOf = Tokens.keygen(Octets.wrap(key), a, Octets.wrap(nonce), Tokens.Kind.CARE_OF);
            assertEquals(Formulas.keygen(key, a, nonce, 0), home);
            assertEquals(Formulas.keygen(key, a, nonce, 1), careOf);
            assertArrayEquals(Formulas.sha1(Formulas.bytes(home), Formulas.bytes(careOf)), Tokens.bindingKey(home, careOf).toArray());
            assertArrayEquals(Formulas.sha1(Formulas.bytes(home)), Tokens.bindingKey(home).toArray());
            byte[] header = bytes(random, 12 + 8 * random.nextInt(1, 9));
            Octets signed = Octets.wrap(header.clone());
            byte[] zeroed = java.util.Arrays.copyOf(header, header.length - 12);
            zeroed[4] = zeroed[5] = 0;
            assertEquals(Formulas.authenticator(key, a, b, signed), Tokens.authenticator(Octets.wrap(key), a, b, Octets.wrap(zeroed)));
        }
    }

    /** RFC 6275 section 9.5.1 gives the example: after 15, the numbers 0 to 15 and 32783 to 65535 are old. */
    @Test
    void sequenceNumbersWrap() {
        for (int sequence = 0; sequence < 65536; sequence++) {
            boolean old = sequence <= 15 || sequence >= 32783;
            assertEquals(!old, Times.newer(sequence, 15), "sequence " + sequence);
        }
        assertTrue(Times.newer(0, 0xffff));
        assertFalse(Times.newer(0xffff, 0));
    }

    @Test
    void backOffDoublesUpToThirtyTwoSeconds() {
        long[] seconds = {1, 2, 4, 8, 16, 32, 32, 32};
        for (int i = 0; i < seconds.length; i++) {
            assertEquals(seconds[i] * 1_000_000_000L, Times.backOff(Times.INITIAL_BINDACK_TIMEOUT, i));
        }
        assertEquals(32_000_000_000L, Times.backOff(Times.INITIAL_BINDACK_TIMEOUT_FIRST_REG, 1_000_000));
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
