package careof.engine.base;

/** An IPv6 or IPv4 prefix. */
public sealed interface IpPrefix permits Prefix, Ip4Prefix {
    /** All bits past the length are zero. */
    IpAddress address();

    /** Bits. */
    int length();

    /** Whether an address is within; one of the other family never is. */
    boolean contains(IpAddress other);
}
