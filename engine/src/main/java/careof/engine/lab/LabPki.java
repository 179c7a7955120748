package careof.engine.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Certificates of a lab. A node that needs one and names none has one of its own name, which need not stand here.
 *
 * @param authorities  names of certification authorities that are made, at least one; each has a certificate of its own and a revocation list
 * @param roots        authorities that are read from files; they issue nothing here
 * @param certificates names are unique among all three
 */
public record LabPki(List<String> authorities, List<Root> roots, List<LabCertificate> certificates) {
    /** One authority. */
    public static final LabPki DEFAULT = new LabPki(List.of("ca"), List.of());

    public LabPki {
        authorities = List.copyOf(authorities);
        roots = List.copyOf(roots);
        certificates = List.copyOf(certificates);
    }

    /** With no authority from a file. */
    public LabPki(List<String> authorities, List<LabCertificate> certificates) {
        this(authorities, List.of(), certificates);
    }

    /**
     * An authority that was there before the lab.
     *
     * @param file certificates, PEM or DER, as the lab file's folder knows it
     * @param crl  its revocation list, PEM or DER; empty: it has none
     */
    public record Root(String name, String file, Optional<String> crl) {}

    public Optional<LabCertificate> certificate(String name) {
        return certificates.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The names of all who may be believed. */
    public List<String> believable() {
        return Stream.concat(authorities.stream(), roots.stream().map(Root::name)).toList();
    }
}
