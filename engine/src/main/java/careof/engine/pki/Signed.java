package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * An authority's signature over a certificate or a revocation list.
 *
 * @param body      what is signed, as it was read
 * @param algorithm name or, where it is not known, object identifier of the signature's algorithm
 * @param signature the signature
 */
public record Signed(Octets body, String algorithm, Octets signature) {

    static Signed of(Octets der, AlgorithmIdentifier inner, AlgorithmIdentifier outer, ASN1BitString signature) throws Malformed {
        if (!inner.equals(outer)) {
            throw new Malformed("two signature algorithms", 0);    // RFC 5280 section 4.1.1.2
        }
        return new Signed(Der.firstPart(der), name(outer.getAlgorithm().getId()), Octets.wrap(signature.getOctets()));
    }

    private static String name(String id) {
        return switch (id) {
            case "1.2.840.113549.1.1.2" -> "md2WithRSAEncryption";
            case "1.2.840.113549.1.1.4" -> "md5WithRSAEncryption";
            case "1.2.840.113549.1.1.5" -> "sha1WithRSAEncryption";
            case "1.2.840.113549.1.1.10" -> "rsassaPss";
            case "1.2.840.113549.1.1.11" -> "sha256WithRSAEncryption";
            case "1.2.840.113549.1.1.12" -> "sha384WithRSAEncryption";
            case "1.2.840.113549.1.1.13" -> "sha512WithRSAEncryption";
            case "1.2.840.10045.4.3.2" -> "ecdsa-with-SHA256";
            case "1.2.840.10045.4.3.3" -> "ecdsa-with-SHA384";
            case "1.3.101.112" -> "ed25519";
            default -> id;
        };
    }

    /** The platform's name of the algorithm, where its signatures are looked at: RSA with a hash that nobody makes collide at will. */
    private Optional<String> known() {
        return switch (algorithm) {
            case "sha1WithRSAEncryption" -> Optional.of("SHA1withRSA");    // certificates of the time of the draft; for labs
            case "sha256WithRSAEncryption" -> Optional.of("SHA256withRSA");
            case "sha384WithRSAEncryption" -> Optional.of("SHA384withRSA");
            case "sha512WithRSAEncryption" -> Optional.of("SHA512withRSA");
            default -> Optional.empty();
        };
    }

    /** Whether the algorithm's signatures are looked at. */
    public boolean isKnown() {
        return known().isPresent();
    }

    /** Whether the owner of {@code key} signed it. */
    public boolean isBy(RSAPublicKey key) {
        if (!isKnown()) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(known().orElseThrow());
            verifier.initVerify(key);
            verifier.update(body.toArray());
            return verifier.verify(signature.toArray());
        } catch (GeneralSecurityException e) {
            return false;    // a signature of another length than the key's
        }
    }
}
