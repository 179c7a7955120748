package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeHash;
import java.io.IOException;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.TBSCertificate;

/**
 * What an X.509 certificate says (RFC 5280). That it says so proves nothing: {@link Chain#verify} tells whether to believe it.
 *
 * @param der        its octets
 * @param version    1 to 3
 * @param subject    whose key it is
 * @param issuer     who signed it
 * @param serial     the issuer's number for it, of any size or sign
 * @param notBefore  first instant of its validity
 * @param notAfter   last one
 * @param key        the subject's public key
 * @param extensions more about both
 * @param signed     the issuer's signature
 */
public record CertificateInfo(Octets der, int version, DistinguishedName subject, DistinguishedName issuer, BigInteger serial, Instant notBefore,
        Instant notAfter, Key key, Extensions extensions, Signed signed) {
    /** Octets of the longest certificate that is read. */
    public static final int MOST_OCTETS = 16 * 1024;

    /**
     * A public key.
     *
     * @param algorithm "RSA", or what else it is
     * @param bits      length of modulus or field; 0 where it is not known
     * @param rsa       the key, where it is one of RSA whose signatures are looked at
     */
    public record Key(String algorithm, int bits, Optional<RSAPublicKey> rsa) {}

    /** Reads a certificate; whatever the octets are, it takes a bounded time and throws nothing else. */
    public static CertificateInfo parse(Octets der) throws Malformed {
        if (der.length() > MOST_OCTETS) {
            throw new Malformed("a certificate of " + der.length() + " octets; at most " + MOST_OCTETS + " are read", 0);
        }
        return Der.read(der, Certificate::getInstance, certificate -> of(der, certificate));
    }

    private static CertificateInfo of(Octets der, Certificate certificate) throws IOException, Malformed {
        TBSCertificate body = certificate.getTBSCertificate();
        int version = body.getVersionNumber();
        if (version < 1 || version > 3 || version < 3 && body.getExtensions() != null) {
            throw new Malformed("version " + version + (version < 3 ? " with extensions" : ""), 0);
        }
        return new CertificateInfo(der, version, DistinguishedName.of(body.getSubject()), DistinguishedName.of(body.getIssuer()),
                body.getSerialNumber().getValue(), body.getStartDate().getDate().toInstant(), body.getEndDate().getDate().toInstant(), PublicKeys.read(body.getSubjectPublicKeyInfo()),
                Extensions.read(body.getExtensions()), Signed.of(der, body.getSignature(), certificate.getSignatureAlgorithm(), certificate.getSignature()));
    }

    /** SHA-256 over its octets. */
    public Octets fingerprint() {
        return IkeHash.SHA256.digest(der);
    }

    /** The serial number as people write it: octets in hexadecimal, with colons between them. */
    public String serialText() {
        return serialText(serial);
    }

    static String serialText(BigInteger serial) {
        return (serial.signum() < 0 ? "-" : "") + HexFormat.ofDelimiter(":").formatHex(unsigned(serial.abs()));
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] octets = number.toByteArray();
        return octets.length > 1 && octets[0] == 0 ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
    }

    /** Whether {@code instant} is within its validity, both ends included. */
    public boolean isValidAt(Instant instant) {
        return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
    }

    /** Whether it gives its subject this name: as its distinguished name, or among the alternative ones (RFC 4945 section 3.1). */
    public boolean names(SubjectName name) {
        return name instanceof SubjectName.Directory directory && directory.name().matches(subject)
                || extensions.names().stream().anyMatch(mine -> mine.matches(name));
    }

    /** Whether its subject is its issuer. Nothing tells that it signed it. */
    public boolean isSelfIssued() {
        return subject.matches(issuer);
    }
}
