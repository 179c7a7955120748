package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.DhKey;
import careof.engine.crypto.IkeHash;
import careof.engine.crypto.IkeKeys;
import careof.engine.crypto.RsaSignature;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.VendorIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A phase one exchange (RFC 2409 section 5): what main mode and aggressive mode have in common. Whatever a peer sends before it is authenticated changes
 * nothing but this exchange; a message that does not fit leaves it waiting for one that does.
 */
abstract sealed class PhaseOne permits MainMode, AggressiveMode {
    static final int NONCE = 32;
    /** RFC 2409 section 5. */
    private static final int LEAST_NONCE = 8;
    private static final int MOST_NONCE = 256;
    /** Octets of an identity that its text has in full. */
    private static final int MOST_PLAIN = 256;

    final Ike ike;
    final NodeEnv env;
    final IsakmpSa sa;
    final Retransmission sent;
    private final String purpose;
    /** Of the last message that was taken: the same once more is answered once more. */
    private Octets answered = Octets.EMPTY;
    private SecurityAssociation offer;
    private Octets offerBody = Octets.EMPTY;
    private long lifetime;
    private DhKey own;
    private Octets peerPublic = Octets.EMPTY;
    private Octets ownNonce = Octets.EMPTY;
    private Octets peerNonce = Octets.EMPTY;
    private Identification ownIdentity;
    private Octets ownIdentityBody = Octets.EMPTY;
    private Octets peerIdentityBody = Octets.EMPTY;
    /** Of the last message that had any. */
    private List<Payload.CertificateRequest> requests = List.of();
    /** Last cipher block of the message that is being looked at: nothing follows from it before the message is taken. */
    private Octets openedBlock = Octets.EMPTY;

    PhaseOne(Ike ike, IsakmpSa sa) {
        this.ike = ike;
        this.env = ike.env();
        this.sa = sa;
        this.purpose = "phase one " + sa.id();
        this.sent = new Retransmission(ike, purpose, count -> sa.put(Reason.IKE_RETRANSMITTED, r -> Rows.step(r, r.step(), count), sa.row().step(), Integer.toString(count)),
                () -> ike.phaseOnes().abandon(sa, Verdict.drop(Reason.IKE_TIMED_OUT, sa.row().step())));
    }

    /** As initiator: sends the first message. */
    abstract void start();

    /** The message that comes next, from the address that this exchange is with. */
    abstract void next(Arrived in, IsakmpMessage message) throws Malformed;

