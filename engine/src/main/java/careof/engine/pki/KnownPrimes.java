package careof.engine.pki;

import careof.engine.base.Octets;
import careof.engine.crypto.KeySource;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;

/**
 * Primes of 1024 bits for keys of 2048 that need no secrecy. A search takes a twentieth of a second for each, so it was done once: the resource
 * {@code primes} holds for each start, which is octets of a seeded source, how far behind it the next prime is.
 */
final class KnownPrimes {
    static final int BITS = 1024;
    static final int COUNT = 4096;
    private static final Octets DISTANCES = read();
    private static final KeySource STARTS = KeySource.seeded(0, "primes");

    private KnownPrimes() {}

    /** A prime whose two highest bits are set. */
    static BigInteger of(int index) {
        return start(index).add(BigInteger.valueOf(DISTANCES.u16(2 * index)));
    }

    /** Where the search for a prime begins. */
    static BigInteger start(int index) {
        return new BigInteger(1, STARTS.octets(String.valueOf(index), BITS / 8).toArray()).setBit(BITS - 1).setBit(BITS - 2);
    }

    private static Octets read() {
        try (InputStream in = KnownPrimes.class.getResourceAsStream("primes")) {
            Octets distances = Octets.wrap(in.readAllBytes());
            if (distances.length() != 2 * COUNT) {
                throw new IllegalStateException("the resource primes has " + distances.length() + " octets");
            }
            return distances;
        } catch (IOException e) {
            throw new IllegalStateException("the resource primes cannot be read", e);
        }
    }
}
