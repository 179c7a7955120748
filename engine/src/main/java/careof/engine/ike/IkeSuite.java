package careof.engine.ike;

import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;

/**
 * The algorithms of a phase one.
 *
 * @param keyLength of the cipher, octets
 */
public record IkeSuite(IkeCipher cipher, int keyLength, IkeHash hash, DhGroup group) {
    public IkeSuite {
        if (!cipher.keyLengths().contains(keyLength)) {
            throw new IllegalArgumentException(cipher.text() + " with a key of " + keyLength + " octets");
        }
    }

    /** As people write it. */
    @Override
    public String toString() {
        return cipher.text() + (cipher.isLengthNegotiated() ? "-" + 8 * keyLength : "") + " " + hash.text() + " " + group.text();
    }
}
