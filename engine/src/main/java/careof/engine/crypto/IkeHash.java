package careof.engine.crypto;

import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A hash that two IKE peers agree on (RFC 2409 appendix A, class 2; SHA-256 from RFC 4868's registration). No pseudo-random function is ever
 * negotiated, so that it is HMAC with this hash (RFC 2409 section 4).
 */
public enum IkeHash {
    /** RFC 1321. */
    MD5(1, "md5", 16, "MD5", "HmacMD5"),
    /** FIPS 180-1. */
    SHA1(2, "sha1", 20, "SHA-1", "HmacSHA1"),
    /** SHA-2 with 256 bits. */
    SHA256(4, "sha256", 32, "SHA-256", "HmacSHA256");

    private final int number;
    private final String text;
    private final int length;
    private final String digest;
    private final String mac;

    IkeHash(int number, String text, int length, String digest, String mac) {
        this.number = number;
        this.text = text;
        this.length = length;
        this.digest = digest;
        this.mac = mac;
    }

    /** The hash with this number in an SA proposal, if it is known here. */
    public static Optional<IkeHash> of(int number) {
        for (IkeHash hash : values()) {
            if (hash.number == number) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** The value of the SA attribute Hash Algorithm. */
    public int number() {
        return number;
    }

    /** The word in lab files. */
    public String text() {
        return text;
    }

    /** Octets of a digest and of what {@link #prf} gives. */
    public int length() {
        return length;
    }

    /** The digest over all parts, one behind the other. */
    public Octets digest(Octets... parts) {
        try {
            MessageDigest running = MessageDigest.getInstance(digest);
            for (Octets part : parts) {
                running.update(part.toArray());
            }
            return Octets.wrap(running.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + digest, e);
        }
    }

    /** HMAC over all parts, one behind the other; the key may have any length, also none. */
    public Octets prf(Octets key, Octets... parts) {
        try {
            Mac running = Mac.getInstance(mac);
            // HMAC fills a short key up with zeros, so that one octet of zero is the empty key, which the platform refuses.
            running.init(new SecretKeySpec(key.isEmpty() ? new byte[1] : key.toArray(), mac));
            for (Octets part : parts) {
                running.update(part.toArray());
            }
            return Octets.wrap(running.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no " + mac, e);
        }
    }
}