    /** Takes a message, unless it is one that was answered already. */
    final void receive(Arrived in, IsakmpMessage message) {
        Octets octets = message.toOctets();
        if (octets.equals(answered)) {
            once(in);
            return;
        }
        if (!sa.row().initiator() && !answered.isEmpty() && message.header().responderCookie() == 0) {
            unexpected(in, "a first message", "another one came before it");
            return;
        }
        try {
            next(in, message);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
    }

    /** A message that was answered already. */
    private void once(Arrived in) {
        if (sent.repeat()) {
            env.decided(in.packet(), Reason.IKE_DUPLICATE, "message");
        } else {
            unexpected(in, "a message", "it was taken already");
        }
    }

    /** A message was the right one. */
    final void took(Arrived in, IsakmpMessage message, String name) {
        answered = message.toOctets();
        chain();
        env.decided(in.packet(), Reason.IKE_RECEIVED, name, sa.row().cookies());
        sa.step(name + " received");
    }

    final void unexpected(Arrived in, String message, String why) {
        env.dropped(in.packet(), Reason.IKE_UNEXPECTED, message, why);
    }

    final IsakmpHeader header() {
        int exchange = switch (sa.row().exchange()) {
            case MAIN -> IsakmpHeader.IDENTITY_PROTECTION;
            case AGGRESSIVE -> IsakmpHeader.AGGRESSIVE;
        };
        return IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), exchange, 0);
    }

    /** @param awaits whether an answer must come */
    final void send(String name, List<Payload> payloads, boolean awaits) {
        sa.step(name + " sent");
        sent.send(sa, sa.row().local(), sa.row().remote(), sa.remotePort(), IsakmpMessage.clear(header(), payloads).toOctets(), Octets.EMPTY, awaits);
    }

    final void sendEncrypted(String name, List<Payload> payloads, boolean awaits) {
        sa.step(name + " sent");
        SecuredMessage message = SecuredMessage.seal(sa.suite(), sa.cipherKey(), sa.row().iv(), header(), payloads);
        sa.chained(message.lastBlock(sa.suite()));
        sent.send(sa, sa.row().local(), sa.row().remote(), sa.remotePort(), message.wire().toOctets(), message.plain().toOctets(), awaits);
    }

    /** An encrypted message's payloads; empty: none that can be read, which the trace has. */
    final Optional<PayloadChain> open(Arrived in, IsakmpMessage message, String name) {
        if (!message.isEncrypted()) {
            unexpected(in, name, "it is not encrypted");
            return Optional.empty();
        }
        try {
            SecuredMessage opened = SecuredMessage.open(sa.suite(), sa.cipherKey(), sa.row().iv(), message);
            PayloadChain chain = opened.chain();
            ike.opened(in, opened.plain());
            openedBlock = opened.lastBlock(sa.suite());
            return Optional.of(chain);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_UNREADABLE, name, e.getMessage());
            return Optional.empty();
        }
    }

    /** The next message is encrypted with the last block of the one that was opened. */
    private void chain() {
        if (!openedBlock.isEmpty()) {
            sa.chained(openedBlock);
            openedBlock = Octets.EMPTY;
        }
    }

    // What is in the messages

    /** What this node proposes as initiator, and what it can do besides. */
    final List<Payload> proposal() {
        offer = PhaseOneProposals.propose(sa.peer());
        offerBody = offer.body();
        lifetime = sa.peer().lifetime();
        return new ArrayList<>(List.of(offer));
    }

    static List<Payload> abilities() {
        return List.of(new Payload.VendorId(VendorIds.DPD), new Payload.VendorId(VendorIds.FRAGMENTATION));
    }

    final void vendor(PayloadChain chain) {
        if (chain.all(Payload.VendorId.class).stream().anyMatch(id -> id.data().equals(VendorIds.DPD))) {
            sa.knowsProbes();
        }
    }

    /** As responder: what of an offer this node takes, from whoever may come from there; empty: nothing, which the trace has. */
    final Optional<SecurityAssociation> choose(Arrived in, PayloadChain chain, List<IkePeer> peers) {
        Optional<PayloadChain.Link> link = chain.links().stream().filter(l -> l.payload() instanceof SecurityAssociation).findFirst();
        Optional<PhaseOneProposals.Choice> choice = link.flatMap(l -> PhaseOneProposals.choose((SecurityAssociation) l.payload(), peers));
        if (choice.isEmpty()) {
            return Optional.empty();
        }
        offerBody = link.get().body();
        lifetime = choice.get().lifetime();
        sa.agreed(choice.get().suite(), choice.get().method());
        return Optional.of(choice.get().answer());
    }

    /** As responder: nothing of an offer is taken. It may be of another DOI or situation, of which nothing can be read. */
    final void notTaken(Arrived in, PayloadChain chain, String whose) {
        Optional<Payload.OtherAssociation> other = chain.find(Payload.OtherAssociation.class);
        int notification = other.map(Payload.OtherAssociation::refusal)
                .orElseGet(() -> chain.find(SecurityAssociation.class).map(PhaseOneProposals::refusal).orElse(NotifyType.NO_PROPOSAL_CHOSEN));
        String why = other.isPresent() ? NotifyType.name(notification) : "none of the offered suites is one of ours for " + whose;
        ike.phaseOnes().declined(in, sa, Verdict.drop(Reason.IKE_NO_PROPOSAL, why), notification);
    }

    /** As initiator: whether the answer is what was offered. */
    final boolean accepted(Arrived in, PayloadChain chain) {
        Optional<SecurityAssociation> answer = chain.find(SecurityAssociation.class);
        Optional<PhaseOneProposals.Choice> choice = answer.filter(SecurityAssociation::isOneTransform)
                .flatMap(a -> PhaseOneProposals.choose(a, List.of(sa.peer())));
        if (choice.isEmpty()) {
            env.dropped(in.packet(), Reason.IKE_NO_PROPOSAL, "the answer is not what was offered");
            return false;
        }
        sa.agreed(choice.get().suite(), choice.get().method());
        return true;
    }

    /** This node's key exchange and nonce; the peer's were looked at before, where it is the peer's turn. */
    final List<Payload> exchangeKeys() {
        own = DhKey.of(sa.suite().group(), env.keys().octets(purpose + " private", sa.suite().group().privateLength()));
        ownNonce = env.keys().octets(purpose + " nonce", NONCE);
        return new ArrayList<>(List.of(new Payload.KeyExchange(own.publicValue()), new Payload.Nonce(ownNonce)));
    }

    /** Whether there is a nonce of a length that may be (RFC 2409 section 5), of phase one or of phase two. */
    static boolean isNonce(Optional<Payload.Nonce> nonce) {
        return nonce.filter(n -> n.data().length() >= LEAST_NONCE && n.data().length() <= MOST_NONCE).isPresent();
    }

    /** The peer's key exchange and nonce; false: they are no good, which the trace has. */
    final boolean keysExchanged(Arrived in, PayloadChain chain) {
        Optional<Payload.KeyExchange> key = chain.find(Payload.KeyExchange.class);
        Optional<Payload.Nonce> nonce = chain.find(Payload.Nonce.class);
        if (key.isEmpty() || nonce.isEmpty()) {
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, "key exchange or nonce is missing");
            return false;
        }
        if (!isNonce(nonce)) {
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, "a nonce of " + nonce.get().data().length() + " octets");
            return false;
        }
        if (!DhKey.isPublic(sa.suite().group(), key.get().data())) {
            env.dropped(in.packet(), Reason.IKE_BAD_KEY_EXCHANGE, key.get().data().length() + " octets that are no public value of " + sa.suite().group().text());
            return false;
        }
        peerPublic = key.get().data();
        peerNonce = nonce.get().data();
        asks(chain);
        return true;
    }

    private void asks(PayloadChain chain) {
        List<Payload.CertificateRequest> some = chain.all(Payload.CertificateRequest.class);
        requests = some.isEmpty() ? requests : some;
    }

    /** Requests for certificates of the authorities that this node trusts, where signatures authenticate. */
    final List<Payload> certificateRequests() {
        return sa.row().authentication() != IkeSa.Method.RSA_SIGNATURES ? List.of()
                : ike.credentials().authorityNames().stream().<Payload>map(name -> new Payload.CertificateRequest(Payload.Certificate.X509_SIGNATURE, name)).toList();
    }

    /**
     * The secrets, once both public values and nonces are known.
     *
     * @param preSharedKey of that method
     */
    final void derive(Octets preSharedKey) {
        Octets secret = own.secret(peerPublic).orElseThrow();
        boolean initiator = sa.row().initiator();
        Octets nonceI = initiator ? ownNonce : peerNonce;
        Octets nonceR = initiator ? peerNonce : ownNonce;
        Octets skeyid = switch (sa.row().authentication()) {
            case PRE_SHARED_KEY -> IkeKeys.skeyidForPreSharedKey(sa.suite().hash(), preSharedKey, nonceI, nonceR);
            case RSA_SIGNATURES -> IkeKeys.skeyidForSignatures(sa.suite().hash(), nonceI, nonceR, secret);
            case UNKNOWN -> throw new IllegalStateException("no method is agreed");
        };
        sa.derived(IkeKeys.of(sa.suite().hash(), skeyid, secret, sa.initiatorCookie(), sa.responderCookie()),
                IkeKeys.phaseOneIv(sa.suite().hash(), sa.suite().cipher(), initiator ? own.publicValue() : peerPublic, initiator ? peerPublic : own.publicValue()));
    }

    // Authentication

    final Identification identify() {
        ownIdentity = ike.credentials().identity(sa.row().local());
        ownIdentityBody = ownIdentity.body();
        sa.put(Reason.IKE_STEP, r -> Rows.identities(r, r.peer(), ownIdentity.text(), r.remoteIdentity()), ownIdentity.text());
        return ownIdentity;
    }

    /** What shows that this node is what it says: hash, or certificate and signature. */
    final List<Payload> proof() {
        Octets hash = hash(true);
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
    final void claims(Identification identity) {
        sa.put(Reason.IKE_STEP, r -> Rows.identities(r, r.peer(), r.localIdentity(), name(identity)), identity.text());
    }

    /** HASH_I or HASH_R (RFC 2409 section 5). */
    private Octets hash(boolean mine) {
        boolean initiators = mine == sa.row().initiator();
        Octets first = mine ? own.publicValue() : peerPublic;
        Octets second = mine ? peerPublic : own.publicValue();
        return sa.suite().hash().prf(sa.keys().skeyid(), first, second, initiators ? sa.initiatorCookie() : sa.responderCookie(),
                initiators ? sa.responderCookie() : sa.initiatorCookie(), offerBody, mine ? ownIdentityBody : peerIdentityBody);
    }

    /** The identity payload, whose octets are hashed as they came. A certificate may be asked for beside it, as late as that (RFC 2408 section 3.10). */
    final Optional<Identification> identified(Arrived in, PayloadChain chain, String name) {
        Optional<PayloadChain.Link> link = chain.links().stream().filter(l -> l.payload() instanceof Identification).findFirst();
        if (link.isEmpty()) {
            unexpected(in, name, "it has no identity");
            return Optional.empty();
        }
        Identification identity = (Identification) link.get().payload();
        peerIdentityBody = link.get().body();
        asks(chain);
        return Optional.of(identity);
    }

    /**
     * Checks the peer's proof and then what the policy says of it; true: it is authenticated and may go on. What is wrong ends the exchange where only who
     * knows its secrets can have come so far. In aggressive mode a message without the right proof may be anybody's who saw the first one: the right one
     * may still come.
     */
    final boolean authenticate(Arrived in, PayloadChain chain, Identification identity) {
        Octets hash = hash(false);
        claims(identity);
        PeerAuthorization.Outcome outcome = switch (sa.row().authentication()) {
            case PRE_SHARED_KEY -> chain.find(Payload.Hash.class).filter(h -> Ike.same(h.data(), hash)).isPresent()
                    ? ike.authorization().knowsKey(sa, in, identity)
                    : new PeerAuthorization.Unproven(Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), "the hash is wrong: another key, or another identity"),
                            NotifyType.AUTHENTICATION_FAILED);
            case RSA_SIGNATURES -> chain.find(Payload.Signature.class)
                    .map(signature -> ike.authorization().signed(sa, in, identity, chain.all(Payload.Certificate.class), key -> RsaSignature.verify(key, hash, signature.data())))
                    .orElseGet(() -> new PeerAuthorization.Unproven(Verdict.drop(Reason.IKE_AUTHENTICATION_FAILED, identity.text(), "there is no signature"), NotifyType.INVALID_SIGNATURE));
            case UNKNOWN -> throw new IllegalStateException("no method is agreed");
        };
        return switch (outcome) {
            case PeerAuthorization.Granted granted -> {
                sa.authorized(granted.authorization());
                sa.put(Reason.IKE_STEP, r -> Rows.identities(r, granted.authorization().peer().name(), r.localIdentity(), name(identity)), identity.text());
                yield true;
            }
            case PeerAuthorization.Refused(Verdict.Drop why, int notification) -> refuse(in, why, notification);
            case PeerAuthorization.Unproven(Verdict.Drop why, int notification) when sa.row().exchange() == IkeSa.Exchange.MAIN -> refuse(in, why, notification);
            case PeerAuthorization.Unproven(Verdict.Drop why, int _) -> {
                env.said(in.packet(), why);
                yield false;
            }
        };
    }

    private boolean refuse(Arrived in, Verdict.Drop why, int notification) {
        env.said(in.packet(), why);
        chain();
        ike.phaseOnes().refuse(sa, notification);
        return false;
    }

    /** Says that this node has no other SA with the peer, where that is so. */
    final List<Payload> initialContact() {
        boolean first = sa.row().initiator() && sa.peer() != null && sa.peer().initialContact() && ike.phaseOnes().isFirst(sa);
        return first ? List.of(Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, sa.row().initiatorCookie(), sa.row().responderCookie(), Octets.EMPTY)) : List.of();
    }

    /**
     * The exchange is over, and well.
     *
     * @param notifications that the last message's encryption protects
     */
    final void established(Arrived in, List<Notification> notifications) {
        long shorter = Lifetimes.shorter(lifetime, sa.peer().lifetime());
        if (!sa.row().initiator() && shorter != lifetime) {
            ike.informational().send(sa, Notification.ofIsakmp(NotifyType.RESPONDER_LIFETIME, sa.row().initiatorCookie(), sa.row().responderCookie(), LifetimeData.ofPhaseOne(shorter)));
        }
        ike.phaseOnes().established(in, sa, shorter, notifications);
    }
}
