package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownPrimesTest {
    private static final BigInteger SIEVE = product();

    /** All odd primes below 4096. */
    private static BigInteger product() {
        BigInteger product = BigInteger.ONE;
        for (BigInteger prime = BigInteger.valueOf(3); prime.bitLength() <= 12; prime = prime.nextProbablePrime()) {
            product = product.multiply(prime);
        }
        return product;
    }

    @Test
    void eachIsAnotherOddNumberOfItsLengthWithoutSmallFactors() {
        Set<BigInteger> all = new HashSet<>();
        for (int i = 0; i < KnownPrimes.COUNT; i++) {
            BigInteger prime = KnownPrimes.of(i);
            assertTrue(prime.testBit(0) && prime.bitLength() == KnownPrimes.BITS && prime.testBit(KnownPrimes.BITS - 2), "number " + i);
            assertEquals(BigInteger.ONE, prime.gcd(SIEVE), "number " + i);
            assertFalse(prime.mod(BigInteger.valueOf(65537)).equals(BigInteger.ONE), "number " + i);
            all.add(prime);
        }
        assertEquals(KnownPrimes.COUNT, all.size());
    }

    @Test
    void someAreTheNextPrimesBehindTheirStarts() {
        for (int i = 7; i < KnownPrimes.COUNT; i += 400) {
            assertEquals(KnownPrimes.start(i).nextProbablePrime(), KnownPrimes.of(i), "number " + i);
        }
    }
}
