package careof.engine.crypto;

import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-XCBC-MAC with a key of 128 bits (RFC 3566), which the Java platform lacks. The chain of AES blocks is what CBC mode with an IV of zeros
 * computes; the last block is first combined with a key of its own, K2 when it is whole, K3 when it had to be padded.
 */
public final class AesXcbc {
    private static final int BLOCK = 16;

    private final Cipher chain;
    private final byte[] k2;
    private final byte[] k3;
    /** All of the message so far; the last block cannot be known before the end. */
    private byte[] message = new byte[2048];
    private int length;

    /**
     * @param key 16 octets
     */
    public AesXcbc(Octets key) {
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.toArray(), "AES"));
            k2 = aes.doFinal(filled(2));
            k3 = aes.doFinal(filled(3));
            chain = Cipher.getInstance("AES/CBC/NoPadding");
            chain.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(aes.doFinal(filled(1)), "AES"), new IvParameterSpec(new byte[BLOCK]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES", e);
        }
    }

    private static byte[] filled(int value) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) value);
        return block;
    }

    /** Goes on with octets {@code from} to {@code to}. */
    public void update(byte[] array, int from, int to) {
        int count = to - from;
        if (length + count + BLOCK > message.length) {
            message = Arrays.copyOf(message, Math.max(length + count + BLOCK, 2 * message.length));
        }
        System.arraycopy(array, from, message, length, count);
        length += count;
    }

    /** The 16 octets of the value over all that came since the last one. */
    public byte[] finish() {
        int last = length == 0 ? 0 : (length - 1) / BLOCK * BLOCK;
        byte[] mask = k2;
        if (length - last < BLOCK) {
            Arrays.fill(message, length, last + BLOCK, (byte) 0);
            message[length] = (byte) 0x80;
            mask = k3;
        }
        for (int i = 0; i < BLOCK; i++) {
            message[last + i] ^= mask[i];
        }
        try {
            byte[] blocks = chain.doFinal(message, 0, last + BLOCK);
            length = 0;
            return Arrays.copyOfRange(blocks, last, last + BLOCK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("whole blocks need no padding", e);
        }
    }
}
