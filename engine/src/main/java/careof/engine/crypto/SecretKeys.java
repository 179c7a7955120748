package careof.engine.crypto;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Octets that are a pure function of a secret and of what they are for: blocks of HMAC-SHA-256, keyed with the secret, over both that and a count. */
final class SecretKeys implements KeySource {
    /** Octets of a secret: as hard to guess as what is drawn from it. */
    static final int LENGTH = 32;
    private static final String HMAC = "HmacSHA256";

    private final Mac mac;

    /** @throws IllegalArgumentException for a secret that is not of 32 octets */
    SecretKeys(Octets secret) {
        if (secret.length() != LENGTH) {
            throw new IllegalArgumentException("a secret of " + secret.length() + " octets");
        }
        try {
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.toArray(), HMAC));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    @Override
    public Octets octets(String purpose, int length) {
        byte[] octets = new byte[length];
        for (int done = 0, block = 0; done < length; block++) {
            byte[] digest = mac.doFinal((purpose + "\0" + block).getBytes(StandardCharsets.UTF_8));
            System.arraycopy(digest, 0, octets, done, Math.min(digest.length, length - done));
            done += digest.length;
        }
        return Octets.wrap(octets);
    }
}
