package careof.engine.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Octets;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A key and signatures of OpenSSL (pkeyutl -sign, without and with the name of the digest). */
class RsaSignatureTest {
    private static final Octets KEY = Octets.hex("30820276020100300d06092a864886f70d0101010500048202603082025c02010002818100b1c3fa8535ea655fee853adda12c6a2b004ca11b4dca3fea887518"
            + "7c5db0816a48384dde6dc12330bb458f0f0741a47136a129bbb4f2873adfa75006cbd2706c2f6fb08be0cc54dc297152c00b525e45a1c2714a92a5dde5e3c964"
            + "b6ccc36ebbc8d28ad7785d4121dd5f5c7edc423150175582cc30dfb8a888d28453670f695f02030100010281810090a9b0f4b914a01cfa897787270372febd86"
            + "9ed10e7419a1ae1cc4a968c11c0036f782ff11084caffaa6b7adfe34c032d5c73fa41eb403b2b8917b019cdb0b5ad3cb52e0bba1f3e132d839e45bb05c2f4d7c"
            + "580fd2b2f02dc838bb8298c73ed2b2f5a8262199bc76b9c7f3b36051975c818741442a855a0d4a6cb6a98ee3e8f1024100daa811e489b1b7a3172b576f677dc1"
            + "59924c423d3948299457b03fec948aab3b0f6e358e47ddc6ee2ac906e01d3969471484b27c9e8564a50093a20f62307e27024100d0201ae5ba84d61b7c3dd8cf"
            + "409b0bfca07b5b08b56727fdb2cb28ae60c861eb21de1fb09552bedd3950e78dc8677433c3f0f4a8d09b53d2d1b83cdfe343760902402cf45509698dd23583b3"
            + "f37c020906d185948c21ce3f19dd57d1f2b28f2f9b58bf296775632d23931fd4c8c716fb10bbfe69f1d0513f179c1cec3d6b70428c0d024022d99d67666a23e8"
            + "0a4fd8e42b6f4afc8c6adb7d83d2b8319524cbb51763b671c70408ce6ad2a63f28ffd1263eae8418bef0b427287739fc0d3e0a837aecaaf102401e1346402522"
            + "b66e32660d95e29aa1f49055c59a427c7d67a872d0226fed986586b16a2dc8c9e15d9dbfc42ec6517af3abb26ac658626f1bda7c8d3e4a772c26");
    private static final Octets HASH = Octets.hex("000102030405060708090a0b0c0d0e0f10111213");
    private static final Octets SIGNATURE = Octets.hex("80f4abca3d937a56b440f016130554192363b74c962a5977508ab28c9998de45352c7fccd37f49cce2ba5569bbf697f8b2452a28f60b605566bd7dd6bd9c8487"
            + "5c4c69f229770636e9ec16cc3bd14474d06c628392d99942f178a83f8fa01f735d6a00107b266d3544f9d052b23e983eba5280caa67407a2098ce9234ec4ca0b");
    private static final Octets WITH_DIGEST_INFO = Octets.hex("70871be4c24519748f7b6053ff62c3b2943d4e9ad9570d4567a31f60b54d91d39c82f91027580c8c655432fb501d11d2402c3a958677c3ffa6e343faf02382b7"
            + "f3a3b69752e55ee680aeacddcf8e13931cc22e741aa6e55d7b7b1c3702d809ea99ac4dca37797cb97f074c10674d8836459d69a6f497e58573eca514e86170c2");

