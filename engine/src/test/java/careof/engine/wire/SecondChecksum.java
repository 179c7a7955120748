package careof.engine.wire;

import careof.engine.base.Octets;
import java.math.BigInteger;

/**
 * The Internet checksum computed a second way, sharing nothing with the engine: the octets as one big number, whose
 * remainder modulo 2^16 - 1 is the one's complement sum.
 */
public final class SecondChecksum {
    private static final BigInteger MODULUS = BigInteger.valueOf(0xffff);

    private SecondChecksum() {}

    /** Whether {@code upper}, with pseudo-header addresses of 16 octets each, sums up right. */
    public static boolean right(Octets source, Octets destination, int protocol, Octets upper) {
        String pseudo = source.toHex() + destination.toHex() + String.format("%08x%08x", upper.length(), protocol);
        return sumsToZero(pseudo + upper.toHex());
    }

    /** Whether the octets written in {@code hex} sum up right alone. */
    public static boolean sumsToZero(String hex) {
        String even = hex.length() % 4 == 0 ? hex : hex + "00";
        return new BigInteger("0" + even, 16).mod(MODULUS).signum() == 0;
    }
}
