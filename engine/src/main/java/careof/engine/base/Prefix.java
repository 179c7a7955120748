package careof.engine.base;

/**
 * An IPv6 prefix.
 *
 * @param address the prefix, all bits past {@code length} zero
 * @param length  bits, 0..128
 */
public record Prefix(Ip6Address address, int length) implements IpPrefix, Comparable<Prefix> {
    /** {@code ::/0} */
    public static final Prefix ALL = new Prefix(Ip6Address.ANY, 0);
    /** {@code fe80::/64}, on every link. */
    public static final Prefix LINK_LOCAL = new Prefix(Ip6Address.linkLocal(0), 64);

    public Prefix {
        if (length < 0 || length > 128) {
            throw new IllegalArgumentException("a prefix length is 0..128, not " + length);
        }
        address = new Ip6Address(address.high() & highMask(length), address.low() & lowMask(length));
    }

    private static long highMask(int length) {
        return length == 0 ? 0 : length >= 64 ? -1 : -1L << 64 - length;
    }

    private static long lowMask(int length) {
        return length <= 64 ? 0 : length == 128 ? -1 : -1L << 128 - length;
    }

    /** The /128 of one address. */
    public static Prefix host(Ip6Address address) {
        return new Prefix(address, 128);
    }

    /** Reads {@code 2001:db8::/32}; bits past the length must be zero. */
    public static Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}") || Integer.parseInt(text.substring(slash + 1)) > 128) {
            throw new IllegalArgumentException("not an IPv6 prefix such as 2001:db8:1::/64: \"" + text + "\"");
        }
        Ip6Address address = Ip6Address.parse(text.substring(0, slash));
        Prefix prefix = new Prefix(address, Integer.parseInt(text.substring(slash + 1)));
        if (!prefix.address.equals(address)) {
            throw new IllegalArgumentException("bits are set past the prefix length; meant " + prefix + "?: \"" + text + "\"");
        }
        return prefix;
    }

    @Override
    public boolean contains(IpAddress other) {
        return other instanceof Ip6Address o && (o.high() & highMask(length)) == address.high() && (o.low() & lowMask(length)) == address.low();
    }

    /** The address in this prefix with the given interface identifier; the prefix must be 64 bits long. */
    public Ip6Address with(long interfaceId) {
        if (length != 64) {
            throw new IllegalArgumentException("interface identifiers need a /64, not " + this);
        }
        return new Ip6Address(address.high(), interfaceId);
    }

    @Override
    public int compareTo(Prefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