    private final RSAPrivateCrtKey key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(KEY.toArray()));
    private final PublicKey own = publicKey(key.getModulus(), key.getPublicExponent());

    RsaSignatureTest() throws GeneralSecurityException {}

    private static PublicKey publicKey(BigInteger modulus, BigInteger exponent) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    @Test
    void signsAsOthers() {
        assertEquals(SIGNATURE, RsaSignature.sign(key, HASH));
        assertTrue(RsaSignature.verify(own, HASH, SIGNATURE));
    }

    @Test
    void refusesAllElse() {
        assertFalse(RsaSignature.verify(own, HASH, WITH_DIGEST_INFO), "over the name of the digest and the hash");
        assertFalse(RsaSignature.verify(own, HASH.slice(0, 19), SIGNATURE));
        assertFalse(RsaSignature.verify(own, Octets.EMPTY, SIGNATURE));
        assertFalse(RsaSignature.verify(own, Octets.zeros(118), SIGNATURE), "longer than a block holds");
        for (int length : new int[] {0, 1, 127, 129, 256, 65000}) {
            assertFalse(RsaSignature.verify(own, HASH, Octets.zeros(length)), length + " octets");
        }
        assertFalse(RsaSignature.verify(own, HASH, SIGNATURE.slice(0, 127)));
        for (int i = 0; i < SIGNATURE.length(); i++) {
            byte[] other = SIGNATURE.toArray();
            other[i] ^= 1;
            assertFalse(RsaSignature.verify(own, HASH, Octets.wrap(other)), "octet " + i);
        }
        BigInteger same = new BigInteger(1, SIGNATURE.toArray()).add(key.getModulus());    // the same number to the exponent, but not reduced
        if (same.bitLength() <= 1024) {
            assertFalse(RsaSignature.verify(own, HASH, DhKey.padded(same, 128)));
        }
    }

    /** With the exponent 3, whoever may choose octets behind the hash makes a signature of a cube root: Bleichenbacher's forgery. */
    @Test
    void noRoomForAForgery() throws GeneralSecurityException {
        BigInteger modulus = BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE);    // an odd number of 2048 bits: the forgery needs no factors
        byte[] block = new byte[256];
        block[1] = 1;
        Arrays.fill(block, 2, 10, (byte) 0xff);
        HASH.copyTo(block, 11);
        Arrays.fill(block, 11 + HASH.length(), 256, (byte) 0xff);
        BigInteger root = cubeRoot(new BigInteger(1, block));
        byte[] cube = DhKey.padded(root.pow(3), 256).toArray();
        assertEquals(HASH, Octets.wrap(cube).slice(11, 31), "the forgery is one");
        assertFalse(RsaSignature.verify(publicKey(modulus, BigInteger.valueOf(3)), HASH, DhKey.padded(root, 256)));
    }

    private static BigInteger cubeRoot(BigInteger number) {
        BigInteger root = BigInteger.ZERO;
        for (int bit = number.bitLength() / 3 + 1; bit >= 0; bit--) {
            BigInteger next = root.setBit(bit);
            root = next.pow(3).compareTo(number) <= 0 ? next : root;
        }
        return root;
    }

    @Test
    void keysThatAreNotLookedAt() throws GeneralSecurityException {
        assertFalse(RsaSignature.verify(fake(BigInteger.ONE.shiftLeft(8192).setBit(0), BigInteger.valueOf(65537)), HASH, Octets.zeros(1025)), "8193 bits");
        assertFalse(RsaSignature.isUsable(fake(BigInteger.ONE.shiftLeft(510).setBit(0), BigInteger.valueOf(65537))), "511 bits");
        assertFalse(RsaSignature.isUsable(fake(key.getModulus(), BigInteger.ONE.shiftLeft(64).setBit(0))), "an exponent of 65 bits");
        assertFalse(RsaSignature.isUsable(fake(key.getModulus(), BigInteger.ONE)), "the exponent 1 signs nothing");
        assertFalse(RsaSignature.isUsable(fake(key.getModulus(), BigInteger.valueOf(-3))));
        assertFalse(RsaSignature.isUsable(fake(key.getModulus().negate(), BigInteger.valueOf(3))));
        assertFalse(RsaSignature.isUsable(fake(key.getModulus().clearBit(0), BigInteger.valueOf(3))), "even");
        assertTrue(RsaSignature.isUsable(fake(key.getModulus(), BigInteger.valueOf(3))));
        var curve = KeyPairGenerator.getInstance("EC").generateKeyPair();
        assertFalse(RsaSignature.verify(curve.getPublic(), HASH, SIGNATURE));
        assertThrows(IllegalArgumentException.class, () -> RsaSignature.sign(curve.getPrivate(), HASH));
        assertThrows(IllegalArgumentException.class, () -> RsaSignature.sign(key, Octets.zeros(118)));
    }

    private static RSAPublicKey fake(BigInteger modulus, BigInteger exponent) {
        return new RSAPublicKey() {
            @Override
            public BigInteger getPublicExponent() {
                return exponent;
            }

            @Override
            public String getAlgorithm() {
                return "RSA";
            }

            @Override
            public String getFormat() {
                return null;
            }

            @Override
            public byte[] getEncoded() {
                return null;
            }

            @Override
            public BigInteger getModulus() {
                return modulus;
            }
        };
    }
}
