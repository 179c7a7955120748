package careof.engine.lab;

import careof.engine.pki.CertificatePlan;
import careof.engine.pki.SubjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A certificate with its key: made for the lab, the same one for the same lab wherever it runs, or read from a file. Keys that are made follow from
 * names alone, so anybody can make them: they are for labs.
 *
 * @param issuer       an authority; empty: the lab's first one
 * @param subject      a distinguished name; empty: CN and the certificate's name
 * @param names        alternative subject names
 * @param from         valid from then; empty: a day before the lab's epoch
 * @param to           valid until then; empty: 365 days after the lab's epoch
 * @param revoked      it is on its issuer's revocation list
 * @param bits         of its RSA key, 1024 to 4096
 * @param badSignature its issuer's signature is damaged
 * @param file         PKCS#12 or PEM with certificate and key, as the lab file's folder knows it; then none of the above is given
 * @param password     of that file
 */
public record LabCertificate(String name, Optional<String> issuer, Optional<String> subject, List<SubjectName> names, Optional<Instant> from, Optional<Instant> to,
        boolean revoked, int bits, boolean badSignature, Optional<String> file, Optional<String> password) {
    public static final int DEFAULT_BITS = CertificatePlan.USUAL_BITS;

    public LabCertificate {
        names = List.copyOf(names);
    }

    /** With all defaults. */
    public static LabCertificate of(String name) {
        return new LabCertificate(name, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false, DEFAULT_BITS, false,
                Optional.empty(), Optional.empty());
    }

    public LabCertificate withName(String newName) {
        return new LabCertificate(newName, issuer, subject, names, from, to, revoked, bits, badSignature, file, password);
    }

    public LabCertificate withNames(List<SubjectName> newNames) {
        return new LabCertificate(name, issuer, subject, newNames, from, to, revoked, bits, badSignature, file, password);
    }
}
