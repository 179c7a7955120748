package careof.engine.decode;

import careof.engine.base.IpAddress;
import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.wire.MessageName;
import careof.engine.wire.ip.Ip4Packet;
import careof.engine.wire.ip.Ip6Packet;
import careof.engine.wire.ip.IpPacket;
import careof.engine.wire.ip.IpProtocol;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.IsakmpName;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.Optional;

/**
 * An ISAKMP message as far as somebody with keys can read it.
 *
 * @param payloads in the clear or decrypted; empty: neither, or they are malformed
 * @param plain    what an encrypted one decrypts to; empty: it is in the clear or stays closed
 * @param name     see {@link IsakmpName}
 */
public record SeenIke(IsakmpMessage message, Optional<PayloadChain> payloads, Optional<Octets> plain, String name) {
    static SeenIke of(IsakmpMessage message, IpAddress source, Opener opener) {
        Opener.Ike known = opener.isakmp(message, source);
        Optional<PayloadChain> payloads;
        try {
            payloads = !message.isEncrypted() ? Optional.of(message.chain())
                    : known.plain().isEmpty() ? Optional.empty() : Optional.of(PayloadChain.parse(message.header().nextPayload(), known.plain().get()));
        } catch (Malformed e) {
            payloads = Optional.empty();
        }
        return new SeenIke(message, payloads, known.plain(), IsakmpName.of(message, payloads, known.fromStarter()));
    }

    /**
     * A message that was decrypted before, as the trace has it beside its packet: without the encryption flag, but with the padding of its cipher.
     *
     * @throws Malformed if it is none, or its payloads are none
     */
    public static SeenIke ofPlain(Octets octets) throws Malformed {
        IsakmpMessage message = IsakmpMessage.parse(octets);
        PayloadChain payloads = PayloadChain.parse(message.header().nextPayload(), message.body());
        IsakmpMessage encrypted = IsakmpMessage.encrypted(message.header(), message.body());
        return new SeenIke(message, Optional.of(payloads), Optional.of(message.body()), IsakmpName.of(encrypted, Optional.of(payloads), Optional.empty()));
    }

    /** What it says, in one line. */
    public String words() {
        return IsakmpWords.of(this);
    }

    /**
     * The name of what lies in a packet itself, as {@link MessageName} gives it, with what can be known of an ISAKMP message; the first fragment of
     * one has its name, too.
     */
    public static String name(IpPacket packet, Opener opener) {
        boolean piece = switch (packet) {
            case Ip6Packet ip6 -> ip6.fragment().filter(fragment -> !fragment.isWhole()).isPresent();
            case Ip4Packet ip4 -> ip4.header().moreFragments() || ip4.header().fragmentOffset() != 0;
        };
        boolean start = switch (packet) {
            case Ip6Packet ip6 -> ip6.fragment().filter(fragment -> fragment.offset() != 0).isEmpty();
            case Ip4Packet ip4 -> ip4.header().fragmentOffset() == 0;
        };
        Optional<Octets> isakmp = !start || packet.protocol() != IpProtocol.UDP ? Optional.empty() : IsakmpMessage.inUdp(packet.payload());
        try {
            return isakmp.isEmpty() ? MessageName.of(packet) : piece ? IsakmpName.ofStart(isakmp.get())
                    : of(IsakmpMessage.parse(isakmp.get()), packet.source(), opener).name();
        } catch (Malformed e) {
            return MessageName.of(packet);
        }
    }
}
