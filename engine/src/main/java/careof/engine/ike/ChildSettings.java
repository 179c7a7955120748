package careof.engine.ike;

import careof.engine.crypto.Authentication;
import careof.engine.crypto.Encryption;
import careof.engine.state.Sa;

/**
 * What SAs for one transform of a policy are like.
 *
 * @param requestId of the template in the SPD that they are for
 * @param peer      name of the {@link IkePeer}
 * @param encryption of AH: {@link Encryption#NONE}
 * @param keyLength of encryption, octets, with salt or nonce
 * @param extended  sequence numbers of 64 bits (RFC 4304)
 * @param window    of replay protection, packets
 * @param lifetimes hard ones are proposed, soft ones are this node's own; 0 as soft: some time before the hard one
 */
public record ChildSettings(long requestId, String peer, Sa.Protocol protocol, Sa.Mode mode, Encryption encryption, int keyLength, Authentication authentication,
        boolean extended, int window, Sa.Lifetimes lifetimes, Sa.Hiding hiding) {}
