package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.DhKey;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeExchange;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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
abstract sealed class QuickMode permits QuickModeInitiator, QuickModeResponder {
    /** The message that comes next. */
    enum Awaits { QM1, QM2, QM3, NOTHING }

    /** As a step: there was no next message. */
    private static final String GIVEN_UP = "given up";

    final Ike ike;
    final NodeEnv env;
    final IsakmpSa sa;
    final Retransmission sent;
    final long messageId;
    private final Table<String, IkeExchange> table;
    private final long begun;
    Awaits awaits;
    private IkeExchange row;
    /** The last message that was taken, and the one that is being looked at with its last cipher block: nothing follows from one whose hash is wrong. */
    private Octets answered = Octets.EMPTY;
    private Octets arrived = Octets.EMPTY;
    private Octets arrivedBlock = Octets.EMPTY;
    IpAddress local;
    IpAddress remote;
    int port;
    ChildNeed need;
    ChildMaker maker;
    Octets nonceI = Octets.EMPTY;
    Octets nonceR = Octets.EMPTY;
    private Optional<DhKey> own = Optional.empty();
    /** Of the peer: what a refusal is about. */
    private Optional<Proposal> refused = Optional.empty();

    QuickMode(Ike ike, IsakmpSa sa, long messageId, Awaits awaits, Table<String, IkeExchange> table) {
        this.ike = ike;
        this.env = ike.env();
        this.table = table;
        this.sa = sa;
        this.messageId = messageId;
        this.awaits = awaits;
        this.sent = new Retransmission(ike, timer(), count -> put(row.step(), count, row.iv(), Reason.IKE_RETRANSMITTED, row.step(), Integer.toString(count)),
                () -> unanswered(row.step()));
        this.begun = env.now();
    }

    private String timer() {
        return "quick mode " + sa.id() + "/" + "%08x".formatted(messageId);
    }

    abstract boolean isInitiator();

    /** The message that is awaited, readable, with a hash that is yet to be looked at. */
    abstract void next(Arrived in, PayloadChain chain, Octets hash);

    /** No answer came to what was sent last, however often this end repeated itself. */
    abstract void unanswered(String step);

    ChildNeed need() {
        return need;
    }

    /** This node's address for its messages. */
    IpAddress local() {
        return local;
    }

    boolean isOver() {
        return awaits == Awaits.NOTHING;
    }

    /** It has begun. */
    final void begins(String what) {
        put("", 0, SecuredMessage.firstIv(sa, messageId), Reason.IKE_CHILD_STARTED, what);
    }

    private void put(String step, int retransmissions, Octets iv, Reason reason, String... args) {
        row = new IkeExchange(sa.id(), messageId, IkeExchange.Kind.QUICK, isInitiator(), step, retransmissions, iv);
        table.put(row.key(), row, reason, args);
    }

    // What is in the messages

    /** HASH(1): of the first message. */
    final Octets firstHash(Octets covered) {
        return hash(messageIdOctets(), covered);
    }

    /** HASH(2), which the first message's nonce goes into. */
    final Octets secondHash(Octets covered) {
        return hash(messageIdOctets(), nonceI, covered);
    }

    /** HASH(3), over both nonces. */
    final Octets thirdHash() {
        return hash(Octets.of(0), messageIdOctets(), nonceI, nonceR);
    }

    private Octets messageIdOctets() {
        return new OctetWriter(4).u32(messageId).toOctets();
    }

    private Octets hash(Octets... covered) {
        return sa.suite().hash().prf(sa.keys().authentication(), covered);
    }

    /** This node's nonce. */
    final Octets nonce() {
        return env.keys().octets(timer() + " nonce", Nonces.LENGTH);
    }

    /** This node's public value of perfect forward secrecy. */
    final Payload keyExchange(DhGroup group) {
        own = Optional.of(DhKey.of(group, env.keys().octets(timer() + " private", group.privateLength())));
        return new Payload.KeyExchange(own.get().publicValue());
    }

    /** The secret of perfect forward secrecy: of no octets where there is none; empty: the peer's value is no good. */
    final Optional<Octets> secret(PayloadChain chain) {
        Optional<Payload.KeyExchange> key = chain.find(Payload.KeyExchange.class);
        if (own.isEmpty()) {
            return key.isEmpty() ? Optional.of(Octets.EMPTY) : Optional.empty();
        }
        return key.flatMap(k -> own.get().secret(k.data()));
    }

    /** From now on a refusal is about what the peer says here. */
    final void isAbout(Optional<SecurityAssociation> association) {
        refused = association.flatMap(a -> a.proposals().stream().findFirst());
    }

    // Messages that go and come

    /**
     * @param hashing      the hash over what is behind the hash payload
     * @param awaitsAnswer whether one must come
     */
    final void send(String name, List<Payload> payloads, UnaryOperator<Octets> hashing, boolean awaitsAnswer) {
        Octets covered = PayloadChain.emit(payloads);
        List<Payload> all = new ArrayList<>(List.of(new Payload.Hash(hashing.apply(covered))));
        all.addAll(payloads);
        IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), IsakmpHeader.QUICK_MODE, messageId);
        SecuredMessage message = SecuredMessage.seal(sa.suite(), sa.cipherKey(), row.iv(), header, all);
        put(name + " sent", 0, message.lastBlock(sa.suite()), Reason.IKE_STEP, name + " sent");
        sent.send(sa, local, remote, port, message.wire().toOctets(), message.plain().toOctets(), awaitsAnswer);
    }

    /** A message was the right one. */
    final void took(Arrived in, String name) {
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
            begins("what QM1 says");
        }
        open(in, message).ifPresent(chain -> {
            arrived = octets;
            next(in, chain, ((Payload.Hash) chain.links().getFirst().payload()).data());
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

    /** Its SAs are there. */
    final void made(Arrived in) {
        boolean elsewhere = !sa.row().local().equals(local) || !sa.row().remote().equals(remote);
        if (elsewhere) {
            sa.moved(local, remote, port, Reason.IKE_ADDRESS_LEARNT, remote.toString());
        }
        maker.made(messageId, need);
        ike.linger(this);
    }

    /** The peer is told why not. */
    final void reject(Arrived in, Verdict.Drop why, int notification) {
        env.said(in.packet(), why);
        ike.informational().send(sa, local, remote, port, refused
                .map(p -> new Notification(SecurityAssociation.IPSEC, p.protocol(), notification, p.spi(), Octets.EMPTY))
                .orElseGet(() -> sa.notification(notification, Octets.EMPTY)));
        end(why);
    }

    /** Whether a notification that names an SA, by the SPI that its proposer receives on, is about what this end proposed. */
    boolean proposed(int protocol, Octets spi) {
        return !isOver() && maker != null && ChildProposals.number(need.settings().protocol()) == protocol
                && ChildProposals.octets(maker.inboundSpi()).equals(spi);
    }

    /** The peer says that it will not have it. */
    void refusedByPeer(Verdict.Drop why) {
        end(why);
    }

    /** Whether its phase one was there before, so that the other end may have lost it since. */
    boolean isUnderOld() {
        return begun > sa.row().established();
    }

    final void end(Verdict.Drop why) {
        withdraw(why);
        if (isInitiator()) {
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
