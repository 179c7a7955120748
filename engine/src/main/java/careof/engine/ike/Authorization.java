package careof.engine.ike;

import careof.engine.state.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * What an authenticated peer may do.
 *
 * @param peer  its entry in the peer authorization database
 * @param homes home addresses for which it may negotiate; empty: any (recommendation J off)
 * @param because where the list is from, a few words
 */
record Authorization(IkePeer peer, Optional<List<AddressRange>> homes, String because) {}
