package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.RsaSignature;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PkiTest {
    static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    static final List<SubjectName> NAMES = List.of(SubjectName.parse("dns:mn.lab"), SubjectName.parse("ip:2001:db8:1::10"), SubjectName.parse("ip:192.0.2.7"),
            SubjectName.parse("mail:mn@lab"), SubjectName.parse("dn:O=Lab,CN=alias"));
    static final CertificatePlan MN = new CertificatePlan("mn", "ca", "O=Lab,CN=mn", NAMES, EPOCH.minus(Duration.ofDays(1)), EPOCH.plus(Duration.ofDays(365)), false,
            1024, "mn", false);

    static Pki pki(CertificatePlan... plans) {
        return Pki.make(List.of("ca", "rogue"), List.of(plans), EPOCH, RsaKeys.ofNames());
    }

    static Verdict verify(Pki pki, String name, Instant at) {
        return Chain.verify(pki.credentials().get(name).chain(), List.of(pki.authorities().get("ca").certificate()), pki.revocations(), at);
    }

    static void refused(Verdict.Why why, Verdict verdict) {
        assertEquals(why, assertInstanceOf(Verdict.Refused.class, verdict).why(), verdict.toString());
    }

    @Test
    void certificatesSayWhatTheirPlansSay() throws Malformed {
        Pki pki = pki(MN);
        CertificateInfo mn = CertificateInfo.parse(pki.credentials().get("mn").certificate());
        assertEquals("O=Lab,CN=mn", mn.subject().text());
        assertEquals("CN=ca", mn.issuer().text());
        assertEquals(3, mn.version());
        assertEquals(MN.notBefore(), mn.notBefore());
        assertEquals(MN.notAfter(), mn.notAfter());
        assertEquals(NAMES, mn.extensions().names());
        assertEquals(Optional.of(Set.of(Usage.DIGITAL_SIGNATURE)), mn.extensions().usage());
        assertEquals(1024, mn.key().bits());
        assertEquals("sha256WithRSAEncryption", mn.signed().algorithm());
        assertTrue(NAMES.stream().allMatch(mn::names));
        assertTrue(mn.names(SubjectName.parse("dn:o=lab,CN=MN")));
        assertFalse(mn.names(SubjectName.parse("dn:CN=mn,O=Lab")), "the order of parts counts");
        assertFalse(mn.names(SubjectName.parse("dns:ha.lab")));
        assertFalse(mn.isSelfIssued());
        CertificateInfo ca = CertificateInfo.parse(pki.authorities().get("ca").certificate());
        assertEquals(Optional.of(true), ca.extensions().authority());
        assertEquals(Optional.of(Set.of(Usage.KEY_CERT_SIGN, Usage.CRL_SIGN)), ca.extensions().usage());
        assertTrue(ca.isSelfIssued());
        assertEquals(2048, ca.key().bits());
    }

    @Test
    void verdictsOfPlans() throws Malformed {
        Pki pki = pki(MN, CertificatePlan.usual("ha", "ca", List.of(SubjectName.parse("dns:ha.lab")), EPOCH).withKeyOf("mn"), plan("late").between(EPOCH.plusSeconds(60), EPOCH.plusSeconds(120)),
                plan("revoked").asRevoked(), plan("forged").asForged(),
                new CertificatePlan("other", "rogue", "CN=other", List.of(), EPOCH, EPOCH.plusSeconds(100), false, 1024, "mn", false));
        Verdict.Trusted mn = assertInstanceOf(Verdict.Trusted.class, verify(pki, "mn", EPOCH));
        assertEquals(CertificateInfo.parse(pki.credentials().get("mn").certificate()), mn.end());
        Octets hash = Octets.hex("00112233445566778899aabbccddeeff00112233");
        assertTrue(RsaSignature.verify(mn.key(), hash, RsaSignature.sign(pki.credentials().get("mn").key(), hash)));
        assertInstanceOf(Verdict.Trusted.class, verify(pki, "mn", MN.notBefore()));
        refused(Verdict.Why.NOT_YET_VALID, verify(pki, "mn", MN.notBefore().minusSeconds(1)));
        assertInstanceOf(Verdict.Trusted.class, verify(pki, "mn", MN.notAfter()));
        refused(Verdict.Why.EXPIRED, verify(pki, "mn", MN.notAfter().plusSeconds(1)));
        refused(Verdict.Why.NOT_YET_VALID, verify(pki, "late", EPOCH));
        assertInstanceOf(Verdict.Trusted.class, verify(pki, "late", EPOCH.plusSeconds(60)));
        refused(Verdict.Why.EXPIRED, verify(pki, "late", EPOCH.plusSeconds(121)));
        refused(Verdict.Why.REVOKED, verify(pki, "revoked", EPOCH));
        assertInstanceOf(Verdict.Trusted.class, Chain.verify(pki.credentials().get("revoked").chain(), pki.trusted(), List.of(), EPOCH), "who does not look");
        refused(Verdict.Why.BAD_SIGNATURE, verify(pki, "forged", EPOCH));
        refused(Verdict.Why.UNKNOWN_AUTHORITY, verify(pki, "other", EPOCH));
        assertInstanceOf(Verdict.Trusted.class, Chain.verify(pki.credentials().get("other").chain(), pki.trusted(), pki.revocations(), EPOCH));
    }

    static CertificatePlan plan(String name) {
        return new CertificatePlan(name, "ca", "CN=" + name, List.of(), MN.notBefore(), MN.notAfter(), false, 1024, "mn", false);
    }

    @Test
    void theSameInputsTheSameOctets() {
        Pki first = pki(MN, plan("revoked").asRevoked());
        Pki second = pki(MN, plan("revoked").asRevoked());
        assertEquals(first.credentials(), second.credentials());
        assertEquals(first.authorities(), second.authorities());
        assertNotEquals(first.credentials().get("mn").certificate(), pki(MN.between(MN.notBefore(), MN.notAfter().plusSeconds(1))).credentials().get("mn").certificate());
        assertEquals(List.of("mn", "revoked"), List.copyOf(first.credentials().keySet()));
        assertFalse(first.credentials().toString().contains(first.credentials().get("mn").key().getPrivateExponent().toString()));
    }

    @Test
    void whatCannotBeMadeIsSaid() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Pki.make(List.of("a"), List.of(MN), EPOCH, RsaKeys.ofNames())).getMessage().contains("no authority"));
        assertThrows(IllegalArgumentException.class, () -> RsaKeys.ofNames().key("x", 504));
        assertThrows(IllegalArgumentException.class, () -> RsaKeys.ofNames().key("x", 1028));
        assertThrows(IllegalArgumentException.class, () -> RsaKeys.ofNames().key("x", 16384));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 1032, 1536, 2048})
    void keysOfNames(int bits) {
        KeyPair pair = RsaKeys.ofNames().key("test", bits);
        RSAPrivateCrtKey key = assertInstanceOf(RSAPrivateCrtKey.class, pair.getPrivate());
        assertEquals(bits, key.getModulus().bitLength());
        assertEquals(key.getModulus(), key.getPrimeP().multiply(key.getPrimeQ()));
        assertTrue(key.getPrimeP().isProbablePrime(50) && key.getPrimeQ().isProbablePrime(50));
        BigInteger message = new BigInteger("123456789abcdef", 16);
        assertEquals(message, message.modPow(key.getPublicExponent(), key.getModulus()).modPow(key.getPrivateExponent(), key.getModulus()));
        assertNotEquals(key.getModulus(), ((RSAPrivateCrtKey) RsaKeys.ofNames().key("test2", bits).getPrivate()).getModulus());
        assertEquals(pair, RsaKeys.ofNames().key("test", bits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns:mn.lab", "mail:a@b", "ip:2001:db8::1", "ip:192.0.2.1", "dn:CN=mn", "dn:C=XX,O=a\\, b,CN=mn+UID=7"})
    void namesOfSubjectsAsText(String text) {
        assertEquals(text, SubjectName.parse(text).text());
        assertTrue(SubjectName.parse(text).matches(SubjectName.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mn.lab", "dns:", "dns:a b", "mail:\u0007", "ip:mn", "dn:mn", "uri:x", "dn:=", "dns:caf\u00e9"})
    void whatNamesNobody(String text) {
        assertThrows(IllegalArgumentException.class, () -> SubjectName.parse(text));
    }

    @Test
    void namesMatchByTheRulesOfTheirKind() {
        assertTrue(SubjectName.parse("dns:MN.Lab").matches(SubjectName.parse("dns:mn.lab")));
        assertTrue(SubjectName.parse("mail:mn@LAB").matches(SubjectName.parse("mail:mn@lab")));
        assertFalse(SubjectName.parse("mail:MN@lab").matches(SubjectName.parse("mail:mn@lab")));
        assertFalse(SubjectName.parse("mail:mn.lab").matches(SubjectName.parse("dns:mn.lab")));
        assertTrue(SubjectName.parse("dn:O=My  Lab,CN=x").matches(SubjectName.parse("dn:O=my lab,CN=X")));
        assertFalse(SubjectName.parse("dn:O=My,CN=x").matches(SubjectName.parse("dn:O=My,CN=x,CN=y")));
        assertTrue(SubjectName.parse("ip:2001:db8::1").matches(SubjectName.parse("ip:2001:DB8:0::1")));
    }
}
