package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** Reads certificates with their key from files that {@code careof pki}, openssl or strongSwan's pki wrote. */
public final class CredentialFile {
    /** Octets of the largest file that is read. */
    public static final int MOST_OCTETS = 1024 * 1024;

    private CredentialFile() {}

    /**
     * Reads a credential: a PKCS #12 file, or a PEM file with the certificate and its key. Where a PEM file {@code mn.pem} has no key, it is read from
     * {@code mn.key.pem} beside it.
     *
     * @param password of a PKCS #12 file
     * @throws Malformed   which says what is wrong with the content
     * @throws IOException which says what failed on which file
     */
    public static Credential read(Path file, Optional<String> password) throws IOException, Malformed {
        Octets content = content(file);
        if (!isPem(content)) {
            return pkcs12(content, password);
        }
        List<Pem> all = new ArrayList<>(pem(content));
        Path beside = keyBeside(file);
        if (all.stream().noneMatch(CredentialFile::isKey) && Files.exists(beside)) {
            all.addAll(pem(content(beside)));
        }
        return of(all);
    }

    /** Where the key of a PEM file without one is: {@code mn.key.pem} for {@code mn.pem}. */
    public static Path keyBeside(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".key.pem");
    }

    /** The octets of a file of at most {@link #MOST_OCTETS}. */
    public static Octets content(Path file) throws IOException, Malformed {
        if (Files.size(file) > MOST_OCTETS) {
            throw new Malformed("more than " + MOST_OCTETS + " octets", 0);
        }
        return Octets.wrap(Files.readAllBytes(file));
    }

    /** Whether a file is text with PEM structures; else it is taken for DER or PKCS #12. */
    public static boolean isPem(Octets content) {
        return latin1(content).contains("-----BEGIN ");
    }

    /** The structures of a PEM file. */
    public static List<Pem> pem(Octets content) throws Malformed {
        return Pem.read(latin1(content));
    }

    private static String latin1(Octets content) {
        return new String(content.toArray(), StandardCharsets.ISO_8859_1);
    }

    private static boolean isKey(Pem pem) {
        return pem.label().endsWith(Pem.PRIVATE_KEY);
    }

    private static Credential of(List<Pem> all) throws Malformed {
        List<Octets> certificates = all.stream().filter(pem -> pem.label().equals(Pem.CERTIFICATE)).map(Pem::der).toList();
        Optional<Pem> key = all.stream().filter(CredentialFile::isKey).findFirst();
        if (key.isEmpty()) {
            throw new Malformed("no private key", 0);
        }
        return credential(certificates, privateKey(key.get()));
    }

    /** A private key of RSA, as PKCS #8 or PKCS #1. */
    public static RSAPrivateKey privateKey(Pem pem) throws Malformed {
        return switch (pem.label()) {
            case Pem.PRIVATE_KEY -> pkcs8(pem.der());
            case Pem.RSA_PRIVATE_KEY -> pkcs8(Der.read(pem.der(), ASN1Primitive.class::cast, key -> Octets.wrap(new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), key).getEncoded())));
            case "ENCRYPTED PRIVATE KEY" -> throw new Malformed("an encrypted private key: give it unencrypted, or in a PKCS #12 file", 0);
            default -> throw new Malformed("\"" + Printable.text(pem.label()) + "\" is no private key of RSA", 0);
        };
    }

    private static RSAPrivateKey pkcs8(Octets der) throws Malformed {
        try {
            return (RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der.toArray()));
        } catch (GeneralSecurityException e) {
            throw new Malformed("no private key of RSA", 0);
        }
    }

    private static Credential pkcs12(Octets content, Optional<String> password) throws Malformed {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            char[] secret = password.orElse("").toCharArray();
            store.load(new ByteArrayInputStream(content.toArray()), secret);
            for (String alias : Collections.list(store.aliases()).stream().sorted().toList()) {
                if (store.isKeyEntry(alias)) {
                    List<Octets> chain = new ArrayList<>();
                    for (Certificate certificate : store.getCertificateChain(alias)) {
                        chain.add(Octets.wrap(certificate.getEncoded()));
                    }
                    return credential(chain, rsa((PrivateKey) store.getKey(alias, secret)));
                }
            }
            throw new Malformed("a PKCS #12 file without a private key", 0);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new Malformed(e.getCause() instanceof GeneralSecurityException ? password.isEmpty() ? "a PKCS #12 file needs its password"
                    : "the password does not open this PKCS #12 file" : "neither PEM nor PKCS #12", 0);
        }
    }

    private static RSAPrivateKey rsa(PrivateKey key) throws Malformed {
        if (key instanceof RSAPrivateKey rsa) {
            return rsa;
        }
        throw new Malformed("a private key of " + key.getAlgorithm() + "; signatures here are of RSA", 0);
    }

    /** The certificate of the key comes first, then the others as they stood. */
    private static Credential credential(List<Octets> certificates, RSAPrivateKey key) throws Malformed {
        List<Octets> chain = new ArrayList<>(certificates);
        for (Octets certificate : certificates) {
            if (CertificateInfo.parse(certificate).key().rsa().filter(rsa -> rsa.getModulus().equals(key.getModulus())).isPresent()) {
                chain.remove(certificate);
                chain.addFirst(certificate);
                return new Credential(chain, key);
            }
        }
        throw new Malformed("no certificate for its private key", 0);
    }
}
