package careof.engine.state;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip4Prefix;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;
import careof.engine.base.Prefix;

/**
 * Addresses of one family from {@code low} to {@code high}, both included: how RFC 4301 section 4.4.1.1 has selectors. One address and a
 * prefix are ranges, too.
 */
public record AddressRange(IpAddress low, IpAddress high) {
    /** Every IPv6 address. */
    public static final AddressRange ALL_IP6 = of(Prefix.ALL);
    /** Every IPv4 address. */
    public static final AddressRange ALL_IP4 = of(new Ip4Prefix(Ip4Address.ANY, 0));

    public AddressRange {
        if (low.getClass() != high.getClass() || low.compareTo(high) > 0) {
            throw new IllegalArgumentException("no range of addresses: " + low + " to " + high);
        }
    }

    public static AddressRange of(IpAddress address) {
        return new AddressRange(address, address);
    }

    public static AddressRange of(Prefix prefix) {
        long highBits = prefix.length() >= 64 ? 0 : -1L >>> prefix.length();
        long lowBits = prefix.length() <= 64 ? -1L : prefix.length() == 128 ? 0 : -1L >>> prefix.length() - 64;
        return new AddressRange(prefix.address(), new Ip6Address(prefix.address().high() | highBits, prefix.address().low() | lowBits));
    }

    public static AddressRange of(Ip4Prefix prefix) {
        return new AddressRange(prefix.address(), prefix.last());
    }

    /** Whether an address is within; one of the other family never is. */
    public boolean contains(IpAddress address) {
        return address.getClass() == low.getClass() && low.compareTo(address) <= 0 && address.compareTo(high) <= 0;
    }

    public boolean contains(AddressRange other) {
        return contains(other.low) && contains(other.high);
    }

    /** One address only. */
    public boolean isSingle() {
        return low.equals(high);
    }

    /** Every address of its family. */
    public boolean isAll() {
        return equals(ALL_IP6) || equals(ALL_IP4);
    }

    /** The length of the prefix that this range is, in bits; -1: it is none. */
    public int prefixLength() {
        return switch (low) {
            case Ip6Address l -> {
                Ip6Address h = (Ip6Address) high;
                int length = l.high() != h.high() ? Long.numberOfLeadingZeros(l.high() ^ h.high()) : 64 + Long.numberOfLeadingZeros(l.low() ^ h.low());
                yield of(new Prefix(l, length)).equals(this) ? length : -1;
            }
            case Ip4Address l -> {
                int length = Integer.numberOfLeadingZeros(l.bits() ^ ((Ip4Address) high).bits());
                yield of(new Ip4Prefix(l, length)).equals(this) ? length : -1;
            }
        };
    }

    @Override
    public String toString() {
        int length = prefixLength();
        return isAll() ? low instanceof Ip6Address ? "any" : "any IPv4" : isSingle() ? low.toString() : length >= 0 ? low + "/" + length : low + "-" + high;
    }
}
