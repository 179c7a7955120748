package careof.engine.live;

import careof.engine.base.Ip6Address;
import careof.engine.base.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What a host needs on a TUN or TAP device to talk through a lab.
 *
 * @param address of the host; empty: it finds one by itself, from the routers of the lab
 * @param length  bits of the address that are the same for all on the device, 0..128
 * @param mtu     octets of the largest packet; 0: as it is
 * @param routes  what is reached through the lab
 */
public record HostSetup(Optional<Ip6Address> address, int length, int mtu, List<Prefix> routes) {
    /** For a device of which only the carrier matters. */
    public static final HostSetup NONE = new HostSetup(Optional.empty(), 0, 0, List.of());

    public HostSetup {
        routes = List.copyOf(routes);
    }

    /** As {@code ip} takes it; empty: none. */
    Optional<String> addressText() {
        return address.map(a -> a + "/" + length);
    }
}
