package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.DhKey;
import careof.engine.crypto.IkeHash;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeExchange;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Quick mode (RFC 2409 section 5.5): an SA pair, under the protection of a phase one. All messages are encrypted; each has a hash over what is in it as
 * it stands on the wire.
 *
 * <pre>
 *   initiator                                        responder
 *     QM1* HASH(1), SA, Ni [, KE] [, IDci, IDcr] --&gt;
 *                                                &lt;--  QM2* HASH(2), SA, Nr [, KE] [, IDci, IDcr]
 *     QM3* HASH(3)                               --&gt;
 * </pre>
 *
 * <p>The responder's SA towards itself is there before QM2 leaves, the initiator's pair before QM3 leaves, so that a rekeying loses no packet.
 */
final class QuickMode {
    private enum Awaits { QM1, QM2, QM3, NOTHING }

    /** As a step: there was no next message. */
    private static final String GIVEN_UP = "given up";

    private final Ike ike;
    private final NodeEnv env;
    private final Table<String, IkeExchange> table;
    private final IsakmpSa sa;
    private final long messageId;
    private final boolean initiator;
    private final Retransmission sent;
    private final long begun;
    private Awaits awaits;
    private IkeExchange row;
    /** The last message that was taken, and the one that is being looked at with its last cipher block: nothing follows from one whose hash is wrong. */
    private Octets answered = Octets.EMPTY;
    private Octets arrived = Octets.EMPTY;
    private Octets arrivedBlock = Octets.EMPTY;
    private IpAddress local;
    private IpAddress remote;
    private int port;
    private ChildNeed need;
    private ChildMaker maker;
    private Octets nonceI = Octets.EMPTY;
    private Octets nonceR = Octets.EMPTY;
    private Optional<DhKey> own = Optional.empty();
    /** Of the peer: what a refusal is about. */
    private Optional<Proposal> refused = Optional.empty();
    private List<Octets> identities = List.of();
    /** The secret of perfect forward secrecy, which the responder keeps from QM1 to QM3. */
    private Octets outboundSecret = Octets.EMPTY;

    private QuickMode(Ike ike, IsakmpSa sa, long messageId, boolean initiator, Table<String, IkeExchange> table) {
        this.ike = ike;
        this.env = ike.env();
        this.table = table;
        this.sa = sa;
        this.messageId = messageId;
        this.initiator = initiator;
        this.awaits = initiator ? Awaits.QM2 : Awaits.QM1;
        this.sent = new Retransmission(ike, timer(), count -> put(row.step(), count, row.iv(), Reason.IKE_RETRANSMITTED, row.step(), Integer.toString(count)),
                this::unanswered);
        this.begun = env.now();
    }

    private String timer() {
        return "quick mode " + sa.id() + "/" + "%08x".formatted(messageId);
    }

    /** As initiator, from an address of this node's to the peer; it begins at once. */
    static QuickMode start(Ike ike, IsakmpSa sa, long messageId, Table<String, IkeExchange> table, ChildNeed need, IpAddress local) {
        QuickMode mode = new QuickMode(ike, sa, messageId, true, table);
        mode.need = need;
        mode.local = local;
        mode.remote = sa.row().remote();
        mode.port = sa.remotePort();
        mode.begin();
        return mode;
    }

    /** As responder: {@link #receive} is to be called next. */
    static QuickMode respond(Ike ike, IsakmpSa sa, long messageId, Table<String, IkeExchange> table) {
        return new QuickMode(ike, sa, messageId, false, table);
    }

    ChildNeed need() {
        return need;
    }

    /** This node's address for its messages. */
    IpAddress local() {
        return local;
    }

    boolean isInitiator() {
        return initiator;
    }

    boolean isOver() {
        return awaits == Awaits.NOTHING;
    }

    private void put(String step, int retransmissions, Octets iv, Reason reason, String... args) {
        row = new IkeExchange(sa.id(), messageId, IkeExchange.Kind.QUICK, initiator, step, retransmissions, iv);
        table.put(row.key(), row, reason, args);
    }

    private IkeHash hash() {
        return sa.suite().hash();
    }

    private Octets messageIdOctets() {
        return new OctetWriter(4).u32(messageId).toOctets();
    }

    private Octets hash(Octets... covered) {
        return hash().prf(sa.keys().authentication(), covered);
    }

