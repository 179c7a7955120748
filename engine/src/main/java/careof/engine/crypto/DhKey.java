package careof.engine.crypto;

import careof.engine.base.Octets;
import java.math.BigInteger;
import java.util.Optional;

/**
 * One side's key pair of a Diffie-Hellman exchange. Making one costs one operation in the group, each secret another. Neither takes the same
 * time for all private values: who measures this machine closely may learn something of them.
 */
public sealed interface DhKey permits ModpKey, CurveKey {
    /**
     * The key pair with this private value.
     *
     * @param secret the private value, {@link DhGroup#privateLength} octets drawn by the caller or any other number of them
     * @throws IllegalArgumentException for a private value of zero, which drawn octets never are
     */
    static DhKey of(DhGroup group, Octets secret) {
        return group.isCurve() ? new CurveKey(group, secret) : new ModpKey(group, secret);
    }

    /** Whether these octets are a public value of a group that {@link #secret} makes a secret with; far cheaper than making one. */
    static boolean isPublic(DhGroup group, Octets peer) {
        return group.isCurve() ? CurveKey.point(group, peer).isPresent() : ModpKey.value(group, peer).isPresent();
    }

    DhGroup group();

    /** What the peer gets: {@link DhGroup#publicLength} octets. */
    Octets publicValue();

    /**
     * The secret that this key pair shares with the owner of {@code peer}: {@link DhGroup#secretLength} octets. Empty where {@code peer} is
     * no public value of this group, or one that makes the secret a known one: a wrong length, a number outside 2..p-2, a point that does
     * not lie on the curve.
     */
    Optional<Octets> secret(Octets peer);

    /** A number in exactly {@code length} octets. */
    static Octets padded(BigInteger number, int length) {
        byte[] shortest = number.toByteArray();    // may start with an octet for the sign
        int octets = Math.min(shortest.length, length);
        byte[] padded = new byte[length];
        System.arraycopy(shortest, shortest.length - octets, padded, length - octets, octets);
        return Octets.wrap(padded);
    }
}
