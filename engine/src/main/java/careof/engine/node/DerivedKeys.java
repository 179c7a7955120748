package careof.engine.node;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Keys and SPIs that a lab does not give: from its seed and the name of what they are for, so that another protection changes none of them.
 * They are as secret as the lab file.
 */
final class DerivedKeys {
    /** SPIs from here on leave those that people write by hand alone. */
    private static final long LEAST_SPI = 0x1000_0000L;

    private final long seed;

    DerivedKeys(long seed) {
        this.seed = seed;
    }

    /** Octets for a purpose. */
    Octets key(String purpose, int length) {
        byte[] key = new byte[length];
        for (int done = 0, block = 0; done < length; block++) {
            byte[] digest = digest(purpose + "\0" + block);
            int octets = Math.min(digest.length, length - done);
            System.arraycopy(digest, 0, key, done, octets);
            done += octets;
        }
        return Octets.wrap(key);
    }

    /** @param attempt from 0; another where an SPI is taken */
    long spi(String purpose, int attempt) {
        Octets digest = Octets.wrap(digest(purpose + "\0spi " + attempt));
        return LEAST_SPI + ((long) (digest.u16(0) & 0x7fff) << 16 | digest.u16(2));
    }

    private byte[] digest(String what) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(("careof\0" + seed + "\0" + what).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
