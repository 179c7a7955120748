package careof.engine.mobility;

import careof.engine.base.Ip6Address;
import careof.engine.base.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** RFC 6275 section 5.2 once more, from SHA-1 and RFC 2104 alone, so that the engine's keyed functions have a judge. */
final class Formulas {
    private Formulas() {}

    static byte[] sha1(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** RFC 2104: H(K xor opad, H(K xor ipad, text)). */
    static byte[] hmac(byte[] key, byte[]... text) {
        byte[] block = Arrays.copyOf(key.length > 64 ? sha1(key) : key, 64);
        byte[] inner = block.clone();
        byte[] outer = block.clone();
        for (int i = 0; i < 64; i++) {
            inner[i] ^= 0x36;
            outer[i] ^= 0x5c;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(inner);
        for (byte[] part : text) {
            all.writeBytes(part);
        }
        return sha1(outer, sha1(all.toByteArray()));
    }

    static byte[] bytes(Ip6Address address) {
        return ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array();
    }

    static byte[] bytes(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    /** First(64, HMAC_SHA1(Kcn, (address | nonce | kind))). */
    static long keygen(byte[] nodeKey, Ip6Address address, byte[] nonce, int kind) {
        return ByteBuffer.wrap(hmac(nodeKey, bytes(address), nonce, new byte[] {(byte) kind})).getLong();
    }

    /**
     * The authenticator that a Mobility Header should end with: First(96, HMAC_SHA1(Kbm, (care-of | correspondent | header))).
     *
     * @param header as on the wire, its last 12 octets the authenticator
     */
    static Octets authenticator(byte[] bindingKey, Ip6Address careOf, Ip6Address correspondent, Octets header) {
        byte[] data = header.slice(0, header.length() - 12).toArray();
        data[4] = 0;
        data[5] = 0;
        return Octets.wrap(Arrays.copyOf(hmac(bindingKey, bytes(careOf), bytes(correspondent), data), 12));
    }

    /** RFC 1071 over the pseudo-header of RFC 8200 section 8.1 and the octets, checksum included: 0 when that is right. */
    static int sum(Ip6Address source, Ip6Address destination, int protocol, Octets octets) {
        ByteBuffer all = ByteBuffer.allocate(40 + octets.length() + octets.length() % 2);
        all.put(bytes(source)).put(bytes(destination)).putInt(octets.length()).putInt(protocol).put(octets.toArray());
        int sum = 0;
        for (int i = 0; i < all.capacity(); i += 2) {
            sum += all.getShort(i) & 0xffff;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
