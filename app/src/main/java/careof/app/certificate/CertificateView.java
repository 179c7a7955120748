package careof.app.certificate;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.CertificateInfo;
import careof.engine.pki.CertificateText;
import careof.engine.pki.Chain;
import careof.engine.pki.Pem;
import careof.engine.pki.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the viewer shows of a certificate.
 *
 * @param title    whose it is and where it was seen
 * @param rows     labels and values, in the order to show them; none of what is no certificate
 * @param trusted  whether its chain leads to an authority that is believed
 * @param verdict  that in words, and why
 * @param valid    whether the lab's time is within its validity
 * @param validity that in words
 * @param chain    subjects, from the certificate up, as far as they are known
 * @param pem      the certificate for other programs
 */
public record CertificateView(String title, SequencedMap<String, String> rows, boolean trusted, String verdict, boolean valid, String validity,
        List<String> chain, String pem) {
    /**
     * @param trusted     certificates of the authorities that the judge believes, DER
     * @param revocations its lists of revoked certificates, DER
     * @param now         calendar time of the lab at that moment
     */
    static CertificateView of(ShownCertificate shown, List<Octets> trusted, List<Octets> revocations, Instant now) {
        Octets der = shown.chain().getFirst();
        String who = shown.judge().orElse("the lab");
        boolean believed;
        String verdict;
        switch (Chain.verify(shown.chain(), trusted, revocations, now)) {
            case Verdict.Trusted _ -> {
                believed = true;
                verdict = who + " trusts it: its chain leads to an authority that " + who + " believes";
            }
            case Verdict.Refused no -> {
                believed = false;
                verdict = who + " refuses it (" + no.why().text() + "): " + no.words();
            }
        }
        String pem = new Pem(Pem.CERTIFICATE, der).text();
        try {
            CertificateInfo info = CertificateInfo.parse(der);
            return new CertificateView(shown.title(), CertificateText.of(info), believed, verdict, info.isValidAt(now), validity(info, now),
                    chain(info, shown.chain(), trusted), pem);
        } catch (Malformed e) {
            return new CertificateView(shown.title(), new LinkedHashMap<>(), believed, verdict, false, "its validity cannot be read", List.of(), pem);
        }
    }

    private static String validity(CertificateInfo info, Instant now) {
        String at = "At " + now.truncatedTo(ChronoUnit.SECONDS) + " of the lab's time it ";
        return at + (now.isBefore(info.notBefore()) ? "is not valid yet, for another " + time(Duration.between(now, info.notBefore()))
                : now.isAfter(info.notAfter()) ? "has been over for " + time(Duration.between(info.notAfter(), now))
                : "is valid, for another " + time(Duration.between(now, info.notAfter())));
    }

    private static String time(Duration time) {
        return time.toDays() > 1 ? time.toDays() + " days" : time.toHours() > 1 ? time.toHours() + " hours" : time.toSeconds() + " seconds";
    }

    /** Each one's issuer by name, those that are believed first; one that is believed ends it. */
    private static List<String> chain(CertificateInfo end, List<Octets> presented, List<Octets> trusted) {
        List<String> subjects = new ArrayList<>(List.of(end.subject().text()));
        CertificateInfo subject = end;
        for (int i = 1; i < Chain.MOST_STEPS && !trusted.contains(subject.der()); i++) {
            CertificateInfo below = subject;
            Optional<CertificateInfo> issuer = find(below, trusted).or(() -> find(below, presented));
            if (issuer.isEmpty()) {
                subjects.add(below.issuer().text() + " (not known)");
                return subjects;
            }
            subject = issuer.get();
            subjects.add(subject.subject().text() + (trusted.contains(subject.der()) ? " (believed)" : ""));
        }
        return subjects;
    }

    private static Optional<CertificateInfo> find(CertificateInfo below, List<Octets> among) {
        for (Octets der : among) {
            try {
                CertificateInfo one = CertificateInfo.parse(der);
                if (one.subject().matches(below.issuer()) && !one.equals(below)) {
                    return Optional.of(one);
                }
            } catch (Malformed e) {
                continue;    // nobody's issuer
            }
        }
        return Optional.empty();
    }
}
