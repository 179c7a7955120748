package careof.engine.state;

import careof.engine.base.IpAddress;
import java.util.Optional;

/**
 * What movement detection believes (RFC 6275 section 11.5).
 *
 * @param careOf  current primary care-of address, an IPv4 one on a link without IPv6 (RFC 5555 section 4.4); empty: none, or at home
 * @param router  current default router
 * @param since   start of this phase, nanoseconds
 */
public record MovementState(Phase phase, Optional<IpAddress> careOf, Optional<IpAddress> router, long since) implements State {
    public enum Phase {
        /** No carrier. */
        DETACHED,
        /** Attached; looking for a router. */
        SOLICITING,
        /** A prefix is known; duplicate address detection runs. */
        CONFIGURING,
        AT_HOME,
        /** Has a care-of address. */
        AWAY
    }

    @Override
    public String key() {
        return "movement";
    }
}
