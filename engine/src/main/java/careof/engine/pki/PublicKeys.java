package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.RsaSignature;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** Public keys in certificates. */
final class PublicKeys {
    private PublicKeys() {}

    static CertificateInfo.Key read(SubjectPublicKeyInfo info) throws Malformed {
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return Der.read(Octets.wrap(info.getPublicKeyData().getOctets()), org.bouncycastle.asn1.pkcs.RSAPublicKey::getInstance,
                    key -> new CertificateInfo.Key("RSA", key.getModulus().bitLength(), rsa(key.getModulus(), key.getPublicExponent())));
        }
        return new CertificateInfo.Key(algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : algorithm.getId(), 0, Optional.empty());
    }

    /** Empty where the platform or we do not look at signatures of such a key. */
    private static Optional<RSAPublicKey> rsa(BigInteger modulus, BigInteger exponent) {
        if (modulus.bitLength() > RsaSignature.MOST_BITS) {
            return Optional.empty();
        }
        try {
            RSAPublicKey key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
            return Optional.of(key).filter(RsaSignature::isUsable);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
