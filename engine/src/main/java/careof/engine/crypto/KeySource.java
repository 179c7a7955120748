package careof.engine.crypto;

import careof.engine.base.Octets;

/**
 * Where private values, nonces, cookies and keys come from. Whoever asks says what for; a node asks for each purpose once, by a name that
 * tells each use from every other (for instance {@code "phase one 3 private"}).
 */
@FunctionalInterface
public interface KeySource {
    /**
     * Octets for one purpose.
     *
     * @param length 0 or more
     */
    Octets octets(String purpose, int length);

    /** The source of one node of a lab that meets the real world: as {@link #seeded}, of a secret with the strength of a key. */
    static KeySource secret(Octets secret, String node) {
        SecretKeys keys = new SecretKeys(secret);
        return (purpose, length) -> keys.octets("node\0" + node + "\0" + purpose, length);
    }

    /**
     * The source of one node of a simulated lab: the same octets for the same seed, node, purpose, on every machine and whatever else was
     * asked before. They are as secret as the seed, so they are for labs alone.
     */
    static KeySource seeded(long seed, String node) {
        SeededKeys keys = new SeededKeys(seed);
        String prefix = "\0node\0" + node + "\0";    // nothing else that is derived from a seed has an empty name
        return (purpose, length) -> keys.octets(prefix + purpose, length);
    }
}
