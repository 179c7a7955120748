package careof.engine.crypto;

import java.util.Optional;

/**
 * A Diffie-Hellman group that two IKE peers agree on; lengths in octets. Exponents are twice as long as the lower of the two estimates of the
 * group's strength in RFC 3526 section 8, and never shorter than 256 bits, so that they are not the weakest part of a lab with AES-128.
 */
public enum DhGroup {
    /** RFC 2409 section 6.1; broken, only for reading history. */
    MODP_768(1, "modp-768", 96, 32),
    /** RFC 2409 section 6.2. */
    MODP_1024(2, "modp-1024", 128, 32),
    /** RFC 3526 section 2. */
    MODP_1536(5, "modp-1536", 192, 32),
    /** RFC 3526 section 3. */
    MODP_2048(14, "modp-2048", 256, 32),
    /** RFC 3526 section 4. */
    MODP_3072(15, "modp-3072", 384, 33),
    /** RFC 3526 section 5. */
    MODP_4096(16, "modp-4096", 512, 38),
    /** RFC 5903 section 3.1. */
    ECP_256(19, "ecp-256", 32, 32),
    /** RFC 5903 section 3.2. */
    ECP_384(20, "ecp-384", 48, 48);

    private final int number;
    private final String text;
    private final int secretLength;
    private final int privateLength;

    DhGroup(int number, String text, int secretLength, int privateLength) {
        this.number = number;
        this.text = text;
        this.secretLength = secretLength;
        this.privateLength = privateLength;
    }

    /** The group with this number in a proposal, if it is known here. */
    public static Optional<DhGroup> of(int number) {
        for (DhGroup group : values()) {
            if (group.number == number) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    /** The value of the attribute Group Description. */
    public int number() {
        return number;
    }

    /** The word in lab files. */
    public String text() {
        return text;
    }

    /** Whether it is a group of points of an elliptic curve. */
    public boolean isCurve() {
        return this == ECP_256 || this == ECP_384;
    }

    /** Length of a Key Exchange payload's data: a number as long as the prime, or a point's two coordinates (RFC 5903 section 7). */
    public int publicLength() {
        return isCurve() ? 2 * secretLength : secretLength;
    }

    /** Length of the shared secret: a number as long as the prime (RFC 2409 section 5), or the point's first coordinate (RFC 5903 section 7). */
    public int secretLength() {
        return secretLength;
    }

    /** How many octets to draw for a private value. */
    public int privateLength() {
        return privateLength;
    }
}
