package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
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
    final Ike ike;
    final NodeEnv env;
    final IsakmpSa sa;
    final Retransmission sent;
    final PhaseOneSecrets secrets;
    final PhaseOneProof proof;
    /** Of the last message that was taken: the same once more is answered once more. */
    private Octets answered = Octets.EMPTY;
    private long lifetime;
    /** Last cipher block of the message that is being looked at: nothing follows from it before the message is taken. */
    private Octets openedBlock = Octets.EMPTY;

    PhaseOne(Ike ike, IsakmpSa sa) {
        this.ike = ike;
        this.env = ike.env();
        this.sa = sa;
        String purpose = "phase one " + sa.id();
        this.secrets = new PhaseOneSecrets(env, sa, purpose);
        this.proof = new PhaseOneProof(ike, sa, secrets);
        this.sent = new Retransmission(ike, purpose, this::repeated,
                () -> ike.phaseOnes().abandon(sa, Verdict.drop(Reason.IKE_TIMED_OUT, sa.row().step())));
    }

    private void repeated(int count) {
        sa.put(Reason.IKE_RETRANSMITTED, r -> Rows.step(r, r.step(), count), sa.row().step(), Integer.toString(count));
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
        SecurityAssociation offer = PhaseOneProposals.propose(sa.peer());
        secrets.offered(offer.body());
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
        secrets.offered(link.get().body());
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

    /** The peer's key exchange and nonce; false: they are no good, which the trace has. */
    final boolean keysExchanged(Arrived in, PayloadChain chain) {
        boolean good = secrets.take(in, chain);
        if (good) {
            proof.asks(chain);
        }
        return good;
    }

    // Authentication

    /** Who the peer says it is. */
    final Optional<Identification> identified(Arrived in, PayloadChain chain, String name) {
        Optional<Identification> identity = proof.identity(chain);
        if (identity.isEmpty()) {
            unexpected(in, name, "it has no identity");
        } else {
            proof.asks(chain);
        }
        return identity;
    }

    /**
     * Whether the peer is authenticated and may go on. What is wrong ends the exchange in main mode, where hardly anybody comes so far who does not know its
     * secrets (record 14). In aggressive mode a message without the right proof may be anybody's who saw the first one: the right one may still come.
     */
    final boolean authenticate(Arrived in, PayloadChain chain, Identification identity) {
        proof.claims(identity);
        return switch (proof.judge(in, chain, identity)) {
            case PeerAuthorization.Granted(Authorization granted) -> {
                sa.authorized(granted);
                sa.put(Reason.IKE_STEP, r -> Rows.identities(r, granted.peer().name(), r.localIdentity(), PhaseOneProof.name(identity)), identity.text());
                yield true;
            }
            case PeerAuthorization.Refused(Verdict.Drop why, int notification) -> refuse(in, why, notification);
            case PeerAuthorization.Unproven(Verdict.Drop why, int notification) when sa.row().exchange() == IkeSa.Exchange.MAIN ->
                    refuse(in, why, notification);
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
        return first ? List.of(sa.notification(NotifyType.INITIAL_CONTACT, Octets.EMPTY)) : List.of();
    }

    /**
     * The exchange is over, and well.
     *
     * @param notifications that the last message's encryption protects
     */
    final void established(Arrived in, List<Notification> notifications) {
        long shorter = Lifetimes.shorter(lifetime, sa.peer().lifetime());
        if (!sa.row().initiator() && shorter != lifetime) {
            ike.informational().send(sa, sa.notification(NotifyType.RESPONDER_LIFETIME, LifetimeData.ofPhaseOne(shorter)));
        }
        ike.phaseOnes().established(in, sa, shorter, notifications);
    }
}