    // Initiator

    private void begin() {
        put("", 0, SecuredMessage.firstIv(sa, messageId), Reason.IKE_CHILD_STARTED, need.out().selector().toString());
        maker = new ChildMaker(ike, sa, need.settings(), true);
        maker.place(need.out(), need.template(), local, remote, need.local(), need.remote());
        List<Identification> said = says();
        if (said.isEmpty()) {
            maker.implied(PeerAddresses.of(env.policy(), sa, local, remote));
        } else {
            maker.only(Selectors.said(said.getFirst(), said.getLast(), remote));
        }
        if (!maker.reserve()) {
            end(Verdict.drop(Reason.IKE_CHILD_FAILED, "an SPI", maker.error()));
            return;
        }
        List<Payload> payloads = new ArrayList<>(List.of(ChildProposals.propose(need.settings(), maker.inboundSpi(), sa.peer().group())));
        nonceI = env.keys().octets(timer() + " nonce", PhaseOne.NONCE);
        payloads.add(new Payload.Nonce(nonceI));
        sa.peer().group().ifPresent(group -> payloads.add(keyExchange(group)));
        identities = said.stream().map(Payload::body).toList();
        payloads.addAll(said);
        send("QM1", payloads, covered -> hash(messageIdOctets(), covered), true);
    }

    private Payload keyExchange(DhGroup group) {
        own = Optional.of(DhKey.of(group, env.keys().octets(timer() + " private", group.privateLength())));
        return new Payload.KeyExchange(own.get().publicValue());
    }

    /** IDci and IDcr, or nothing. Whoever orders what is to be said has it said. */
    private List<Identification> says() {
        Selector selector = need.out().selector();
        Identification source = Selectors.source(selector);
        Identification destination = Selectors.destination(selector);
        if (need.saysLocal().isPresent() || need.saysRemote().isPresent()) {
            return List.of(need.saysLocal().orElse(source), need.saysRemote().orElse(destination));
        }
        if (!env.policy().identifiesPhaseTwo()) {
            return List.of();
        }
        return switch (sa.peer().says()) {
            case IkePeer.ChildIdentity.Selectors _ -> List.of(source, destination);
            case IkePeer.ChildIdentity.None _ -> List.of();
            case IkePeer.ChildIdentity.Other(Identification identity) -> List.of(identity, destination);
        };
    }

