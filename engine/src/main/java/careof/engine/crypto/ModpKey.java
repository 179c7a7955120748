package careof.engine.crypto;

import careof.engine.base.Octets;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A key pair in a group of numbers below a prime p, whose generator is 2. */
final class ModpKey implements DhKey {
    private static final BigInteger TWO = BigInteger.TWO;
    private static final Map<DhGroup, BigInteger> PRIMES = primes();

    private final DhGroup group;
    private final BigInteger prime;
    private final BigInteger exponent;
    private final Octets publicValue;

    ModpKey(DhGroup group, Octets secret) {
        this.group = group;
        this.prime = PRIMES.get(group);
        this.exponent = new BigInteger(1, secret.toArray());
        if (exponent.signum() == 0) {
            throw new IllegalArgumentException("a private value of zero");
        }
        this.publicValue = DhKey.padded(TWO.modPow(exponent, prime), group.publicLength());
    }

    @Override
    public DhGroup group() {
        return group;
    }

    @Override
    public Octets publicValue() {
        return publicValue;
    }

    @Override
    public Optional<Octets> secret(Octets peer) {
        return value(group, peer).map(value -> DhKey.padded(value.modPow(exponent, prime), group.secretLength()));
    }

    /** The number that a public value is; empty: it is none. */
    static Optional<BigInteger> value(DhGroup group, Octets peer) {
        if (peer.length() != group.publicLength()) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(1, peer.toArray());
        return Optional.of(value).filter(v -> v.compareTo(TWO) >= 0 && v.compareTo(PRIMES.get(group).subtract(TWO)) <= 0);
    }

    static BigInteger prime(DhGroup group) {
        return PRIMES.get(group);
    }

    /** All primes have one form, with the digits of pi in their middle: nobody could choose them for a weakness (RFC 2412 appendix E). */
    private static Map<DhGroup, BigInteger> primes() {
        int most = 3966;
        BigInteger pi = pi(most);
        Map<DhGroup, BigInteger> primes = new EnumMap<>(DhGroup.class);
        for (DhGroup group : DhGroup.values()) {
            int addend = addend(group);
            if (addend > 0) {
                int bits = 8 * group.publicLength();
                BigInteger middle = pi.shiftRight(most - (bits - 130)).add(BigInteger.valueOf(addend));
                primes.put(group, TWO.pow(bits).subtract(TWO.pow(bits - 64)).subtract(BigInteger.ONE).add(middle.shiftLeft(64)));
            }
        }
        return primes;
    }

    /** The least number for which the form gives a prime p, with (p - 1) / 2 a prime too. */
    private static int addend(DhGroup group) {
        return switch (group) {
            case MODP_768 -> 149686;
            case MODP_1024 -> 129093;
            case MODP_1536 -> 741804;
            case MODP_2048 -> 124476;
            case MODP_3072 -> 1690314;
            case MODP_4096 -> 240904;
            case ECP_256, ECP_384 -> 0;
        };
    }

    /** Pi times 2 to the power of {@code bits}, rounded down; by Machin's formula. */
    private static BigInteger pi(int bits) {
        int guard = 64;    // each term loses less than one unit of the last place, and there are some two thousand
        BigInteger quarter = arcTangentOfInverse(5, bits + guard).shiftLeft(2).subtract(arcTangentOfInverse(239, bits + guard));
        return quarter.shiftLeft(2).shiftRight(guard);
    }

    /** The arc tangent of 1 / n, times 2 to the power of {@code bits}. */
    private static BigInteger arcTangentOfInverse(int n, int bits) {
        BigInteger square = BigInteger.valueOf((long) n * n);
        BigInteger power = TWO.pow(bits).divide(BigInteger.valueOf(n));
        BigInteger sum = power;
        for (int k = 1; power.signum() > 0; k++) {
            power = power.divide(square);
            BigInteger term = power.divide(BigInteger.valueOf(2L * k + 1));
            sum = k % 2 == 0 ? sum.add(term) : sum.subtract(term);
        }
        return sum;
    }
}
