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
 * Main mode (RFC 2409 sections 5.1 and 5.4). With a pre-shared key the responder knows which by the address alone, since the identity comes encrypted
 * with what follows from it.
 *
 * <pre>
 *   initiator                                   responder
 *     MM1  SA                              --&gt;
 *                                          &lt;--  MM2  SA
 *     MM3  KE, Ni                          --&gt;
 *                                          &lt;--  MM4  KE, Nr
 *     MM5* IDii, HASH_I or [CERT,] SIG_I   --&gt;
 *                                          &lt;--  MM6* IDir, HASH_R or [CERT,] SIG_R
 * </pre>
 */
final class MainMode extends PhaseOne {
    private enum Awaits { MM1, MM2, MM3, MM4, MM5, MM6, NOTHING }

    private Awaits awaits;

    MainMode(Ike ike, IsakmpSa sa) {
        super(ike, sa);
        awaits = sa.row().initiator() ? Awaits.MM2 : Awaits.MM1;
    }

    @Override
    void start() {
        List<Payload> payloads = proposal();
        payloads.addAll(abilities());
        send("MM1", payloads, true);
    }

    @Override
    void next(Arrived in, IsakmpMessage message) throws Malformed {
        switch (awaits) {
            case MM1 -> first(in, message);
            case MM2 -> second(in, message);
            case MM3 -> third(in, message);
            case MM4 -> fourth(in, message);
            case MM5 -> fifth(in, message);
            case MM6 -> sixth(in, message);
            case NOTHING -> unexpected(in, "a message of main mode", "main mode is over");
        }
    }

    private void first(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        Optional<SecurityAssociation> answer = choose(in, chain, ike.phaseOnes().candidates(IkeSa.Exchange.MAIN, in.source(), Optional.empty()));
        if (answer.isEmpty()) {
            notTaken(in, chain, in.source().toString());
            return;
        }
        vendor(chain);
        took(in, message, "MM1");
        List<Payload> payloads = new ArrayList<>(List.of(answer.get()));
        payloads.addAll(abilities());
        awaits = Awaits.MM3;
        send("MM2", payloads, false);
    }

    private void second(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        if (message.header().responderCookie() == 0) {
            unexpected(in, "MM2", "it has no responder cookie");
        } else if (accepted(in, chain)) {
            ike.phaseOnes().answeredBy(sa, message.header().responderCookie());
            vendor(chain);
            took(in, message, "MM2");
            awaits = Awaits.MM4;
            List<Payload> payloads = secrets.payloads();
            payloads.addAll(proof.requests());
            send("MM3", payloads, true);
        }
    }

    private void third(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        if (!keysExchanged(in, chain)) {
            return;
        }
        Optional<IkePeer> byAddress = ike.directory().keyFor(in.source());
        if (sa.row().authentication() == IkeSa.Method.PRE_SHARED_KEY && byAddress.isEmpty()) {
            ike.phaseOnes().declined(in, sa, Verdict.drop(Reason.IKE_PEER_UNKNOWN, "a pre-shared key with " + in.source()), NotifyType.INVALID_ID_INFORMATION);
            return;
        }
        List<Payload> payloads = secrets.payloads();
        payloads.addAll(proof.requests());
        secrets.derive(byAddress.map(IkePeer::preSharedKey).orElse(Octets.EMPTY));
        took(in, message, "MM3");
        awaits = Awaits.MM5;
        send("MM4", payloads, false);
    }

    private void fourth(Arrived in, IsakmpMessage message) throws Malformed {
        PayloadChain chain = message.chain();
        if (!keysExchanged(in, chain)) {
            return;
        }
        secrets.derive(sa.peer().preSharedKey());
        took(in, message, "MM4");
        awaits = Awaits.MM6;
        List<Payload> payloads = new ArrayList<>(List.of(proof.identify()));
        payloads.addAll(proof.payloads());
        payloads.addAll(initialContact());
        sendEncrypted("MM5", payloads, true);
    }

    private void fifth(Arrived in, IsakmpMessage message) {
        Optional<PayloadChain> chain = open(in, message, "MM5");
        Optional<Identification> identity = chain.flatMap(c -> identified(in, c, "MM5"));
        if (identity.isPresent() && authenticate(in, chain.get(), identity.get())) {
            took(in, message, "MM5");
            awaits = Awaits.NOTHING;
            List<Payload> payloads = new ArrayList<>(List.of(proof.identify()));
            payloads.addAll(proof.payloads());
            sendEncrypted("MM6", payloads, false);
            established(in, chain.get().all(Notification.class));
        }
    }

    private void sixth(Arrived in, IsakmpMessage message) {
        Optional<PayloadChain> chain = open(in, message, "MM6");
        Optional<Identification> identity = chain.flatMap(c -> identified(in, c, "MM6"));
        if (identity.isPresent() && authenticate(in, chain.get(), identity.get())) {
            took(in, message, "MM6");
            awaits = Awaits.NOTHING;
            sent.finish();
            established(in, chain.get().all(Notification.class));
        }
    }
}
