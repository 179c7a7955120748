package careof.engine.crypto;

import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A cipher that two IKE peers agree on for their own messages (RFC 2409 appendix A, class 1; AES from RFC 3602); lengths in octets. */
public enum IkeCipher {
    /** Three keys of DES, 24 octets with the parity bits. */
    TRIPLE_DES_CBC(5, "3des-cbc", List.of(24), 8, "DESede"),
    /** The proposal tells the key's length in bits; without, it is 128. */
    AES_CBC(7, "aes-cbc", List.of(16, 24, 32), 16, "AES");

    private final int number;
    private final String text;
    private final List<Integer> keyLengths;
    private final int block;
    private final String name;

    IkeCipher(int number, String text, List<Integer> keyLengths, int block, String name) {
        this.number = number;
        this.text = text;
        this.keyLengths = keyLengths;
        this.block = block;
        this.name = name;
    }

    /** The cipher with this number in an SA proposal, if it is known here. */
    public static Optional<IkeCipher> of(int number) {
        for (IkeCipher cipher : values()) {
            if (cipher.number == number) {
                return Optional.of(cipher);
            }
        }
        return Optional.empty();
    }

    /** The value of the SA attribute Encryption Algorithm. */
    public int number() {
        return number;
    }

    /** The word in lab files. */
    public String text() {
        return text;
    }

    /** Lengths that a key may have, the usual one first. */
    public List<Integer> keyLengths() {
        return keyLengths;
    }

    /** Whether a proposal names the key's length (attribute Key Length), since there are several. */
    public boolean isLengthNegotiated() {
        return keyLengths.size() > 1;
    }

    /** Length of a block, and of the IV. */
    public int block() {
        return block;
    }

    /**
     * Encrypts whole blocks.
     *
     * @throws IllegalArgumentException where key, IV or plain text have no length that this cipher knows
     */
    public Octets encrypt(Octets key, Octets iv, Octets plain) {
        return crypt(Cipher.ENCRYPT_MODE, key, iv, plain);
    }

    /**
     * Decrypts whole blocks; nothing tells whether the key was the right one.
     *
     * @throws IllegalArgumentException where key, IV or cipher text have no length that this cipher knows: look at it before
     */
    public Octets decrypt(Octets key, Octets iv, Octets encrypted) {
        return crypt(Cipher.DECRYPT_MODE, key, iv, encrypted);
    }

    private Octets crypt(int mode, Octets key, Octets iv, Octets text) {
        if (!keyLengths.contains(key.length()) || iv.length() != block || text.length() % block != 0) {
            throw new IllegalArgumentException(this.text + " takes " + keyLengths + " octets of key and blocks of " + block + ", not " + key.length()
                    + ", an IV of " + iv.length() + " and " + text.length());
        }
        String transformation = name + "/CBC/NoPadding";
        try {
            Cipher cipher = Cipher.getInstance(transformation);
            cipher.init(mode, new SecretKeySpec(key.toArray(), name), new IvParameterSpec(iv.toArray()));
            return Octets.wrap(cipher.doFinal(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + transformation, e);
        }
    }
}
