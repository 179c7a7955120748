package careof.engine.pki;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A node's certificate as a lab wants it.
 *
 * @param name         what the lab calls it
 * @param issuer       name of the authority that signs it
 * @param subject      distinguished name, general part first, for instance {@code "O=Lab,CN=mn"}
 * @param names        alternative names of the subject
 * @param notBefore    first instant of its validity
 * @param notAfter     last one
 * @param revoked      whether its authority's revocation list names it
 * @param bits         length of its RSA key, 512 to 8192, a multiple of 8
 * @param key          what its key is called: certificates with keys of one name have one key
 * @param badSignature whether a bit of its authority's signature is wrong
 */
public record CertificatePlan(String name, String issuer, String subject, List<SubjectName> names, Instant notBefore, Instant notAfter,
        boolean revoked, int bits, String key, boolean badSignature) {
    /** Bits of a key that nothing else is said of. */
    public static final int USUAL_BITS = 2048;
    private static final Duration USUAL_VALIDITY = Duration.ofDays(365);

    public CertificatePlan {
        names = List.copyOf(names);
    }

    /** A valid certificate with a key of its own for a year from the day before {@code epoch}, subject {@code CN=name}. */
    public static CertificatePlan usual(String name, String issuer, List<SubjectName> names, Instant epoch) {
        return new CertificatePlan(name, issuer, "CN=" + name, names, epoch.minus(Duration.ofDays(1)), epoch.plus(USUAL_VALIDITY), false,
                USUAL_BITS, name, false);
    }

    /** The same, valid at other times. */
    public CertificatePlan between(Instant from, Instant to) {
        return new CertificatePlan(name, issuer, subject, names, from, to, revoked, bits, key, badSignature);
    }

    /** The same, revoked. */
    public CertificatePlan asRevoked() {
        return new CertificatePlan(name, issuer, subject, names, notBefore, notAfter, true, bits, key, badSignature);
    }

    /** The same with the key of another certificate, for impostors. */
    public CertificatePlan withKeyOf(String other) {
        return new CertificatePlan(name, issuer, subject, names, notBefore, notAfter, revoked, bits, other, badSignature);
    }

    /** The same with a wrong signature of its authority. */
    public CertificatePlan asForged() {
        return new CertificatePlan(name, issuer, subject, names, notBefore, notAfter, revoked, bits, key, true);
    }
}
