package careof.engine.wire.isakmp;

import java.util.List;
import java.util.Optional;

/** Attributes of a transform of phase one and their values (RFC 2409 appendix A and the register of its numbers at IANA). */
public final class PhaseOneAttribute {
    public static final int ENCRYPTION = 1;
    public static final int HASH = 2;
    public static final int AUTHENTICATION = 3;
    public static final int GROUP = 4;
    public static final int GROUP_TYPE = 5;
    public static final int LIFE_TYPE = 11;
    public static final int LIFE_DURATION = 12;
    public static final int PRF = 13;
    /** Bits; of ciphers with keys of several lengths only. */
    public static final int KEY_LENGTH = 14;

    /** Values of {@link #ENCRYPTION}. */
    public static final int DES_CBC = 1;
    public static final int TRIPLE_DES_CBC = 5;
    public static final int AES_CBC = 7;

    /** Values of {@link #HASH}. */
    public static final int MD5 = 1;
    public static final int SHA1 = 2;
    public static final int SHA2_256 = 4;

    /** Values of {@link #AUTHENTICATION}. */
    public static final int PRE_SHARED_KEY = 1;
    public static final int RSA_SIGNATURES = 3;
    /** Encryption with RSA: named, never negotiated here. */
    public static final int RSA_ENCRYPTION = 4;
    public static final int REVISED_RSA_ENCRYPTION = 5;

    /** Values of {@link #LIFE_TYPE}. */
    public static final int SECONDS = 1;
    public static final int KILOBYTES = 2;

    private static final List<String> NAMES = List.of("", "encryption algorithm", "hash algorithm", "authentication method", "group description",
            "group type", "group prime", "group generator one", "group generator two", "group curve A", "group curve B", "life type", "life duration",
            "PRF", "key length", "field size", "group order");
    private static final List<String> ENCRYPTIONS = List.of("", "DES-CBC", "IDEA-CBC", "Blowfish-CBC", "RC5-R16-B64-CBC", "3DES-CBC", "CAST-CBC",
            "AES-CBC", "CAMELLIA-CBC");
    private static final List<String> HASHES = List.of("", "MD5", "SHA", "Tiger", "SHA2-256", "SHA2-384", "SHA2-512");
    private static final List<String> AUTHENTICATIONS = List.of("", "pre-shared key", "DSS signatures", "RSA signatures", "encryption with RSA",
            "revised encryption with RSA", "", "", "", "ECDSA-256 signatures", "ECDSA-384 signatures", "ECDSA-521 signatures");
    private static final List<String> GROUPS = List.of("", "modp-768", "modp-1024", "ec2n-155", "ec2n-185", "modp-1536", "", "", "", "", "", "", "", "",
            "modp-2048", "modp-3072", "modp-4096", "modp-6144", "modp-8192", "ecp-256", "ecp-384", "ecp-521", "modp-1024 of order 160 bits",
            "modp-2048 of order 224 bits", "modp-2048 of order 256 bits", "ecp-192", "ecp-224");

    private PhaseOneAttribute() {}

    /** The name of an attribute. */
    public static String name(int type) {
        return named(NAMES, type).orElse("attribute " + type);
    }

    /** The name of a Diffie-Hellman group, in phase one and phase two. */
    public static String group(long number) {
        return named(GROUPS, number).orElse("group " + number);
    }

    /** The name of a value, or the number itself. */
    public static String valueName(int type, long value) {
        return (switch (type) {
            case ENCRYPTION -> named(ENCRYPTIONS, value);
            case HASH -> named(HASHES, value);
            case AUTHENTICATION -> value == 65001 ? Optional.of("XAUTH with pre-shared key, initiator")
                    : value == 65005 ? Optional.of("XAUTH with RSA signatures, initiator") : named(AUTHENTICATIONS, value);
            case GROUP -> named(GROUPS, value);
            case GROUP_TYPE -> named(List.of("", "MODP", "ECP", "EC2N"), value);
            case LIFE_TYPE -> named(List.of("", "seconds", "kilobytes"), value);
            default -> Optional.<String>empty();
        }).orElse(Long.toString(value));
    }

    /** The name at an index; there is none outside of the list and where it is empty. */
    static Optional<String> named(List<String> names, long index) {
        return index >= 0 && index < names.size() ? Optional.of(names.get((int) index)).filter(name -> !name.isEmpty())
                : Optional.empty();
    }
}
