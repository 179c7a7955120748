package careof.engine.lab;

import careof.engine.pki.CertificatePlan;
import careof.engine.pki.DistinguishedName;
import careof.engine.pki.SubjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What must hold for certificates and those who issue them. */
final class PkiCheck {
    private static final String AT = "/pki";
    private static final int LEAST_BITS = 1024;
    /** Longer ones take minutes to make. */
    private static final int MOST_BITS = 4096;
    /** What RFC 5280 section 4.1.2.5 can say. */
    private static final Instant FIRST = Instant.parse("1950-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private final LabCheck check;
    private final Lab lab;

    PkiCheck(LabCheck check, Lab lab) {
        this.check = check;
        this.lab = lab;
    }

    void all() {
        LabPki pki = lab.pki();
        if (pki.authorities().isEmpty()) {
            check.error(AT + "/authorities", "nobody issues certificates; name at least one authority, such as \"ca\"");
        }
        for (int i = 0; i < pki.authorities().size(); i++) {
            check.name(AT + "/authorities/" + i, pki.authorities().get(i));
        }
        check.letters(AT + "/authorities", pki.authorities());
        check.names(AT + "/roots", "root", pki.roots().stream().map(LabPki.Root::name).toList());
        for (int i = 0; i < pki.roots().size(); i++) {
            LabPki.Root root = pki.roots().get(i);
            String at = AT + "/roots/" + i;
            if (pki.authorities().contains(root.name())) {
                check.error(at + "/name", "there is already an authority \"" + root.name() + "\"; rename one", AT + "/authorities");
            }
            inside(at + "/file", root.file());
            root.crl().ifPresent(crl -> inside(at + "/crl", crl));
        }
        check.names(AT + "/certificates", "certificate", pki.certificates().stream().map(LabCertificate::name).toList());
        for (int i = 0; i < pki.certificates().size(); i++) {
            certificate(AT + "/certificates/" + i, pki.certificates().get(i));
        }
        for (int i = 0; i < lab.nodes().size(); i++) {
            String name = lab.nodes().get(i).name();
            if (pki.believable().contains(name) && IkeDefaults.usesIke(lab, name) && IkeDefaults.certificate(lab, name).equals(name)) {
                check.error("/nodes/" + i + "/name", "the authority \"" + name + "\" has a certificate of this name;"
                        + " name another certificate in the node's ike, or rename one",
                        AT + "/authorities", "/nodes/" + i + "/ike");
            }
        }
    }

    /** One who may be believed, or a problem. */
    void believable(String at, String name) {
        named(at, name, lab.pki().believable());
    }

    private void named(String at, String name, List<String> all) {
        if (!all.isEmpty() && !all.contains(name)) {
            check.error(at, "no authority \"" + name + "\"; authorities are " + Words.list(all) + Words.suggest(name, all), AT + "/authorities", AT + "/roots");
        }
    }

    /** Whether a file is in the lab's folder or below. */
    static boolean isInside(String file) {
        return !file.isBlank() && !file.startsWith("/") && !file.contains("\\") && !file.contains(":") && file.indexOf('\0') < 0
                && !List.of(file.split("/", -1)).contains("..");
    }

    private void inside(String at, String file) {
        if (!isInside(file)) {
            check.error(at, "expected a file in the lab's folder or below, such as \"certs/mn.p12\", not \"" + file + "\"");
        }
    }

    private void certificate(String at, LabCertificate certificate) {
        if (lab.pki().believable().contains(certificate.name())) {
            check.error(at + "/name", "the authority \"" + certificate.name() + "\" has a certificate of this name; rename one", AT + "/authorities");
        }
        certificate.issuer().ifPresent(issuer -> named(at + "/issuer", issuer, lab.pki().authorities()));
        certificate.subject().map(PkiCheck::wrongDn).filter(wrong -> !wrong.isEmpty()).ifPresent(wrong -> check.error(at + "/subject", wrong));
        check.letters(at + "/names", certificate.names());
        for (int i = 0; i < certificate.names().size(); i++) {
            if (certificate.names().get(i) instanceof SubjectName.Mail(String address) && address.indexOf('@') < 1) {
                check.error(at + "/names/" + i, "\"" + address + "\" is no mail address such as mn@lab");
            }
        }
        within(at + "/from", certificate.from());
        within(at + "/to", certificate.to());
        CertificatePlan plan = IkeDefaults.plan(lab, certificate);
        if (!plan.notBefore().isBefore(plan.notAfter())) {
            check.error(at + (certificate.to().isPresent() ? "/to" : "/from"), "valid from " + plan.notBefore() + " until " + plan.notAfter() + ": never",
                    at + "/from", "/epoch");
        }
        if (certificate.bits() < LEAST_BITS || certificate.bits() > MOST_BITS || certificate.bits() % 16 != 0) {
            check.error(at + "/bits", "expected " + LEAST_BITS + " to " + MOST_BITS + ", a multiple of 16, not " + certificate.bits());
        }
        file(at, certificate);
    }

    /** What is wrong with a distinguished name; empty: nothing. */
    private static String wrongDn(String name) {
        try {
            return DistinguishedName.of(name).isEmpty() ? "an empty name is nobody's; expected one such as \"O=lab, CN=mn\"" : "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private void within(String at, Optional<Instant> instant) {
        instant.filter(when -> when.isBefore(FIRST) || when.isAfter(LAST) || when.getNano() != 0).ifPresent(when ->
                check.error(at, "expected a whole second from " + FIRST + " to " + LAST + ", as a certificate can say it, not " + when));
    }

    private void file(String at, LabCertificate certificate) {
        if (certificate.file().isEmpty()) {
            certificate.password().ifPresent(_ -> check.error(at + "/password", "nothing to open; give a file, too, or leave the field out", at + "/file"));
            return;
        }
        inside(at + "/file", certificate.file().get());
        LabCertificate bare = LabCertificate.of(certificate.name());
        if (!certificate.equals(new LabCertificate(bare.name(), bare.issuer(), bare.subject(), bare.names(), bare.from(), bare.to(), bare.revoked(), bare.bits(),
                bare.badSignature(), certificate.file(), certificate.password()))) {
            check.error(at + "/file", "what is in a file is as it is; leave out issuer, subject, names, from, to, revoked, bits and badSignature,"
                    + " or leave out the file", at);
        }
    }
}