    private void second(Arrived in, PayloadChain chain, Payload.Hash given) {
        Octets covered = SecuredMessage.behindFirst(chain);
        if (!Ike.same(given.data(), hash(messageIdOctets(), nonceI, covered))) {
            env.dropped(in.packet(), Reason.IKE_HASH_WRONG, "QM2");
            return;
        }
        Optional<SecurityAssociation> answer = chain.find(SecurityAssociation.class);
        refused = proposal(answer);
        Optional<Payload.Nonce> nonce = chain.find(Payload.Nonce.class);
        Optional<ChildProposals.Choice> choice = answer.filter(SecurityAssociation::isOneTransform)
                .flatMap(a -> ChildProposals.choose(a, need.settings(), sa.peer().group())).filter(one -> one.group().equals(sa.peer().group()));
        List<Octets> said = chain.links().stream().filter(l -> l.payload() instanceof Identification).map(PayloadChain.Link::body).toList();
        Optional<Octets> secret = secret(chain);
        if (choice.isEmpty() || !PhaseOne.isNonce(nonce)) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, "the answer is not what was offered"), answer.map(ChildProposals::refusal).orElse(NotifyType.NO_PROPOSAL_CHOSEN));
        } else if (!said.isEmpty() && !said.equals(identities)) {
            reject(in, Verdict.drop(Reason.IKE_CHILD_REFUSED, "the answer is for other identities"), NotifyType.INVALID_ID_INFORMATION);
        } else if (secret.isEmpty()) {
            reject(in, Verdict.drop(Reason.IKE_BAD_KEY_EXCHANGE, "it is no public value of the group"), NotifyType.INVALID_KEY_INFORMATION);
        } else {
            nonceR = nonce.get().data();
            maker.agreed(choice.get().spi(), responderLifetime(in, chain, choice.get()));
            if (maker.installInbound(secret.get(), nonceI, nonceR) && maker.installOutbound(secret.get(), nonceI, nonceR)) {
                took(in, "QM2");
                awaits = Awaits.NOTHING;
                Octets third = hash(Octets.of(0), messageIdOctets(), nonceI, nonceR);
                send("QM3", List.of(), _ -> third, false);
                made(in);
            } else {
                reject(in, Verdict.drop(Reason.IKE_CHILD_FAILED, "the SA pair", maker.error()), NotifyType.NO_PROPOSAL_CHOSEN);
            }
        }
    }

    /** The responder may keep SAs for less time or fewer octets than was offered (RFC 2407 section 4.6.3.1). */
    private Lifespan responderLifetime(Arrived in, PayloadChain chain, ChildProposals.Choice choice) {
        Lifespan shortest = choice.lifespan();
        for (Notification notification : chain.all(Notification.class)) {
            if (notification.notifyType() != NotifyType.RESPONDER_LIFETIME) {
                continue;
            }
            if (isOf(notification, choice)) {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "RESPONDER-LIFETIME");
                shortest = shortest.shorter(LifetimeData.read(notification.data()));
            } else {
                env.decided(in.packet(), Reason.IKE_UNEXPECTED, "RESPONDER-LIFETIME", "it is not about the SA that is answered");
            }
        }
        return shortest;
    }

    /** Whether a notification is about the SA that the responder has chosen: its SPI is the one that the responder receives on, or the cookies of phase one. */
    private boolean isOf(Notification notification, ChildProposals.Choice choice) {
        return notification.doi() == SecurityAssociation.IPSEC && notification.protocol() == choice.proposal().protocol()
                && (notification.spi().equals(ChildProposals.octets(choice.spi())) || notification.spi().equals(sa.cookies()));
    }

    // Responder

    private void first(Arrived in, PayloadChain chain, Payload.Hash given) {
        if (!Ike.same(given.data(), hash(messageIdOctets(), SecuredMessage.behindFirst(chain)))) {
            env.dropped(in.packet(), Reason.IKE_HASH_WRONG, "QM1");
            ike.forget(this);
            return;
        }
        Optional<SecurityAssociation> offer = chain.find(SecurityAssociation.class);
        Optional<Payload.Nonce> nonce = chain.find(Payload.Nonce.class);
        Optional<Payload.OtherAssociation> other = chain.find(Payload.OtherAssociation.class);
        if (offer.isEmpty() && other.isEmpty()) {
            // Hashes do not cover the header: an informational message looks like this once its exchange type was changed on the way.
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "QM1", "it offers nothing");
            ike.forget(this);
            return;
        }
        ike.use(sa, messageId);
        refused = proposal(offer);
        if (offer.isEmpty()) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, NotifyType.name(other.get().refusal())), other.get().refusal());
            return;
        }
        if (chain.all(SecurityAssociation.class).size() + chain.all(Payload.OtherAssociation.class).size() > 1) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, "it offers more than one SA pair at once"), NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        if (!PhaseOne.isNonce(nonce)) {
            reject(in, Verdict.drop(Reason.IKE_CHILD_REFUSED, "it has no nonce of 8 to 256 octets"), NotifyType.PAYLOAD_MALFORMED);
            return;
        }
        nonceI = nonce.get().data();
        ChildAdmission admission = new ChildAdmission(ike, sa, in, chain.all(Identification.class), offer.get());
        Optional<ChildAdmission.Refusal> refusal = admission.judge();
        if (refusal.isPresent()) {
            reject(in, refusal.get().why(), refusal.get().notification());
            return;
        }
        need = admission.need();
        maker = new ChildMaker(ike, sa, need.settings(), false);
        maker.place(need.out(), need.template(), local, remote, need.local(), need.remote());
        admission.selectors().ifPresent(maker::only);
        ChildProposals.Choice choice = admission.choice();
        boolean pfs = choice.group().isPresent();
        List<Payload> answer = new ArrayList<>();
        if (!maker.reserve()) {
            reject(in, Verdict.drop(Reason.IKE_CHILD_FAILED, "an SPI", maker.error()), NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        answer.add(choice.answer(maker.inboundSpi()));
        nonceR = env.keys().octets(timer() + " nonce", PhaseOne.NONCE);
        answer.add(new Payload.Nonce(nonceR));
        choice.group().ifPresent(group -> answer.add(keyExchange(group)));
        Optional<Octets> secret = secret(chain);
        if (secret.isEmpty()) {
            reject(in, Verdict.drop(Reason.IKE_BAD_KEY_EXCHANGE, pfs ? "it is no public value of the group" : "it comes without a group"), NotifyType.INVALID_KEY_INFORMATION);
            return;
        }
        chain.all(Identification.class).forEach(answer::add);
        Lifespan cut = maker.agreed(choice.spi(), choice.lifespan()).cutFrom(choice.lifespan());
        if (!cut.isEndless()) {
            answer.add(new Notification(SecurityAssociation.IPSEC, ChildProposals.number(need.settings().protocol()), NotifyType.RESPONDER_LIFETIME,
                    ChildProposals.octets(maker.inboundSpi()), LifetimeData.of(cut)));
        }
        if (!maker.installInbound(secret.get(), nonceI, nonceR)) {
            reject(in, Verdict.drop(Reason.IKE_CHILD_FAILED, "the SA pair", maker.error()), NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        outboundSecret = secret.get();
        took(in, "QM1");
        awaits = Awaits.QM3;
        send("QM2", answer, covered -> hash(messageIdOctets(), nonceI, covered), true);
    }

    private void third(Arrived in, Payload.Hash given) {
        if (!Ike.same(given.data(), hash(Octets.of(0), messageIdOctets(), nonceI, nonceR))) {
            env.dropped(in.packet(), Reason.IKE_HASH_WRONG, "QM3");
            return;
        }
        took(in, "QM3");
        awaits = Awaits.NOTHING;
        sent.finish();
        if (maker.installOutbound(outboundSecret, nonceI, nonceR)) {
            made(in);
        } else {
            reject(in, Verdict.drop(Reason.IKE_CHILD_FAILED, "the SA pair", maker.error()), NotifyType.NO_PROPOSAL_CHOSEN);
        }
        outboundSecret = Octets.EMPTY;
    }

    // Both

    /** The secret of perfect forward secrecy: of no octets where there is none; empty: the peer's value is no good. */
    private Optional<Octets> secret(PayloadChain chain) {
        Optional<Payload.KeyExchange> key = chain.find(Payload.KeyExchange.class);
        if (own.isEmpty()) {
            return key.isEmpty() ? Optional.of(Octets.EMPTY) : Optional.empty();
        }
        return key.flatMap(k -> own.get().secret(k.data()));
    }

    private static Optional<Proposal> proposal(Optional<SecurityAssociation> association) {
        return association.flatMap(a -> a.proposals().stream().findFirst());
    }

    private interface Hashing {
        /** The hash over what is behind the hash payload. */
        Octets over(Octets covered);
    }

    private void send(String name, List<Payload> payloads, Hashing hashing, boolean awaitsAnswer) {
        Octets covered = PayloadChain.emit(payloads);
        List<Payload> all = new ArrayList<>(List.of(new Payload.Hash(hashing.over(covered))));
        all.addAll(payloads);
        IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), IsakmpHeader.QUICK_MODE, messageId);
        SecuredMessage message = SecuredMessage.seal(sa.suite(), sa.cipherKey(), row.iv(), header, all);
        put(name + " sent", 0, message.lastBlock(sa.suite()), Reason.IKE_STEP, name + " sent");
        sent.send(sa, local, remote, port, message.wire().toOctets(), message.plain().toOctets(), awaitsAnswer);
    }

    private void took(Arrived in, String name) {
        answered = arrived;
        env.decided(in.packet(), Reason.IKE_RECEIVED, name, sa.row().cookies());
        put(name + " received", 0, arrivedBlock, Reason.IKE_STEP, name + " received");
        ike.heard(sa);
    }

    /** A message of this exchange, from wherever it comes. */
    void receive(Arrived in, int fromPort, IsakmpMessage message) {
        Octets octets = message.toOctets();
        if (octets.equals(answered)) {
            if (sent.repeat()) {
                env.decided(in.packet(), Reason.IKE_DUPLICATE, "message");
            } else {
                env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", "it was taken already");
            }
            return;
        }
        if (awaits == Awaits.NOTHING) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "a message of quick mode", "this quick mode is over");
            return;
        }
        if (awaits == Awaits.QM1) {
            local = in.destination();
            remote = in.source();
            port = fromPort;
            put("", 0, SecuredMessage.firstIv(sa, messageId), Reason.IKE_CHILD_STARTED, "what QM1 says");
        }
        open(in, message).ifPresent(chain -> {
            arrived = octets;
            Payload.Hash given = (Payload.Hash) chain.links().getFirst().payload();
            switch (awaits) {
                case QM1 -> first(in, chain, given);
                case QM2 -> second(in, chain, given);
                case QM3 -> third(in, given);
                case NOTHING -> throw new IllegalStateException("nothing is awaited");
            }
        });
    }

    private Optional<PayloadChain> open(Arrived in, IsakmpMessage message) {
        String name = awaits.name();
        try {
            SecuredMessage opened = SecuredMessage.open(sa.suite(), sa.cipherKey(), row.iv(), message);
            PayloadChain chain = opened.chain();
            if (chain.links().isEmpty() || !(chain.links().getFirst().payload() instanceof Payload.Hash)) {
                throw new Malformed("its first payload is no hash", IsakmpHeader.LENGTH);
            }
            ike.opened(in, opened.plain());
            arrivedBlock = opened.lastBlock(sa.suite());
            return Optional.of(chain);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_UNREADABLE, name, e.getMessage());
            if (awaits == Awaits.QM1) {
                ike.forget(this);
            }
            return Optional.empty();
        }
    }

    private void made(Arrived in) {
        boolean elsewhere = !sa.row().local().equals(local) || !sa.row().remote().equals(remote);
        if (elsewhere) {
            sa.moved(local, remote, port, Reason.IKE_ADDRESS_LEARNT, remote.toString());
        }
        maker.made(messageId, need);
        ike.linger(this);
    }

    /** The peer is told why not. */
    private void reject(Arrived in, Verdict.Drop why, int notification) {
        env.said(in.packet(), why);
        ike.informational().send(sa, local, remote, port, refused.map(p -> new Notification(SecurityAssociation.IPSEC, p.protocol(), notification, p.spi(), Octets.EMPTY))
                .orElseGet(() -> Notification.ofIsakmp(notification, sa.row().initiatorCookie(), sa.row().responderCookie(), Octets.EMPTY)));
        end(why);
    }

    /** Whether a notification that names an SA, by the SPI that its proposer receives on, is about what this end proposed. */
    boolean proposed(int protocol, Octets spi) {
        return !isOver() && maker != null && ChildProposals.number(need.settings().protocol()) == protocol && ChildProposals.octets(maker.inboundSpi()).equals(spi);
    }

    /** The peer says that it will not have it. */
    void refusedByPeer(Verdict.Drop why) {
        end(why);
    }

    /** No answer came, however often this end repeated itself. The initiator may have a pair then of which the responder has nothing more. */
    private void unanswered() {
        String step = row.step();
        if (!initiator) {
            ike.informational().deleted(sa, need.settings().protocol(), maker.inboundSpi());
        }
        end(Verdict.drop(Reason.IKE_TIMED_OUT, step));
        if (initiator && isUnderOld()) {
            ike.phaseOnes().unanswered(sa, need, step);
        }
    }

    /** Whether its phase one was there before, so that the other end may have lost it since. */
    boolean isUnderOld() {
        return begun > sa.row().established();
    }

    private void end(Verdict.Drop why) {
        withdraw(why);
        if (initiator) {
            ike.failed(need);
        }
    }

    /** Gives up, but what it is for is still wanted. */
    void withdraw(Verdict.Drop why) {
        awaits = Awaits.NOTHING;
        sent.stop();
        if (maker != null) {
            maker.abandon();
        }
        put(GIVEN_UP, row.retransmissions(), row.iv(), why.reason(), why.texts().toArray(String[]::new));
        ike.linger(this);
    }

    /** Its phase one is gone. */
    void cut(Verdict.Drop why) {
        if (!isOver()) {
            end(why);
        }
        forget();
    }

    /** Nobody remembers it any more. */
    void forget() {
        sent.stop();
        sa.quickModes().remove(messageId);
        if (row != null) {
            table.remove(row.key(), Reason.IKE_STEP, "over");
        }
        env.timers().cancel(timer() + " over");
    }

    String overTimer() {
        return timer() + " over";
    }
}
