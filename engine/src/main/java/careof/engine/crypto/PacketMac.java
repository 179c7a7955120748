package careof.engine.crypto;

import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the integrity check values of one key, truncated as the algorithm's RFC says. It keeps what derives from the key from one packet
 * to the next, so it is for one thread.
 */
public sealed interface PacketMac {
    /**
     * @param key of the algorithm's length
     */
    static PacketMac of(Authentication algorithm, Octets key) {
        if (key.length() != algorithm.key()) {
            throw new IllegalArgumentException(algorithm.text() + " takes " + algorithm.key() + " octets of key, not " + key.length());
        }
        return switch (algorithm) {
            case NULL -> new None();
            case HMAC_MD5_96 -> new Hmac("HmacMD5", key, algorithm.icv());
            case HMAC_SHA1_96 -> new Hmac("HmacSHA1", key, algorithm.icv());
            case HMAC_SHA256_128 -> new Hmac("HmacSHA256", key, algorithm.icv());
            case AES_XCBC_96 -> new Truncated(new AesXcbc(key), algorithm.icv());
        };
    }

    /** Octets of the integrity check value. */
    int length();

    /** Goes on with some octets of the packet. */
    void update(byte[] array, int from, int to);

    /** Writes the value over what came since the last one; {@link #length} octets at {@code at}. */
    void finish(byte[] target, int at);

    /** Whether the value over what came since the last one stands at {@code at}; takes the same time wherever they differ. */
    default boolean verify(byte[] array, int at) {
        byte[] right = new byte[length()];
        finish(right, 0);
        return same(right, 0, array, at, right.length);
    }

    /** Compares in a time that does not tell where the first difference is. */
    static boolean same(byte[] a, int atA, byte[] b, int atB, int length) {
        int difference = 0;
        for (int i = 0; i < length; i++) {
            difference |= a[atA + i] ^ b[atB + i];
        }
        return difference == 0;
    }

    /** No authentication: an empty value, which always verifies. */
    record None() implements PacketMac {
        @Override
        public int length() {
            return 0;
        }

        @Override
        public void update(byte[] array, int from, int to) {}

        @Override
        public void finish(byte[] target, int at) {}
    }

    /** RFC 2104. */
    final class Hmac implements PacketMac {
        private final Mac mac;
        private final byte[] whole;
        private final int length;

        Hmac(String name, Octets key, int length) {
            try {
                mac = Mac.getInstance(name);
                mac.init(new SecretKeySpec(key.toArray(), name));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java platform has no " + name, e);
            }
            this.whole = new byte[mac.getMacLength()];
            this.length = length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public void update(byte[] array, int from, int to) {
            mac.update(array, from, to - from);
        }

        @Override
        public void finish(byte[] target, int at) {
            try {
                mac.doFinal(whole, 0);
            } catch (ShortBufferException e) {
                throw new IllegalStateException(e);
            }
            System.arraycopy(whole, 0, target, at, length);
        }
    }

    /** AES-XCBC-MAC cut to its first octets (RFC 3566 section 4). */
    final class Truncated implements PacketMac {
        private final AesXcbc mac;
        private final int length;

        private Truncated(AesXcbc mac, int length) {
            this.mac = mac;
            this.length = length;
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public void update(byte[] array, int from, int to) {
            mac.update(array, from, to);
        }

        @Override
        public void finish(byte[] target, int at) {
            System.arraycopy(mac.finish(), 0, target, at, length);
        }
    }
}
