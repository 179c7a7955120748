package careof.engine.pki;

import careof.engine.base.Octets;
import careof.engine.crypto.IkeHash;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The authorities of a lab, the certificates that they sign and their revocation lists: a pure function of plans and keys. */
public final class Pki {
    private static final Duration BEFORE = Duration.ofDays(365);
    private static final Duration AFTER = Duration.ofDays(10 * 365);

    /**
     * An authority.
     *
     * @param name        what the lab calls it; its distinguished name is {@code CN=name}
     * @param certificate its own, signed by itself
     * @param revocations its revocation list
     * @param key         what it signs with
     */
    public record Authority(String name, Octets certificate, Octets revocations, RSAPrivateKey key) {
        /** Names nothing of the key. */
        @Override
        public String toString() {
            return "Authority[" + name + "]";
        }
    }

    private final Map<String, Authority> authorities = new LinkedHashMap<>();
    private final Map<String, Credential> credentials = new LinkedHashMap<>();

    private Pki() {}

    /**
     * Makes all of it.
     *
     * @param authorities names, each once
     * @param plans       certificates to sign, each name once, their issuers among {@code authorities}
     * @param epoch       when the lab begins: authorities are valid from a year before, revocation lists made at the day before, both for years
     * @param keys        keys of authorities (named {@code "authority "} and their name) and certificates
     * @throws IllegalArgumentException which says what cannot be made of a plan
     */
    public static Pki make(List<String> authorities, List<CertificatePlan> plans, Instant epoch, RsaKeys keys) {
        Pki pki = new Pki();
        Map<String, CertificateMaker> makers = new LinkedHashMap<>();
        for (String name : authorities) {
            KeyPair key = keys.key("authority " + name, CertificatePlan.USUAL_BITS);
            DistinguishedName own = DistinguishedName.of("CN=" + name);
            CertificateMaker maker = new CertificateMaker(own, key.getPublic(), key.getPrivate());
            CertificateMaker.Terms terms = new CertificateMaker.Terms(serial("authority " + name), epoch.minus(BEFORE), epoch.plus(AFTER));
            Octets certificate = maker.authority(own, key.getPublic(), terms);
            List<BigInteger> revoked = plans.stream().filter(plan -> plan.revoked() && plan.issuer().equals(name)).map(Pki::serial).toList();
            Octets revocations = maker.revocations(revoked, epoch.minus(Duration.ofDays(1)), epoch.plus(AFTER));
            pki.authorities.put(name, new Authority(name, certificate, revocations, (RSAPrivateKey) key.getPrivate()));
            makers.put(name, maker);
        }
        for (CertificatePlan plan : plans) {
            CertificateMaker maker = makers.get(plan.issuer());
            if (maker == null) {
                throw new IllegalArgumentException("certificate " + plan.name() + " is to be signed by " + plan.issuer() + ", which is no authority here");
            }
            pki.credentials.put(plan.name(), credential(maker, plan, keys));
        }
        return pki;
    }

    private static Credential credential(CertificateMaker maker, CertificatePlan plan, RsaKeys keys) {
        KeyPair key = keys.key(plan.key(), plan.bits());
        Octets certificate = maker.node(DistinguishedName.of(plan.subject()), plan.names(), key.getPublic(),
                new CertificateMaker.Terms(serial(plan), plan.notBefore(), plan.notAfter()));
        return new Credential(List.of(plan.badSignature() ? spoilt(certificate) : certificate), (RSAPrivateKey) key.getPrivate());
    }

    /** The signature is what a certificate ends with. */
    private static Octets spoilt(Octets certificate) {
        byte[] octets = certificate.toArray();
        octets[octets.length - 1] ^= 1;
        return Octets.wrap(octets);
    }

    private static BigInteger serial(CertificatePlan plan) {
        return serial(plan.name() + "\0" + plan.subject() + "\0" + plan.notBefore() + "\0" + plan.notAfter());
    }

    /** Positive, and another for another certificate of the same authority. */
    private static BigInteger serial(String of) {
        return new BigInteger(1, IkeHash.SHA256.digest(Octets.wrap(of.getBytes(StandardCharsets.UTF_8))).slice(0, 8).toArray()).setBit(62);
    }

    /** Authorities by name, in the order that they were given in. */
    public Map<String, Authority> authorities() {
        return Collections.unmodifiableMap(authorities);
    }

    /** Certificates and keys by name, in the order of their plans. */
    public Map<String, Credential> credentials() {
        return Collections.unmodifiableMap(credentials);
    }

    /** Certificates of all authorities: what to trust where nothing else is said. */
    public List<Octets> trusted() {
        return authorities.values().stream().map(Authority::certificate).toList();
    }

    /** Revocation lists of all authorities. */
    public List<Octets> revocations() {
        return authorities.values().stream().map(Authority::revocations).toList();
    }
}
