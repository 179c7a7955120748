package careof.engine.attack;

import careof.engine.base.Ip6Address;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.DhGroup;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeHash;
import careof.engine.lab.Attack;
import careof.engine.stack.NodeEnv;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.ip.Udp;
import careof.engine.wire.isakmp.Attribute;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Notification;
import careof.engine.wire.isakmp.NotifyType;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PhaseOneAttribute;
import careof.engine.wire.isakmp.Proposal;
import careof.engine.wire.isakmp.SecurityAssociation;
import careof.engine.wire.isakmp.SecurityProtocol;
import careof.engine.wire.isakmp.Transform;
import careof.engine.wire.isakmp.TransformId;
import java.util.List;

/** Messages of IKE that an attacker makes up; nothing in them is encrypted or authenticated. */
final class ForgedIke {
    private static final int COOKIE_DIGITS = 16;
    /** Where a header says how long the message is, and the first payload how long it is. */
    private static final int MESSAGE_LENGTH = 24;
    private static final int PAYLOAD_LENGTH = IsakmpHeader.LENGTH + 2;

    private final NodeEnv env;

    ForgedIke(NodeEnv env) {
        this.env = env;
    }

    /** @param number of the message, from 0 */
    Ip6Packet message(Attack.ForgeIke forged, Ip6Address own, long number) {
        boolean flood = forged.what().equals("cookie-flood");
        Ip6Address source = forged.source().orElseGet(() -> flood ? new Ip6Address(own.high(), env.bits("attack")) : own);
        long initiator = cookie(forged, 0);
        long responder = cookie(forged, COOKIE_DIGITS);
        Octets octets = switch (forged.what()) {
            case "delete" -> informational(initiator, responder, new Payload.Delete(SecurityAssociation.IPSEC, SecurityProtocol.ISAKMP, COOKIE_DIGITS,
                    List.of(new OctetWriter(COOKIE_DIGITS).u64(initiator).u64(responder).toOctets())));
            case "notify" -> informational(initiator, responder, Notification.ofIsakmp(NotifyType.INITIAL_CONTACT, initiator, responder, Octets.EMPTY));
            case "malformed" -> damaged(first(initiator), number);
            default -> first(initiator);
        };
        return Ip6Packet.of(source, forged.destination(), IpProtocol.UDP,
                new Udp(IsakmpHeader.PORT, IsakmpHeader.PORT, octets).toOctets(source, forged.destination()));
    }

    private long cookie(Attack.ForgeIke forged, int from) {
        return forged.cookies().map(digits -> Long.parseUnsignedLong(digits.substring(2 + from, 2 + from + COOKIE_DIGITS), 16))
                .orElseGet(() -> env.bits("attack"));
    }

    private Octets informational(long initiator, long responder, Payload payload) {
        long messageId = 1 + (env.bits("attack") & 0x7fff_ffffL);
        return IsakmpMessage.clear(IsakmpHeader.of(initiator, responder, IsakmpHeader.INFORMATIONAL, messageId), List.of(payload)).toOctets();
    }

    /** As main mode begins, with a proposal that is as good as any. */
    private static Octets first(long cookie) {
        Transform transform = new Transform(1, TransformId.KEY_IKE, List.of(
                Attribute.of(PhaseOneAttribute.ENCRYPTION, IkeCipher.AES_CBC.number()), Attribute.of(PhaseOneAttribute.HASH, IkeHash.SHA256.number()),
                Attribute.of(PhaseOneAttribute.AUTHENTICATION, PhaseOneAttribute.RSA_SIGNATURES), Attribute.of(PhaseOneAttribute.GROUP, DhGroup.MODP_2048.number()),
                Attribute.of(PhaseOneAttribute.KEY_LENGTH, 128)));
        return IsakmpMessage.clear(IsakmpHeader.of(cookie, 0, IsakmpHeader.IDENTITY_PROTECTION, 0),
                List.of(SecurityAssociation.of(new Proposal(1, SecurityProtocol.ISAKMP, Octets.EMPTY, List.of(transform))))).toOctets();
    }

    /** In turn: lengths that are too long or nothing, noise instead of payloads, and an end too soon. */
    private Octets damaged(Octets message, long number) {
        byte[] octets = message.toArray();
        switch ((int) (number % 5)) {
            case 0 -> octets[MESSAGE_LENGTH] = (byte) 0xff;
            case 1 -> octets[PAYLOAD_LENGTH] = (byte) 0xff;
            case 2 -> octets[PAYLOAD_LENGTH + 1] = 0;
            case 3 -> {
                for (int i = IsakmpHeader.LENGTH; i < octets.length; i++) {
                    octets[i] = (byte) env.bits("attack");
                }
            }
            default -> {
                return message.slice(0, octets.length - 1 - (int) (env.bits("attack") & 31));
            }
        }
        return Octets.wrap(octets);
    }
}
