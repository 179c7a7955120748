package careof.engine.base;

/**
 * An IPv4 prefix.
 *
 * @param address the prefix, all bits past {@code length} zero
 * @param length  bits, 0..32
 */
public record Ip4Prefix(Ip4Address address, int length) implements IpPrefix {
    /** {@code 0.0.0.0/0} */
    public static final Ip4Prefix ALL = new Ip4Prefix(Ip4Address.ANY, 0);

    public Ip4Prefix {
        if (length < 0 || length > 32) {
            throw new IllegalArgumentException("an IPv4 prefix length is 0..32, not " + length);
        }
        address = new Ip4Address(address.bits() & mask(length));
    }

    private static int mask(int length) {
        return length == 0 ? 0 : -1 << 32 - length;
    }

    /** Reads {@code 192.0.2.0/24}; bits past the length must be zero. */
    public static Ip4Prefix parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}") || Integer.parseInt(text.substring(slash + 1)) > 32) {
            throw new IllegalArgumentException("not an IPv4 prefix such as 192.0.2.0/24: \"" + text + "\"");
        }
        Ip4Address address = Ip4Address.parse(text.substring(0, slash));
        Ip4Prefix prefix = new Ip4Prefix(address, Integer.parseInt(text.substring(slash + 1)));
        if (!prefix.address.equals(address)) {
            throw new IllegalArgumentException("bits are set past the prefix length; meant " + prefix + "?: \"" + text + "\"");
        }
        return prefix;
    }

    /** The /32 of one address. */
    public static Ip4Prefix host(Ip4Address address) {
        return new Ip4Prefix(address, 32);
    }

    @Override
    public boolean contains(IpAddress other) {
        return other instanceof Ip4Address o && (o.bits() & mask(length)) == address.bits();
    }

    /** The last address of the prefix: of a subnet its broadcast address. */
    public Ip4Address last() {
        return new Ip4Address(address.bits() | ~mask(length));
    }

    /** The address so many after the first. */
    public Ip4Address host(int number) {
        return new Ip4Address(address.bits() + number);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
