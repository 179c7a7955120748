package careof.engine.decode;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.DistinguishedName;
import careof.engine.pki.RevocationList;
import careof.engine.pki.SubjectName;
import careof.engine.pki.Usage;
import careof.engine.wire.isakmp.Identification;
import careof.engine.wire.isakmp.Payload;
import java.util.List;

/** What certificates, revocation lists and names in payloads of ISAKMP say. Their fields have the octets of the whole. */
final class CertificateFields {
    /** Names and entries of one certificate or list that are shown. */
    private static final int MOST = 64;

    private CertificateFields() {}

    /** Reads the data of a certificate payload from {@code start} to {@code end}; what cannot be read is an error. */
    static void add(Node p, int encoding, Octets data, int start, int end) {
        try {
            switch (encoding) {
                case Payload.Certificate.X509_SIGNATURE, Payload.Certificate.X509_KEY_EXCHANGE -> certificate(p, CertificateInfo.parse(data), start, end);
                case Payload.Certificate.CRL -> revocations(p, RevocationList.parse(data), start, end);
                default -> { }
            }
        } catch (Malformed e) {
            p.error("Malformed", "_ws.malformed", start, end, e.getMessage());
        }
    }

    private static void certificate(Node p, CertificateInfo info, int start, int end) {
        p.value(info.subject().text());
        Node c = p.group("X.509 Certificate", "isakmp.cert", start);
        c.value("version " + info.version());
        c.leaf("Subject", "isakmp.cert.subject", start, end, info.subject().text());
        c.leaf("Issuer", "isakmp.cert.issuer", start, end, info.issuer().text());
        c.leaf("Serial Number", "isakmp.cert.serial", start, end, info.serialText());
        c.leaf("Not Before", "isakmp.cert.notbefore", start, end, info.notBefore().toString());
        c.leaf("Not After", "isakmp.cert.notafter", start, end, info.notAfter().toString());
        c.leaf("Public Key", "isakmp.cert.key", start, end, info.key().algorithm() + (info.key().bits() == 0 ? "" : " of " + info.key().bits() + " bits"));
        for (SubjectName name : first(info.extensions().names())) {
            c.leaf("Alternative Name", "isakmp.cert.name", start, end, name.text());
        }
        for (String name : first(info.extensions().otherNames())) {
            c.leaf("Alternative Name", "isakmp.cert.othername", start, end, name);
        }
        info.extensions().usage().ifPresent(usage -> c.leaf("Key Usage", "isakmp.cert.usage", start, end,
                String.join(", ", usage.stream().map(Usage::text).toList())));
        info.extensions().authority().ifPresent(authority -> c.leaf("Authority", "isakmp.cert.authority", start, end, authority ? "yes" : "no"));
        c.leaf("Signature Algorithm", "isakmp.cert.algorithm", start, end, info.signed().algorithm());
        c.leaf("SHA-256 Fingerprint", "isakmp.cert.fingerprint", start, end, info.fingerprint().toHex());
    }

    private static void revocations(Node p, RevocationList list, int start, int end) {
        p.value("revocations by " + list.issuer().text());
        Node c = p.group("Revocation List", "isakmp.crl", start);
        c.leaf("Issuer", "isakmp.crl.issuer", start, end, list.issuer().text());
        c.leaf("This Update", "isakmp.crl.thisupdate", start, end, list.thisUpdate().toString());
        list.nextUpdate().ifPresent(next -> c.leaf("Next Update", "isakmp.crl.nextupdate", start, end, next.toString()));
        for (RevocationList.Entry entry : first(list.entries())) {
            c.leaf("Revoked Serial Number", "isakmp.crl.serial", start, end, entry.serial().toString(16));
        }
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(MOST, all.size()));
    }

    /** A distinguished name as people write it, or its octets. */
    static String name(Octets der) {
        try {
            return DistinguishedName.ofDer(der).text();
        } catch (Malformed e) {
            return "0x" + der.slice(0, Math.min(der.length(), 64)).toHex();
        }
    }

    /** {@link Identification#text} with distinguished names as people write them. */
    static String text(Identification id) {
        return id.idType() == Identification.DER_ASN1_DN ? "dn:" + name(id.data()) : id.text();
    }
}
