package careof.engine.ike;

import careof.engine.base.Octets;
import careof.engine.stack.Arrived;
import careof.engine.stack.Table;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeExchange;
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

/** The end of a quick mode that answers: what it lets the peer have. */
final class QuickModeResponder extends QuickMode {
    /** The secret of perfect forward secrecy, which is kept from QM1 to QM3. */
    private Octets outboundSecret = Octets.EMPTY;

    /** {@link #receive} is to be called next. */
    QuickModeResponder(Ike ike, IsakmpSa sa, long messageId, Table<String, IkeExchange> table) {
        super(ike, sa, messageId, Awaits.QM1, table);
    }

    @Override
    boolean isInitiator() {
        return false;
    }

    @Override
    void next(Arrived in, PayloadChain chain, Octets hash) {
        if (awaits == Awaits.QM1) {
            first(in, chain, hash);
        } else {
            third(in, hash);
        }
    }

    private void first(Arrived in, PayloadChain chain, Octets hash) {
        if (!Ike.same(hash, firstHash(SecuredMessage.behindFirst(chain)))) {
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
        isAbout(offer);
        if (offer.isEmpty()) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, NotifyType.name(other.get().refusal())), other.get().refusal());
            return;
        }
        if (chain.all(SecurityAssociation.class).size() + chain.all(Payload.OtherAssociation.class).size() > 1) {
            reject(in, Verdict.drop(Reason.IKE_NO_PROPOSAL, "it offers more than one SA pair at once"), NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        if (!Nonces.isOne(nonce)) {
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
        answer(in, chain, admission);
    }

    /** Makes what was admitted, and says so. */
    private void answer(Arrived in, PayloadChain chain, ChildAdmission admission) {
        need = admission.need();
        maker = new ChildMaker(ike, sa, need.settings(), false);
        maker.place(need.out(), need.template(), local, remote, need.local(), need.remote());
        admission.selectors().ifPresent(maker::only);
        ChildProposals.Choice choice = admission.choice();
        List<Payload> answer = new ArrayList<>();
        if (!maker.reserve()) {
            reject(in, Verdict.drop(Reason.IKE_CHILD_FAILED, "an SPI", maker.error()), NotifyType.NO_PROPOSAL_CHOSEN);
            return;
        }
        answer.add(choice.answer(maker.inboundSpi()));
        nonceR = nonce();
        answer.add(new Payload.Nonce(nonceR));
        choice.group().ifPresent(group -> answer.add(keyExchange(group)));
        Optional<Octets> secret = secret(chain);
        if (secret.isEmpty()) {
            String why = choice.group().isPresent() ? "it is no public value of the group" : "it comes without a group";
            reject(in, Verdict.drop(Reason.IKE_BAD_KEY_EXCHANGE, why), NotifyType.INVALID_KEY_INFORMATION);
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
        send("QM2", answer, this::secondHash, true);
    }

    private void third(Arrived in, Octets hash) {
        if (!Ike.same(hash, thirdHash())) {
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

    /** The initiator may have a pair by now of which this node has nothing more. */
    @Override
    void unanswered(String step) {
        ike.informational().deleted(sa, need.settings().protocol(), maker.inboundSpi());
        end(Verdict.drop(Reason.IKE_TIMED_OUT, step));
    }
}
