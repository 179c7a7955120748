package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.stack.Arrived;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeSa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Aggressive mode (RFC 2409 sections 5.1 and 5.4): identities go in the clear, so that a pre-shared key can be found by them wherever the peer is.
 *
 * <pre>
 *   initiator                                   responder
 *     AM1  SA, KE, Ni, IDii                --&gt;
 *                                          &lt;--  AM2  SA, KE, Nr, IDir, HASH_R or [CERT,] SIG_R
 *     AM3* HASH_I or [CERT,] SIG_I         --&gt;
 * </pre>
 *
 * <p>AM3 is sent encrypted, and taken in either form.
 */
final class AggressiveMode extends PhaseOne {
    private enum Awaits { AM1, AM2, AM3, NOTHING }

    private Awaits awaits;
    private Identification claimed;

    AggressiveMode(Ike ike, IsakmpSa sa) {
        super(ike, sa);
        awaits = sa.row().initiator() ? Awaits.AM2 : Awaits.AM1;
    }

    @Override
    void start() {
        List<Payload> payloads = proposal();
        sa.agreed(sa.peer().suite(), sa.peer().method());
        payloads.addAll(secrets.payloads());
        payloads.add(proof.identify());
        payloads.addAll(proof.requests());
        payloads.addAll(abilities());
        send("AM1", payloads, true);
    }

    @Override
    void next(Arrived in, IsakmpMessage message) throws Malformed {
        switch (awaits) {
            case AM1 -> first(in, message);
            case AM2 -> second(in, message);
            case AM3 -> third(in, message);
            case NOTHING -> unexpected(in, "a message of aggressive mode", "aggressive mode is over");
        }
    }

    private void first(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        Optional<Identification> identity = identified(in, chain, "AM1");
        if (identity.isEmpty()) {
            ike.phaseOnes().forget(sa);
            return;
        }
        claimed = identity.get();
        Optional<Verdict.Drop> strange = PeerAuthorization.selects(claimed);
        if (strange.isPresent()) {
            ike.phaseOnes().declined(in, sa, strange.get(), NotifyType.INVALID_ID_INFORMATION);
            return;
        }
        Optional<SecurityAssociation> answer = choose(in, chain, ike.phaseOnes().candidates(IkeSa.Exchange.AGGRESSIVE, in.source(), identity));
        Optional<IkePeer> peer = ike.directory().entry(claimed, in.source());
        if (answer.isEmpty()) {
            notTaken(in, chain, claimed.text());
        } else if (sa.row().authentication() == IkeSa.Method.PRE_SHARED_KEY && (peer.isEmpty() || peer.get().method() != IkeSa.Method.PRE_SHARED_KEY)) {
            Verdict.Drop why = Verdict.drop(Reason.IKE_PEER_UNKNOWN, "a pre-shared key with " + claimed.text());
            ike.phaseOnes().declined(in, sa, why, NotifyType.INVALID_ID_INFORMATION);
        } else if (!keysExchanged(in, chain)) {
            ike.phaseOnes().forget(sa);
        } else {
            peer.filter(known -> known.method() == IkeSa.Method.PRE_SHARED_KEY).ifPresent(sa::peer);
            List<Payload> payloads = new ArrayList<>(List.of(answer.get()));
            payloads.addAll(secrets.payloads());
            secrets.derive(peer.map(IkePeer::preSharedKey).orElse(Octets.EMPTY));
            vendor(chain);
            took(in, message, "AM1");
            proof.claims(claimed);
            awaits = Awaits.AM3;
            payloads.add(proof.identify());
            payloads.addAll(proof.payloads());
            payloads.addAll(proof.requests());
            payloads.addAll(abilities());
            send("AM2", payloads, true);
        }
    }

    private void second(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        Optional<Identification> identity = identified(in, chain, "AM2");
        if (message.header().responderCookie() == 0) {
            unexpected(in, "AM2", "it has no responder cookie");
        } else if (identity.isPresent() && accepted(in, chain) && keysExchanged(in, chain)) {
            ike.phaseOnes().answeredBy(sa, message.header().responderCookie());
            secrets.derive(sa.peer().preSharedKey());
            if (authenticate(in, chain, identity.get())) {
                vendor(chain);
                took(in, message, "AM2");
                awaits = Awaits.NOTHING;
                sendEncrypted("AM3", proof.payloads(), false);
                // Nothing binds a notification to this exchange, so it goes in one of its own (RFC 2407 section 4.6.3).
                initialContact().forEach(notification -> ike.informational().send(sa, notification));
                established(in, List.of());    // the hash does not cover notifications, and nothing else protects them here
            } else if (ike.phaseOnes().table().find(sa.id()).isPresent()) {
                ike.phaseOnes().answeredBy(sa, 0);
            }
        }
    }

    private void third(Arrived in, IsakmpMessage message) throws Malformed {
        Optional<PayloadChain> chain = message.isEncrypted() ? open(in, message, "AM3") : Optional.of(message.chain());
        if (chain.isPresent() && authenticate(in, chain.get(), claimed)) {
            took(in, message, "AM3");
            awaits = Awaits.NOTHING;
            sent.finish();
            established(in, message.isEncrypted() ? chain.get().all(Notification.class) : List.of());
        }
    }
}
