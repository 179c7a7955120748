package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.state.AddressRange;
import careof.engine.state.IkeSa;
import careof.engine.wire.isakmp.Identification;
import java.util.List;
import java.util.Optional;

/**
 * A peer as this node knows it: how to talk to it, and its entry in the peer authorization database (RFC 4301 section 4.4.3).
 *
 * @param name        what the configuration calls it
 * @param address     where it is reached, of a mobile node its home address; empty: it comes by itself
 * @param homeAgent   whether it is this mobile node's home agent (the draft's section 3.4), else it is a correspondent to it (section 3.3)
 * @param identities  one of these it must say it is; none: anything that its credentials bear out
 * @param method      how both ends authenticate
 * @param preSharedKey of {@link IkeSa.Method#PRE_SHARED_KEY}; else empty
 * @param lifetime    of phase one, nanoseconds, whole seconds; 0: none is asked for
 * @param group       of quick modes with perfect forward secrecy; empty: without
 * @param addresses   which of its own addresses a mobile node uses with it
 * @param mobile      whether it may be somewhere else than its home address, so that a home address identity is right for it (recommendation I)
 * @param homes       home addresses for which it may negotiate where no certificate tells (recommendations J and N)
 * @param addresslessRefused whether a certificate without any address is no good, however its subject is listed (recommendation J)
 * @param says        what its phase twos are told as this node's identity
 * @param probe       silence after which it is asked whether it is there (RFC 3706), nanoseconds; 0: never
 * @param initialContact whether the first phase one with it says so (RFC 2407 section 4.6.3.3)
 */
public record IkePeer(String name, Optional<IpAddress> address, boolean homeAgent, List<Identification> identities, IkeSa.Method method, Octets preSharedKey,
        IkeSa.Exchange exchange, IkeSuite suite, long lifetime, Optional<DhGroup> group, Addresses addresses, boolean mobile, List<AddressRange> homes,
        boolean addresslessRefused, ChildIdentity says, long probe, boolean initialContact) {
    public IkePeer {
        identities = List.copyOf(identities);
        homes = List.copyOf(homes);
    }

    /** Which of its addresses a mobile node uses for IKE. */
    public enum Addresses {
        /** As recommendations O and P say. */
        BY_POLICY,
        HOME,
        CARE_OF
    }

    /** What stands for this node in the identities of its quick modes. */
    public sealed interface ChildIdentity {
        /** What the policy's selectors say. */
        record Selectors() implements ChildIdentity {}

        /** No identities at all. */
        record None() implements ChildIdentity {}

        /** This instead, whatever the policy says. */
        record Other(Identification identity) implements ChildIdentity {}

        ChildIdentity SELECTORS = new Selectors();
        ChildIdentity NONE = new None();
    }
}
