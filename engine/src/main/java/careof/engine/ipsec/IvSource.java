package careof.engine.ipsec;

/** Where unpredictable initialization vectors come from. Asked only by SAs in CBC mode: others count (RFC 3686 section 3.1, RFC 4106 section 3.1). */
@FunctionalInterface
public interface IvSource {
    /**
     * 64 random bits.
     *
     * @param ordinal 2n - 1 and 2n for the packet with sequence number n of the SA
     */
    long bits(long ordinal);
}
