package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.OctetWriter;
import careof.engine.base.Octets;
import careof.engine.pki.Verdict.Why;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChainTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final ASN1ObjectIdentifier STRANGE = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");

    @FunctionalInterface
    private interface More {
        void add(X509v3CertificateBuilder builder) throws CertIOException;
    }

    private static final More AUTHORITY = builder -> {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    };
    private static final More NODE = builder -> builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));

    private static KeyPair key(String name) {
        return RsaKeys.ofNames().key("chain " + name, 1024);
    }

    /** Signed by the issuer's own key, with the library's own signer. */
    private static Octets certificate(String subject, String issuer, More more) {
        return certificate(subject, issuer, issuer, "SHA256withRSA", more);
    }

    private static Octets certificate(String subject, String issuer, String signer, String algorithm, More more) {
        try {
            var builder = new X509v3CertificateBuilder(new X500Name("CN=" + issuer), BigInteger.valueOf(subject.hashCode()), Date.from(NOW.minusSeconds(1000)),
                    Date.from(NOW.plusSeconds(1000)), new X500Name("CN=" + subject), SubjectPublicKeyInfo.getInstance(key(subject).getPublic().getEncoded()));
            more.add(builder);
            return Octets.wrap(builder.build(new JcaContentSignerBuilder(algorithm).build(key(signer).getPrivate())).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final Octets ROOT = certificate("root", "root", AUTHORITY);
    private static final Octets END = certificate("end", "root", NODE);

    private static Verdict verify(List<Octets> presented) {
        return Chain.verify(presented, List.of(ROOT), List.of(), NOW);
    }

    private static void refused(Why why, Verdict verdict) {
        assertEquals(why, assertInstanceOf(Verdict.Refused.class, verdict).why(), verdict.toString());
    }

    private static void trusted(Verdict verdict) {
        assertInstanceOf(Verdict.Trusted.class, verdict, verdict.toString());
    }

    @Test
    void authoritiesBelowAuthorities() {
        Octets one = certificate("one", "root", AUTHORITY);
        Octets two = certificate("two", "one", AUTHORITY);
        Octets three = certificate("three", "two", AUTHORITY);
        trusted(verify(List.of(END)));
        trusted(verify(List.of(END, ROOT)));
        trusted(verify(List.of(certificate("end", "one", NODE), one)));
        trusted(verify(List.of(certificate("end", "two", NODE), one, two)));
        trusted(verify(List.of(certificate("end", "two", NODE), two, certificate("bystander", "root", NODE), one)));
        refused(Why.TOO_LONG, verify(List.of(certificate("end", "three", NODE), three, two, one)));
        refused(Why.UNKNOWN_AUTHORITY, verify(List.of(certificate("end", "two", NODE), two)));
        trusted(Chain.verify(List.of(certificate("end", "two", NODE)), List.of(ROOT, two), List.of(), NOW));
        refused(Why.NONE, verify(List.of()));
        refused(Why.TOO_LONG, verify(Collections.nCopies(9, END)));
        refused(Why.UNKNOWN_AUTHORITY, Chain.verify(List.of(END), List.of(), List.of(), NOW));
    }

    @Test
    void circlesEnd() {
        Octets a = certificate("a", "b", AUTHORITY);
        Octets b = certificate("b", "a", AUTHORITY);
        refused(Why.TOO_LONG, verify(List.of(certificate("end", "a", NODE), a, b)));
        refused(Why.UNKNOWN_AUTHORITY, verify(List.of(certificate("self", "self", NODE))));
    }

    /** The mistake of CVE-2004-0155: to take names for signatures. */
    @Test
    void aNameIsNoSignature() {
        refused(Why.BAD_SIGNATURE, verify(List.of(certificate("end", "root", "impostor", "SHA256withRSA", NODE))));
        refused(Why.BAD_SIGNATURE, verify(List.of(certificate("end", "root", "impostor", "SHA256withRSA", NODE), certificate("root", "root", "impostor", "SHA256withRSA", AUTHORITY))));
        // a root of the same name that the peer presents is an authority, but not one that is trusted
        Octets other = Pki.make(List.of("root"), List.of(new CertificatePlan("x", "root", "CN=x", List.of(), NOW, NOW.plusSeconds(1), false, 1024, "x", false)), NOW,
                (name, bits) -> key("impostor")).credentials().get("x").certificate();
        refused(Why.BAD_SIGNATURE, verify(List.of(other)));
    }

    @ParameterizedTest
    @CsvSource({"SHA1withRSA, true", "SHA256withRSA, true", "SHA384withRSA, true", "SHA512withRSA, true", "MD5withRSA, false"})
    void algorithmsOfSignatures(String algorithm, boolean taken) {
        Verdict verdict = verify(List.of(certificate("end", "root", "root", algorithm, NODE)));
        if (taken) {
            trusted(verdict);
        } else {
            refused(Why.BAD_SIGNATURE, verdict);
        }
    }

    @Test
    void whoMayIssue() {
        Octets node = certificate("one", "root", NODE);
        refused(Why.NOT_A_CA, verify(List.of(certificate("end", "one", NODE), node)));
        Octets plain = certificate("one", "root", builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false)));
        refused(Why.NOT_A_CA, verify(List.of(certificate("end", "one", NODE), plain)));
        Octets encrypts = certificate("one", "root", builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyEncipherment));
        });
        refused(Why.KEY_USAGE, verify(List.of(certificate("end", "one", NODE), encrypts)));
        Octets without = certificate("one", "root", builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
        trusted(verify(List.of(certificate("end", "one", NODE), without)));
        Octets last = certificate("one", "root", builder -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0)));
        trusted(verify(List.of(certificate("end", "one", NODE), last)));
        refused(Why.NOT_A_CA, verify(List.of(certificate("end", "two", NODE), certificate("two", "one", AUTHORITY), last)));
    }

    @Test
    void whatTheEndsKeyIsFor() {
        trusted(verify(List.of(certificate("end", "root", builder -> {}))));
        trusted(verify(List.of(certificate("end", "root", builder -> builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.nonRepudiation))))));
        refused(Why.KEY_USAGE, verify(List.of(certificate("end", "root", builder -> builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))))));
        refused(Why.KEY_USAGE, verify(List.of(ROOT)));
        trusted(verify(List.of(certificate("end", "root", builder -> builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_ipsecIKE))))));
        trusted(verify(List.of(certificate("end", "root", builder -> builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage))))));
        refused(Why.KEY_USAGE, verify(List.of(certificate("end", "root", builder -> builder.addExtension(Extension.extendedKeyUsage, false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))))));
    }

    @Test
    void criticalExtensionsThatAreNotUnderstood() {
        refused(Why.UNKNOWN_EXTENSION, verify(List.of(certificate("end", "root", builder -> builder.addExtension(STRANGE, true, new DEROctetString(new byte[1]))))));
        trusted(verify(List.of(certificate("end", "root", builder -> builder.addExtension(STRANGE, false, new DEROctetString(new byte[1]))))));
        Octets one = certificate("one", "root", builder -> {
            AUTHORITY.add(builder);
            builder.addExtension(Extension.nameConstraints, false, new DEROctetString(new byte[1]));
        });
        refused(Why.UNKNOWN_EXTENSION, verify(List.of(certificate("end", "one", NODE), one)));
    }

    private static CertificateMaker maker(String name, String signer) {
        return new CertificateMaker(DistinguishedName.of("CN=" + name), key(name).getPublic(), key(signer).getPrivate());
    }

    @Test
    void revocationLists() throws Malformed {
        List<BigInteger> end = List.of(CertificateInfo.parse(END).serial());
        Instant before = NOW.minus(Duration.ofDays(1));
        Instant after = NOW.plus(Duration.ofDays(1));
        Octets names = maker("root", "root").revocations(end, before, after);
        Octets empty = maker("root", "root").revocations(List.of(), before, after);
        Octets newer = maker("root", "root").revocations(List.of(), before.plusSeconds(1), after);
        Octets forged = maker("root", "impostor").revocations(end, before.plusSeconds(2), after);
        Octets old = maker("root", "root").revocations(List.of(), before.minusSeconds(5), NOW.minusSeconds(1));
        Octets early = maker("root", "root").revocations(List.of(), NOW.plusSeconds(1), after);
        refused(Why.REVOKED, revoked(names));
        trusted(revoked(empty));
        trusted(revoked(empty, forged));
        refused(Why.NO_REVOCATION_LIST, revoked(forged));
        refused(Why.NO_REVOCATION_LIST, revoked(old));
        refused(Why.NO_REVOCATION_LIST, revoked(early));
        refused(Why.REVOKED, revoked(old, names));
        trusted(revoked(names, newer));
        trusted(revoked(maker("other", "other").revocations(end, before, after)));
        trusted(revoked(Octets.hex("3000")));
        trusted(Chain.verify(List.of(END), List.of(ROOT), List.of(old), NOW.minusSeconds(1)));
        RevocationList read = RevocationList.parse(names);
        assertEquals("CN=root", read.issuer().text());
        assertEquals(List.of(new RevocationList.Entry(end.getFirst(), before)), read.entries());
    }

    private static Verdict revoked(Octets... lists) {
        return Chain.verify(List.of(END), List.of(ROOT), List.of(lists), NOW);
    }

    @Test
    void malformedCertificates() {
        refused(Why.MALFORMED, verify(List.of(Octets.EMPTY)));
        refused(Why.MALFORMED, verify(List.of(END.slice(0, END.length() - 1))));
        refused(Why.MALFORMED, verify(List.of(new OctetWriter().octets(END).u8(0).toOctets())));
        refused(Why.MALFORMED, verify(List.of(Octets.zeros(1 << 20))));
        refused(Why.MALFORMED, verify(List.of(Octets.hex("30 82 0400 " + "3080".repeat(512)))));
        refused(Why.MALFORMED, verify(List.of(nested(4000))));
        trusted(verify(List.of(END, Octets.hex("3000"))));
    }

    /** One sequence in the other. */
    private static Octets nested(int depth) {
        byte[] all = new byte[4 * depth];
        for (int i = 0; i < depth; i++) {
            int left = all.length - 4 * (i + 1);
            all[4 * i] = 0x30;
            all[4 * i + 1] = (byte) 0x82;
            all[4 * i + 2] = (byte) (left >> 8);
            all[4 * i + 3] = (byte) left;
        }
        return Octets.wrap(all);
    }

    /** Nothing that is changed is trusted, and nothing throws. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void mutations(long seed) throws Malformed {
        Random random = new Random(seed);
        Octets one = certificate("one", "root", AUTHORITY);
        List<Octets> chain = List.of(certificate("end", "one", NODE), one);
        Octets list = maker("root", "root").revocations(List.of(BigInteger.ONE, BigInteger.TWO), NOW.minusSeconds(5), NOW.plusSeconds(500));
        for (int i = 0; i < 2000; i++) {
            int which = random.nextInt(3);
            List<Octets> changed = new ArrayList<>(chain);
            if (which < 2) {
                changed.set(which, mutate(chain.get(which), random));
            }
            Octets changedList = which < 2 ? list : mutate(list, random);
            Verdict verdict = Chain.verify(changed, List.of(ROOT), List.of(changedList), NOW);
            if (which < 2) {
                assertInstanceOf(Verdict.Refused.class, verdict, "seed " + seed + " round " + i + ": " + changed.get(which));
            } else {
                assertNotEquals("", verdict.toString());
            }
        }
    }

    private static Octets mutate(Octets octets, Random random) {
        byte[] changed = octets.toArray();
        switch (random.nextInt(4)) {
            case 0 -> changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                int at = random.nextInt(changed.length);
                changed[at] = (byte) (changed[at] + 1 + random.nextInt(255));
            }
            case 2 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
            default -> {
                int at = random.nextInt(changed.length - 1);
                changed[at] ^= (byte) 0x80;
                changed[at + 1] ^= (byte) (1 + random.nextInt(255));
            }
        }
        return Octets.wrap(changed);
    }

    @Test
    void wordsForPeople() {
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verify(List.of(certificate("end", "nobody", NODE))));
        assertTrue(refused.words().contains("\"CN=nobody\""), refused.words());
        assertEquals("CN=end", refused.at().orElseThrow().subject().text());
    }
}
