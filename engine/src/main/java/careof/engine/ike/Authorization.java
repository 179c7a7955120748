package careof.engine.ike;

import careof.engine.state.AddressRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an authenticated peer may do.
 *
 * @param peer  its entry in the peer authorization database
 * @param homes home addresses for which it may negotiate; empty: any (recommendation J off)
 * @param listed these are not from a certificate but from the policy's list (recommendation J)
 */
record Authorization(IkePeer peer, Optional<List<AddressRange>> homes, boolean listed) {
    /** The home addresses, or "nothing". */
    static String text(List<AddressRange> homes) {
        return homes.isEmpty() ? "nothing" : homes.stream().map(AddressRange::toString).collect(Collectors.joining(", "));
    }

    /** Why it may have one of them. */
    String because() {
        return homes.isEmpty() ? "no list counts" : listed ? "the list has it" : "the certificate holds it";
    }
}
