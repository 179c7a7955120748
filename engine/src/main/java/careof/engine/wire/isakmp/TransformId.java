package careof.engine.wire.isakmp;

import java.util.List;

/** Ids of transforms, each protocol with its own (RFC 2407 sections 4.4.2 to 4.4.5 and the register of its numbers at IANA). */
public final class TransformId {
    /** The only one of ISAKMP. */
    public static final int KEY_IKE = 1;

    public static final int AH_MD5 = 2;
    public static final int AH_SHA = 3;
    public static final int AH_DES = 4;
    public static final int AH_SHA2_256 = 5;
    public static final int AH_SHA2_384 = 6;
    public static final int AH_SHA2_512 = 7;
    public static final int AH_RIPEMD = 8;
    public static final int AH_AES_XCBC_MAC = 9;

    public static final int ESP_DES = 2;
    public static final int ESP_3DES = 3;
    public static final int ESP_NULL = 11;
    public static final int ESP_AES_CBC = 12;
    public static final int ESP_AES_CTR = 13;
    public static final int ESP_AES_GCM_8 = 18;
    public static final int ESP_AES_GCM_12 = 19;
    public static final int ESP_AES_GCM_16 = 20;
    public static final int ESP_AES_GMAC = 23;

    private static final List<String> AH = List.of("0", "1", "AH_MD5", "AH_SHA", "AH_DES", "AH_SHA2-256", "AH_SHA2-384", "AH_SHA2-512", "AH_RIPEMD",
            "AH_AES-XCBC-MAC", "AH_RSA", "AH_AES-128-GMAC", "AH_AES-192-GMAC", "AH_AES-256-GMAC");
    private static final List<String> ESP = List.of("0", "ESP_DES_IV64", "ESP_DES", "ESP_3DES", "ESP_RC5", "ESP_IDEA", "ESP_CAST", "ESP_BLOWFISH",
            "ESP_3IDEA", "ESP_DES_IV32", "ESP_RC4", "ESP_NULL", "ESP_AES-CBC", "ESP_AES-CTR", "ESP_AES-CCM_8", "ESP_AES-CCM_12", "ESP_AES-CCM_16", "17",
            "ESP_AES-GCM_8", "ESP_AES-GCM_12", "ESP_AES-GCM_16", "ESP_SEED_CBC", "ESP_CAMELLIA", "ESP_NULL_AUTH_AES-GMAC");
    private static final List<String> IPCOMP = List.of("0", "IPCOMP_OUI", "IPCOMP_DEFLATE", "IPCOMP_LZS", "IPCOMP_LZJH");

    private TransformId() {}

    /** The name of a transform of one protocol, see {@link SecurityProtocol}. */
    public static String name(int protocol, int id) {
        List<String> names = switch (protocol) {
            case SecurityProtocol.ISAKMP -> List.of("0", "KEY_IKE");
            case SecurityProtocol.AH -> AH;
            case SecurityProtocol.ESP -> ESP;
            case SecurityProtocol.IPCOMP -> IPCOMP;
            default -> List.of();
        };
        return id < names.size() && names.get(id).contains("_") ? names.get(id) : "transform " + id;
    }
}
