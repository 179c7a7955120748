package careof.engine.pki;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.pki.Verdict.Refused;
import careof.engine.pki.Verdict.Trusted;
import careof.engine.pki.Verdict.Why;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Judges a chain of certificates (RFC 5280 section 6.1, without policies and constraints of names): from the peer's own certificate upwards,
 * each is within its validity, signed by the next, which is an authority that may sign it, and not revoked, up to an authority that is
 * trusted. Whoever presents the chain chooses all of it, so that it is bounded how much is looked at.
 */
public final class Chain {
    /** Certificates that a peer may present. */
    public static final int MOST_PRESENTED = 8;
    /** Certificates on the way, with the end's own and the trusted authority's. */
    public static final int MOST_STEPS = 4;

    private final List<CertificateInfo> presented;
    private final List<CertificateInfo> trusted;
    private final List<RevocationList> lists;
    private final Instant at;

    private Chain(List<CertificateInfo> presented, List<CertificateInfo> trusted, List<RevocationList> lists, Instant at) {
        this.presented = presented;
        this.trusted = trusted;
        this.lists = lists;
        this.at = at;
    }

    /**
     * Judges what a peer presents.
     *
     * @param presented   certificates, the peer's own first, others in any order
     * @param trusted     certificates of the authorities to trust; one that cannot be read counts for nothing
     * @param revocations revocation lists from anywhere. An issuer with a list here revokes by it; lists that cannot be read count for nothing
     * @param at          now
     */
    public static Verdict verify(List<Octets> presented, List<Octets> trusted, List<Octets> revocations, Instant at) {
        if (presented.isEmpty()) {
            return new Refused(Why.NONE, "no certificate", Optional.empty());
        }
        if (presented.size() > MOST_PRESENTED) {
            return new Refused(Why.TOO_LONG, presented.size() + " certificates; at most " + MOST_PRESENTED + " are looked at", Optional.empty());
        }
        List<CertificateInfo> chain = new ArrayList<>();
        for (int i = 0; i < presented.size(); i++) {
            try {
                chain.add(CertificateInfo.parse(presented.get(i)));
            } catch (Malformed e) {
                if (i == 0) {
                    return new Refused(Why.MALFORMED, e.getMessage(), Optional.empty());
                }
            }
        }
        List<RevocationList> lists = new ArrayList<>();
        for (Octets list : revocations) {
            try {
                lists.add(RevocationList.parse(list));
            } catch (Malformed e) {
                continue;    // whose it is cannot be told
            }
        }
        return new Chain(chain, readable(trusted), lists, at).verdict();
    }

    private static List<CertificateInfo> readable(List<Octets> certificates) {
        List<CertificateInfo> readable = new ArrayList<>();
        for (Octets certificate : certificates) {
            try {
                readable.add(CertificateInfo.parse(certificate));
            } catch (Malformed e) {
                continue;    // nobody can have been signed by it
            }
        }
        return readable;
    }

    private Verdict verdict() {
        CertificateInfo end = presented.getFirst();
        Optional<Refused> fault = faultOfEnd(end).or(() -> faultOfAny(end));
        CertificateInfo subject = end;
        for (int steps = 1; fault.isEmpty(); steps++) {
            if (steps >= MOST_STEPS) {
                return refused(Why.TOO_LONG, "no trusted authority within " + MOST_STEPS + " certificates", end);
            }
            List<CertificateInfo> issuers = issuers(subject);
            Optional<CertificateInfo> signer = signer(subject, issuers);
            if (signer.isEmpty()) {
                return noSigner(subject, issuers);
            }
            CertificateInfo issuer = signer.get();
            CertificateInfo below = subject;
            fault = faultOfIssuer(issuer, steps - 1).or(() -> faultOfAny(issuer)).or(() -> revocation(below, issuer));
            if (fault.isEmpty() && trusted.contains(issuer)) {
                return new Trusted(end, end.key().rsa().orElseThrow());
            }
            subject = issuer;
        }
        return fault.get();
    }

    /** Those who may have signed by their name: trusted ones first. */
    private List<CertificateInfo> issuers(CertificateInfo subject) {
        List<CertificateInfo> issuers = new ArrayList<>();
        for (List<CertificateInfo> all : List.of(trusted, presented)) {
            for (CertificateInfo one : all) {
                if (one.subject().matches(subject.issuer()) && !one.equals(subject)) {
                    issuers.add(one);
                }
            }
        }
        return issuers;
    }

    private static Optional<CertificateInfo> signer(CertificateInfo subject, List<CertificateInfo> issuers) {
        return issuers.stream().filter(issuer -> issuer.key().rsa().filter(subject.signed()::isBy).isPresent()).findFirst();
    }

