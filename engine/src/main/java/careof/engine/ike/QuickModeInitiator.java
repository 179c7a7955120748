package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Octets;
import careof.engine.stack.Arrived;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeExchange;
import careof.engine.state.Selector;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of a quick mode that begins it: what it offers, and whether the answer is that. */
final class QuickModeInitiator extends QuickMode {
    /** The bodies of the identities that it has said. */
    private List<Octets> identities = List.of();

    /** From an address of this node's to the peer; {@link #begin} is to be called next. */
    QuickModeInitiator(Ike ike, IsakmpSa sa, long messageId, Table<String, IkeExchange> table, ChildNeed need, IpAddress local) {
        super(ike, sa, messageId, Awaits.QM2, table);
        this.need = need;
        this.local = local;
        this.remote = sa.row().remote();
        this.port = sa.remotePort();
    }

    @Override
    boolean isInitiator() {
        return true;
    }

    /** Sends the first message, if there is an SPI for it. */
    void begin() {
        begins(need.out().selector().toString());
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
        nonceI = nonce();
        payloads.add(new Payload.Nonce(nonceI));
        sa.peer().group().ifPresent(group -> payloads.add(keyExchange(group)));
        identities = said.stream().map(Payload::body).toList();
        payloads.addAll(said);
        send("QM1", payloads, this::firstHash, true);
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

    @Override
    void next(Arrived in, PayloadChain chain, Octets hash) {
        if (!Ike.same(hash, secondHash(SecuredMessage.behindFirst(chain)))) {
            env.dropped(in.packet(), Reason.IKE_HASH_WRONG, "QM2");
            return;
        }
        Optional<SecurityAssociation> answer = chain.find(SecurityAssociation.class);
        isAbout(answer);
        Optional<Payload.Nonce> nonce = chain.find(Payload.Nonce.class);
        Optional<ChildProposals.Choice> choice = answer.filter(SecurityAssociation::isOneTransform)
                .flatMap(a -> ChildProposals.choose(a, need.settings(), sa.peer().group())).filter(one -> one.group().equals(sa.peer().group()));
        List<Octets> said = chain.links().stream().filter(l -> l.payload() instanceof Identification).map(PayloadChain.Link::body).toList();
        Optional<Octets> secret = secret(chain);
        if (choice.isEmpty() || !Nonces.isOne(nonce)) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, "the answer is not what was offered"),
                    answer.map(ChildProposals::refusal).orElse(NotifyType.NO_PROPOSAL_CHOSEN));
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
                send("QM3", List.of(), _ -> thirdHash(), false);
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

    /** Where its phase one was there before, it is that which the other end may have no more. */
    @Override
    void unanswered(String step) {
        end(Verdict.drop(Reason.IKE_TIMED_OUT, step));
        if (isUnderOld()) {
            ike.phaseOnes().unanswered(sa, need, step);
        }
    }
}
