package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.OctetReader;
import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed functions of return routability (RFC 6275 sections 5.2.4 to 5.2.6). */
final class Tokens {
    /** Last octet under the hash: which address a keygen token is for. */
    enum Kind { HOME, CARE_OF }

    private static final int AUTHENTICATOR = 12;

    private Tokens() {}

    /**
     * A keygen token: the first 64 bits of HMAC_SHA1(Kcn, address | nonce | 0 or 1).
     *
     * @param nodeKey Kcn, 20 octets, known to the correspondent only
     */
    static long keygen(Octets nodeKey, Ip6Address address, Octets nonce, Kind kind) {
        Octets hashed = hmac(nodeKey, new OctetWriter(32).address(address).octets(nonce).u8(kind.ordinal()).toOctets());
        try {
            return new OctetReader(hashed).u64();
        } catch (Malformed e) {
            throw new IllegalStateException("SHA-1 gives 20 octets", e);
        }
    }

    /** Kbm, the key of a binding update that creates a binding: SHA1(home keygen token | care-of keygen token). */
    static Octets bindingKey(long homeToken, long careOfToken) {
        return sha1(new OctetWriter(16).u64(homeToken).u64(careOfToken).toOctets());
    }

    /** Kbm of a binding update that deletes one: SHA1(home keygen token). */
    static Octets bindingKey(long homeToken) {
        return sha1(new OctetWriter(8).u64(homeToken).toOctets());
    }

    /**
     * The first 96 bits of HMAC_SHA1(Kbm, care-of address | correspondent | MH data).
     *
     * @param careOf        that the binding is for; of a deletion the home address (RFC 6275 section 6.2.7)
     * @param correspondent its home address, where it is mobile itself
     */
    static Octets authenticator(Octets bindingKey, Ip6Address careOf, Ip6Address correspondent, Octets mobilityHeaderData) {
        return hmac(bindingKey, new OctetWriter(64).address(careOf).address(correspondent).octets(mobilityHeaderData).toOctets()).slice(0, AUTHENTICATOR);
    }

    private static Octets hmac(Octets key, Octets text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.toArray(), "HmacSHA1"));
            return Octets.wrap(mac.doFinal(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA1", e);
        }
    }

    private static Octets sha1(Octets text) {
        try {
            return Octets.wrap(MessageDigest.getInstance("SHA-1").digest(text.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
