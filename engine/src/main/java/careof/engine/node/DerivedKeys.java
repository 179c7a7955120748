package careof.engine.node;

import careof.engine.base.Octets;
import careof.engine.crypto.SeededKeys;

/**
 * Keys and SPIs that a lab does not give: from its seed and the name of what they are for, so that another protection changes none of them.
 * They are as secret as the lab file.
 */
final class DerivedKeys {
    /** SPIs from here on leave those that people write by hand alone. */
    private static final long LEAST_SPI = 0x1000_0000L;

    private final SeededKeys keys;

    DerivedKeys(long seed) {
        this.keys = new SeededKeys(seed);
    }

    /** Octets for a purpose. */
    Octets key(String purpose, int length) {
        return keys.octets(purpose, length);
    }

    /** @param attempt from 0; another where an SPI is taken */
    long spi(String purpose, int attempt) {
        Octets digest = keys.digest(purpose + "\0spi " + attempt);
        return LEAST_SPI + ((long) (digest.u16(0) & 0x7fff) << 16 | digest.u16(2));
    }
}
