package careof.engine.decode;

import careof.engine.state.IkeSa;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an ISAKMP message says, in one line. */
final class IsakmpWords {
    private IsakmpWords() {}

    /** "main mode (MM5): ID fqdn:mn.lab CERT SIG" with cookies and message id, and the like. */
    static String of(SeenIke seen) {
        IsakmpHeader header = seen.message().header();
        StringBuilder text = new StringBuilder(IsakmpHeader.exchangeName(header.exchange())).append(" (").append(seen.name()).append(')');
        if (seen.payloads().isPresent()) {
            text.append(": ").append(payloads(seen.payloads().get()));
        } else {
            text.append(seen.message().isEncrypted() ? ", encrypted" : ", malformed");
        }
        text.append(", ").append(IkeSa.cookies(header.initiatorCookie(), header.responderCookie()));
        if (header.messageId() != 0) {
            text.append(String.format(Locale.ROOT, " id=%08x", header.messageId()));
        }
        return text.toString();
    }

    private static String payloads(PayloadChain chain) {
        List<String> words = new ArrayList<>();
        for (Payload payload : chain.payloads()) {
            words.add(switch (payload) {
                case SecurityAssociation sa -> "SA" + protocol(sa);
                case Payload.OtherAssociation _ -> "SA";
                case Payload.KeyExchange _ -> "KE";
                case Identification id -> "ID " + CertificateFields.text(id) + (id.protocol() == 0 ? "" : "[" + id.protocol() + (id.port() == 0 ? "" : "/" + id.port()) + "]");
                case Payload.Certificate _ -> "CERT";
                case Payload.CertificateRequest _ -> "CERTREQ";
                case Payload.Hash _ -> "HASH";
                case Payload.Signature _ -> "SIG";
                case Payload.Nonce _ -> "NONCE";
                case Notification n -> NotifyType.name(n.notifyType());
                case Payload.Delete d -> "delete " + d.spis().size() + " " + SecurityProtocol.name(d.protocol());
                case Payload.VendorId _ -> "VID";
                case Payload.NatDiscovery _ -> "NAT-D";
                case Payload.NatOriginalAddress _ -> "NAT-OA";
                case Payload.Fragment f -> "piece " + f.number() + (f.isLast() ? ", the last" : "");
                case Payload.Unknown u -> Payload.name(u.type());
            });
        }
        return String.join(" ", words);
    }

    /** Of phase one nothing is said. */
    private static String protocol(SecurityAssociation sa) {
        return sa.proposals().isEmpty() || sa.proposals().getFirst().protocol() == SecurityProtocol.ISAKMP ? ""
                : " " + SecurityProtocol.name(sa.proposals().getFirst().protocol());
    }
}
