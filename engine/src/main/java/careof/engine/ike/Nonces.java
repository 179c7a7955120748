package careof.engine.ike;

import careof.engine.wire.isakmp.Payload;
import java.util.Optional;

/** Nonces of both phases (RFC 2409 section 5). */
final class Nonces {
    /** Octets of this node's. */
    static final int LENGTH = 32;
    private static final int LEAST = 8;
    private static final int MOST = 256;

    private Nonces() {}

    /** Whether there is one, of a length that may be. */
    static boolean isOne(Optional<Payload.Nonce> nonce) {
        return nonce.filter(n -> n.data().length() >= LEAST && n.data().length() <= MOST).isPresent();
    }
}
