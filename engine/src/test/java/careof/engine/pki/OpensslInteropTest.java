package careof.engine.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import careof.engine.base.Malformed;
import careof.engine.base.Octets;
import careof.engine.crypto.RsaSignature;
import careof.engine.pki.Verdict.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL and we judge each other's certificates alike. */
@Tag("interop")
class OpensslInteropTest {
    private static final Instant NOW = PkiTest.EPOCH;

    @TempDir
    private Path folder;

    private record Ran(int code, String output) {}

    private Ran run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    /** Runs a line of a shell, which must go well. */
    private String openssl(String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(line.split(" ")));
        Ran ran = run(command.toArray(String[]::new));
        assertEquals(0, ran.code, line + "\n" + ran.output);
        return ran.output;
    }

    private void write(String name, String label, Octets der) throws IOException {
        Files.writeString(folder.resolve(name), new Pem(label, der).text());
    }

    private Octets read(String name) throws IOException, Malformed {
        return CredentialFile.pem(CredentialFile.content(folder.resolve(name))).getFirst().der();
    }

    /** Numbers of faults as openssl-verify names them: 20 unknown issuer, 7 signature, 9 not yet valid, 10 expired, 23 revoked. */
    @ParameterizedTest
    @CsvSource({"good, 0", "late, 9", "old, 10", "revoked, 23", "forged, 7", "strange, 20"})
    void opensslJudgesOurs(String name, int fault) throws Exception {
        CertificatePlan good = PkiTest.plan("good");
        Pki pki = PkiTest.pki(good, PkiTest.plan("late").between(NOW.plusSeconds(1), NOW.plusSeconds(9)), PkiTest.plan("old").between(NOW.minusSeconds(9), NOW.minusSeconds(1)),
                PkiTest.plan("revoked").asRevoked(), PkiTest.plan("forged").asForged(),
                new CertificatePlan("strange", "rogue", "CN=strange", List.of(), NOW.minusSeconds(9), NOW.plusSeconds(9), false, 1024, "mn", false));
        write("ca.pem", Pem.CERTIFICATE, pki.authorities().get("ca").certificate());
        write("crl.pem", Pem.REVOCATION_LIST, pki.authorities().get("ca").revocations());
        write("end.pem", Pem.CERTIFICATE, pki.credentials().get(name).certificate());
        Ran ran = run("openssl", "verify", "-x509_strict", "-auth_level", "0", "-attime", String.valueOf(NOW.getEpochSecond()), "-CAfile", "ca.pem", "-crl_check", "-CRLfile", "crl.pem",
                "end.pem");
        assertTrue(fault == 0 ? ran.code == 0 : ran.output.contains("error " + fault + " at 0 depth"), ran.output);
        assertEquals(fault == 0, PkiTest.verify(pki, name, NOW) instanceof Verdict.Trusted);
    }

    @Test
    void opensslReadsWhatWeWrite() throws Exception {
        Pki pki = PkiTest.pki(PkiTest.MN);
        Credential mn = pki.credentials().get("mn");
        write("mn.pem", Pem.CERTIFICATE, mn.certificate());
        write("mn.key.pem", Pem.PRIVATE_KEY, Octets.wrap(mn.key().getEncoded()));
        CertificateInfo info = CertificateInfo.parse(mn.certificate());
        String text = openssl("x509 -in mn.pem -noout -text -fingerprint -sha256");
        assertTrue(text.contains(info.serialText()), text);
        assertTrue(text.contains("sha256 Fingerprint=" + info.fingerprint().toHex().toUpperCase().replaceAll("(..)(?=.)", "$1:")), text);
        assertTrue(text.contains("DNS:mn.lab, IP Address:2001:DB8:1:0:0:0:0:10, IP Address:192.0.2.7, email:mn@lab, DirName:/O=Lab/CN=alias"), text);
        assertTrue(text.contains("Subject: O = Lab, CN = mn"), text);
        assertTrue(openssl("rsa -in mn.key.pem -noout -check").contains("RSA key ok"));
        Octets hash = Octets.hex("00112233445566778899aabbccddeeff00112233");
        Files.write(folder.resolve("hash"), hash.toArray());
        Files.write(folder.resolve("signature"), RsaSignature.sign(mn.key(), hash).toArray());
        assertTrue(openssl("pkeyutl -verify -inkey mn.key.pem -in hash -sigfile signature").contains("Verified Successfully"));
        openssl("pkeyutl -sign -inkey mn.key.pem -in hash -out theirs");
        assertTrue(RsaSignature.verify(info.key().rsa().orElseThrow(), hash, Octets.wrap(Files.readAllBytes(folder.resolve("theirs")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " -legacy", " -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"})
    void weReadPkcs12(String how) throws Exception {
        authority();
        issue("mn", "node", "20250101000000Z", "20300101000000Z");
        openssl("pkcs12 -export -in mn.pem -inkey mn.key.pem -certfile ca.pem -passout pass:secret -out mn.p12" + how);
        Credential read = CredentialFile.read(folder.resolve("mn.p12"), Optional.of("secret"));
        assertEquals(List.of(read("mn.pem"), read("ca.pem")), read.chain());
        assertEquals(read.key(), CredentialFile.read(folder.resolve("mn.pem"), Optional.empty()).key(), "the key beside the PEM file");
        assertEquals("the password does not open this PKCS #12 file", malformed("mn.p12", Optional.of("wrong")));
        assertEquals("a PKCS #12 file needs its password", malformed("mn.p12", Optional.empty()));
        openssl("rsa -in mn.key.pem -traditional -out pkcs1.pem");
        Files.writeString(folder.resolve("both.pem"), Files.readString(folder.resolve("pkcs1.pem")) + Files.readString(folder.resolve("mn.pem")));
        assertEquals(read.key(), CredentialFile.read(folder.resolve("both.pem"), Optional.empty()).key());
        openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.key.pem");
        openssl("req -x509 -key ec.key.pem -subj /CN=ec -out ec.pem");
        assertEquals("no private key of RSA", malformed("ec.pem", Optional.empty()));
        openssl("pkcs12 -export -in ec.pem -inkey ec.key.pem -passout pass:secret -out ec.p12");
        assertEquals("a private key of EC; signatures here are of RSA", malformed("ec.p12", Optional.of("secret")));
        openssl("pkcs12 -export -in mn.pem -nokeys -passout pass:secret -out bare.p12");
        assertEquals("a PKCS #12 file without a private key", malformed("bare.p12", Optional.of("secret")));
        assertEquals("EC", CertificateInfo.parse(read("ec.pem")).key().algorithm());
    }

    private String malformed(String name, Optional<String> password) throws IOException {
        try {
            CredentialFile.read(folder.resolve(name), password);
            return "read it";
        } catch (Malformed e) {
            return e.getMessage();
        }
    }

    @BeforeEach
    void configuration() throws IOException {
        Files.writeString(folder.resolve("ca.cnf"), """
                [ca]
                default_ca = own
                [own]
                database = index.txt
                new_certs_dir = .
                certificate = ca.pem
                private_key = ca.key.pem
                serial = serial
                default_md = sha256
                default_days = 30
                default_crl_days = 30
                policy = any
                unique_subject = no
                copy_extensions = none
                [any]
                organizationName = optional
                commonName = supplied
                [req]
                distinguished_name = dn
                [dn]
                [authority]
                basicConstraints = critical, CA:true
                keyUsage = critical, keyCertSign, cRLSign
                subjectKeyIdentifier = hash
                [node]
                subjectAltName = DNS:mn.lab, IP:2001:db8::1, email:mn@lab, URI:http://mn.lab/
                keyUsage = critical, digitalSignature
                crlDistributionPoints = URI:http://lab/crl
                extendedKeyUsage = 1.3.6.1.5.5.7.3.17
                [encrypts]
                keyUsage = critical, keyEncipherment
                [strange]
                1.2.3.4.5 = critical, DER:0500
                """);
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("serial"), "01\n");
    }

    private void authority() throws IOException, InterruptedException {
        openssl("req -x509 -newkey rsa:2048 -nodes -config ca.cnf -extensions authority -days 4000 -subj /O=Lab/CN=root -keyout ca.key.pem -out ca.pem");
    }

    private void issue(String name, String extensions, String from, String to) throws IOException, InterruptedException {
        openssl("req -newkey rsa:2048 -nodes -config ca.cnf -subj /O=Lab/CN=" + name + " -keyout " + name + ".key.pem -out " + name + ".csr");
        openssl("ca -batch -notext -config ca.cnf -extensions " + extensions + " -startdate " + from + " -enddate " + to + " -in " + name + ".csr -out "
                + name + ".pem");
    }

    @Test
    void weJudgeTheirs() throws Exception {
        authority();
        Instant now = Instant.now().plusSeconds(60);
        issue("good", "node", "20250101000000Z", "20600101000000Z");
        issue("old", "node", "20200101000000Z", "20210101000000Z");
        issue("late", "node", "20500101000000Z", "20600101000000Z");
        issue("gone", "node", "20250101000000Z", "20600101000000Z");
        issue("encrypts", "encrypts", "20250101000000Z", "20600101000000Z");
        issue("strange", "strange", "20250101000000Z", "20600101000000Z");
        issue("sub", "authority", "20250101000000Z", "20600101000000Z");
        openssl("ca -config ca.cnf -revoke gone.pem");
        openssl("ca -config ca.cnf -gencrl -out crl.pem");
        Octets ca = read("ca.pem");
        assertInstanceOf(Verdict.Trusted.class, verify("good", ca, now));
        assertEquals(Why.EXPIRED, why("old", ca, now));
        assertEquals(Why.NOT_YET_VALID, why("late", ca, now));
        assertEquals(Why.REVOKED, why("gone", ca, now));
        assertEquals(Why.KEY_USAGE, why("encrypts", ca, now));
        assertEquals(Why.UNKNOWN_EXTENSION, why("strange", ca, now));
        assertEquals(Why.KEY_USAGE, why("sub", ca, now));
        assertEquals(Why.NO_REVOCATION_LIST, why("good", ca, now.plusSeconds(40L * 24 * 3600)));
        CertificateInfo good = CertificateInfo.parse(read("good.pem"));
        assertEquals("O=Lab,CN=good", good.subject().text());
        assertEquals(List.of("dns:mn.lab", "ip:2001:db8::1", "mail:mn@lab"), good.extensions().names().stream().map(SubjectName::text).toList());
        assertEquals(List.of("uri:http://mn.lab/"), good.extensions().otherNames());
        assertEquals(List.of("http://lab/crl"), good.extensions().revocationLists());
        assertEquals(Optional.of(List.of("1.3.6.1.5.5.7.3.17")), good.extensions().purposes());
        assertEquals(Instant.parse("2060-01-01T00:00:00Z"), good.notAfter());
        authority();    // another key, the same name
        assertEquals(Why.BAD_SIGNATURE, why("good", read("ca.pem"), now));
        openssl("req -x509 -newkey rsa:2048 -nodes -config ca.cnf -extensions authority -days 4000 -subj /CN=another -keyout x.key.pem -out x.pem");
        assertEquals(Why.UNKNOWN_AUTHORITY, why("good", read("x.pem"), now));
    }

    private Verdict verify(String name, Octets ca, Instant at) throws IOException, Malformed {
        return Chain.verify(List.of(read(name + ".pem")), List.of(ca), List.of(read("crl.pem")), at);
    }

    private Why why(String name, Octets ca, Instant at) throws IOException, Malformed {
        return assertInstanceOf(Verdict.Refused.class, verify(name, ca, at)).why();
    }
}
