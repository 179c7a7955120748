package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.TBSCertList;

/**
 * What a certificate revocation list says (RFC 5280 section 5). {@link Chain#verify} tells whether to believe it.
 *
 * @param der        its octets
 * @param issuer     the authority that revokes its own certificates
 * @param thisUpdate when it was made
 * @param nextUpdate when the next one is due at the latest
 * @param entries    revoked certificates, in the list's order
 * @param unknown    object identifiers of critical extensions, none of which is understood here: the list may not be what it seems
 * @param signed     the authority's signature
 */
public record RevocationList(Octets der, DistinguishedName issuer, Instant thisUpdate, Optional<Instant> nextUpdate, List<Entry> entries, List<String> unknown,
        Signed signed) {
    /** Octets of the longest list that is read. */
    public static final int MOST_OCTETS = 256 * 1024;

    /**
     * One revoked certificate.
     *
     * @param serial its number
     * @param since  when it was revoked
     */
    public record Entry(BigInteger serial, Instant since) {}

    /** Reads a list; whatever the octets are, it takes a bounded time and throws nothing else. */
    public static RevocationList parse(Octets der) throws Malformed {
        if (der.length() > MOST_OCTETS) {
            throw new Malformed("a revocation list of " + der.length() + " octets; at most " + MOST_OCTETS + " are read", 0);
        }
        return Der.read(der, CertificateList::getInstance, list -> of(der, list));
    }

    private static RevocationList of(Octets der, CertificateList list) throws IOException, Malformed {
        TBSCertList body = list.getTBSCertList();
        List<String> unknown = new ArrayList<>();
        critical(body.getExtensions(), unknown);
        List<Entry> entries = new ArrayList<>();
        for (TBSCertList.CRLEntry entry : body.getRevokedCertificates()) {
            critical(entry.getExtensions(), unknown);
            entries.add(new Entry(entry.getUserCertificate().getValue(), entry.getRevocationDate().getDate().toInstant()));
        }
        return new RevocationList(der, DistinguishedName.of(body.getIssuer()), body.getThisUpdate().getDate().toInstant(),
                Optional.ofNullable(body.getNextUpdate()).map(RevocationList::instant), List.copyOf(entries), List.copyOf(unknown),
                Signed.of(der, body.getSignature(), list.getSignatureAlgorithm(), list.getSignature()));
    }

    private static Instant instant(org.bouncycastle.asn1.x509.Time time) {
        return time.getDate().toInstant();
    }

    private static void critical(org.bouncycastle.asn1.x509.Extensions extensions, List<String> unknown) {
        if (extensions != null) {
            for (ASN1ObjectIdentifier id : extensions.getCriticalExtensionOIDs()) {
                unknown.add(id.getId());
            }
        }
    }

    /** When the certificate with this number was revoked, if it was. */
    public Optional<Instant> revoked(BigInteger serial) {
        return entries.stream().filter(entry -> entry.serial().equals(serial)).map(Entry::since).findFirst();
    }
}
