package careof.engine.crypto;

import careof.engine.base.Octets;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;

/**
 * IKE's signatures with RSA (RFC 2409 section 5.1): a PKCS #1 block of type 1 over the bare hash, without the name of the hash's algorithm
 * that other signatures carry.
 */
public final class RsaSignature {
    /** Bits of the shortest modulus whose signatures are taken: there is nothing left to break in a shorter one. */
    public static final int LEAST_BITS = 512;
    /** Bits of the longest: a peer's certificate must not choose how long we compute. */
    public static final int MOST_BITS = 8192;
    private static final int MOST_EXPONENT_BITS = 64;

    private RsaSignature() {}

    /**
     * Signs; the signature is as long as the modulus.
     *
     * @param key an RSA key
     * @throws IllegalArgumentException where the key is no RSA key or too short for this hash
     */
    public static Octets sign(PrivateKey key, Octets hash) {
        if (!(key instanceof RSAKey rsa)) {
            throw new IllegalArgumentException("signs with RSA, not with " + key.getAlgorithm());
        }
        int length = (rsa.getModulus().bitLength() + 7) / 8;
        if (hash.length() > length - 11) {
            throw new IllegalArgumentException("a hash of " + hash.length() + " octets and a modulus of " + length);
        }
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return Octets.wrap(cipher.doFinal(block(hash, length)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot sign with this key: " + e.getMessage(), e);
        }
    }

    /**
     * Whether {@code signature} is the one that the owner of {@code key} makes over {@code hash}. The whole block is made anew and compared,
     * padding and all, so that there is nothing to hide a forgery in. Never throws, whatever key and signature are.
     */
    public static boolean verify(PublicKey key, Octets hash, Octets signature) {
        if (!(key instanceof RSAPublicKey rsa) || !isUsable(rsa)) {
            return false;
        }
        BigInteger modulus = rsa.getModulus();
        int length = (modulus.bitLength() + 7) / 8;
        if (signature.length() != length || hash.length() > length - 11) {
            return false;
        }
        BigInteger value = new BigInteger(1, signature.toArray());
        if (value.compareTo(modulus) >= 0) {
            return false;
        }
        byte[] found = DhKey.padded(value.modPow(rsa.getPublicExponent(), modulus), length).toArray();
        return PacketMac.same(found, 0, block(hash, length), 0, length);
    }

    /** Whether this key's signatures are looked at: its length and exponent are within the bounds above, and odd as RSA wants them. */
    public static boolean isUsable(RSAPublicKey key) {
        BigInteger modulus = key.getModulus();
        BigInteger exponent = key.getPublicExponent();
        return modulus.signum() > 0 && modulus.bitLength() >= LEAST_BITS && modulus.bitLength() <= MOST_BITS && modulus.testBit(0)
                && exponent.signum() > 0 && exponent.bitLength() >= 2 && exponent.bitLength() <= MOST_EXPONENT_BITS && exponent.testBit(0);
    }

    /** 0, 1, at least eight octets of 255, 0, the hash. */
    private static byte[] block(Octets hash, int length) {
        byte[] block = new byte[length];
        Arrays.fill(block, (byte) 0xff);
        block[0] = 0;
        block[1] = 1;
        block[length - hash.length() - 1] = 0;
        hash.copyTo(block, length - hash.length());
        return block;
    }
}
