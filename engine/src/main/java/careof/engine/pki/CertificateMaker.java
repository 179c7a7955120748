package careof.engine.pki;

import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.crypto.IkeHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/** Signs certificates and revocation lists as one authority, all with SHA-256 and RSA. */
final class CertificateMaker {
    private final DistinguishedName issuer;
    private final PublicKey issuerKey;
    private final PrivateKey signs;

    /**
     * @param issuer    name of the authority
     * @param issuerKey its public key
     * @param signs     its private key
     */
    CertificateMaker(DistinguishedName issuer, PublicKey issuerKey, PrivateKey signs) {
        this.issuer = issuer;
        this.issuerKey = issuerKey;
        this.signs = signs;
    }

    /** When a certificate is valid, and its number. */
    record Terms(BigInteger serial, Instant notBefore, Instant notAfter) {}

    /** A certificate for signatures of IKE (RFC 4945 section 5.1). */
    Octets node(DistinguishedName subject, List<SubjectName> names, PublicKey key, Terms terms) {
        return certificate(subject, key, terms, builder -> {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            if (!names.isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, subject.isEmpty(), new GeneralNames(names.stream().map(CertificateMaker::encoded)
                        .toArray(GeneralName[]::new)));
            }
        });
    }

    /** A certificate of an authority, which may sign those of nodes and, below it, of authorities. */
    Octets authority(DistinguishedName subject, PublicKey key, Terms terms) {
        return certificate(subject, key, terms, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    /** What else a certificate says. */
    @FunctionalInterface
    private interface More {
        void add(X509v3CertificateBuilder builder) throws CertIOException;
    }

    private Octets certificate(DistinguishedName subject, PublicKey key, Terms terms, More more) {
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(name(issuer), terms.serial, time(terms.notBefore), time(terms.notAfter),
                    name(subject), SubjectPublicKeyInfo.getInstance(key.getEncoded()));
            more.add(builder);
            builder.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(key)));
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuerKey)));
            return Octets.wrap(builder.build(new Signer(signs)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written", e);
        }
    }

    /** A revocation list, which says that it is the first one and when the next one is due. */
    Octets revocations(List<BigInteger> serials, Instant thisUpdate, Instant nextUpdate) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(name(issuer), time(thisUpdate));
            builder.setNextUpdate(time(nextUpdate));
            for (BigInteger serial : serials) {
                builder.addCRLEntry(serial, Date.from(thisUpdate), 0);
            }
            builder.addExtension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuerKey)));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.ONE));
            return Octets.wrap(builder.build(new Signer(signs)).getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written", e);
        }
    }

    private static X500Name name(DistinguishedName name) {
        return X500Name.getInstance(name.der().toArray());
    }

    private static Time time(Instant instant) {
        return new Time(Date.from(instant));
    }

    private static GeneralName encoded(SubjectName name) {
        return switch (name) {
            case SubjectName.Dns dns -> new GeneralName(GeneralName.dNSName, dns.name());
            case SubjectName.Mail mail -> new GeneralName(GeneralName.rfc822Name, mail.address());
            case SubjectName.Ip ip -> new GeneralName(GeneralName.iPAddress,
                    new DEROctetString(new OctetWriter(16).address(ip.address()).toOctets().toArray()));
            case SubjectName.Directory directory -> new GeneralName(name(directory.name()));
        };
    }

    /** SHA-1 over the key alone (RFC 5280 section 4.2.1.2). */
    private static byte[] keyId(PublicKey key) {
        return IkeHash.SHA1.digest(Octets.wrap(SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getOctets())).toArray();
    }

    /** Signs what is written to it by the cryptography of the platform. */
    private record Signer(ByteArrayOutputStream written, PrivateKey key) implements ContentSigner {
        Signer(PrivateKey key) {
            this(new ByteArrayOutputStream(), key);
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
        }

        @Override
        public OutputStream getOutputStream() {
            return written;
        }

        @Override
        public byte[] getSignature() {
            try {
                Signature signature = Signature.getInstance("SHA256withRSA");
                signature.initSign(key);
                signature.update(written.toByteArray());
                return signature.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("cannot sign with this key: " + e.getMessage(), e);
            }
        }
    }
}
