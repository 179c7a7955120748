package careof.engine.ike;

import careof.engine.base.Octets;
import careof.engine.crypto.DhKey;
import careof.engine.crypto.IkeKeys;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The key exchange of a phase one: public values, nonces, and the secrets that follow from them (RFC 2409 section 5). */
final class PhaseOneSecrets {
    private final NodeEnv env;
    private final IsakmpSa sa;
    private final String purpose;
    private Octets offer = Octets.EMPTY;
    private DhKey own;
    private Octets peerPublic = Octets.EMPTY;
    private Octets ownNonce = Octets.EMPTY;
    private Octets peerNonce = Octets.EMPTY;

    /** @param purpose what its secrets are drawn for: no other exchange of the node has it */
    PhaseOneSecrets(NodeEnv env, IsakmpSa sa, String purpose) {
        this.env = env;
        this.sa = sa;
        this.purpose = purpose;
    }

    /** The body of the initiator's SA payload, as it stood on the wire: hashes cover it. */
    void offered(Octets body) {
        offer = body;
    }

    /** This node's key exchange and nonce; the peer's were looked at before, where it is the peer's turn. */
    List<Payload> payloads() {
        own = DhKey.of(sa.suite().group(), env.keys().octets(purpose + " private", sa.suite().group().privateLength()));
        ownNonce = env.keys().octets(purpose + " nonce", Nonces.LENGTH);
        return new ArrayList<>(List.of(new Payload.KeyExchange(own.publicValue()), new Payload.Nonce(ownNonce)));
    }

    /** The peer's key exchange and nonce; false: they are no good, which the trace has. */
    boolean take(Arrived in, PayloadChain chain) {
        Optional<Payload.KeyExchange> key = chain.find(Payload.KeyExchange.class);
        Optional<Payload.Nonce> nonce = chain.find(Payload.Nonce.class);
        if (key.isEmpty() || nonce.isEmpty()) {
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, "key exchange or nonce is missing");
            return false;
        }
        if (!Nonces.isOne(nonce)) {
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, "a nonce of " + nonce.get().data().length() + " octets");
            return false;
        }
        if (!DhKey.isPublic(sa.suite().group(), key.get().data())) {
            String what = key.get().data().length() + " octets that are no public value of " + sa.suite().group().text();
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, what);
            return false;
        }
        peerPublic = key.get().data();
        peerNonce = nonce.get().data();
        return true;
    }

    /**
     * The secrets, once both public values and nonces are known.
     *
     * @param preSharedKey of that method
     */
    void derive(Octets preSharedKey) {
        Octets secret = own.secret(peerPublic).orElseThrow();
        boolean initiator = sa.row().initiator();
        Octets nonceI = initiator ? ownNonce : peerNonce;
        Octets nonceR = initiator ? peerNonce : ownNonce;
        Octets skeyid = switch (sa.row().authentication()) {
            case PRE_SHARED_KEY -> IkeKeys.skeyidForPreSharedKey(sa.suite().hash(), preSharedKey, nonceI, nonceR);
            case RSA_SIGNATURES -> IkeKeys.skeyidForSignatures(sa.suite().hash(), nonceI, nonceR, secret);
            case UNKNOWN -> throw new IllegalStateException("no method is agreed");
        };
        Octets iv = IkeKeys.phaseOneIv(sa.suite().hash(), sa.suite().cipher(), initiator ? own.publicValue() : peerPublic,
                initiator ? peerPublic : own.publicValue());
        sa.derived(IkeKeys.of(sa.suite().hash(), skeyid, secret, sa.initiatorCookie(), sa.responderCookie()), iv);
    }

    /**
     * HASH_I or HASH_R (RFC 2409 section 5).
     *
     * @param mine     this node's, or the peer's
     * @param identity body of the payload of whose hash it is
     */
    Octets hash(boolean mine, Octets identity) {
        boolean initiators = mine == sa.row().initiator();
        Octets first = mine ? own.publicValue() : peerPublic;
        Octets second = mine ? peerPublic : own.publicValue();
        return sa.suite().hash().prf(sa.keys().skeyid(), first, second, initiators ? sa.initiatorCookie() : sa.responderCookie(),
                initiators ? sa.responderCookie() : sa.initiatorCookie(), offer, identity);
    }
}
