package careof.engine.crypto;

/**
 * An authentication algorithm of AH and ESP; sizes in octets.
 *
 * <p>The order of constants is part of the trace's binary form: append new ones at the end.
 */
public enum Authentication {
    /** None: ESP alone may do without. */
    NULL("null", 0, 0, 0),
    /** RFC 2403. */
    HMAC_MD5_96("hmac-md5-96", 2, 16, 12),
    /** RFC 2404. */
    HMAC_SHA1_96("hmac-sha1-96", 3, 20, 12),
    /** RFC 4868. */
    HMAC_SHA256_128("hmac-sha256-128", 5, 32, 16),
    /** RFC 3566. */
    AES_XCBC_96("aes-xcbc-96", 9, 16, 12);

    private final String text;
    private final int pfKey;
    private final int key;
    private final int icv;

    Authentication(String text, int pfKey, int key, int icv) {
        this.text = text;
        this.pfKey = pfKey;
        this.key = key;
        this.icv = icv;
    }

    /** The word in lab files. */
    public String text() {
        return text;
    }

    /** SADB_AALG number (RFC 2367 section 3.5 and the Linux header {@code pfkeyv2.h}). */
    public int pfKey() {
        return pfKey;
    }

    /** Octets of key. */
    public int key() {
        return key;
    }

    /** Octets of integrity check value, truncated as its RFC says. */
    public int icv() {
        return icv;
    }
}