    private Refused noSigner(CertificateInfo subject, List<CertificateInfo> issuers) {
        if (issuers.isEmpty()) {
            return refused(Why.UNKNOWN_AUTHORITY, "issued by \"" + subject.issuer().text() + "\", whose certificate is neither trusted nor presented", subject);
        }
        return refused(Why.BAD_SIGNATURE, subject.signed().isKnown() ? "not signed by \"" + subject.issuer().text() + "\""
                : "signed with " + subject.signed().algorithm() + ", which is not taken", subject);
    }

    private static Optional<Refused> faultOfEnd(CertificateInfo end) {
        Optional<RSAPublicKey> key = end.key().rsa();
        if (key.isEmpty()) {
            return fault(Why.UNKNOWN_KEY, "a key of " + end.key().algorithm() + " with " + end.key().bits() + " bits signs nothing that is looked at", end);
        }
        return end.extensions().allowsIke() ? Optional.empty() : fault(Why.KEY_USAGE, "its key is not for signatures of IKE", end);
    }

    /** @param between certificates of authorities that stand between this issuer and the end */
    private static Optional<Refused> faultOfIssuer(CertificateInfo issuer, int between) {
        Extensions extensions = issuer.extensions();
        if (!extensions.authority().orElse(false)) {
            return fault(Why.NOT_A_CA, "\"" + issuer.subject().text() + "\" is no authority", issuer);
        }
        if (!extensions.allows(Usage.KEY_CERT_SIGN)) {
            return fault(Why.KEY_USAGE, "the key of \"" + issuer.subject().text() + "\" is not for signing certificates", issuer);
        }
        if (extensions.pathLength().isPresent() && between > extensions.pathLength().getAsInt()) {
            return fault(Why.NOT_A_CA, "\"" + issuer.subject().text() + "\" may not have so many authorities below it", issuer);
        }
        // Names that it may not issue for are not understood here, critical or not: better refuse all.
        return extensions.constrainsNames() ? fault(Why.UNKNOWN_EXTENSION, "constraints of names are not understood", issuer) : Optional.empty();
    }

    private Optional<Refused> faultOfAny(CertificateInfo one) {
        if (at.isBefore(one.notBefore())) {
            return fault(Why.NOT_YET_VALID, "valid from " + one.notBefore(), one);
        }
        if (at.isAfter(one.notAfter())) {
            return fault(Why.EXPIRED, "valid until " + one.notAfter(), one);
        }
        return one.extensions().unknown().isEmpty() ? Optional.empty()
                : fault(Why.UNKNOWN_EXTENSION, "critical extension " + one.extensions().unknown().getFirst() + " is not understood", one);
    }

    /** By the newest list that the issuer signed. One that others made in its name counts for nothing. */
    private Optional<Refused> revocation(CertificateInfo subject, CertificateInfo issuer) {
        List<RevocationList> named = lists.stream().filter(list -> list.issuer().matches(issuer.subject())).toList();
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Optional<RevocationList> newest = named.stream()
                .filter(list -> issuer.extensions().allows(Usage.CRL_SIGN) && issuer.key().rsa().filter(list.signed()::isBy).isPresent())
                .max(Comparator.comparing(RevocationList::thisUpdate));
        if (newest.isEmpty()) {
            return fault(Why.NO_REVOCATION_LIST, "the revocation list of \"" + issuer.subject().text() + "\" is not signed by it", subject);
        }
        RevocationList list = newest.get();
        if (!list.unknown().isEmpty()) {
            return fault(Why.NO_REVOCATION_LIST, "critical extension " + list.unknown().getFirst() + " of the revocation list is not understood", subject);
        }
        Optional<Instant> revoked = list.revoked(subject.serial());
        if (revoked.isPresent()) {
            return fault(Why.REVOKED, "revoked at " + revoked.get() + " by \"" + issuer.subject().text() + "\"", subject);
        }
        if (at.isBefore(list.thisUpdate())) {
            return fault(Why.NO_REVOCATION_LIST, "the revocation list is of " + list.thisUpdate() + ", later than now", subject);
        }
        return list.nextUpdate().filter(at::isAfter)
                .flatMap(due -> fault(Why.NO_REVOCATION_LIST, "the next revocation list was due at " + due, subject));
    }

    private static Optional<Refused> fault(Why why, String words, CertificateInfo at) {
        return Optional.of(refused(why, words, at));
    }

    private static Refused refused(Why why, String words, CertificateInfo at) {
        return new Refused(why, words, Optional.of(at));
    }
}
