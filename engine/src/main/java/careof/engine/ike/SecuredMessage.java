package careof.engine.ike;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeCipher;
import careof.engine.crypto.IkeKeys;
import careof.engine.wire.isakmp.IsakmpHeader;
import careof.engine.wire.isakmp.IsakmpMessage;
import careof.engine.wire.isakmp.Payload;
import careof.engine.wire.isakmp.PayloadChain;
import java.util.List;

/**
 * An ISAKMP message that a phase one encrypts, in both its forms (RFC 2409 appendix B). Each message's IV is the last cipher block of the one before.
 *
 * @param wire  as it goes over the network
 * @param plain the same in the clear, padding included; encryption flag off
 */
record SecuredMessage(IsakmpMessage wire, IsakmpMessage plain) {
    /** Encrypts payloads, padded with zeros to whole blocks. */
    static SecuredMessage seal(IkeSuite suite, Octets key, Octets iv, IsakmpHeader header, List<Payload> payloads) {
        IkeCipher cipher = suite.cipher();
        Octets chain = PayloadChain.emit(payloads);
        Octets padded = new OctetWriter(chain.length() + cipher.block()).octets(chain).zeros((cipher.block() - chain.length() % cipher.block()) % cipher.block()).toOctets();
        IsakmpHeader named = header.withNextPayload(PayloadChain.firstType(payloads));
        return new SecuredMessage(IsakmpMessage.encrypted(named, cipher.encrypt(key, iv, padded)), clear(named, padded));
    }

    private static IsakmpMessage clear(IsakmpHeader header, Octets body) {
        return new IsakmpMessage(header.withFlags(header.flags() & ~IsakmpHeader.ENCRYPTION).withLength(IsakmpHeader.LENGTH + body.length()), body);
    }

    /**
     * Decrypts.
     *
     * @throws Malformed what is encrypted is no whole number of blocks
     */
    static SecuredMessage open(IkeSuite suite, Octets key, Octets iv, IsakmpMessage wire) throws Malformed {
        int length = wire.body().length();
        if (length == 0 || length % suite.cipher().block() != 0) {
            throw new Malformed(length + " octets are no whole blocks of " + suite.cipher().block(), IsakmpHeader.LENGTH);
        }
        return new SecuredMessage(wire, clear(wire.header(), suite.cipher().decrypt(key, iv, wire.body())));
    }

    /**
     * The payloads.
     *
     * @throws Malformed there are none that can be read: perhaps the key is another
     */
    PayloadChain chain() throws Malformed {
        return PayloadChain.parse(plain.header().nextPayload(), plain.body());
    }

    /** With which the next message of the exchange is encrypted. */
    Octets lastBlock(IkeSuite suite) {
        return wire.body().from(wire.body().length() - suite.cipher().block());
    }

    /** The IV of the first message of an exchange under a phase one. */
    static Octets firstIv(IsakmpSa sa, long messageId) {
        return IkeKeys.phaseTwoIv(sa.suite().hash(), sa.suite().cipher(), sa.row().iv(), messageId);
    }

    /** The payloads behind the first one, as they stand on the wire: what the hashes of quick mode and informational messages cover. */
    static Octets behindFirst(PayloadChain chain) {
        OctetWriter out = new OctetWriter(256);
        chain.links().stream().skip(1).forEach(link -> out.octets(link.whole()));
        return out.toOctets();
    }
}
