package careof.engine.pki;

import careof.engine.crypto.KeySource;
import careof.engine.crypto.RsaSignature;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * RSA keys that follow from their name; the last ones that were asked for are kept. Two of a thousand names may have the same key: there are eight
 * million of the usual length.
 */
final class NamedRsaKeys {
    private static final int MOST_KEPT = 256;
    private static final BigInteger EXPONENT = BigInteger.valueOf(65537);
    private static final Map<String, KeyPair> KEPT = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KeyPair> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private NamedRsaKeys() {}

    static KeyPair key(String name, int bits) {
        if (bits < RsaSignature.LEAST_BITS || bits > RsaSignature.MOST_BITS || bits % 8 != 0) {
            throw new IllegalArgumentException("a key has " + RsaSignature.LEAST_BITS + " to " + RsaSignature.MOST_BITS + " bits, a multiple of 8, not "
                    + bits);
        }
        String what = bits + " " + name;
        synchronized (KEPT) {
            KeyPair kept = KEPT.get(what);
            if (kept != null) {
                return kept;
            }
        }
        KeyPair made = make(KeySource.seeded(0, "certificates"), what, bits);    // outside the lock: two who make the same make it alike
        synchronized (KEPT) {
            KEPT.put(what, made);
        }
        return made;
    }

    private static KeyPair make(KeySource source, String what, int bits) {
        for (int attempt = 0; ; attempt++) {
            BigInteger p = prime(source, what + " p " + attempt, bits / 2);
            BigInteger q = prime(source, what + " q " + attempt, bits / 2);
            BigInteger modulus = p.multiply(q);
            BigInteger order = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
            if (!p.equals(q) && modulus.bitLength() == bits && order.gcd(EXPONENT).equals(BigInteger.ONE)) {
                return pair(p, q, modulus, EXPONENT.modInverse(order));
            }
        }
    }

    /** A prime whose two highest bits are set, so that the product of two has all its bits. Names share primes, which makes these keys no less secret. */
    private static BigInteger prime(KeySource source, String what, int bits) {
        if (bits == KnownPrimes.BITS) {
            return KnownPrimes.of(source.octets(what, 2).u16(0) % KnownPrimes.COUNT);
        }
        BigInteger start = new BigInteger(1, source.octets(what, bits / 8 + 1).toArray()).mod(BigInteger.ONE.shiftLeft(bits));
        return start.setBit(bits - 1).setBit(bits - 2).nextProbablePrime();
    }

    private static KeyPair pair(BigInteger p, BigInteger q, BigInteger modulus, BigInteger secret) {
        try {
            KeyFactory factory = KeyFactory.getInstance("RSA");
            return new KeyPair(factory.generatePublic(new RSAPublicKeySpec(modulus, EXPONENT)),
                    factory.generatePrivate(new RSAPrivateCrtKeySpec(modulus, EXPONENT, secret, p, q, secret.mod(p.subtract(BigInteger.ONE)),
                            secret.mod(q.subtract(BigInteger.ONE)), q.modInverse(p))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
