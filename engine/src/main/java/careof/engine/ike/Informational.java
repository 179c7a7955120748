package careof.engine.ike;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.OctetReader;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.stack.Arrived;
import careof.engine.stack.NodeEnv;
import careof.engine.stack.Verdict;
import careof.engine.state.IkeChild;
import careof.engine.state.Sa;
import careof.engine.trace.Reason;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Informational exchanges (RFC 2409 section 5.7): one message, with a hash that only who has the secrets of phase one can make. What comes without one is
 * shown and changes nothing.
 */
final class Informational {
    private final Ike ike;
    private final NodeEnv env;

    Informational(Ike ike) {
        this.ike = ike;
        this.env = ike.env();
    }

    // Sending

    /** Tells the peer of a phase one, in its protection. */
    void send(IsakmpSa sa, IpAddress local, IpAddress remote, int port, Payload payload) {
        long messageId = ike.newMessageId(sa);
        Octets covered = PayloadChain.emit(List.of(payload));
        Octets hash = sa.suite().hash().prf(sa.keys().authentication(), messageId(messageId), covered);
        IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), IsakmpHeader.INFORMATIONAL, messageId);
        SecuredMessage message = SecuredMessage.seal(sa.suite(), sa.cipherKey(), SecuredMessage.firstIv(sa, messageId), header,
                new ArrayList<>(List.of(new Payload.Hash(hash), payload)));
        ike.transmit(local, remote, port, message.wire().toOctets(), message.plain().toOctets(), ike.goesOutright(sa, local));
    }

    void send(IsakmpSa sa, Payload payload) {
        send(sa, ike.localFor(sa), sa.row().remote(), sa.remotePort(), payload);
    }

    private static Octets messageId(long id) {
        return new OctetWriter(4).u32(id).toOctets();
    }

    /** Says that something was refused: in the protection of phase one once there are secrets, else in the clear. */
    void notify(IsakmpSa sa, IpAddress local, IpAddress remote, int port, int type) {
        Notification notification = sa.notification(type, Octets.EMPTY);
        if (sa.keys() != null) {
            send(sa, local, remote, port, notification);
        } else {
            IsakmpHeader header = IsakmpHeader.of(sa.row().initiatorCookie(), sa.row().responderCookie(), IsakmpHeader.INFORMATIONAL, ike.clearMessageId());
            ike.transmit(local, remote, port, IsakmpMessage.clear(header, List.of(notification)).toOctets(), Octets.EMPTY, ike.goesOutright(sa, local));
        }
    }

    /** Tells the peer that this node's SA of a pair is gone. */
    void deleted(IsakmpSa sa, Sa.Protocol protocol, long inboundSpi) {
        send(sa, new Payload.Delete(SecurityAssociation.IPSEC, ChildProposals.number(protocol), 4, List.of(ChildProposals.octets(inboundSpi))));
    }

    /** Tells the peer that a phase one is gone. */
    void deleted(IsakmpSa sa) {
        send(sa, new Payload.Delete(SecurityAssociation.IPSEC, SecurityProtocol.ISAKMP, IsakmpSa.COOKIES, List.of(sa.cookies())));
    }

    // Receiving

    /** A message in the clear: anybody may have sent it. */
    void clear(Arrived in, IsakmpMessage message) {
        try {
            String what = message.chain().payloads().stream().map(payload -> switch (payload) {
                case Notification n -> "the notification " + NotifyType.name(n.notifyType());
                case Payload.Delete _ -> "a delete";
                default -> "";
            }).filter(text -> !text.isEmpty()).findFirst().orElse("an informational message");
            env.dropped(in.packet(), Reason.IKE_UNAUTHENTICATED, what);
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_MALFORMED, e.getMessage(), Integer.toString(e.at()));
        }
    }

    /** A message in the protection of a phase one. */
    void receive(Arrived in, int port, IsakmpSa sa, IsakmpMessage message) {
        long id = message.header().messageId();
        if (id == 0 || sa.keys() == null) {
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "an informational message", id == 0 ? "its message id is 0" : "phase one has no keys yet");
            return;
        }
        if (sa.isUsed(id)) {
            env.dropped(in.packet(), Reason.IKE_REPLAYED, "%08x".formatted(id));
            return;
        }
        PayloadChain chain;
        try {
            SecuredMessage opened = SecuredMessage.open(sa.suite(), sa.cipherKey(), SecuredMessage.firstIv(sa, id), message);
            chain = opened.chain();
            if (chain.links().isEmpty() || !(chain.links().getFirst().payload() instanceof Payload.Hash)) {
                throw new Malformed("its first payload is no hash", IsakmpHeader.LENGTH);
            }
            ike.opened(in, opened.plain());
        } catch (Malformed e) {
            env.dropped(in.packet(), Reason.IKE_UNREADABLE, "an informational message", e.getMessage());
            return;
        }
        Payload.Hash hash = (Payload.Hash) chain.links().getFirst().payload();
        if (!Ike.same(hash.data(), sa.suite().hash().prf(sa.keys().authentication(), messageId(id), SecuredMessage.behindFirst(chain)))) {
            env.dropped(in.packet(), Reason.IKE_HASH_WRONG, "an informational message");
            return;
        }
        if (chain.payloads().stream().noneMatch(payload -> payload instanceof Notification || payload instanceof Payload.Delete)) {
            // Hashes do not cover the header: a first message of quick mode looks like this once its exchange type was changed on the way.
            env.dropped(in.packet(), Reason.IKE_UNEXPECTED, "an informational message", "it says nothing");
            return;
        }
        ike.use(sa, id);
        if (sa.isEstablished()) {
            ike.heard(sa);
        }
        for (Payload payload : chain.payloads()) {
            switch (payload) {
                case Notification n -> notified(in, port, sa, n);
                case Payload.Delete d when sa.isEstablished() -> delete(in, sa, d);
                default -> {
                    // the hash, or what this node has no use for
                }
            }
        }
    }

    private void notified(Arrived in, int port, IsakmpSa sa, Notification n) {
        Optional<String> stray = Notices.stray(sa, n);
        if (stray.isPresent()) {
            env.decided(in.packet(), Reason.IKE_UNEXPECTED, NotifyType.name(n.notifyType()), stray.get());
            return;
        }
        switch (n.notifyType()) {
            case NotifyType.R_U_THERE -> {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "R-U-THERE");
                if (sa.isEstablished()) {
                    send(sa, in.destination(), in.source(), port, sa.notification(NotifyType.R_U_THERE_ACK, n.data()));
                }
            }
            case NotifyType.R_U_THERE_ACK -> {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "R-U-THERE-ACK");
                if (sa.liveness() != null) {
                    sa.liveness().answered(sequence(n.data()));
                }
            }
            case NotifyType.INITIAL_CONTACT -> {
                env.decided(in.packet(), Reason.IKE_NOTIFIED, "INITIAL-CONTACT");
                if (sa.isEstablished()) {
                    ike.phaseOnes().initialContact(sa);
                }
            }
            case NotifyType.RESPONDER_LIFETIME -> {
                ike.phaseOnes().responderLifetime(in, sa, n);
            }
            default -> {
                String name = NotifyType.name(n.notifyType());
                if (!NotifyType.isError(n.notifyType())) {
                    env.decided(in.packet(), Reason.IKE_NOTIFIED, name);
                } else {
                    env.decided(in.packet(), Reason.IKE_REFUSED_BY_PEER, name);
                    ike.phaseOnes().refusedByPeer(sa, n, Verdict.drop(Reason.IKE_REFUSED_BY_PEER, name));
                }
            }
        }
    }

    private static long sequence(Octets data) {
        try {
            return new OctetReader(data).u32();
        } catch (Malformed e) {
            return -1;
        }
    }

    /** SAs that the peer has no more (RFC 2408 section 3.15); saying so twice is no harm. */
    private void delete(Arrived in, IsakmpSa sa, Payload.Delete d) {
        Optional<String> stray = Notices.stray(d);
        if (stray.isPresent()) {
            env.decided(in.packet(), Reason.IKE_UNEXPECTED, "a delete", stray.get());
            return;
        }
        if (d.protocol() == SecurityProtocol.ISAKMP) {
            for (Octets cookies : d.spis()) {
                ike.phaseOnes().table().find(cookies).filter(other -> other.isEstablished() && ike.phaseOnes().isSamePeer(other, sa)).ifPresent(other -> {
                    env.decided(in.packet(), Reason.IKE_DELETED, "the peer");
                    ike.phaseOnes().end(other, false, Reason.IKE_DELETED, "the peer");
                });
            }
            return;
        }
        Sa.Protocol protocol = ChildProposals.protocol(d.protocol()).orElseThrow();
        for (Octets spi : d.spis()) {
            long number = (long) spi.u16(0) << 16 | spi.u16(2);
            for (IkeChild child : ike.children().outbound(protocol, number)) {
                if (ike.belongs(child, sa)) {
                    env.decided(in.packet(), Reason.IKE_CHILD_DELETED, "the peer");
                    ike.children().remove(child, Reason.IKE_CHILD_DELETED, "the peer");
                }
            }
        }
    }
}
