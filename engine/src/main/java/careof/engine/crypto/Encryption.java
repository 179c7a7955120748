package careof.engine.crypto;

import java.util.List;

/**
 * An encryption algorithm of ESP: what it is called in lab files and PF_KEY, and its sizes in octets.
 *
 * <p>The order of constants is part of the trace's binary form: append new ones at the end.
 */
public enum Encryption {
    /** No encryption transform at all: the SA is one of AH. */
    NONE("none", 0, List.of(0), 0, 1, 0),
    /** RFC 2410. */
    NULL("null", 11, List.of(0), 0, 1, 0),
    /** RFC 2405; broken, only for reading history. */
    DES_CBC("des-cbc", 2, List.of(8), 8, 8, 0),
    /** RFC 2451. */
    DES3_CBC("3des-cbc", 3, List.of(24), 8, 8, 0),
    /** RFC 3602. */
    AES_CBC("aes-cbc", 12, List.of(16, 24, 32), 16, 16, 0),
    /** RFC 3686; the key ends with a nonce of 4 octets. */
    AES_CTR("aes-ctr", 13, List.of(20, 28, 36), 8, 1, 0),
    /** RFC 4106 with an ICV of 16 octets; the key ends with a salt of 4 octets. It authenticates, too. */
    AES_GCM("aes-gcm", 20, List.of(20, 28, 36), 8, 1, 16);

    private final String text;
    private final int pfKey;
    private final List<Integer> keyLengths;
    private final int iv;
    private final int block;
    private final int icv;

    Encryption(String text, int pfKey, List<Integer> keyLengths, int iv, int block, int icv) {
        this.text = text;
        this.pfKey = pfKey;
        this.keyLengths = keyLengths;
        this.iv = iv;
        this.block = block;
        this.icv = icv;
    }

    /** The word in lab files. */
    public String text() {
        return text;
    }

    /** SADB_EALG number (RFC 2367 section 3.5 and the Linux header {@code pfkeyv2.h}). */
    public int pfKey() {
        return pfKey;
    }

    /** Octets that a key may have, with nonce or salt. */
    public List<Integer> keyLengths() {
        return keyLengths;
    }

    /** Octets of initialization vector in each packet. */
    public int iv() {
        return iv;
    }

    /** Padding brings what is encrypted to a multiple of so many octets, and of 4 in any case. */
    public int block() {
        return block;
    }

    /** Octets of integrity check value, where the algorithm is a combined mode; else 0. */
    public int icv() {
        return icv;
    }

    /** Whether it authenticates by itself. */
    public boolean isCombined() {
        return icv > 0;
    }
}
