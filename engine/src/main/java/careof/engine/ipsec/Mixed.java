package careof.engine.ipsec;

import careof.engine.base.Ip4Address;
import careof.engine.base.Ip6Address;
import careof.engine.base.IpAddress;

/**
 * Hash codes of what tables are looked up by. The usual sum of a record's parts makes most keys collide where addresses, SPIs and ports count up
 * together, as they do in practice; so each part is mixed in (the multiplier is that of SplitMix64).
 */
final class Mixed {
    private long state;

    Mixed and(long value) {
        state = (state ^ value) * 0x9e3779b97f4a7c15L;
        state ^= state >>> 29;
        return this;
    }

    Mixed and(IpAddress address) {
        return switch (address) {
            case Ip6Address a -> and(a.high()).and(a.low());
            case Ip4Address a -> and(a.bits());
        };
    }

    int hash() {
        long last = state * 0xbf58476d1ce4e5b9L;
        return (int) (last >>> 32);
    }
}
