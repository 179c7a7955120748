package careof.engine.crypto;

import careof.engine.base.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Octets that are a pure function of a seed and of what they are for: blocks of SHA-256 over both and a count.
 *
 * @param seed of the lab
 */
public record SeededKeys(long seed) implements KeySource {

    @Override
    public Octets octets(String purpose, int length) {
        byte[] octets = new byte[length];
        for (int done = 0, block = 0; done < length; block++) {
            Octets digest = digest(purpose + "\0" + block);
            digest.slice(0, Math.min(digest.length(), length - done)).copyTo(octets, done);
            done += digest.length();
        }
        return Octets.wrap(octets);
    }

    /** One digest of 32 octets for what has a name of its own. */
    public Octets digest(String what) {
        try {
            byte[] input = ("careof\0" + seed + "\0" + what).getBytes(StandardCharsets.UTF_8);
            return Octets.wrap(MessageDigest.getInstance("SHA-256").digest(input));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
