package careof.engine.base;

/** An IPv6 or IPv4 address. */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ip6Address, Ip4Address {

    /** Reads either family; an {@code IllegalArgumentException} names what is wrong. */
    static IpAddress parse(String text) {
        return text.indexOf(':') >= 0 ? Ip6Address.parse(text) : Ip4Address.parse(text);
    }

    @Override
    default int compareTo(IpAddress other) {
        return switch (this) {
            case Ip6Address a -> other instanceof Ip6Address b
                    ? a.high() != b.high() ? Long.compareUnsigned(a.high(), b.high()) : Long.compareUnsigned(a.low(), b.low())
                    : 1;
            case Ip4Address a -> other instanceof Ip4Address b ? Integer.compareUnsigned(a.bits(), b.bits()) : -1;
        };
    }
}
