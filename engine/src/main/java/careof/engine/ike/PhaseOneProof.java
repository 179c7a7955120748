package careof.engine.ike;

import careof.engine.base.Octets;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.RsaSignature;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who both ends of a phase one say they are, and what shows it (RFC 2409 sections 5.1 and 5.4). */
final class PhaseOneProof {
    /** Octets of an identity that its text has in full. */
    private static final int MOST_PLAIN = 256;

    private final Ike ike;
    private final NodeEnv env;
    private final IsakmpSa sa;
    private final PhaseOneSecrets secrets;
    private Octets ownIdentity = Octets.EMPTY;
    private Octets peerIdentity = Octets.EMPTY;
    /** Of the last message that had any. */
    private List<Payload.CertificateRequest> requests = List.of();

    PhaseOneProof(Ike ike, IsakmpSa sa, PhaseOneSecrets secrets) {
        this.ike = ike;
        this.env = ike.env();
        this.sa = sa;
        this.secrets = secrets;
    }

    // Certificates that are asked for

    /** A message of the peer may ask for certificates, as late as its identity (RFC 2408 section 3.10). */
    void asks(PayloadChain chain) {
        List<Payload.CertificateRequest> some = chain.all(Payload.CertificateRequest.class);
        requests = some.isEmpty() ? requests : some;
    }

    /** Requests for certificates of the authorities that this node trusts, where signatures authenticate. */
    List<Payload> requests() {
        return sa.row().authentication() != IkeSa.Method.RSA_SIGNATURES ? List.of()
                : ike.credentials().authorityNames().stream()
                        .<Payload>map(name -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, name)).toList();
    }

    // Of this node

    /** The payload that says who it is. */
    Identification identify() {
        Identification identity = ike.credentials().identity(sa.row().local());
        ownIdentity = identity.body();
        sa.put(Reason.IKE_STEP, r -> Rows.identities(r, r.peer(), identity.text(), r.remoteIdentity()), identity.text());
        return identity;
    }

    /** What shows that this node is what it says: hash, or certificate and signature. */
    List<Payload> payloads() {
        Octets hash = secrets.hash(true, ownIdentity);
        return switch (sa.row().authentication()) {
            case PRE_SHARED_KEY -> List.of(new Payload.Hash(hash));
            case RSA_SIGNATURES -> {
                List<Payload> payloads = new ArrayList<>();
                if (!requests.isEmpty() || sa.peer() == null || sa.peer().mobile() || sa.peer().homeAgent()) {
                    OwnCredentials.Sent own = ike.credentials().certificates(requests);
                    String count = Integer.toString(own.certificates().size());
                    env.recorder().decided(env.node(), env.packet(), Reason.IKE_CERTIFICATES_SENT, List.of(count, own.because()), "");
                    own.certificates().forEach(der -> payloads.add(new Payload.Certificate(Payload.Certificate.X509_SIGNATURE, der)));
                }
                payloads.add(new Payload.Signature(ike.credentials().sign(hash)));
                yield payloads;
            }
            case UNKNOWN -> throw new IllegalStateException("no method is agreed");
        };
    }

    // Of the peer

    /** An identity's text as identities are compared, with what else there is to it where two that differ have one text: rows are compared by it. */
    static String name(Identification said) {
        Identification identity = said.comparable();
        Octets data = identity.data();
        boolean isText = identity.idType() == Identification.FQDN || identity.idType() == Identification.USER_FQDN;
        boolean plain = data.length() <= MOST_PLAIN;
        for (int i = 0; isText && plain && i < data.length(); i++) {
            plain = data.at(i) > ' ' && data.at(i) <= '~';
        }
        return plain ? identity.text() : identity.text() + " sha256:" + IkeHash.SHA256.digest(identity.body()).toHex();
    }

    /** Who the peer says it is, whether that is true or not. */
    void claims(Identification identity) {
        sa.put(Reason.IKE_STEP, r -> Rows.identities(r, r.peer(), r.localIdentity(), name(identity)), identity.text());
    }

    /** The identity payload, whose octets are hashed as they came; empty: there is none. */
    Optional<Identification> identity(PayloadChain chain) {
        Optional<PayloadChain.Link> link = chain.links().stream().filter(l -> l.payload() instanceof Identification).findFirst();
        link.ifPresent(found -> peerIdentity = found.body());
        return link.map(found -> (Identification) found.payload());
    }

    /** Checks the peer's proof and then what the policy says of it. */
    PeerAuthorization.Outcome judge(Arrived in, PayloadChain chain, Identification identity) {
        Octets hash = secrets.hash(false, peerIdentity);
        return switch (sa.row().authentication()) {
            case PRE_SHARED_KEY -> chain.find(Payload.Hash.class).filter(h -> Ike.same(h.data(), hash)).isPresent()
                    ? ike.authorization().knowsKey(sa, in, identity)
                    : unproven(identity, "the hash is wrong: another key, or another identity", NotifyType.AUTHENTICATION_FAILED);
            case RSA_SIGNATURES -> {
                Optional<Payload.Signature> signature = chain.find(Payload.Signature.class);
                yield signature.isEmpty() ? unproven(identity, "there is no signature", NotifyType.INVALID_SIGNATURE)
                        : ike.authorization().signed(sa, in, identity, chain.all(Payload.Certificate.class),
                                key -> RsaSignature.verify(key, hash, signature.get().data()));
            }
            case UNKNOWN -> throw new IllegalStateException("no method is agreed");
        };
    }

    private static PeerAuthorization.Outcome unproven(Identification identity, String why, int notification) {
        return new PeerAuthorization.Unproven(Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), why), notification);
    }
}
