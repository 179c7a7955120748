package careof.engine.lab;

import java.util.List;
import java.util.Optional;

/**
 * Certificates of a lab. A node that needs one and names none has one of its own name, which need not stand here.
 *
 * @param authorities  names of certification authorities, at least one; each has a certificate of its own and a revocation list
 * @param certificates names are unique
 */
public record LabPki(List<String> authorities, List<LabCertificate> certificates) {
    /** One authority. */
    public static final LabPki DEFAULT = new LabPki(List.of("ca"), List.of());

    public LabPki {
        authorities = List.copyOf(authorities);
        certificates = List.copyOf(certificates);
    }

    public Optional<LabCertificate> certificate(String name) {
        return certificates.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
