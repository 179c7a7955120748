package careof.engine.crypto;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;

/**
 * The secrets of one phase one, from SKEYID (RFC 2409 section 5).
 *
 * @param hash           the negotiated hash; its HMAC is the pseudo-random function
 * @param skeyid         what all derives from; it also keys HASH_I and HASH_R
 * @param derivation     SKEYID_d: keys of SAs for other protocols
 * @param authentication SKEYID_a: keys the hashes of quick mode and informational messages
 * @param encryption     SKEYID_e: encrypts ISAKMP messages
 */
public record IkeKeys(IkeHash hash, Octets skeyid, Octets derivation, Octets authentication, Octets encryption) {

    /** SKEYID for authentication with signatures; nonces are payload bodies without their generic header. */
    public static Octets skeyidForSignatures(IkeHash hash, Octets nonceI, Octets nonceR, Octets secret) {
        return hash.prf(join(nonceI, nonceR), secret);
    }

    /** SKEYID for authentication with a pre-shared key. */
    public static Octets skeyidForPreSharedKey(IkeHash hash, Octets key, Octets nonceI, Octets nonceR) {
        return hash.prf(key, nonceI, nonceR);
    }

    /**
     * The three secrets that follow from SKEYID.
     *
     * @param secret g^xy, as long as the group's prime
     */
    public static IkeKeys of(IkeHash hash, Octets skeyid, Octets secret, Octets cookieI, Octets cookieR) {
        Octets derivation = hash.prf(skeyid, secret, cookieI, cookieR, Octets.of(0));
        Octets authentication = hash.prf(skeyid, derivation, secret, cookieI, cookieR, Octets.of(1));
        Octets encryption = hash.prf(skeyid, authentication, secret, cookieI, cookieR, Octets.of(2));
        return new IkeKeys(hash, skeyid, derivation, authentication, encryption);
    }

    /**
     * The key of the cipher for ISAKMP messages: the start of SKEYID_e, or, where that is too short, of Ka (RFC 2409 appendix B).
     *
     * @param length octets, as the cipher takes
     */
    public Octets cipherKey(int length) {
        if (length <= encryption.length()) {
            return encryption.slice(0, length);
        }
        OctetWriter key = new OctetWriter(length + hash.length());
        Octets block = Octets.of(0);
        while (key.length() < length) {
            block = hash.prf(encryption, block);
            key.octets(block);
        }
        return key.toOctets().slice(0, length);
    }

    /** IV of the first encrypted message of phase one (RFC 2409 appendix B), from both public values as they were sent. */
    public static Octets phaseOneIv(IkeHash hash, IkeCipher cipher, Octets publicI, Octets publicR) {
        return hash.digest(publicI, publicR).slice(0, cipher.block());
    }

    /**
     * IV of the first message of any exchange after phase one (RFC 2409 appendix B).
     *
     * @param lastBlock the last encrypted block of phase one
     * @param messageId 1..2^32-1
     */
    public static Octets phaseTwoIv(IkeHash hash, IkeCipher cipher, Octets lastBlock, long messageId) {
        return hash.digest(lastBlock, new OctetWriter(4).u32(messageId).toOctets()).slice(0, cipher.block());
    }

    /**
     * Keying material of one direction's SA (RFC 2409 section 5.5); the encryption key is its start (RFC 4301 section 4.5.2).
     *
     * @param secret   g(qm)^xy with perfect forward secrecy, else empty
     * @param protocol of the SA, as in its proposal (RFC 2407 section 4.4.1)
     * @param spi      of the SA: chosen by who receives on it
     * @param nonceI   of this quick mode, as are {@code nonceR} and {@code secret}
     * @param length   octets that are needed
     */
    public Octets keymat(Octets secret, int protocol, Octets spi, Octets nonceI, Octets nonceR, int length) {
        OctetWriter material = new OctetWriter(length + hash.length());
        Octets block = Octets.EMPTY;
        while (material.length() < length) {
            block = hash.prf(derivation, block, secret, Octets.of(protocol), spi, nonceI, nonceR);
            material.octets(block);
        }
        return material.toOctets().slice(0, length);
    }

    private static Octets join(Octets first, Octets second) {
        return new OctetWriter(first.length() + second.length()).octets(first).octets(second).toOctets();
    }

    /** Names no octet of the secrets. */
    @Override
    public String toString() {
        return "IkeKeys[" + hash.text() + "]";
    }
}
