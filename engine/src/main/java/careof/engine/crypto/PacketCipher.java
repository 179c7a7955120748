package careof.engine.crypto;

import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and decrypts packets with one key, in place. It keeps what derives from the key from one packet to the next, so it is for one
 * thread.
 */
public final class PacketCipher {
    private final Encryption algorithm;
    private final SecretKey key;
    /** Nonce of AES-CTR, salt of AES-GCM. */
    private final byte[] salt;
    /** What is being encrypted: scratch. */
    private byte[] plain = new byte[0];
    private Cipher encrypting;
    private Cipher decrypting;

    /**
     * @param key of a length that the algorithm has, with nonce or salt
     */
    public PacketCipher(Encryption algorithm, Octets key) {
        if (!algorithm.keyLengths().contains(key.length())) {
            throw new IllegalArgumentException(algorithm.text() + " takes " + algorithm.keyLengths() + " octets of key, not " + key.length());
        }
        this.algorithm = algorithm;
        int saltLength = algorithm == Encryption.AES_CTR || algorithm == Encryption.AES_GCM ? 4 : 0;
        int length = key.length() - saltLength;
        String name = switch (algorithm) {
            case NONE, NULL -> "";
            case DES_CBC -> "DES";
            case DES3_CBC -> "DESede";
            case AES_CBC, AES_CTR, AES_GCM -> "AES";
        };
        this.key = name.isEmpty() ? null : new SecretKeySpec(key.slice(0, length).toArray(), name);
        this.salt = key.from(length).toArray();
    }

    private Cipher cipher() {
        String name = switch (algorithm) {
            case NONE, NULL -> throw new IllegalStateException("nothing to encrypt with");
            case DES_CBC -> "DES/CBC/NoPadding";
            case DES3_CBC -> "DESede/CBC/NoPadding";
            case AES_CBC -> "AES/CBC/NoPadding";
            case AES_CTR -> "AES/CTR/NoPadding";
            case AES_GCM -> "AES/GCM/NoPadding";
        };
        try {
            return Cipher.getInstance(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + name, e);
        }
    }

    /** What the algorithm starts from: RFC 3686 section 4 for AES-CTR, RFC 4106 section 4 for AES-GCM, else the IV itself. */
    private AlgorithmParameterSpec start(byte[] packet, int iv) {
        return switch (algorithm) {
            case NONE, NULL -> throw new IllegalStateException("nothing to start from");
            case DES_CBC, DES3_CBC, AES_CBC -> new IvParameterSpec(packet, iv, algorithm.iv());
            case AES_CTR -> {
                byte[] block = Arrays.copyOf(salt, 16);
                System.arraycopy(packet, iv, block, 4, 8);
                block[15] = 1;
                yield new IvParameterSpec(block);
            }
            case AES_GCM -> {
                byte[] nonce = Arrays.copyOf(salt, 12);
                System.arraycopy(packet, iv, nonce, 4, 8);
                yield new GCMParameterSpec(8 * algorithm.icv(), nonce);
            }
        };
    }

    /**
     * Encrypts in place; a combined mode also writes its ICV at {@code to}.
     *
     * @param iv   where the IV stands in {@code packet}
     * @param from first octet to encrypt
     * @param to   after the last; the count is a multiple of the algorithm's block
     * @param also what a combined mode authenticates besides, else not looked at
     */
    public void encrypt(byte[] packet, int iv, int from, int to, byte[] also) {
        if (key == null) {
            return;
        }
        try {
            AlgorithmParameterSpec start = start(packet, iv);
            if (encrypting == null) {
                encrypting = cipher();
            }
            try {
                encrypting.init(Cipher.ENCRYPT_MODE, key, start);
            } catch (InvalidAlgorithmParameterException e) {    // the same packet a second time, which the platform refuses within one object
                encrypting = cipher();
                encrypting.init(Cipher.ENCRYPT_MODE, key, start);
            }
            if (algorithm.isCombined()) {
                encrypting.updateAAD(also);
            }
            if (algorithm.isCombined()) {
                encrypting.doFinal(packet, from, to - from, packet, from);
            } else {
                // The platform would copy what overlaps into a fresh array each time.
                if (plain.length < to - from) {
                    plain = new byte[to - from];
                }
                System.arraycopy(packet, from, plain, 0, to - from);
                encrypting.doFinal(plain, 0, to - from, packet, from);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot encrypt " + (to - from) + " octets with " + algorithm.text(), e);
        }
    }

    /**
     * Decrypts in place what {@link #encrypt} made.
     *
     * @return false: the ICV of a combined mode is wrong; what stands in {@code packet} is then of no use
     */
    public boolean decrypt(byte[] packet, int iv, int from, int to, byte[] also) {
        if (key == null) {
            return true;
        }
        try {
            if (decrypting == null) {
                decrypting = cipher();
            }
            decrypting.init(Cipher.DECRYPT_MODE, key, start(packet, iv));
            if (algorithm.isCombined()) {
                decrypting.updateAAD(also);
            }
            decrypting.doFinal(packet, from, to - from + algorithm.icv(), packet, from);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot decrypt " + (to - from) + " octets with " + algorithm.text(), e);
        }
    }
}
