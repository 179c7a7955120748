package careof.engine.wire.isakmp;

import java.util.List;

/** Attributes of a transform for AH, ESP or IPCOMP and their values (RFC 2407 section 4.5 and the register of its numbers at IANA). */
public final class IpsecAttribute {
    public static final int LIFE_TYPE = 1;
    public static final int LIFE_DURATION = 2;
    /** The Diffie-Hellman group of perfect forward secrecy. */
    public static final int GROUP = 3;
    public static final int ENCAPSULATION = 4;
    public static final int AUTHENTICATION = 5;
    /** Bits. */
    public static final int KEY_LENGTH = 6;
    public static final int KEY_ROUNDS = 7;
    /** Value 1: sequence numbers of 64 bits (RFC 4304). */
    public static final int EXTENDED_SEQUENCE_NUMBERS = 11;

    /** Values of {@link #LIFE_TYPE}. */
    public static final int SECONDS = 1;
    public static final int KILOBYTES = 2;

    /** Values of {@link #ENCAPSULATION}. */
    public static final int TUNNEL = 1;
    public static final int TRANSPORT = 2;
    /** RFC 3947 section 5.1. */
    public static final int UDP_TUNNEL = 3;
    public static final int UDP_TRANSPORT = 4;

    /** Values of {@link #AUTHENTICATION}. */
    public static final int HMAC_MD5 = 1;
    public static final int HMAC_SHA = 2;
    public static final int HMAC_SHA2_256 = 5;
    public static final int HMAC_SHA2_384 = 6;
    public static final int HMAC_SHA2_512 = 7;
    public static final int AES_XCBC_MAC = 9;

    private static final List<String> NAMES = List.of("", "life type", "life duration", "group description", "encapsulation mode",
            "authentication algorithm", "key length", "key rounds", "compression dictionary size", "compression private algorithm", "ECN tunnel",
            "extended sequence numbers");
    private static final List<String> AUTHENTICATIONS = List.of("", "HMAC-MD5", "HMAC-SHA", "DES-MAC", "KPDK", "HMAC-SHA2-256", "HMAC-SHA2-384",
            "HMAC-SHA2-512", "HMAC-RIPEMD", "AES-XCBC-MAC");

    private IpsecAttribute() {}

    /** The name of an attribute. */
    public static String name(int type) {
        return PhaseOneAttribute.named(NAMES, type).orElse("attribute " + type);
    }

    /** The name of a value, or the number itself. */
    public static String valueName(int type, long value) {
        return switch (type) {
            case LIFE_TYPE -> PhaseOneAttribute.valueName(PhaseOneAttribute.LIFE_TYPE, value);
            case GROUP -> PhaseOneAttribute.valueName(PhaseOneAttribute.GROUP, value);
            case ENCAPSULATION -> PhaseOneAttribute.named(List.of("", "tunnel", "transport", "UDP-encapsulated tunnel", "UDP-encapsulated transport"),
                    value).orElse(Long.toString(value));
            case AUTHENTICATION -> PhaseOneAttribute.named(AUTHENTICATIONS, value).orElse(Long.toString(value));
            default -> Long.toString(value);
        };
    }
}
